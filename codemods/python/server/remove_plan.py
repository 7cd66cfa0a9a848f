"""Decides what of a Resource goes: single methods, or the class with its registration, or nothing, and why not."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct, field

from codemods import reasons
from codemods.python.registering import methods_of
from codemods.python.server.remove_reading import HANDLER, HTTP, OTHER, REGISTRATION, Handler, Reference, Removing
from codemods.python.values import UNKNOWN, Class, Rule
from codemods.results import Left

_SETTINGS = ("decorators", "representations", "dispatch_request", "provide_automatic_options", "as_view")
_WORDS = {"endpoint", "methods"}


class Removal(Struct, eq=False):
    """What goes of one class: methods by name, each with its handlers; the class itself where nothing is left.

    ``is_holder`` for a class that stays because handlers use what else is in it. ``left`` says for each
    method that stays why it does.
    """

    cls: Class
    rules: list[Rule]
    methods: dict[str, ast.FunctionDef] = field(default_factory=dict)
    handlers: dict[Handler, str] = field(default_factory=dict)
    left: dict[str, Left] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    is_whole: bool = False
    is_holder: bool = False
    decorators: dict[str, str] = field(default_factory=dict)


def plan(removing: Removing, cls: Class) -> Removal:
    """Return what goes of a class."""
    removal = Removal(cls, removing.classes[cls])
    own = {one.name: one for one in cls.node.body if isinstance(one, ast.FunctionDef) and one.name in HTTP}
    handled = {name: _handlers(removing, removal.rules, name) for name in sorted(methods_in(cls))}
    removal.is_whole = bool(handled) and all(found is not None for found in handled.values())
    for name, found in handled.items():
        if found is None:
            removal.left[name] = Left(reasons.NOT_NATIVE, _not_native(removing, removal.rules, name))
            continue
        removal.handlers |= found
        if name in own:
            removal.methods[name] = own[name]
    if removal.handlers:
        _check(removing, removal)
    return removal


def methods_in(cls: Class) -> set[str]:
    """Return the methods of a class, its bases' too, by their names in the source."""
    return {one.lower() for one in methods_of(cls) or ()} & set(HTTP)


def _handlers(removing: Removing, rules: list[Rule], name: str) -> dict[Handler, str] | None:
    """Return the handlers for all rules of a method, with the endpoint of each; None where one is missing."""
    keys = {(name.upper(), one.rule): one.endpoint for one in rules if name.upper() in one.methods}
    if not keys or any(key not in removing.handlers for key in keys):
        return None
    return {removing.handlers[key]: endpoint for key, endpoint in keys.items()}


def _not_native(removing: Removing, rules: list[Rule], name: str) -> str:
    missing = [one.rule for one in rules if (name.upper(), one.rule) not in removing.handlers]
    return f"{name.upper()} {', '.join(missing)} has no native handler."


# ---- what may not go --------------------------------------------------------------------------


def _check(removing: Removing, removal: Removal) -> None:
    """Take back what is not certain to go, with the reason."""
    try:
        _check_methods(removing, removal)
        if removal.is_whole:
            _check_class(removing, removal)
        else:
            removal.references = []
    except Left as left:
        removal.left |= dict.fromkeys(methods_in(removal.cls) - set(removal.left), left)
        removal.methods, removal.handlers, removal.is_whole, removal.references = {}, {}, False, []


def _check_methods(removing: Removing, removal: Removal) -> None:
    cls = removal.cls
    subclass = removing.subclass(cls)
    if subclass:
        raise Left(reasons.CLASS_USED, f"{subclass} derives from {cls.name}.")
    removal.references = list(removing.references(cls))
    is_listed = any(word.arg == "methods" for call in _registrations(removal) for word in call.keywords)
    if "methods" in cls.names or (is_listed and not removal.is_whole):
        raise Left(reasons.CLASS_SETTINGS, f"The methods of {cls.name} are listed, those that would go among them.")
    for one in cls.node.body:
        if one not in removal.methods.values():
            called = next((name for name in removal.methods if _uses_method(one, name)), "")
            if called:
                raise Left(reasons.CLASS_USED, f"Another part of {cls.name} uses its method {called}().")


def _uses_method(statement: ast.stmt, name: str) -> bool:
    owners = (one.value for one in ast.walk(statement) if isinstance(one, ast.Attribute) and one.attr == name)
    return any(isinstance(one, ast.Name) and one.id in {"self", "cls"} for one in owners)


def _check_class(removing: Removing, removal: Removal) -> None:
    cls = removal.cls
    for name in _SETTINGS:
        if cls.has(name):
            raise Left(reasons.CLASS_SETTINGS, f"{cls.name} has {name}, which its handlers would lose.")
    _check_registration(removal)
    other = next((one for one in removal.references if one.kind == OTHER), None)
    if other is not None:
        line = getattr(other.node, "lineno", other.statement.lineno)
        raise Left(reasons.CLASS_USED, f"{cls.name} is used in {other.path}:{line}.")
    test = removing.test_using(cls)
    if test:
        raise Left(reasons.CLASS_USED, f"{cls.name} is used in {test}.")
    for rule in removal.rules:
        link = removing.link_to(rule.endpoint)
        if link:
            raise Left(reasons.URL_FOR, f"{link} makes links to {rule.endpoint}, which HTTP would not know any more.")
    removal.is_holder = any(one.kind == HANDLER for one in removal.references)
    removal.decorators = _method_decorators(removing, removal)


def _check_registration(removal: Removal) -> None:
    cls = removal.cls
    calls = _registrations(removal)
    for call in calls:
        words = {one.arg for one in call.keywords}
        if not words <= _WORDS:
            odd = ", ".join(sorted(str(one) for one in words - _WORDS))
            raise Left(reasons.DYNAMIC_REGISTRATION, f"{cls.name} is registered with an option of its own: {odd}.")
    if any(one not in calls for one in cls.node.decorator_list):
        raise Left(reasons.DYNAMIC_REGISTRATION, f"{cls.name} is decorated by something else than api.resource.")
    urls = [url for call in calls for url in (call.args[1:] if _called(call) == "add_resource" else call.args)]
    if len(urls) != len(removal.rules) or any(isinstance(one, ast.Starred) for one in urls):
        raise Left(reasons.DYNAMIC_REGISTRATION, f"Not every URL of {cls.name} is registered by a plain add_resource.")


def _registrations(removal: Removal) -> list[ast.Call]:
    """Return the calls that register a class, as far as they are written as such."""
    statements = [one.statement for one in removal.references if one.kind == REGISTRATION]
    values = [one.value for one in statements if isinstance(one, ast.Expr)] + removal.cls.node.decorator_list
    return [one for one in values if isinstance(one, ast.Call) and _called(one) in {"add_resource", "resource"}]


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


# ---- method_decorators ------------------------------------------------------------------------


def _method_decorators(removing: Removing, removal: Removal) -> dict[str, str]:
    """Return, for each method, the source of the decorators that Flask-RESTful puts around it for the class."""
    cls = removal.cls
    if not cls.has("method_decorators"):
        return {}
    node = _assigned(cls)
    if node is None:
        return dict.fromkeys(methods_in(cls), _of_base(cls))
    _check_names(cls, node)
    source = removing.reading.project.files[cls.module.path].decode(errors="replace")
    if isinstance(node, ast.Dict):
        return dict(_by_method(cls, node, source))
    if not isinstance(node, ast.List | ast.Tuple) and not isinstance(cls.find("method_decorators"), list | tuple):
        raise Left(reasons.CLASS_SETTINGS, f"The method_decorators of {cls.name} are not written as a list.")
    return dict.fromkeys(methods_in(cls), _written(node, source))


def _assigned(cls: Class) -> ast.expr | None:
    """Return what the class body gives the name ``method_decorators``."""
    for one in reversed(cls.node.body):
        targets = one.targets if isinstance(one, ast.Assign) else [one.target] if isinstance(one, ast.AnnAssign) else []
        if isinstance(one, ast.Assign | ast.AnnAssign) and any(map(_is_decorators, targets)):
            return one.value
    return None


def _is_decorators(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id == "method_decorators"


def _of_base(cls: Class) -> str:
    """Return ``Base.method_decorators`` for a list that a base of the folder defines."""
    for written, value in zip(cls.node.bases, cls.bases, strict=True):
        if isinstance(value, Class) and isinstance(value.find("method_decorators"), list | tuple):
            return f"{ast.unparse(written)}.method_decorators"
    raise Left(reasons.CLASS_SETTINGS, f"The method_decorators that {cls.name} inherits are not written as a list.")


def _check_names(cls: Class, node: ast.expr) -> None:
    own = [one.id for one in ast.walk(node) if isinstance(one, ast.Name) and one.id in cls.names]
    if own:
        raise Left(reasons.CLASS_SETTINGS, f"The method_decorators of {cls.name} use {own[0]}, a name of the class.")


def _by_method(cls: Class, node: ast.Dict, source: str) -> Iterator[tuple[str, str]]:
    for key, value in zip(node.keys, node.values, strict=True):
        if not isinstance(key, ast.Constant) or cls.find("method_decorators") is UNKNOWN:
            raise Left(reasons.CLASS_SETTINGS, f"The method_decorators of {cls.name} are not written as a plain dict.")
        yield str(key.value), _written(value, source)


def _written(node: ast.expr, source: str) -> str:
    """Return an expression as it is written, in one line."""
    text = ast.get_source_segment(source, node) or ""
    return text if text and "\n" not in text else ast.unparse(node)
