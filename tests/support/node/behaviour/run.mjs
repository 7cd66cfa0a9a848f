// Runs one front end once: starts it, lets the server answer when all is quiet, and says what it did.
import { act, actsOf } from "./acts.mjs";
import { bundle } from "./bundle.mjs";
import { proxyOf } from "./proxies.mjs";
import { runEffects } from "./react.mjs";
import { scopeOf } from "./scope.mjs";
import { fetchOf, ioOf } from "./transports.mjs";

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
  start(run, code, task);
  await run.quiet();
  if (run.asks.length === 0) await next(run);
  if (task.leaves) await leave(run);
  for (;;) {
    if (run.waiting().length > 0) answer(run, task, release);
    else if (!fire(run) && (task.leaves || !act(run))) break;
    await run.quiet();
  }
  if (!task.leaves) await leave(run);
  if (run.state) run.add("state", run.state());
}

/** Does acts until one of them asks for something. */
async function next(run) {
  while (run.asks.length === 0 && act(run)) await run.quiet();
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
  run.add("unmount");
  for (const cleanUp of run.cleanUps.splice(0)) cleanUp();
  await run.quiet();
}

// ---- starting -----------------------------------------------------------------------------------------

/** Evaluates the code, which may do all there is to it at once, and works out what is to be done with it. */
function start(run, code, task) {
  const found = { main: {}, all: {} };
  const scope = scopeOf(run, task.page, {
    fetch: fetchOf(run, task),
    $io: ioOf(run, task),
    $env: { DEV: false, PROD: true, MODE: "production" },
    $main: (main) => (found.main = main),
    $exports: (all) => (found.all = all),
    $module: new Proxy({}, { get: (_, name) => (name === "__esModule" ? true : name === "default" ? scope : scope[name]) }),
  });
  run.event = scope.event;
  run.attempt(() => new Function("$scope", `with ($scope) { ${code} }`)(scope));
  runEffects(run);
  run.acts = actsOf(run, found, scope);
}
