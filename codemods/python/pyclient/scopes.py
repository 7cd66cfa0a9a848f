"""Which assignments a name may stand for at a place of a file: Python's scopes, and what ran before in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from codemods.python.source import Source

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Scope = ast.Module | ast.ClassDef | Function | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, *_COMPREHENSIONS)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


class Binding(Struct, eq=False, frozen=True):
    """One place that gives a name a value; ``value`` is None where that is no expression of its own.

    ``kind`` is one of ``assign``, ``with``, ``param``, ``import`` and ``other``; ``node`` the statement or parameter.
    """

    name: str
    kind: str
    node: ast.AST
    value: ast.expr | None = None
    dotted: str = ""
    """For an import: what is imported, ``requests`` or ``requests.get``."""


class Scopes:
    """The names of one file."""

    def __init__(self, source: Source) -> None:
        self.tree = source.tree
        self.parents: dict[ast.AST, ast.AST] = {}
        self._bindings: dict[ast.AST, dict[str, list[Binding]]] = {}
        self._elsewhere: set[tuple[ast.AST, str]] = set()
        self._scope_of: dict[ast.AST, ast.AST] = {}
        for node in ast.walk(self.tree):
            for child in ast.iter_child_nodes(node):
                self.parents[child] = node
        for node in ast.walk(self.tree):
            self._bind(node)

    # ---- the tree -----------------------------------------------------------------------------

    def around(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what a node lies in, from the inside out."""
        while node in self.parents:
            node = self.parents[node]
            yield node

    def scope(self, node: ast.AST) -> ast.AST:
        """Return the scope that a node's names are looked up in."""
        if node not in self._scope_of:
            self._scope_of[node] = self._found_scope(node)
        return self._scope_of[node]

    def _found_scope(self, node: ast.AST) -> ast.AST:
        inner = node
        for outer in self.around(node):
            if isinstance(outer, _SCOPES) and self._is_inside(outer, inner):
                return outer
            inner = outer
        return self.tree

    def _is_inside(self, scope: ast.AST, child: ast.AST) -> bool:
        """False for decorators, defaults and annotations, which belong to the scope around."""
        if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
            return child in scope.body
        if isinstance(scope, ast.ClassDef):
            return child in scope.body
        if isinstance(scope, ast.Lambda):
            return child is scope.body
        return True

    def function(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """Return the function that a node is run in."""
        scope: ast.AST = self.scope(node)
        while not isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
            scope = self.scope(scope)
        return scope if not isinstance(scope, ast.Module) else None

    def class_of(self, node: ast.AST) -> ast.ClassDef | None:
        """Return the class whose method a node lies in."""
        return next((one for one in self.around(node) if isinstance(one, ast.ClassDef)), None)

    def statement(self, node: ast.AST) -> ast.stmt:
        """Return the statement that a node lies in, or is."""
        if isinstance(node, ast.stmt):
            return node
        return next(one for one in self.around(node) if isinstance(one, ast.stmt))

    # ---- bindings -----------------------------------------------------------------------------

    def _bind(self, node: ast.AST) -> None:
        for binding in _bound(node):
            target = self._own_scope(node, binding)
            self._bindings.setdefault(target, {}).setdefault(binding.name, []).append(binding)
        if isinstance(node, ast.Global | ast.Nonlocal):
            self._elsewhere |= {(self.scope(node), name) for name in node.names}

    def _own_scope(self, node: ast.AST, binding: Binding) -> ast.AST:
        if isinstance(node, ast.arg):
            return next(
                one for one in self.around(node) if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            )
        if isinstance(node, ast.comprehension):
            return self.parents[node]
        scope = self.scope(node)
        if isinstance(node, ast.NamedExpr):
            while isinstance(scope, _COMPREHENSIONS):
                scope = self.scope(scope)
        return scope

    def bindings(self, name: str, at: ast.AST) -> tuple[ast.AST, list[Binding]]:
        """Return (scope, bindings) of a name as it is seen from a place; no bindings where it is a builtin."""
        scope, is_first = self.scope(at), True
        while True:
            found = self._bindings.get(scope, {}).get(name)
            if (scope, name) in self._elsewhere:
                return scope, []
            if found and (is_first or not isinstance(scope, ast.ClassDef)):
                return scope, found
            if isinstance(scope, ast.Module):
                return scope, []
            scope, is_first = self.scope(scope), is_first and isinstance(scope, _COMPREHENSIONS)

    def imported(self, node: ast.expr) -> str:
        """Return what an expression names by imports, dotted: ``requests.get``; "" where it is no such thing."""
        if isinstance(node, ast.Attribute):
            base = self.imported(node.value)
            return f"{base}.{node.attr}" if base else ""
        if not isinstance(node, ast.Name):
            return ""
        _, found = self.bindings(node.id, node)
        names = {one.dotted for one in found}
        return names.pop() if len(names) == 1 else ""

    # ---- what ran before ----------------------------------------------------------------------

    def reaching(self, name: ast.Name) -> list[Binding]:
        """Return the bindings that may be a name's value where it is read: one, where the code says which."""
        scope, found = self.bindings(name.id, name)
        if len(found) < 2 or self._runs_later(name, scope):
            return found
        before = [one for one in found if _end(one.node) <= _start(name) and self._always_runs_before(one, name)]
        if not before:
            return found
        last = max(before, key=lambda one: _end(one.node))
        between = [one for one in found if one is not last and _end(last.node) <= _start(one.node) < _start(name)]
        if between or self._may_come_around(last, name, found):
            return found
        return [last]

    def _runs_later(self, name: ast.AST, scope: ast.AST) -> bool:
        """True in a function within the scope: nobody knows when it is called."""
        own = self.scope(name)
        while isinstance(own, _COMPREHENSIONS):
            own = self.scope(own)
        return own is not scope

    def _always_runs_before(self, binding: Binding, use: ast.AST) -> bool:
        """True where a binding's block is one that the use lies in."""
        block = self.parents.get(self.statement(binding.node))
        if isinstance(binding.node, ast.With | ast.AsyncWith):
            return any(outer in (binding.node, block) for outer in self.around(use))
        return any(outer is block for outer in self.around(use)) and self._same_field(binding, use, block)

    def _same_field(self, binding: Binding, use: ast.AST, block: ast.AST | None) -> bool:
        """Tell ``if`` from ``else``: a statement of one list runs before later ones of that list only."""
        if block is None or isinstance(block, ast.Module):
            return True
        statement = self.statement(binding.node)
        inner = use
        for outer in self.around(use):
            if outer is block:
                break
            inner = outer
        lists = [value for _, value in ast.iter_fields(block) if isinstance(value, list)]
        return any(statement in one and inner in one for one in lists)

    def _may_come_around(self, last: Binding, use: ast.AST, found: list[Binding]) -> bool:
        """True where a loop around the use, but not around the binding, has another binding in it."""
        for outer in self.around(use):
            is_later = isinstance(outer, _LOOPS) and not self._is_in(last.node, outer)
            if is_later and any(self._is_in(one.node, outer) for one in found):
                return True
        return False

    def is_same(self, name: str, there: Binding, use: ast.AST) -> bool:
        """True where a name stands for the same at a binding and at a later place that reaches it."""
        scope, found = self.bindings(name, there.node)
        if (scope, found) != self.bindings(name, use):
            return False
        between = [one for one in found if _end(there.node) <= _start(one.node) < _start(use)]
        own = self.scope(use)
        while isinstance(own, _COMPREHENSIONS):
            own = self.scope(own)
        is_inner = own is not self.scope(there.node) and len(found) > 1
        return not between and not is_inner and not self._may_come_around(there, use, found)

    def _is_in(self, node: ast.AST, outer: ast.AST) -> bool:
        return node is outer or any(one is outer for one in self.around(node))

    # ---- members of classes -------------------------------------------------------------------

    @cached_property
    def _members(self) -> dict[tuple[ast.AST | None, str], list[ast.expr]]:
        found: dict[tuple[ast.AST | None, str], list[ast.expr]] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    for attribute in _own_attributes(target):
                        value = node.value if attribute is target else ast.Constant(...)
                        found.setdefault((self.class_of(node), attribute.attr), []).append(value)
            elif isinstance(node, ast.AnnAssign | ast.AugAssign) and _own_attributes(node.target):
                given = node.value if isinstance(node, ast.AnnAssign) else None
                name = _own_attributes(node.target)[0].attr
                found.setdefault((self.class_of(node), name), []).append(given or ast.Constant(...))
        return found

    def member(self, attribute: ast.Attribute) -> list[ast.expr]:
        """Return every value that ``self.x`` is given in its class, methods and class body alike."""
        return self.member_of(self.class_of(attribute), attribute.attr)

    def member_of(self, owner: ast.ClassDef | None, name: str) -> list[ast.expr]:
        """Return every value that an attribute is given in a class."""
        own = self._bindings.get(owner, {}).get(name, []) if owner is not None else []
        of_class = [one.value if one.value is not None else ast.Constant(...) for one in own]
        return [*self._members.get((owner, name), []), *of_class]


def is_own(node: ast.AST) -> bool:
    """True for ``self.x`` and ``cls.x``."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")


def _own_attributes(target: ast.AST) -> list[ast.Attribute]:
    if isinstance(target, ast.Tuple | ast.List):
        return [one for each in target.elts for one in _own_attributes(each)]
    return [target] if isinstance(target, ast.Attribute) and is_own(target) else []


def _start(node: ast.AST) -> tuple[int, int]:
    return node.lineno, node.col_offset  # type: ignore[attr-defined]


def _end(node: ast.AST) -> tuple[int, int]:
    """Return where what a binding says has been said: a with statement binds before its body runs."""
    if isinstance(node, ast.With | ast.AsyncWith):
        return _start(node.body[0])
    return node.end_lineno, node.end_col_offset  # type: ignore[attr-defined]


def _bound(node: ast.AST) -> Iterator[Binding]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _targets(target, node, node.value)
    elif isinstance(node, ast.AnnAssign):
        yield from _targets(node.target, node, node.value)
    elif isinstance(node, ast.AugAssign | ast.NamedExpr | ast.For | ast.AsyncFor | ast.comprehension):
        yield from _targets(node.target, node, None)
    elif isinstance(node, ast.With | ast.AsyncWith):
        for item in node.items:
            if item.optional_vars is not None:
                yield from _targets(item.optional_vars, node, item.context_expr, "with")
    else:
        yield from _declared(node)


def _declared(node: ast.AST) -> Iterator[Binding]:
    if isinstance(node, ast.arg):
        yield Binding(node.arg, "param", node)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.ExceptHandler):
        yield Binding(node.name or "", "other", node)
    elif isinstance(node, ast.Import):
        for one in node.names:
            yield Binding(one.asname or one.name.partition(".")[0], "import", node, None, _dotted(one))
    elif isinstance(node, ast.ImportFrom):
        for one in node.names:
            yield Binding(
                one.asname or one.name, "import", node, None, f"{'.' * node.level}{node.module or ''}.{one.name}"
            )


def _dotted(alias: ast.alias) -> str:
    return alias.name if alias.asname else alias.name.partition(".")[0]


def _targets(target: ast.AST, node: ast.AST, value: ast.expr | None, kind: str = "assign") -> Iterator[Binding]:
    if isinstance(target, ast.Name):
        yield Binding(target.id, kind if value is not None else "other", node, value)
    elif isinstance(target, ast.Tuple | ast.List):
        for one in target.elts:
            yield from _targets(one, node, None)
    elif isinstance(target, ast.Starred):
        yield from _targets(target.value, node, None)
