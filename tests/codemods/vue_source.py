"""Turns Vue components and stores into plain JavaScript that runs, for the differential test."""

from __future__ import annotations

from codemods.javascript.vue import blanked, scripts

_PRELUDE = """
let component;
const ref = (value) => ({ value });
const onMounted = (hook) => void hook();
const defineEmits = () => (...args) => emitted(...args);
const defineStore = (id, { state, actions }) => { component = { data: state, methods: actions }; };
const createStore = ({ actions }) => { component = { methods: bound(actions) }; };
const bound = (actions) => Object.fromEntries(Object.entries(actions).map(
  ([name, action]) => [name, (...args) => action({ commit: (...given) => commit(...given) }, ...args)],
));
"""
_DRIVER = """
if (component) {
  const instance = { ...component.data?.(), ...component.methods, $emit: (...args) => emitted(...args), $router: [] };
  const act = async (hook, args) => hook && outcome(await Promise.resolve(hook.apply(instance, args)).catch(String));
  await act(component.created, []);
  await act(component.mounted, []);
  for (const method of Object.values(component.methods)) await act(method, method.length > 1 ? [7, values] : [values]);
  for (let round = 0; round < 3; round += 1) await new Promise((resolve) => setTimeout(resolve, 5));
  state(instance);
}
"""


def is_vue(text: str, name: str) -> bool:
    """True for a component or a store."""
    return name.endswith(".vue") or "defineStore(" in text or "createStore(" in text


def runnable(text: str, name: str) -> str:
    """Return source that creates a component, calls its hooks and methods, and tells of its state."""
    if not is_vue(text, name):
        return text
    code = text
    if name.endswith(".vue"):
        data = text.encode()
        code = blanked(data, scripts(data)).decode()
        code = code.replace("export default {", "component = {")
    lines = [line.lstrip() if line.lstrip().startswith("import ") else line for line in code.split("\n")]
    return "\n".join([_PRELUDE, *lines, _DRIVER])
