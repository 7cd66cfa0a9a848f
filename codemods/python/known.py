"""What is known of Python itself and of other packages: text, lists and dicts, builtins, the environment."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from msgspec.structs import replace

from codemods.python.operators import elements, is_plain
from codemods.python.registering import OWN_OPTIONS, Registering, written
from codemods.python.values import (
    UNKNOWN,
    Call,
    Class,
    Config,
    External,
    Function,
    Instance,
    ModuleValue,
    Scope,
    Super,
    Unknown,
    Value,
    View,
    Wraps,
)

_TEXT_METHODS = frozenset(
    ["format", "join", "strip", "lstrip", "rstrip", "replace", "lower", "upper", "title", "capitalize", "split"]
    + ["startswith", "endswith", "removeprefix", "removesuffix", "rsplit", "partition", "rpartition"]
)
_LONGEST_RANGE = 1000


class Known(Registering):
    """Calls of what is known; ``import_by_name`` is left to those who know the files."""

    def import_by_name(self, dotted: str, scope: Scope) -> Value:
        """Return the module of a dotted name."""
        raise NotImplementedError

    def is_known_function(self, name: str) -> bool:
        """True for a function of another package that ``call_known`` can call."""
        return name in self._KNOWN

    def call_known(self, name: str, call: Call) -> Value:
        """Call a function by its full name."""
        return self._KNOWN[name](self, call)

    def of_data(self, owner: Value, name: str, call: Call) -> Value:
        """Call a method of a str, list or dict."""
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
        first = call.args[0] if call.args else None
        if name in {"items", "keys", "values"}:
            return list(getattr(owner, name)())
        if name in {"get", "setdefault"} and call.args and is_plain(first):
            missing = UNKNOWN if isinstance(owner, Config) else None
            return owner.get(first, call.get(1, "default", missing))
        if name in {"update", "from_mapping"}:
            owner |= first if isinstance(first, dict) else {}
            owner |= call.keywords
        elif name == "from_object":
            owner |= _constants(self.import_by_name(first, call.scope) if isinstance(first, str) else first)
        return UNKNOWN

    def _cross_origin(self, call: Call) -> Value:
        return External("flask_cors.cross_origin()")

    def _own_options(self, call: Call) -> Value:
        function = call.get(0, "f")
        if not isinstance(function, Function):
            return function
        return replace(function, marks=function.marks | {OWN_OPTIONS})

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

    _KNOWN: ClassVar[dict[str, Callable[..., Value]]] = {
        "flask_cors.cross_origin": _cross_origin,
        "flask_cors.cross_origin()": _own_options,
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


def _constants(value: Value) -> dict[str, Value]:
    """Return what ``app.config.from_object`` takes of a class or module: the names in capitals."""
    names: dict[str, Value] = value.names if isinstance(value, ModuleValue) else {}
    if isinstance(value, Class):
        for one in reversed(list(value.ancestry())):
            names = {**names, **one.names} if isinstance(one, Class) else names
    return {name: one for name, one in names.items() if name.isupper()}
