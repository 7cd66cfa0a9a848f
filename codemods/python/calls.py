"""What a call gives: functions and classes of the folder are followed."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from codemods.python.bridged import BRIDGES, called, made
from codemods.python.known import Known
from codemods.python.operators import is_plain
from codemods.python.registering import WORDS, written
from codemods.python.values import (
    UNKNOWN,
    Api,
    App,
    Blueprint,
    Bound,
    Bridged,
    Call,
    Class,
    External,
    Function,
    Instance,
    Native,
    Registrar,
    Scope,
    Unknown,
    Value,
    View,
    Wraps,
)

_APPS = frozenset({"flask.Flask", "flask.app.Flask"})
_BLUEPRINTS = frozenset({"flask.Blueprint", "flask.blueprints.Blueprint"})
_APIS = frozenset({"flask_restful.Api"})
_ADD_ROUTES = frozenset({"flask_security", "flask_admin", "flask_dance", "flasgger", "flask_appbuilder", "flask_user"})
_DEEPEST = 30
_FUNCTIONS = (Function, View, Class, Bound)


class Calls(Known):
    """Follows calls; ``execute`` is left to those who know statements."""

    def __init__(self) -> None:
        super().__init__()
        self.active: list[ast.AST] = []
        self.called: set[int] = set()
        self.apps: list[App] = []

    def execute(self, statements: Sequence[ast.stmt], scope: Scope) -> bool:
        """Run statements; True where control never runs past them."""
        raise NotImplementedError

    def call(self, value: Value, call: Call) -> Value:
        """Return what calling a value gives."""
        if isinstance(value, Function):
            return self._follow(value, call.args, call)
        if isinstance(value, Bound):
            return self._follow(value.function, (value.owner, *call.args), call)
        if isinstance(value, Class):
            return self._instance(value, call)
        if isinstance(value, Native):
            return self._native(value, call)
        if isinstance(value, Registrar):
            return self.register(value, call.get(0, "f"))
        if isinstance(value, Wraps):
            return _wrapped(value.function, call.get(0, "wrapper"))
        if isinstance(value, External):
            return self._external(value.name, call)
        return self._unknown(value, call)

    def _unknown(self, value: Value, call: Call) -> Value:
        """Take a decorator that cannot be read for one that leaves what it gets as it is."""
        function = call.node.func if isinstance(call.node, ast.Call) else None
        if isinstance(value, Unknown) and isinstance(function, ast.Attribute):
            first = call.args[0] if call.args else None
            is_route = function.attr == "route" and isinstance(first, str) and first.startswith("/")
            if function.attr in WORDS or is_route:
                what = written(function.value)
                self.tell(call.place, f"{what} of {written(call.node)} is not known here; the route is left out.")
        is_decorator = len(call.args) == 1 and not call.keywords and isinstance(call.args[0], _FUNCTIONS)
        return call.args[0] if is_decorator else UNKNOWN

    # ---- functions and classes ----------------------------------------------------------------

    def _follow(self, function: Function, args: Sequence[Value], call: Call) -> Value:
        node = function.node
        self.called.add(id(node))
        if node in self.active or len(self.active) > _DEEPEST:
            return UNKNOWN
        scope = Scope(self._bind(function, args, call), function.scope.module, function.scope.closure())
        if function.cls is not None and args:
            scope.names["__class__"], scope.names["__self__"] = function.cls, args[0]
        self.active.append(node)
        try:
            if isinstance(node, ast.Lambda):
                return self.evaluate(node.body, scope)
            self.execute(node.body, scope)
        finally:
            self.active.pop()
        return self._result(scope.results)

    def _result(self, results: list[Value]) -> Value:
        known = [one for one in results if one is not None]
        if not known:
            return None
        is_same = not is_plain(known[-1]) or all(is_plain(one) and one == known[-1] for one in known)
        return known[-1] if is_same else UNKNOWN

    def _bind(self, function: Function, args: Sequence[Value], call: Call) -> dict[str, Value]:
        given = function.node.args
        names = [one.arg for one in (*given.posonlyargs, *given.args)]
        scope = Scope({}, function.scope.module, function.scope)
        bound: dict[str, Value] = dict.fromkeys((*names, *(one.arg for one in given.kwonlyargs)), UNKNOWN)
        for name, default in zip(reversed(names), reversed(given.defaults), strict=False):
            bound[name] = self.evaluate(default, scope)
        for one, worth in zip(given.kwonlyargs, given.kw_defaults, strict=True):
            if worth is not None:
                bound[one.arg] = self.evaluate(worth, scope)
        bound |= dict(zip(names, args, strict=False))
        if given.vararg is not None:
            bound[given.vararg.arg] = tuple(args[len(names) :])
        if given.kwarg is not None:
            bound[given.kwarg.arg] = {key: one for key, one in call.keywords.items() if key not in bound}
        return bound | {key: one for key, one in call.keywords.items() if key in bound}

    def _instance(self, cls: Class, call: Call) -> Value:
        one: Instance
        if cls.derives(_APPS):
            one = self._new_app(cls, call)
        elif cls.derives(_BLUEPRINTS):
            one = Blueprint(cls)
        else:
            one = Api(cls) if cls.derives(_APIS) else Instance(cls)
        init = cls.find("__init__")
        if isinstance(init, Function):
            self._follow(init, (one, *call.args), call)
        elif type(one) is Instance:
            one.names |= {**dict(zip(_fields(cls), call.args, strict=False)), **call.keywords}
        elif not isinstance(one, App) and isinstance(one, Api | Blueprint):
            self.native(one, "__init__", call)
        return one

    def _new_app(self, cls: Class | None, call: Call) -> App:
        app = App(cls, place=call.place)
        self.apps.append(app)
        return app

    # ---- what is known of Python and of other packages ----------------------------------------

    def _native(self, native: Native, call: Call) -> Value:
        owner, name = native.owner, native.name
        if isinstance(owner, App | Blueprint | Api):
            found = self.native(owner, name, call)
            return self._unknown(None, call) if found is UNKNOWN else found
        if isinstance(owner, Bridged):
            return called(owner, name, call)
        if isinstance(owner, Class):
            given = call.get(0, "name")
            return View(owner, given if isinstance(given, str) else owner.name.lower())
        return self.of_data(owner, name, call)

    def _external(self, name: str, call: Call) -> Value:
        if name in _APPS:
            return self._new_app(None, call)
        if name in _BLUEPRINTS or name in _APIS:
            one = Blueprint() if name in _BLUEPRINTS else Api()
            self.native(one, "__init__", call)
            return one
        if name in BRIDGES:
            return made(call)
        if self.is_known_function(name):
            return self.call_known(name, call)
        package = name.partition(".")[0]
        if package in _ADD_ROUTES and any(isinstance(one, App) for one in (*call.args, *call.keywords.values())):
            self.tell(call.place, f"{package} adds routes of its own, which are not known here.")
        return self._unknown(UNKNOWN, call)


def _fields(cls: Class) -> list[str]:
    """Return the annotated names of a dataclass or NamedTuple, in order."""
    line = [one for one in cls.ancestry() if isinstance(one, Class)]
    annotated = (node for one in reversed(line) for node in one.node.body if isinstance(node, ast.AnnAssign))
    return list(dict.fromkeys(node.target.id for node in annotated if isinstance(node.target, ast.Name)))


def _wrapped(function: Function | View, wrapper: Value) -> Value:
    """Return a wrapper under the name of what it wraps; that of a View keeps the View's class, too."""
    if isinstance(function, View) or not isinstance(wrapper, Function):
        return function
    return Function(function.name, wrapper.node, wrapper.scope, wrapper.cls, function)
