"""What a method reaches by self: attributes, helpers, and theirs in turn; and where those are set."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from codemods import reasons
from codemods.python.server.bound_names import FunctionNode, walk
from codemods.python.server.methods import VERBS
from codemods.python.values import Class, Function
from codemods.results import Left

_DISPATCH = frozenset({*VERBS, "dispatch_request"})
_OF_FLASK = frozenset(
    {"methods", "method_decorators", "decorators", "representations", "provide_automatic_options", "init_every_request"}
)


class Reach:
    """The functions of a class and its bases that one of its methods may call by self, that method first."""

    def __init__(self, cls: Class | None, node: FunctionNode, name: str) -> None:
        self.cls = cls
        self.functions: dict[FunctionNode, str] = {node: name}
        todo = [node]
        while todo:
            for one in _read(todo.pop(), self.functions):
                found = cls.find(one) if cls is not None else None
                inner = found.original().node if isinstance(found, Function) else None
                if isinstance(inner, FunctionNode) and inner not in self.functions:
                    self.functions[inner] = first_parameter(inner)
                    todo.append(inner)

    @cached_property
    def attributes(self) -> set[str]:
        """All attributes that are read from self."""
        return {name for node in self.functions for name in _read(node, self.functions)}

    def refuse_dispatch(self) -> None:
        """Raise Left where a method that answers requests is called on self."""
        reached = self.attributes & _DISPATCH
        if reached:
            msg = f"It calls self.{min(reached)}(), which answers requests itself; move what both need to a function."
            raise Left(reasons.SELF_USED, msg)

    def refuse_foreign_state(self) -> None:
        """Raise Left where an attribute is set by somebody that a new instance has not been through."""
        others = [one.node for one in self._methods() if one.name != "__init__" and one.node not in self.functions]
        found = sorted(self.attributes & {name for node in others for name in _set(node)})
        if found:
            msg = f"self.{found[0]} is set outside of this method, so an instance of the handler's own may lack it."
            raise Left(reasons.SELF_USED, msg)
        if any(_set(node) for node in self.functions) and self.cls is not None and self.cls.has("dispatch_request"):
            raise Left(reasons.SELF_USED, "dispatch_request() may read what the method sets on self.")

    def undefined(self) -> str:
        """Return an attribute that nothing which is read here defines, or ""."""
        init = [one.node for one in self._methods() if one.name == "__init__"]
        here = {name for node in [*self.functions, *init] for name in _set(node)}
        return min((name for name in self.attributes - here if not self._defines(name)), default="")

    def _defines(self, name: str) -> bool:
        is_of_python = name.startswith("__") and name.endswith("__")
        return is_of_python or name in _OF_FLASK or (self.cls is not None and self.cls.has(name))

    def _methods(self) -> Iterator[Function]:
        for cls in self.cls.ancestry() if self.cls is not None else ():
            for one in cls.names.values() if isinstance(cls, Class) else ():
                if isinstance(one, Function):
                    yield one


def first_parameter(node: FunctionNode) -> str:
    """Return the name of a method's first parameter, or ""."""
    parameters = [*node.args.posonlyargs, *node.args.args]
    return parameters[0].arg if parameters else ""


def _read(node: FunctionNode, names: dict[FunctionNode, str]) -> set[str]:
    return {one.attr for one in _attributes(node, names[node]) if isinstance(one.ctx, ast.Load)}


def _set(node: ast.AST) -> set[str]:
    if not isinstance(node, FunctionNode):
        return set()
    return {one.attr for one in _attributes(node, first_parameter(node)) if not isinstance(one.ctx, ast.Load)}


def _attributes(node: FunctionNode, name: str) -> Iterator[ast.Attribute]:
    for one in walk(node):
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id == name:
            yield one


def is_plain_init(node: ast.FunctionDef) -> bool:
    """True where making an instance once more can be noticed by nobody: it only sets attributes of its own."""
    name = first_parameter(node)
    return all(_is_plain(one, name) for one in node.body)


def _is_plain(node: ast.stmt, name: str) -> bool:
    if isinstance(node, ast.Pass):
        return True
    if isinstance(node, ast.Expr):
        return _is_plain_call(node.value, name)
    if not isinstance(node, ast.Assign) or not all(_is_own(one, name) for one in node.targets):
        return False
    calls = [one for one in walk(node.value) if isinstance(one, ast.Call)]
    return all(ast.unparse(one.func).rpartition(".")[2] == "RequestParser" for one in calls)


def _is_plain_call(node: ast.expr, name: str) -> bool:
    """True for text, ``super().__init__()`` and ``self.parser.add_argument(...)``."""
    if not isinstance(node, ast.Call):
        return isinstance(node, ast.Constant)
    called = ast.unparse(node.func)
    if called.startswith("super(") and called.endswith(".__init__"):
        return True
    return called.startswith(f"{name}.") and called.endswith(".add_argument")


def _is_own(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name
