"""Puts the code of a callback in place of the call that it was given to."""

from __future__ import annotations

from msgspec import Struct
from tree_sitter import Node

from codemods import reasons
from codemods.javascript.callbacks import (
    break_before,
    check_function,
    declaration,
    is_plain_name,
    parameter,
    substitute,
    unwrapped,
)
from codemods.javascript.declarations import names_of
from codemods.javascript.parser import (
    FUNCTIONS,
    Module,
    around,
    bare,
    child,
    function_of,
    is_async,
    is_within,
    items,
    walk,
)
from codemods.javascript.response_use import exits
from codemods.javascript.scope import Scopes
from codemods.javascript.writing import Draft
from codemods.results import Left

_OPERANDS = frozenset({"call_expression", "member_expression", "identifier"})
"""What can stand between ``?`` and ``:``, or behind ``&&``, as it is."""
_BLOCKS = frozenset({"statement_block", "program", "switch_case", "switch_default"})


class Spot(Struct, frozen=True):
    """Where a flattened callback goes: in place of ``whole``, of which ``node`` is the expression.

    ``kind`` is "statement", "body" (of an arrow function) or "expression" (a branch of one); ``is_result`` tells that
    its value is returned.
    """

    node: Node
    whole: Node
    kind: str
    is_result: bool
    is_tail: bool


class Inlined(Struct, eq=False):
    """A callback of one parameter whose code takes the place of the call that it was given to."""

    draft: Draft
    module: Module
    scopes: Scopes
    callback: Node
    spot: Spot

    def __post_init__(self) -> None:
        self.callback = bare(self.callback)

    @property
    def is_async(self) -> bool:
        """True for an async callback."""
        return self.callback.type in FUNCTIONS and is_async(self.callback)

    def write(self, value: str, *, can_throw: bool) -> None:
        """Put the callback's code in place, with ``value`` for its parameter."""
        if is_plain_name(self.callback):
            self.draft.delete(self.spot.node.start_byte, self.callback.start_byte)
            self.draft.replace(self.callback.end_byte, self.spot.node.end_byte, f"({value})")
            return
        check_function(self.callback)
        if substitute(self.draft, self.module, self.scopes, self.callback, value, can_throw=can_throw):
            self._place("")
            return
        self._place(declaration(self.draft, self.module, self.scopes, self.callback, value, can_throw=can_throw))

    def _place(self, first: str) -> None:
        body = child(self.callback, "body")
        if self.spot.kind == "expression" and (first or body.type not in _OPERANDS):
            msg = "The callback cannot stand within the expression around json().then(...)."
            raise Left(reasons.NESTED_CHAIN, msg)
        if body.type == "statement_block":
            self._place_block(body, first)
        else:
            self._place_expression(body, first)

    # ---- expression bodies ----------------------------------------------------------------

    def _place_expression(self, body: Node, first: str) -> None:
        spot, draft = self.spot, self.draft
        at = spot.whole.start_byte
        end = draft.style.semicolon
        keyword = "return " if spot.is_result else ""
        if spot.kind == "statement" and not spot.is_result:
            body = unwrapped(self.module, body)
        if not first:
            draft.delete(spot.node.start_byte, body.start_byte)
            draft.delete(body.end_byte, spot.node.end_byte)
            self._check_fits(body)
            return
        if spot.kind == "statement" and self._can_share_block(first, body):
            before = self.module.data[self.module.line_start(at) : at]
            gap = " " if before.strip() else draft.newline(at)
            draft.replace(at, body.start_byte, f"{first}{gap}{keyword}")
            draft.replace(body.end_byte, spot.whole.end_byte, end)
            return
        opening = f"{{{draft.newline(at, 1)}{first}{draft.newline(at, 1)}{keyword}"
        draft.replace(at, body.start_byte, opening)
        draft.replace(body.end_byte, spot.whole.end_byte, f"{end}{draft.newline(at)}}}")

    def _check_fits(self, body: Node) -> None:
        """An object literal or function that starts a statement would be read as something else."""
        is_start = self.spot.kind == "statement" and not self.spot.is_result
        if is_start and body.type in {"object", "function_expression", "class"}:
            msg = "The callback is an expression that cannot stand alone as a statement."
            raise Left(reasons.NESTED_CHAIN, msg)

    # ---- blocks ---------------------------------------------------------------------------

    def _place_block(self, body: Node, first: str) -> None:
        spot, draft = self.spot, self.draft
        contents = body.named_children
        self._check_returns(body)
        if not contents:
            draft.swap(spot.whole, first if spot.kind == "statement" and first else "{}")
            return
        if spot.kind == "body" or not self._can_share_block(first, body):
            draft.delete(spot.whole.start_byte, body.start_byte)
            if first:
                draft.insert(body.start_byte + 1, break_before(draft, self.module, body) + first)
            draft.delete(body.end_byte, spot.whole.end_byte)
            return
        self._spill(contents, body, first)

    def _spill(self, contents: list[Node], body: Node, first: str) -> None:
        """Put the statements of a block where the call stood."""
        spot, draft = self.spot, self.draft
        at = spot.whole.start_byte
        head, last = contents[0], contents[-1]
        is_own_line = self.module.line(head.start_byte) != self.module.line(body.start_byte)
        if is_own_line:
            draft.shift(body, self.module.indent(head.start_byte), self.module.indent(at))
        gap = draft.newline(at) if is_own_line else " "
        draft.replace(at, head.start_byte, f"{first}{gap}" if first else "")
        tail = f"{draft.newline(at)}return{draft.style.semicolon}" if self._falls_through(last) else ""
        draft.replace(last.end_byte, spot.whole.end_byte, tail)

    def _falls_through(self, last: Node) -> bool:
        return self.spot.is_result and not self.spot.is_tail and not exits(last)

    def _check_returns(self, body: Node) -> None:
        telling = (node for node in walk(body) if node.type in {"variable_declaration", "return_statement"})
        own = [node for node in telling if function_of(node) == self.callback]
        if any(node.type == "variable_declaration" for node in own):
            msg = "The callback declares a var, which would reach further than before."
            raise Left(reasons.NESTED_CHAIN, msg)
        if self.spot.is_tail or self.spot.is_result:
            return
        if any(node.type == "return_statement" for node in own):
            msg = "The callback returns early, and more follows after it."
            raise Left(reasons.NESTED_CHAIN, msg)

    def _can_share_block(self, first: str, body: Node) -> bool:
        """True when the names that the callback declares are free in the block around the call."""
        block = around(self.spot.whole)
        if block.type not in _BLOCKS:
            return False
        declared = {self.module.text(name) for name in _declared(self.callback, body, with_parameter=bool(first))}
        others = (node for node in walk(block) if "identifier" in node.type and not is_within(node, self.callback))
        return not any(self.module.text(node) in declared for node in others if not node.type.startswith("property"))


def _declared(callback: Node, body: Node, *, with_parameter: bool) -> list[Node]:
    found = list(names_of(parameter(callback))) if with_parameter else []
    for statement in items(body) if body.type == "statement_block" else ():
        for one in items(statement) if statement.type == "lexical_declaration" else ():
            found.extend(names_of(one.child_by_field_name("name")))
        name = statement.child_by_field_name("name") if statement.type.endswith("declaration") else None
        found.extend([name] if name is not None else [])
    return found
