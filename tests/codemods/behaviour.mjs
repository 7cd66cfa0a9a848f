// Runs pieces of source with a fake fetch and a fake socket that answer from one table,
// and prints what each asked for and which of its callbacks were called with what.
// stdin: [{source, answer, events, page, strip}]; stdout: [{requests, calls, returned}]
import { readFileSync } from "node:fs";

// ---- values that fixtures use; every other name is a stub that records its calls -------------------
const data = {
  id: 7, name: "Ann", age: "41", day: "Mon", hour: "9", p: 2, q: "a b&c", token: "t0k", csrf: "c5rf", reason: "old",
  username: "ann", password: "pw", values: { id: 7, name: "Ann" }, c: { id: 3 }, MOVES: "/coaches", PLANS: "/plans",
};
const settle = () => new Promise((resolve) => setTimeout(resolve, 1));

function plain(value) {
  if (value instanceof Error) return `Error: ${value.message}`;
  return value === undefined ? "undefined" : JSON.parse(JSON.stringify(value));
}

async function run({ source, answer, events, page, strip }) {
  const requests = [];
  const calls = [];
  const stubs = {};
  const scope = new Proxy({}, {
    has: (_, name) => typeof name === "string" && !(name in globalThis && !["fetch", "name", "json", "log"].includes(name)),
    get: (_, name) => {
      if (name === Symbol.unscopables) return undefined;
      if (name === "useEffect") return (effect) => void effect();
      if (name in fakes) return fakes[name];
      if (name in data) return data[name];
      return (stubs[name] ??= (...args) => record(name, args));
    },
  });

  function record(name, args) {
    calls.push([name, args.map(plain)]);
  }

  // ---- the two transports --------------------------------------------------------------------------
  async function fetch(input, options = {}) {
    const url = new URL(input, `http://app.test${page}`);
    const method = options.method ?? "GET";
    note(method, url.pathname.replace(strip, ""), Object.fromEntries(url.searchParams), options.body ? JSON.parse(options.body) : null, options.headers);
    await settle();
    if (answer.offline) throw new Error("no answer");
    return new Response(answer.body || null, { status: answer.status, headers: { "Content-Type": answer.type } });
  }

  function note(method, path, query, body, headers = {}) {
    const kept = Object.entries(headers).filter(([name]) => !["content-type", "accept"].includes(name.toLowerCase()));
    const texts = Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]));
    requests.push({ method, path, query: texts, body, headers: Object.fromEntries(kept) });
  }

  function ask(name, args) {
    const event = events.find((one) => one.event === name);
    if (!event || args.length > 2) throw new Error(`no such call: ${name} with ${args.length} arguments`);
    const hasBody = !["GET", "HEAD", "DELETE", "OPTIONS"].includes(event.method);
    const [params, body] = args.length === 2 ? args : hasBody ? [null, args[0] ?? null] : [args[0] ?? {}, null];
    const values = { ...(params ?? Object.fromEntries(event.params.map((one) => [one, body?.[one]]))) };
    const headers = values.$headers;
    delete values.$headers;
    const path = event.rule.replace(/<(?:\w+:)?(\w+)>/g, (_, one) => {
      const value = values[one];
      // A missing one is a 400 from the bridge, where the URL had "undefined" in it and got a 404.
      delete values[one];
      return encodeURIComponent(value);
    });
    note(event.method, path, values, JSON.parse(JSON.stringify(body ?? null)), headers);
  }

  function ack() {
    const ok = answer.status >= 200 && answer.status < 300;
    let value = answer.body || null;
    const meta = {};
    try {
      value = JSON.parse(answer.body);
    } catch {
      meta.type = answer.body ? answer.type : "";
    }
    return { ok, status: answer.status, data: value, errors: ok ? null : value, ...(meta.type === undefined ? {} : { meta }) };
  }

  const socket = {
    emit(name, ...args) {
      const callback = typeof args.at(-1) === "function" ? args.pop() : null;
      ask(name, args);
      const offline = { ok: false, status: 0, data: null, errors: "no answer", meta: { type: "" } };
      if (callback) settle().then(() => callback(answer.offline ? offline : ack()));
      return socket;
    },
    timeout: () => socket,
    async emitWithAck(name, ...args) {
      ask(name, args);
      await settle();
      if (answer.offline) throw new Error("no answer");
      return ack();
    },
  };

  // The twin of the client module's, which words its errors as JSON.parse does, so that both sides can be compared.
  const json = (result) => (result.meta ? JSON.parse(result.data ?? "") : result.data);

  const client = { socket, json, TIMEOUT: 1000 };
  const fakes = { fetch };
  let code = source.replace(/^#!.*$/m, "");
  code = code.replace(/^(?:import|const) \{([^}]*)\}(?: from| = require\()\s*["']\.\/socket["']\)?;?\r?$/gm, (_, names) => {
    for (const one of names.split(",")) {
      const [name, local] = one.trim().split(/ as |: /);
      fakes[local ?? name] = client[name];
    }
    return "";
  });
  code = code.replace(/^import .*$/gm, "").replace(/^export (default )?/gm, "").replace(/^module\.exports.*$/gm, "");
  code = code.replaceAll("import.meta.env.DEV", "false").replaceAll("window.fetch", "fetch").replaceAll("globalThis.fetch", "fetch");
  code = code.replace(/^const \w+ = require\(.*$/gm, "").replace("URL}/", "MOVES}/").replace("API.plans", "PLANS");

  const main = new Function("scope", `with (scope) { return (async () => { ${code}\n; if (typeof run === "function" && /\\brun = |function run/.test(${JSON.stringify(code)})) return run(7, values); })(); }`);
  let returned;
  try {
    returned = plain(await main(scope));
  } catch (error) {
    returned = `thrown ${plain(error)}`;
  }
  for (let round = 0; round < 12; round += 1) await settle();
  return { requests, calls, returned };
}

process.on("unhandledRejection", () => {});
process.on("uncaughtException", () => {});
const tasks = JSON.parse(readFileSync(0, "utf8"));
const found = JSON.stringify(await Promise.all(tasks.map(run)));
process.stdout.write(found, () => process.exit(0));
