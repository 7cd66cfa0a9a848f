// A tiny stand-in for Vue, Pinia and Vuex: what is assigned is recorded, hooks run once, methods are called.
import { plain } from "./values.mjs";

/** Returns what fixtures use of Vue and its stores, bound to a run; `standIn(name)` makes a recorded function. */
export function composition(run, standIn) {
  run.components = [];
  let count = 0;
  const watched = (name, target) =>
    new Proxy(target, {
      set(object, key, value) {
        run.add("set", `${name}.${String(key)}`, plain(value));
        object[key] = value;
        return true;
      },
    });
  const box = (value) => watched(`ref ${(count += 1)}`, { value });
  return {
    ref: box,
    shallowRef: box,
    reactive: (object) => watched(`reactive ${(count += 1)}`, object),
    computed: (read) => (typeof read === "function" ? { get value() { return read(); } } : read),
    onMounted: (hook) => void run.effects.push(() => void hook()),
    onBeforeMount: (hook) => void run.effects.push(() => void hook()),
    onUnmounted: (hook) => void run.cleanUps.push(hook),
    onBeforeUnmount: (hook) => void run.cleanUps.push(hook),
    watch: (source, hook) => void run.effects.push(() => void hook(typeof source === "function" ? source() : source.value)),
    watchEffect: (hook) => void run.effects.push(() => void hook()),
    defineEmits: () => standIn("emit"),
    defineProps: () => standIn("props"),
    withDefaults: (props) => props,
    defineComponent: (options) => options,
    defineStore: (id, options) => store(run, typeof options === "function" ? { methods: options() } : { data: options.state, methods: options.actions }),
    createStore: ({ state, actions }) => store(run, { methods: withContext(actions, { state, commit: standIn("commit"), dispatch: standIn("dispatch") }) }),
  };
}

function store(run, component) {
  run.components.push(component);
  return Object.assign(() => component, { stands: "store" });
}

const withContext = (actions, context) =>
  Object.fromEntries(Object.entries(actions).map(([name, action]) => [name, (...args) => action(context, ...args)]));

/** Makes an instance of a component with options; returns what its hooks and its methods do, as acts. */
export function mount(run, options, standIn) {
  const data = (typeof options.data === "function" ? options.data.call({}) : options.data) ?? {};
  const route = { params: { id: 7 }, query: {}, path: "/" };
  const own = { ...options.methods, $emit: standIn("$emit"), $router: standIn("$router"), $route: route, $store: standIn("$store") };
  const self = new Proxy(own, {
    get(_, key) {
      if (key in data) return data[key];
      if (key in own) return own[key];
      const read = options.computed?.[key];
      return read === undefined ? undefined : (read.get ?? read).call(self);
    },
    set(_, key, value) {
      run.add("set", `this.${String(key)}`, plain(value));
      if (typeof value === "function") own[key] = value;
      else data[key] = value;
      return true;
    },
  });
  for (const hook of ["beforeUnmount", "unmounted", "beforeDestroy"]) {
    if (options[hook]) run.cleanUps.push(() => options[hook].call(self));
  }
  const hooks = ["created", "beforeMount", "mounted"].filter((hook) => options[hook]);
  const acts = hooks.map((hook) => [hook, () => void options[hook].call(self)]);
  for (const [name, method] of Object.entries(options.methods ?? {})) {
    acts.push([name, (id, values) => method.apply(self, method.length > 1 ? [id, values] : [values])]);
  }
  run.state = () => plain(data);
  return acts;
}

/** Returns the code of a .vue file: its script blocks, not what looks like one in a comment or the template. */
export function scriptOf(text) {
  const found = [];
  const opening = /<!--|<([\w-]+)([^>]*)>/g;
  for (let match = opening.exec(text); match !== null; match = opening.exec(text)) {
    const [, tag, attributes] = match;
    const start = opening.lastIndex;
    const end = tag === undefined ? text.indexOf("-->", start) : closing(text, tag, start);
    if (tag === "script") found.push({ code: text.slice(start, end), isSetup: /\bsetup\b/.test(attributes) });
    opening.lastIndex = end + 1;
  }
  const named = found.filter((one) => one.isSetup).flatMap((one) => functionsIn(one.code));
  return { code: found.map((one) => one.code).join("\n"), named };
}

/** Returns where a block ends; templates may lie in each other. */
function closing(text, tag, start) {
  const either = new RegExp(`<${tag}\\b[^>]*[^/]>|<${tag}>|</${tag}>`, "g");
  either.lastIndex = start;
  for (let depth = 1; ; ) {
    const match = either.exec(text);
    if (match === null) return text.length;
    if (match[0].startsWith("</")) depth -= 1;
    else if (tag === "template") depth += 1;
    if (depth === 0) return match.index;
  }
}

/** The functions of a setup script: the template may call them. */
const functionsIn = (code) =>
  [...code.matchAll(/^(?:async )?function (\w+)|^const (\w+) = (?:async )?\(.*=>/gm)].map((one) => one[1] ?? one[2]);
