// What is done with a front end once it is loaded: what a user would do, one thing after another.
import { render, runEffects } from "./react.mjs";
import { standIn } from "./scope.mjs";
import { plain } from "./values.mjs";
import { mount } from "./vue.mjs";

/** Returns acts, [name, work] each: `run` is called, or else all that is exported, mounted and clicked on. */
export function actsOf(run, { main, all }, scope) {
  const make = (name) => standIn(run, name);
  const acts = typeof main.run === "function" ? [["run", main.run]] : exported(run, all, make);
  for (const options of run.components) acts.push(...mount(run, options, make));
  acts.push(...Object.entries(main.named ?? {}));
  return acts.map(([name, work]) => [name, () => noted(run, () => work(scope.id, scope.values))]);
}

function exported(run, all, make) {
  return Object.entries(all).flatMap(([name, value]) => {
    if (typeof value === "object" && value !== null && (value.methods || value.setup || value.data || value.created)) {
      return mount(run, value, make);
    }
    if (typeof value !== "function" || value.stands !== undefined) return [];
    return /^[A-Z]/.test(name === "default" ? value.name : name) ? [[name, () => show(run, value, make("props"))]] : [[name, value]];
  });
}

/** Shows a component; its handlers are what is done next. */
function show(run, component, props) {
  const handlers = render(run, component, props);
  runEffects(run);
  run.acts.unshift(...handlers.map(([event, handler]) => [event, () => void handler(run.event)]));
}

/** Does the next act; false when there is none. */
export function act(run) {
  const next = run.acts.shift();
  if (next === undefined) return false;
  run.add("act", next[0]);
  run.attempt(next[1]);
  runEffects(run);
  for (const form of run.forms.splice(0)) {
    run.acts.push(["onSubmit", () => void form.onSubmit(form.initialValues ?? {}, standIn(run, "helpers"))]);
  }
  return true;
}

function noted(run, work) {
  const result = work();
  if (typeof result?.then !== "function") return void (result === undefined || run.add("returned", plain(result)));
  return void result.then(
    (value) => run.add("returned", plain(value)),
    (error) => run.add("rejected", plain(error)),
  );
}
