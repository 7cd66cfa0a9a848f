// Makes one script of a front end's files: esbuild follows imports, takes out types and turns JSX into calls.
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { build } from "esbuild";
import { scriptOf } from "./vue.mjs";

const ENDINGS = ["", ".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".vue", "/index.js", "/index.ts", "/index.jsx"];
const ALIAS = /^(@|~|src)\//;
const CLIENT = "socket.io-client";
const made = new Map();

/** Returns the script of `files` (path to text) that starts at `entry`; `client` is the client module's file. */
export function bundle({ files, entry, client }) {
  const key = JSON.stringify([files, entry]);
  if (!made.has(key)) made.set(key, make(files, entry, client));
  return made.get(key);
}

async function make(files, entry, client) {
  const result = await build({
    stdin: { contents: `import * as all from ${JSON.stringify(entry)}; $exports(all);`, loader: "js" },
    bundle: true,
    write: false,
    format: "iife",
    target: "esnext",
    treeShaking: false,
    charset: "utf8",
    jsx: "transform",
    jsxFactory: "$element",
    jsxFragment: "$fragment",
    define: { "import.meta.env": "$env" },
    // As in most projects, TypeScript drops imports of unused names; a Vue template may use them.
    tsconfigRaw: { compilerOptions: { target: "esnext", verbatimModuleSyntax: entry.endsWith(".vue") } },
    logLevel: "silent",
    plugins: [{ name: "front end", setup: (setup) => plugin(setup, files, entry, client) }],
  });
  return result.outputFiles[0].text.replace(/^"use strict";\n/, "");
}

function plugin(setup, files, entry, client) {
  setup.onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
    const isOwn = path === entry || ALIAS.test(path);
    const whole = isOwn ? path.replace(ALIAS, "/app/src/") : posix.join(posix.dirname(importer), path);
    const found = (isOwn || path.startsWith(".")) && ENDINGS.map((ending) => whole + ending).find((one) => one in files);
    if (found) return { path: found, namespace: "own" };
    if (/(^|\/)socket(\.js)?$/.test(path)) return { path: "/socket.js", namespace: "client" };
    return { path, namespace: path === CLIENT ? "io" : "other", pluginData: { kind } };
  });
  setup.onLoad({ filter: /.*/, namespace: "own" }, ({ path }) => ({
    contents: script(path, files[path], path === entry),
    loader: /\.[cm]?jsx?$/.test(path) ? "jsx" : path.endsWith("tsx") ? "tsx" : path.endsWith("json") ? "json" : "ts",
  }));
  setup.onLoad({ filter: /.*/, namespace: "client" }, () => ({ contents: readFileSync(client, "utf8"), loader: "js" }));
  setup.onLoad({ filter: /.*/, namespace: "io" }, () => ({ contents: "export const io = $io;", loader: "js" }));
  // A module that the fixture has not: whatever is imported from it is a name of the scope.
  setup.onLoad({ filter: /.*/, namespace: "other" }, () => ({
    contents: "module.exports = Object.create($module);",
    loader: "js",
  }));
}

/** Returns a file's code; the one that starts also hands out what it does not export. */
function script(path, text, isEntry) {
  const { code, named } = path.endsWith(".vue") ? scriptOf(text) : { code: text, named: [] };
  return isEntry ? `${code}\n;$main({ run, named: { ${named.join(", ")} } });` : code;
}
