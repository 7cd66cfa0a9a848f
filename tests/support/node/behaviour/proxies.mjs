// What a front end's dev server makes of a path: its vite.config.js and setupProxy.js are run, not read.
import { build } from "esbuild";

/** Returns a function from the path that the page asks for to the path that the server gets. */
export async function proxyOf(files) {
  const rewrites = [];
  for (const [path, text] of Object.entries(files)) {
    if (path.endsWith("vite.config.js")) rewrites.push(...vite((await evaluated(text)).default));
    if (path.endsWith("setupProxy.js")) rewrites.push(...setUp((await evaluated(text)).default));
  }
  return (path) => rewrites.find(([prefix]) => path.startsWith(prefix))?.[1](path) ?? path;
}

const vite = (config) =>
  Object.entries(config.server?.proxy ?? {}).map(([prefix, one]) => [prefix, one.rewrite ?? ((path) => path)]);

function setUp(configure) {
  const found = [];
  configure({ use: (prefix, middleware) => found.push([prefix, middleware]) });
  return found;
}

/** Stands for http-proxy-middleware. */
function createProxyMiddleware({ pathRewrite = {} }) {
  return (path) => Object.entries(pathRewrite).reduce((old, [from, to]) => old.replace(new RegExp(from), to), path);
}

async function evaluated(text) {
  const stdin = { contents: text, loader: "js" };
  const packages = { name: "packages", setup: (setup) => setup.onResolve({ filter: /^[^.]/ }, ({ path }) => ({ path, external: true })) };
  const { outputFiles } = await build({ stdin, bundle: true, write: false, format: "cjs", plugins: [packages], logLevel: "silent" });
  const module = { exports: {} };
  const require = () => ({ createProxyMiddleware, defineConfig: (config) => config, default: () => ({}) });
  new Function("module", "exports", "require", outputFiles[0].text)(module, module.exports, require);
  return "default" in module.exports ? module.exports : { default: module.exports };
}
