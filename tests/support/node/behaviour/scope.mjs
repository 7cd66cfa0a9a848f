// The names that a fixture uses and does not declare: the browser's, React's, and functions that are only recorded.
import { hooks } from "./react.mjs";
import { data } from "./values.mjs";
import { composition } from "./vue.mjs";

const REAL = new Set(
  (
    "Array ArrayBuffer Boolean Date Error Infinity Intl JSON Map Math NaN Number Object Promise Proxy RangeError " +
    "Reflect RegExp Set String Symbol SyntaxError TypeError URIError URL URLSearchParams Uint8Array WeakMap WeakSet " +
    "AbortController AbortSignal Blob FormData Headers Request Response TextDecoder TextEncoder atob btoa " +
    "decodeURIComponent encodeURIComponent encodeURI decodeURI isNaN isFinite parseFloat parseInt " +
    "structuredClone undefined"
  ).split(" "),
);

/** A function of that name that is only recorded, and so is everything that hangs on it. */
export function standIn(run, name) {
  const inner = new Map();
  return new Proxy(function () {}, {
    apply: (_, self, args) => void run.call(name, args),
    construct(_, args) {
      run.call(`new ${name}`, args);
      return standIn(run, lower(name));
    },
    get(_, key) {
      if (key === "stands") return name;
      if (key === "toJSON") return () => `<${name}>`;
      if (key === Symbol.toPrimitive) return () => name;
      if (typeof key === "symbol" || key === "then" || key === "prototype") return undefined;
      if (!inner.has(key)) inner.set(key, standIn(run, `${name}.${key}`));
      return inner.get(key);
    },
    set(_, key, value) {
      run.call(`${name}.${String(key)} =`, [value]);
      inner.set(key, value);
      return true;
    },
  });
}

const lower = (name) => name[0].toLowerCase() + name.slice(1);

/** Returns the object that is put around the code by `with`. */
export function scopeOf(run, page, transports) {
  const own = { ...data(), ...browser(run, page), ...hooks(run), ...composition(run, (name) => standIn(run, name)), ...transports, ...timers(run), run: undefined };
  const scope = new Proxy(own, {
    has: (_, name) => typeof name === "string",
    get(_, name) {
      if (typeof name === "symbol") return undefined;
      if (name in own) return own[name];
      if (REAL.has(name)) return globalThis[name];
      return (own[name] = named(run, name));
    },
    set(_, name, value) {
      run.add("set", name, plainly(value));
      own[name] = value;
      return true;
    },
  });
  for (const name of ["window", "globalThis", "self", "global"]) own[name] = scope;
  return scope;
}

const plainly = (value) => (value === undefined ? "<undefined>" : JSON.parse(JSON.stringify(value) ?? '"<function>"'));

/** A hook of somebody's library gives a stand-in: `useNavigate()` gives `navigate`. */
function named(run, name) {
  if (!/^use[A-Z]/.test(name)) return standIn(run, name);
  return () => standIn(run, lower(name.slice(3)));
}

function browser(run, page) {
  const record = (name) => (...args) => run.call(name, args);
  const url = new URL(page, "http://app.test");
  return {
    console: Object.fromEntries(["log", "error", "warn", "info", "debug"].map((one) => [one, record(`console.${one}`)])),
    confirm: (...args) => (run.call("confirm", args), true),
    localStorage: { getItem: () => "t0k", setItem: record("localStorage.setItem"), removeItem: record("localStorage.removeItem") },
    location: {
      origin: url.origin,
      pathname: url.pathname,
      search: url.search,
      assign: record("location.assign"),
      reload: record("location.reload"),
      get href() {
        return url.href;
      },
      set href(value) {
        run.call("location.href =", [value]);
      },
    },
    process: { env: {} },
    queueMicrotask: (work) => queueMicrotask(() => run.attempt(work)),
    event: { preventDefault: record("preventDefault"), target: { name: "name", value: "typed" } },
  };
}

/** Timers fire one after another when nothing else happens any more: no run waits for a clock. */
function timers(run) {
  const start = (again) => (work, delay = 0, ...args) => {
    const timer = { work: () => work(...args), due: (run.now ?? 0) + Number(delay), again: again ? Number(delay) : 0 };
    run.timers.push(timer);
    return timer;
  };
  const clear = (timer) => {
    run.timers = run.timers.filter((one) => one !== timer);
  };
  return { setTimeout: start(false), setInterval: start(true), clearTimeout: clear, clearInterval: clear };
}
