// Runs one front end once: starts it, lets the server answer when all is quiet, and says what it did.
import { bundle } from "./bundle.mjs";
import { proxyOf } from "./proxies.mjs";
import { render, runEffects } from "./react.mjs";
import { Recorder } from "./recorder.mjs";
import { scopeOf, standIn } from "./scope.mjs";
import { fetchOf, ioOf } from "./transports.mjs";
import { plain } from "./values.mjs";

const MOST_TIMERS = 5;

/** Returns the log of a task; `release(key, answer)` lets the server answer. */
export async function runTask(task, recorder, release) {
  const code = await bundle(task);
  const proxied = await proxyOf(task.files);
  await recorder.within(async () => {
    try {
      await live(recorder, code, { ...task, proxied }, release);
    } finally {
      recorder.close?.();
    }
  });
  return recorder.log;
}

async function live(run, code, task, release) {
  const started = start(run, code, task);
  await run.quiet();
  if (task.leaves) await leave(run);
  for (;;) {
    if (run.waiting().length > 0) answer(run, task, release);
    else if (!fire(run)) break;
    await run.quiet();
  }
  if (!task.leaves) await leave(run);
  return started;
}

/** Lets the server answer: the request that was made first, or the last; a server that dies answers none. */
function answer(run, task, release) {
  const waiting = run.waiting();
  if (run.mode === "cut") {
    for (const ask of waiting) ask.released = true;
    for (const ask of run.asks.filter((one) => !one.heard)) run.settle(ask);
    run.add("cut");
    for (const ask of waiting) release(ask.key, task.answer);
    return;
  }
  const next = task.order === "last first" ? waiting.findLast((one) => !one.writes) ?? waiting[0] : waiting[0];
  next.released = true;
  run.add("answer", next.n);
  release(next.key, task.answer);
}

/** Fires the timer that is due first; false when there is none. */
function fire(run) {
  const [next] = run.timers.sort((a, b) => a.due - b.due);
  if (next === undefined || (run.fired = (run.fired ?? 0) + 1) > MOST_TIMERS) return false;
  run.now = next.due;
  run.timers = run.timers.filter((one) => one !== next);
  if (next.again) run.timers.push(Object.assign(next, { due: next.due + next.again }));
  run.changed();
  next.work();
  return true;
}

async function leave(run) {
  if (run.cleanUps.length > 0) run.add("unmount");
  for (const cleanUp of run.cleanUps.splice(0)) cleanUp();
  await run.quiet();
}

// ---- starting -----------------------------------------------------------------------------------------

/** Evaluates the code and does what a user of it would: calls it, mounts it, fires its events. */
function start(run, code, task) {
  const found = { main: {}, all: {} };
  const transports = { fetch: fetchOf(run, task), $io: ioOf(run, task) };
  const scope = scopeOf(run, task.page, {
    ...transports,
    $env: { DEV: false, PROD: true, MODE: "production", ...task.env },
    $main: (main) => (found.main = main),
    $exports: (all) => (found.all = all),
    $module: new Proxy({}, { get: (_, name) => (name === "__esModule" ? true : name === "default" ? scope : scope[name]) }),
  });
  run.attempt(() => new Function("$scope", `with ($scope) { ${code} }`)(scope));
  for (const [name, value] of entryPoints(found)) begin(run, name, value, scope);
  runEffects(run);
  for (const form of run.forms ?? []) run.attempt(() => form.onSubmit(scope.values, standIn(run, "helpers")));
}

/** `run`, exported or not, or else every function that is exported. */
function entryPoints({ main, all }) {
  if (typeof main.run === "function") return [["run", main.run]];
  return Object.entries(all).filter(([, value]) => typeof value === "function" && value.stands === undefined);
}

function begin(run, name, value, scope) {
  if (!/^[A-Z]/.test(name === "default" ? value.name : name)) return called(run, value, scope);
  const props = standIn(run, "props");
  return run.attempt(() => {
    const handlers = render(run, value, props);
    runEffects(run);
    for (const [event, handler] of handlers) {
      run.add("fire", event);
      run.attempt(() => handler(scope.event));
    }
  });
}

function called(run, work, scope) {
  run.attempt(() => {
    const result = work(7, scope.values);
    if (typeof result?.then !== "function") return void (result === undefined || run.add("returned", plain(result)));
    result.then(
      (value) => run.add("returned", plain(value)),
      (error) => run.add("rejected", plain(error)),
    );
  });
}
