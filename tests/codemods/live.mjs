// Mounts a component, lets the server send other rows, unmounts it, and tells what its state was set to at each step.
// stdin: [{ source }]; stdout: [{ mounted, changed, unmounted, listening }]
import { readFileSync } from "node:fs";

const ROWS = { coaches: [{ id: 1, name: "Ann", age: 50 }, { id: 2, name: "Bo", age: 30 }], plans: [{ id: 7 }] };
const LATER = { coaches: [{ id: 3, name: "Cy", age: 60 }], plans: [] };
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

async function run({ source }) {
  let rows = ROWS;
  let set = [];
  const record = (name, value) => set.push([name, JSON.parse(JSON.stringify(value))]);
  const cleaning = [];
  const listeners = new Set();

  const fetch = async (url) => Response.json(rows[url.slice(1)]);
  const subscribe = (name, onRows) => {
    const listener = () => onRows(rows[name]);
    listeners.add(listener);
    queueMicrotask(listener);
    return () => listeners.delete(listener);
  };

  let states = 0;
  const useState = (first) => {
    const name = `state ${(states += 1)}`;
    return [first, (value) => record(name, value)];
  };
  const useEffect = (effect, deps) => {
    const clean = effect();
    if (typeof clean === "function") cleaning.push(clean); // a promise, as before, is ignored
    if (deps.length) throw new Error("runs again");
  };
  let refs = 0;
  const ref = () => {
    const name = `ref ${(refs += 1)}`;
    return { set value(value) { record(name, value); } };
  };
  const onMounted = (hook) => mounting.push(hook);
  const onUnmounted = (hook) => cleaning.push(hook);
  const mounting = [];

  const names = { fetch, subscribe, useState, useEffect, React: { useEffect }, ref, onMounted, onUnmounted, document: {} };
  const code = source
    .replace(/^import .*$/gm, "")
    .replace(/export default function (\w+)/, "component = function $1")
    .replace("export default {", "component = {");
  const component = new Function(...Object.keys(names), `let component;\n${code}\n;return component;`)(...Object.values(names));
  if (typeof component === "function") component({});
  else if (component) options(component);
  for (const hook of mounting) hook();

  function options({ data, created, mounted, beforeUnmount, beforeDestroy }) {
    const own = { ...data(), $emit() {} };
    const instance = new Proxy(own, {
      set(target, name, value) {
        if (typeof value !== "function") record(name, value);
        return Reflect.set(target, name, value);
      },
    });
    for (const hook of [created, mounted]) if (hook) mounting.push(() => hook.call(instance));
    const last = beforeUnmount || beforeDestroy;
    if (last) cleaning.push(() => last.call(instance));
  }

  const step = async () => {
    await settle();
    const found = set;
    set = [];
    return found;
  };
  const push = () => listeners.forEach((listener) => listener());
  const mounted = await step();
  rows = LATER;
  push();
  const changed = await step();
  for (const clean of cleaning) clean();
  push();
  return { mounted, changed, unmounted: await step(), listening: listeners.size };
}

const found = [];
for (const task of JSON.parse(readFileSync(0, "utf8"))) found.push(await run(task));
process.stdout.write(JSON.stringify(found));
