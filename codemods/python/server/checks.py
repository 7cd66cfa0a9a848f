"""What a method must be for its body to mean the same in a function of the module; Left says why it is not."""

from __future__ import annotations

import ast

from codemods import reasons
from codemods.python.server.bound_names import FunctionNode, dotted, own_nodes, walk
from codemods.python.server.methods import Method, Route
from codemods.python.server.requests import attributes_read
from codemods.results import Left

_FORMS = {"form": "request.form", "files": "request.files", "stream": "request.stream"}
_RAW = frozenset({"data", "get_data", "input_stream", "values"})


def check(method: Method, tree: ast.Module, requests: frozenset[str]) -> FunctionNode:
    """Return the method's node; raises Left with the first reason against a handler."""
    if method.elsewhere:
        msg = f"{method.verb}() is inherited from a class in {method.elsewhere}."
        raise Left(reasons.INHERITED_ELSEWHERE, msg)
    node = method.node
    if node is None:
        raise Left(reasons.NOT_A_METHOD, f"{method.cls.name}.{method.verb} is not defined with def in its class body.")
    if method.cls not in tree.body or method.owner not in tree.body:
        raise Left(reasons.NESTED_CLASS, f"{method.owner.name} is not defined at the module's own level.")
    _check_kind(node)
    _check_parameters(node)
    _check_class_scope(method, node)
    _check_private(node)
    _check_forms(method, node, tree, requests)
    return node


def _check_kind(node: FunctionNode) -> None:
    if isinstance(node, ast.AsyncFunctionDef):
        raise Left(reasons.ASYNC_METHOD, f"{node.name} is async.")
    kinds = {ast.unparse(one) for one in node.decorator_list}
    if kinds & {"staticmethod", "classmethod", "property"} or not (node.args.args or node.args.posonlyargs):
        raise Left(reasons.NOT_A_METHOD, f"{node.name} does not take self.")
    if any(isinstance(one, ast.Yield | ast.YieldFrom) for one in own_nodes(node)):
        raise Left(reasons.NOT_A_METHOD, f"{node.name} is a generator.")


# ---- parameters -------------------------------------------------------------------------------


def _check_parameters(node: FunctionNode) -> None:
    arguments = node.args
    if arguments.vararg is not None:
        raise Left(reasons.PARAMETERS_DIFFER, f"*{arguments.vararg.arg} would be given the body.")
    if len(arguments.posonlyargs) > 1:
        raise Left(reasons.PARAMETERS_DIFFER, "Flask passes path parameters by name, which this method cannot take.")


def why_not(route: Route, node: FunctionNode) -> str:
    """Return why a route cannot call a method, which then fails over HTTP too; "" if it can."""
    names, required = parameters(node)
    missing = sorted(required - frozenset(route.event.params))
    if missing:
        return f"{route.event.rule} gives no {missing[0]} by its URL, which the method asks for."
    surplus = sorted(route.given - names) if node.args.kwarg is None else []
    return f"{route.event.rule} gives {surplus[0]}, which the method does not take." if surplus else ""


def parameters(node: FunctionNode) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of a method's parameters without self, and those of them that have no default."""
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args][1:]
    without = positional[: len(positional) - len(arguments.defaults)] if arguments.defaults else positional
    kept = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    required = {one.arg for one in without} | {one.arg for one, default in kept if default is None}
    return frozenset(one.arg for one in (*positional, *arguments.kwonlyargs)), frozenset(required)


# ---- the class around it ----------------------------------------------------------------------


def _check_class_scope(method: Method, node: FunctionNode) -> None:
    """What is evaluated where the method is defined must not come from the class body."""
    bound = {name for one in method.owner.body for name in _bound(one)}
    arguments = node.args
    parts = [*node.decorator_list, *arguments.defaults, *arguments.kw_defaults, node.returns]
    parts += [one.annotation for one in (*arguments.args, *arguments.kwonlyargs, arguments.kwarg) if one is not None]
    used = {one.id for part in parts if part is not None for one in walk(part) if isinstance(one, ast.Name)}
    found = sorted(used & bound)
    if found:
        msg = f"{found[0]} is defined in the class body, which a function outside does not see."
        raise Left(reasons.CLASS_SCOPE_NAME, msg)


def _bound(node: ast.stmt) -> set[str]:
    if isinstance(node, FunctionNode | ast.ClassDef):
        return {node.name}
    names = {one.id for one in walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}
    return names | {(one.asname or one.name) for one in walk(node) if isinstance(one, ast.alias)}


def _check_private(node: FunctionNode) -> None:
    for one in walk(node):
        name = one.id if isinstance(one, ast.Name) else one.attr if isinstance(one, ast.Attribute) else ""
        if isinstance(one, ast.Name) and name in {"super", "__class__"}:
            raise Left(reasons.CLASS_PRIVATE, f"{name} means the class around it.")
        if name.startswith("__") and not name.endswith("__"):
            raise Left(reasons.CLASS_PRIVATE, f"{name} is a name of its own within the class.")


# ---- the request ------------------------------------------------------------------------------


def _check_forms(method: Method, node: FunctionNode, tree: ast.Module, requests: frozenset[str]) -> None:
    has_body = method.verb in {"post", "put", "patch"}
    parsed = _parsed_json(node)
    for one in attributes_read(node, requests):
        is_raw = one.attr in _RAW and one not in parsed and (has_body or one.attr != "values")
        if one.attr in _FORMS or is_raw:
            msg = f"It reads request.{one.attr}; an event carries JSON only."
            raise Left(reasons.READS_FORM, msg)
    for name in _parsers(node):
        if name in _form_parsers(tree):
            raise Left(reasons.READS_FORM, f"{name} reads a form or files; an event carries JSON only.")


def _parsed_json(node: FunctionNode) -> list[ast.expr]:
    """Return ``request.data`` and ``request.get_data`` where ``json.loads`` takes them."""
    found: list[ast.expr] = []
    for one in walk(node):
        if isinstance(one, ast.Call) and dotted(one.func).rpartition(".")[2] == "loads" and one.args:
            found += [inner for inner in walk(one.args[0]) if isinstance(inner, ast.Attribute)]
    return found


def _parsers(node: FunctionNode) -> set[str]:
    """Return what the method calls ``parse_args`` on."""
    calls = (one.func for one in walk(node) if isinstance(one, ast.Call))
    return {ast.unparse(one.value) for one in calls if isinstance(one, ast.Attribute) and one.attr == "parse_args"}


def _form_parsers(tree: ast.Module) -> set[str]:
    """Return the parsers of the file that are told to look into forms or files."""
    found: set[str] = set()
    for one in walk(tree):
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr == "add_argument":
            places = [keyword.value for keyword in one.keywords if keyword.arg == "location"]
            words = {inner.value for place in places for inner in walk(place) if isinstance(inner, ast.Constant)}
            if words & {"form", "files"}:
                found.add(ast.unparse(one.func.value))
    return found | {f"self.{one}" for one in found}
