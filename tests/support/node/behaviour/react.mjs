// A tiny stand-in for React: effects run once, setters are recorded, elements are walked for their handlers.

const FRAGMENT = "fragment";

export const element = (type, props, ...children) => ({ type, props: { ...props, children }, isElement: true });

/** Returns what fixtures use of React, bound to a run. */
export function hooks(run) {
  run.effects = [];
  run.cleanUps = [];
  run.forms = [];
  const effect = (work) => void run.effects.push(work);
  let states = 0;
  return {
    useEffect: effect,
    useLayoutEffect: effect,
    useState(initial) {
      const number = (states += 1);
      let value = typeof initial === "function" ? initial() : initial;
      const set = (next) => {
        value = typeof next === "function" && next.stands === undefined ? next(value) : next;
        run.call(`setState ${number}`, [value]);
      };
      return [value, set];
    },
    useReducer: (reducer, initial) => [initial, (action) => run.call("dispatch", [action])],
    useRef: (current) => ({ current }),
    useCallback: (work) => work,
    useMemo: (work) => work(),
    useFormik(options) {
      run.forms.push(options);
      return { values: options.initialValues ?? {}, handleSubmit() {}, handleChange() {}, errors: {}, touched: {} };
    },
    $element: element,
    $fragment: FRAGMENT,
  };
}

/** Runs the effects that components have asked for, as React does after it has painted. */
export function runEffects(run) {
  for (const effect of run.effects.splice(0)) {
    const cleanUp = effect();
    if (typeof cleanUp === "function") run.cleanUps.push(cleanUp);
  }
}

/** Renders a component of the fixture; returns the handlers of all elements in it, outermost first. */
export function render(run, component, props) {
  if (typeof component.prototype?.render === "function") return renderClass(run, component, props);
  return handlersOf(run, component(props));
}

function renderClass(run, Component, props) {
  const one = new Component(props);
  one.props ??= props;
  one.setState = (change, done) => {
    const next = typeof change === "function" ? change(one.state ?? {}, props) : change;
    one.state = { ...one.state, ...next };
    run.call("this.setState", [next]);
    done?.();
  };
  if (one.componentDidMount) run.effects.push(() => void one.componentDidMount());
  if (one.componentWillUnmount) run.cleanUps.push(() => one.componentWillUnmount());
  return handlersOf(run, one.render());
}

function handlersOf(run, node) {
  if (Array.isArray(node)) return node.flatMap((one) => handlersOf(run, one));
  if (!node?.isElement) return [];
  const { children, ...props } = node.props;
  const isOwn = typeof node.type === "function" && node.type.stands === undefined;
  if (isOwn) return render(run, node.type, node.props);
  const own = Object.entries(props).filter(([name, value]) => /^on[A-Z]/.test(name) && typeof value === "function" && value.stands === undefined);
  return [...own, ...handlersOf(run, children)];
}
