"""Runs statements for what they do to names and to apps; both ways of a condition that is not known are taken."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import ClassVar

from codemods.python.calls import Calls
from codemods.python.operators import elements, joined, truth
from codemods.python.values import UNKNOWN, Call, Class, Function, Names, Scope, Value, View

_MARKS = frozenset({"staticmethod", "classmethod", "property", "cached_property"})
_MOST_STATEMENTS = 300_000


class Statements(Calls):
    """Executes statements; what an import means is left to those who know the files."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = 0

    def do_import(self, node: ast.Import, scope: Scope) -> None:
        """Run ``import a.b as c``."""
        raise NotImplementedError

    def do_import_from(self, node: ast.ImportFrom, scope: Scope) -> None:
        """Run ``from a import b``."""
        raise NotImplementedError

    def execute(self, statements: Sequence[ast.stmt], scope: Scope) -> bool:
        """Run statements; True where control never runs past them."""
        self.steps += len(statements)
        if self.steps > _MOST_STATEMENTS:
            return False
        for one in statements:
            work = self._STATEMENTS.get(type(one))
            if work is not None and work(self, one, scope):
                return True
        return False

    def _expression(self, node: ast.Expr, scope: Scope) -> None:
        if not isinstance(node.value, ast.Constant):
            self.evaluate(node.value, scope)

    def _assign(self, node: ast.Assign, scope: Scope) -> None:
        value = self.evaluate(node.value, scope)
        for target in node.targets:
            self.assign(target, value, scope)

    def _annotated(self, node: ast.AnnAssign, scope: Scope) -> None:
        if node.value is not None:
            self.assign(node.target, self.evaluate(node.value, scope), scope)

    def _augmented(self, node: ast.AugAssign, scope: Scope) -> None:
        value = self.evaluate(ast.BinOp(node.target, node.op, node.value), scope)
        self.assign(node.target, value, scope)

    def _return(self, node: ast.Return, scope: Scope) -> bool:
        scope.results.append(self.evaluate(node.value, scope) if node.value is not None else None)
        return True

    def _ends(self, node: ast.stmt, scope: Scope) -> bool:
        return True

    def _global(self, node: ast.Global, scope: Scope) -> None:
        scope.global_names.update(node.names)

    def _with(self, node: ast.With | ast.AsyncWith, scope: Scope) -> bool:
        for one in node.items:
            value = self.evaluate(one.context_expr, scope)
            if one.optional_vars is not None:
                self.assign(one.optional_vars, value, scope)
        return self.execute(node.body, scope)

    # ---- ways that part -----------------------------------------------------------------------

    def _if(self, node: ast.If, scope: Scope) -> bool:
        decided = truth(self.evaluate(node.test, scope))
        if decided is not None:
            return self.execute(node.body if decided else node.orelse, scope)
        return self._both([node.body, node.orelse], scope)

    def _both(self, ways: Sequence[Sequence[ast.stmt]], scope: Scope) -> bool:
        """Run every way from the same names; the names after it are those that the ways agree on."""
        self.conditions += 1
        before = dict(scope.names)
        after: list[Names] = []
        for way in ways:
            _become(scope.names, before)
            if not self.execute(way, scope):
                after.append(dict(scope.names))
        self.conditions -= 1
        if after:
            _become(scope.names, after[0])
            for other in after[1:]:
                for name in other:
                    scope.names[name] = joined(scope.names[name], other[name]) if name in scope.names else other[name]
        return not after

    def _match(self, node: ast.Match, scope: Scope) -> bool:
        return self._both([*(case.body for case in node.cases), []], scope)

    def _try(self, node: ast.Try, scope: Scope) -> bool:
        """Run the body; a handler's names count where the body's are not known, as of an import that may fail."""
        has_ended = self.execute(node.body, scope) or self.execute(node.orelse, scope)
        after = dict(scope.names)
        for handler in node.handlers:
            self.execute(handler.body, scope)
            for name, value in scope.names.items():
                if name not in after or after[name] is UNKNOWN or after[name] is None:
                    after[name] = value
            _become(scope.names, after)
        return self.execute(node.finalbody, scope) or has_ended

    def _for(self, node: ast.For | ast.AsyncFor, scope: Scope) -> bool:
        found = elements(self.evaluate(node.iter, scope))
        if found is None:
            self.assign(node.target, UNKNOWN, scope)
            return self._both([node.body, []], scope)
        for value in found:
            self.assign(node.target, value, scope)
            self.execute(node.body, scope)
        return self.execute(node.orelse, scope)

    def _while(self, node: ast.While, scope: Scope) -> bool:
        if truth(self.evaluate(node.test, scope)) is not False:
            self._both([node.body, []], scope)
        return False

    # ---- definitions --------------------------------------------------------------------------

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        made = Function(node.name, node, scope)
        if scope.is_class:
            scope.names[node.name] = Function(node.name, node, scope, marks=_marks(node))
            return
        self.assign(ast.Name(node.name, ast.Store()), self._decorated(made, node, scope), scope)

    def _decorated(
        self, made: Value, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, scope: Scope
    ) -> Value:
        for decorator in reversed(node.decorator_list):
            found = self.call(self.evaluate(decorator, scope), Call((made,), {}, decorator, scope))
            made = found if isinstance(found, Function | Class | View) else made
        return made

    def _class(self, node: ast.ClassDef, scope: Scope) -> None:
        bases = tuple(self.evaluate(one, scope) for one in node.bases)
        made = Class(node.name, node, scope.module, bases, {})
        self.execute(node.body, Scope(made.names, scope.module, scope, is_class=True))
        for one in made.names.values():
            if isinstance(one, Function) and one.cls is None:
                one.cls = made
        self.assign(ast.Name(node.name, ast.Store()), self._decorated(made, node, scope), scope)

    _STATEMENTS: ClassVar[dict[type, Callable[..., bool | None]]] = {
        ast.Expr: _expression,
        ast.Assign: _assign,
        ast.AnnAssign: _annotated,
        ast.AugAssign: _augmented,
        ast.Return: _return,
        ast.Raise: _ends,
        ast.Continue: _ends,
        ast.Break: _ends,
        ast.Global: _global,
        ast.With: _with,
        ast.AsyncWith: _with,
        ast.If: _if,
        ast.Match: _match,
        ast.Try: _try,
        ast.For: _for,
        ast.AsyncFor: _for,
        ast.While: _while,
        ast.FunctionDef: _function,
        ast.AsyncFunctionDef: _function,
        ast.ClassDef: _class,
        ast.Import: lambda self, node, scope: self.do_import(node, scope),
        ast.ImportFrom: lambda self, node, scope: self.do_import_from(node, scope),
    }


def _become(names: Names, others: Names) -> None:
    names.clear()
    names.update(others)


def _marks(node: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    written = {one.id if isinstance(one, ast.Name) else getattr(one, "attr", "") for one in node.decorator_list}
    return _MARKS & written
