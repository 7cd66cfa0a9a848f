"""What a call gives: functions and classes of the folder are followed, a few of other packages are known."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import ClassVar

from codemods.python.expressions import elements, is_plain
from codemods.python.registering import WORDS, Registering, written
from codemods.python.values import (
    UNKNOWN,
    Api,
    App,
    Blueprint,
    Bound,
    Call,
    Class,
    External,
    Function,
    Instance,
    Native,
    Registrar,
    Scope,
    Super,
    Unknown,
    Value,
    View,
    Wraps,
)

_APPS = frozenset({"flask.Flask", "flask.app.Flask"})
_BLUEPRINTS = frozenset({"flask.Blueprint", "flask.blueprints.Blueprint"})
_APIS = frozenset({"flask_restful.Api"})
_ADD_ROUTES = frozenset({"flask_security", "flask_admin", "flask_dance", "flasgger", "flask_appbuilder", "flask_user"})
_TEXT_METHODS = frozenset(
    ["format", "join", "strip", "lstrip", "rstrip", "replace", "lower", "upper", "title", "capitalize", "split"]
    + ["startswith", "endswith", "removeprefix", "removesuffix", "rsplit", "partition", "rpartition"]
)
_DEEPEST = 30
_LONGEST_RANGE = 1000
_FUNCTIONS = (Function, View, Class, Bound)


class Calls(Registering):
    """Follows calls; ``execute`` and ``import_by_name`` are left to those who know statements and files."""

    def __init__(self) -> None:
        super().__init__()
        self.active: list[ast.AST] = []
        self.called: set[int] = set()
        self.apps: list[App] = []

    def execute(self, statements: Sequence[ast.stmt], scope: Scope) -> bool:
        """Run statements; True where control never runs past them."""
        raise NotImplementedError

    def import_by_name(self, dotted: str, scope: Scope) -> Value:
        """Return the module of a dotted name."""
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
        if isinstance(owner, Class):
            given = call.get(0, "name")
            return View(owner, given if isinstance(given, str) else owner.name.lower())
        if isinstance(owner, str):
            return self._of_text(owner, name, call)
        return self._of_list(owner, name, call) if isinstance(owner, list) else self._of_dict(owner, name, call)

    def _of_text(self, owner: str, name: str, call: Call) -> Value:
        given = [*call.args, *call.keywords.values()]
        flat = [one for each in given for one in (each if isinstance(each, list | tuple) else [each])]
        if name not in _TEXT_METHODS or not all(is_plain(one) for one in flat):
            return UNKNOWN
        try:
            return getattr(owner, name)(*call.args, **call.keywords)
        except (TypeError, ValueError, LookupError):
            return UNKNOWN

    def _of_list(self, owner: list[Value], name: str, call: Call) -> Value:
        if name == "append":
            owner.extend(call.args)
        elif name == "insert":
            owner[:0] = call.args[1:]
        elif name == "extend":
            found = elements(call.args[0]) if call.args else None
            owner.extend([UNKNOWN] if found is None else found)
        return UNKNOWN if name not in {"append", "insert", "extend"} else None

    def _of_dict(self, owner: dict[Value, Value], name: str, call: Call) -> Value:
        if name in {"items", "keys", "values"}:
            return list(getattr(owner, name)())
        if name == "get" and call.args and is_plain(call.args[0]):
            return owner.get(call.args[0], call.get(1, "default"))
        if name == "update":
            owner |= call.args[0] if call.args and isinstance(call.args[0], dict) else {}
            owner |= call.keywords
        return UNKNOWN

    def _external(self, name: str, call: Call) -> Value:
        if name in _APPS:
            return self._new_app(None, call)
        if name in _BLUEPRINTS or name in _APIS:
            one = Blueprint() if name in _BLUEPRINTS else Api()
            self.native(one, "__init__", call)
            return one
        work = self._KNOWN.get(name)
        if work is not None:
            return work(self, call)
        package = name.partition(".")[0]
        if package in _ADD_ROUTES and any(isinstance(one, App) for one in (*call.args, *call.keywords.values())):
            self.tell(call.place, f"{package} adds routes of its own, which are not known here.")
        return self._unknown(UNKNOWN, call)

    def _wraps(self, call: Call) -> Value:
        function = call.get(0, "wrapped")
        return Wraps(function) if isinstance(function, Function | View) else UNKNOWN

    def _environment(self, call: Call) -> Value:
        return call.get(1, "default", UNKNOWN)

    def _module(self, call: Call) -> Value:
        name = call.get(0, "name")
        if not isinstance(name, str):
            self.tell(call.place, f"The module of {written(call.node)} is not known here; it is passed over.")
            return UNKNOWN
        return self.import_by_name(name, call.scope)

    def _super(self, call: Call) -> Value:
        cls, owner = (self.lookup(name, call.scope) for name in ("__class__", "__self__"))
        return Super(cls, owner) if isinstance(cls, Class) else UNKNOWN

    def _getattr(self, call: Call) -> Value:
        name = call.get(1, "name")
        found = self.attribute(call.args[0], name) if call.args and isinstance(name, str) else UNKNOWN
        return call.args[2] if isinstance(found, Unknown) and len(call.args) > 2 else found

    def _setattr(self, call: Call) -> Value:
        owner, name = call.get(0, "obj"), call.get(1, "name")
        if isinstance(owner, Instance | Class) and isinstance(name, str):
            owner.names[name] = call.get(2, "value")
        return None

    def _zip(self, call: Call) -> Value:
        lists = [elements(one) for one in call.args]
        known = [one for one in lists if one is not None]
        return list(zip(*known, strict=False)) if len(known) == len(lists) else UNKNOWN

    def _enumerate(self, call: Call) -> Value:
        found, start = elements(call.get(0, "iterable")), call.get(1, "start", 0)
        return UNKNOWN if found is None or not isinstance(start, int) else list(enumerate(found, start))

    def _listed(self, call: Call) -> Value:
        found = elements(call.args[0]) if call.args else []
        return UNKNOWN if found is None else list(found)

    def _reversed(self, call: Call) -> Value:
        found = elements(call.get(0, "sequence"))
        return UNKNOWN if found is None else found[::-1]

    def _str(self, call: Call) -> Value:
        return str(call.args[0]) if len(call.args) == 1 and is_plain(call.args[0]) else UNKNOWN

    def _range(self, call: Call) -> Value:
        if not call.args or not all(isinstance(one, int) for one in call.args):
            return UNKNOWN
        found = range(*call.args)
        return list(found) if len(found) <= _LONGEST_RANGE else UNKNOWN

    def _dictionary(self, call: Call) -> Value:
        return dict(call.keywords) if not call.args else call.args[0] if isinstance(call.args[0], dict) else UNKNOWN

    _KNOWN: ClassVar[dict[str, Callable[[Calls, Call], Value]]] = {
        "functools.wraps": _wraps,
        "os.getenv": _environment,
        "os.environ.get": _environment,
        "importlib.import_module": _module,
        "werkzeug.utils.import_string": _module,
        "builtins.super": _super,
        "builtins.getattr": _getattr,
        "builtins.setattr": _setattr,
        "builtins.zip": _zip,
        "builtins.enumerate": _enumerate,
        "builtins.list": _listed,
        "builtins.tuple": _listed,
        "builtins.set": _listed,
        "builtins.sorted": _listed,
        "builtins.reversed": _reversed,
        "builtins.range": _range,
        "builtins.dict": _dictionary,
        "builtins.str": _str,
    }


def _wrapped(function: Function | View, wrapper: Value) -> Value:
    """Return a wrapper under the name of what it wraps; that of a View keeps the View's class, too."""
    if isinstance(function, View) or not isinstance(wrapper, Function):
        return function
    return Function(function.name, wrapper.node, wrapper.scope, wrapper.cls, function)
