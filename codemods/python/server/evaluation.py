"""The order in which Python evaluates statements: what is the first thing that can be noticed from outside."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator, Sequence

from codemods.python.server.bound_names import walk

Test = Callable[[ast.AST], object]
_NO_BASES = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, Exception) and not issubclass(RecursionError, value)
)
_OTHER_PACKAGES = ("sqlalchemy.", "marshmallow.", "psycopg2.", "sqlite3.", "jwt.", "pymysql.")


def first_effect(body: Sequence[ast.stmt], stop: Test, imported: dict[str, str]) -> ast.AST | None:
    """Return the first node that may call, raise, return or write, or that ``stop`` says yes to.

    Constants, plain names and displays of them don't count, nor do names that are bound to those. ``imported`` tells
    full names of imports.
    """
    return next(_Order(stop, imported).statements(body), None)


class _Order:
    def __init__(self, stop: Test, imported: dict[str, str]) -> None:
        self.stop = stop
        self.imported = imported
        self.outer: set[str] = set()  # names that are not the function's own

    def statements(self, body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
        for one in body:
            yield from self.statement(one)

    def statement(self, node: ast.stmt) -> Iterator[ast.AST]:
        if isinstance(node, ast.Pass):
            return
        if isinstance(node, ast.Global | ast.Nonlocal):
            self.outer |= set(node.names)
            return
        if isinstance(node, ast.Try) and self._lets_errors_through(node):
            yield from self.statements(node.body)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.Expr):
            if node.value is not None:
                yield from self.expression(node.value)
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            if not isinstance(node, ast.Expr) and not all(self._only_binds(one, node.value) for one in targets):
                yield node
        else:
            for one in self._first_of(node):
                yield from self.expression(one)
            yield node

    def _only_binds(self, target: ast.expr | None, value: ast.expr | None) -> bool:
        """True where an assignment binds names of the function's own; ``a, b = 1, 2`` takes nothing apart."""
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            return _is_display(value) and all(
                self._only_binds(*pair) for pair in zip(target.elts, value.elts, strict=True)
            )
        return isinstance(target, ast.Name) and target.id not in self.outer

    @staticmethod
    def _first_of(node: ast.stmt) -> list[ast.expr]:
        """Return what a statement evaluates before anything else."""
        if isinstance(node, ast.If | ast.While | ast.Assert):
            return [node.test]
        if isinstance(node, ast.For):
            return [node.iter]
        if isinstance(node, ast.With):
            return [node.items[0].context_expr]
        if isinstance(node, ast.Return | ast.AugAssign) and node.value is not None:
            is_plain = isinstance(node, ast.Return) or isinstance(node.target, ast.Name)
            return [node.value] if is_plain else []
        return [node.exc] if isinstance(node, ast.Raise) and node.exc is not None else []

    def expression(self, node: ast.expr) -> Iterator[ast.AST]:
        if self.stop(node):
            yield node
        elif not isinstance(node, ast.Constant | ast.Name | ast.Lambda):
            for one in self._parts(node):
                yield from self.expression(one)
            if not _is_display(node):
                yield node

    @staticmethod
    def _parts(node: ast.expr) -> list[ast.expr]:
        """Return the parts of an expression that are evaluated in any case, in order."""
        if isinstance(node, ast.Call):
            return [node.func, *node.args, *(one.value for one in node.keywords)]
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            return [one for pair in pairs for one in pair if one is not None]
        if isinstance(node, ast.BoolOp):
            return [node.values[0]]
        if isinstance(node, ast.IfExp):
            return [node.test]
        if isinstance(node, ast.Compare):
            return [node.left, node.comparators[0]]
        if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            return [node.generators[0].iter]
        if isinstance(node, ast.Await | ast.Yield | ast.YieldFrom):
            return []
        return [one for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr)]

    def _lets_errors_through(self, node: ast.Try) -> bool:
        """True where no handler can catch what reading a request's body raises, which is a ``BadRequest``."""
        types: list[ast.expr] = []
        for handler in node.handlers:
            given = handler.type
            if given is None:
                return False
            types += given.elts if isinstance(given, ast.Tuple) else [given]
        return not node.finalbody and all(map(self._is_other_error, types))

    def _is_other_error(self, node: ast.expr) -> bool:
        text = ast.unparse(node)
        first, dot, rest = text.partition(".")
        full = self.imported.get(first, "")
        if full:
            return f"{full}{dot}{rest}".startswith(_OTHER_PACKAGES)
        return text in _NO_BASES


def _is_display(node: ast.expr) -> bool:
    """True where an expression only puts its parts together; what may be no key could raise, and ``*x`` runs x."""
    if isinstance(node, ast.Tuple | ast.List):
        return not any(isinstance(one, ast.Starred) for one in node.elts)
    if isinstance(node, ast.Dict | ast.Set):
        keys = node.keys if isinstance(node, ast.Dict) else node.elts
        return all(isinstance(one, ast.Constant) for one in keys)
    return _is_number(node)


def _is_number(node: ast.expr) -> bool:
    """True for ``-1``."""
    operand = node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd) else None
    return isinstance(operand, ast.Constant) and isinstance(operand.value, int | float)


def imported_names(tree: ast.Module) -> dict[str, str]:
    """Return the full names of what a file imports, by the name it is known by."""
    found: dict[str, str] = {}
    for node in walk(tree):
        if isinstance(node, ast.ImportFrom):
            prefix = "." * node.level + (node.module or "")
            found |= {one.asname or one.name: f"{prefix}.{one.name}" for one in node.names}
        elif isinstance(node, ast.Import):
            found |= {
                one.asname or one.name.partition(".")[0]: one.asname and one.name or one.name.partition(".")[0]
                for one in node.names
            }
    return found
