"""Says whether a callback may be told of a broken connection (status 0), where ``fetch`` never called it.

What runs then must be what runs on failure anyway: an ``else``, an ``if (!r.ok)``. Anything that runs on
every success too, such as ``onDelete(id)`` at the end, would now run when nothing was deleted.
"""

from __future__ import annotations

import operator
from collections.abc import Callable

from msgspec import Struct
from tree_sitter import Node

from codemods.javascript.parser import Module, bare, child, function_of, items, walk
from codemods.javascript.response_use import exits

_SUCCESSES = (200, 201, 204)
_FAILURES = (400, 401, 403, 404, 409, 422, 500)
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "===": operator.eq,
    "==": operator.eq,
    "!==": operator.ne,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_EFFECTS = frozenset(
    {
        "call_expression",
        "new_expression",
        "assignment_expression",
        "augmented_assignment_expression",
        "update_expression",
        "await_expression",
        "unary_expression",
    }
)
_Path = tuple[tuple[Node, bool], ...]


class _Thrown(Exception):  # noqa: N818 - control flow: json() of no answer throws
    """Nothing after this statement runs without an answer."""


class _Reader(Struct, frozen=True):
    """Reads a callback; ``ok``, ``status`` and ``json`` are how it writes them, without white space."""

    module: Module
    callback: Node
    ok: str
    status: str
    json: str

    def block(self, statements: list[Node], path: _Path) -> bool:
        for statement in statements:
            if statement.type == "if_statement":
                if not self._branches(statement, path):
                    return False
                path = self._after(statement, path)
            elif not self.effect(statement, path):
                return False
        return True

    def _branches(self, statement: Node, path: _Path) -> bool:
        condition = child(statement, "condition")
        other = statement.child_by_field_name("alternative")
        first = self._inner(child(statement, "consequence"), (*path, (condition, True)))
        return first and (other is None or self._inner(items(other)[0], (*path, (condition, False))))

    def _inner(self, node: Node, path: _Path) -> bool:
        try:
            return self.block(items(node) if node.type == "statement_block" else [node], path)
        except _Thrown:
            return True

    def _after(self, statement: Node, path: _Path) -> _Path:
        condition = child(statement, "condition")
        other = statement.child_by_field_name("alternative")
        if exits(child(statement, "consequence")):
            path = (*path, (condition, False))
        if other is not None and exits(other):
            path = (*path, (condition, True))
        return path

    def effect(self, node: Node, path: _Path) -> bool:
        """Return whether a statement or expression may run on this path without an answer."""
        if self._runs(path, ok=False, status=0) is False:
            return True
        if self._reads_json(node):
            if not path:
                raise _Thrown
            return True
        if not any(one.type in _EFFECTS for one in walk(node)) or _only_logs(self.module, node):
            return True
        is_for_failures = any(self._runs(path, ok=False, status=status) is not False for status in _FAILURES)
        return is_for_failures and any(self._runs(path, ok=True, status=status) is False for status in _SUCCESSES)

    def expression(self, node: Node, path: _Path) -> bool:
        node = bare(node)
        if node.type == "ternary_expression":
            condition = child(node, "condition")
            first = self.expression(child(node, "consequence"), (*path, (condition, True)))
            return first and self.expression(child(node, "alternative"), (*path, (condition, False)))
        if node.type == "binary_expression" and node.children[1].type in {"&&", "||"}:
            left = child(node, "left")
            return self.expression(child(node, "right"), (*path, (left, node.children[1].type == "&&")))
        return self.effect(node, path)

    def _reads_json(self, node: Node) -> bool:
        """True when ``r.json()`` is read here, by the callback itself."""
        return any(
            one.type == "call_expression"
            and "".join(self.module.text(one).split()) == self.json
            and function_of(one) == self.callback
            for one in walk(node)
        )

    # ---- conditions -----------------------------------------------------------------------

    def _runs(self, path: _Path, *, ok: bool, status: int) -> bool | None:
        """Return whether a path is taken for an answer; None where that depends on more."""
        found = [(self._value(condition, ok, status), wanted) for condition, wanted in path]
        if any(value is not None and value is not wanted for value, wanted in found):
            return False
        return None if any(value is None for value, _ in found) else True

    def _value(self, node: Node, ok: bool, status: int) -> bool | None:
        node = bare(node)
        if "".join(self.module.text(node).split()) == self.ok:
            return ok
        if node.type == "unary_expression" and node.children[0].type == "!":
            value = self._value(child(node, "argument"), ok, status)
            return None if value is None else not value
        if node.type == "binary_expression":
            return self._compared(node, ok, status)
        return None

    def _compared(self, node: Node, ok: bool, status: int) -> bool | None:
        sign, left, right = node.children[1].type, child(node, "left"), child(node, "right")
        if sign in {"&&", "||"}:
            values = [self._value(left, ok, status), self._value(right, ok, status)]
            decisive = sign == "||"
            return decisive if decisive in values else None if None in values else not decisive
        is_status = "".join(self.module.text(left).split()) == self.status
        if sign in _COMPARISONS and is_status and right.type == "number" and self.module.text(right).isdigit():
            return _COMPARISONS[sign](status, int(self.module.text(right)))
        return None


def _only_logs(module: Module, node: Node) -> bool:
    """True for ``console.log(r)``: nobody but a developer hears of it."""
    inner = items(node)[0] if node.type == "expression_statement" else node
    calls = [one for one in walk(inner) if one.type in _EFFECTS]
    return calls == [inner] and inner.type == "call_expression" and module.text(inner).startswith("console.")


def may_hear_of_no_answer(module: Module, callback: Node, response: str) -> bool:
    """True when a callback does nothing without an answer that it would not do on failure.

    ``response`` is its parameter's name, or "" where it takes ``ok`` and ``status`` out of it.
    """
    prefix = f"{response}." if response else ""
    reader = _Reader(module, callback, f"{prefix}ok", f"{prefix}status", f"{prefix}json()")
    body = child(callback, "body")
    try:
        if body.type == "statement_block":
            return reader.block(items(body), ())
        return reader.expression(body, ())
    except _Thrown:
        return True
