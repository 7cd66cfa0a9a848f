"""Turns ``r.json()``, and the callback that waits for it, into the data of an ack that is there already."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from tree_sitter import Node

from codemods import reasons
from codemods.javascript.chain import chain_of
from codemods.javascript.handing_on import logged
from codemods.javascript.inlining import Inlined, Spot
from codemods.javascript.names import JSON, ClientNames
from codemods.javascript.parser import (
    Module,
    around,
    child,
    function_of,
    is_async,
    items,
)
from codemods.javascript.response_use import is_guarded, is_in_try, json_calls
from codemods.javascript.scope import Binding, Scopes
from codemods.javascript.writing import Draft
from codemods.results import Left


class Flattener(Struct, eq=False):
    """Rewrites the ``json()`` calls of one Response.

    ``name`` is what the ack is called; ``container`` the function in which it is used; ``is_seen`` is true
    where somebody looks at that function's promise; ``has_result`` where its return value goes somewhere;
    ``has_more`` where more of the chain runs after it; ``is_all`` where the others of a ``Promise.all`` are acks too.
    ``handed`` is where the ack is handed on to callers that know what it is.
    """

    module: Module
    scopes: Scopes
    draft: Draft
    names: ClientNames
    response: Binding
    name: str
    container: Node | None
    is_seen: bool
    has_result: bool
    note: Callable[[str], None]
    has_more: bool = False
    is_all: bool = False
    handed: frozenset[int] = frozenset()

    def rewrite(self) -> None:
        """Rewrite every use of the Response."""
        for call in json_calls(self.module, self.scopes, self.response, self.handed):
            self._json(call)
        for reference in self.response.references:
            self._logged(reference)
        if self.name != self.response.name:
            for reference in self.response.references:
                self.draft.swap(reference, self.name)

    def _logged(self, reference: Node) -> None:
        shown = logged(self.module, reference)
        if shown is None:
            return
        self.note(f"what is logged is {'an ack' if shown == reference else 'its status'} now")
        if shown != reference:
            self.draft.swap(child(shown, "property"), "status")

    def _throwing(self) -> str:
        return f"{self.names[JSON]}({self.name})"

    def _json(self, call: Node) -> None:
        outer = around(call)
        if outer.type == "await_expression":
            self._awaited(call, outer)
        elif _is_returned(call):
            self._check_own_function(call)
            self.draft.swap(call, self._throwing())
            if is_in_try(call, self.container):
                self.note("an answer that is not JSON is now heard of by the catch around json()")
        elif outer.type == "member_expression" and chain_of(self.module, call).links:
            self._callback(call)
        elif outer.type == "array" and _all_around(self.module, outer) is not None:
            self._collected(call, outer)
        else:
            msg = "The promise of json() is passed on; an ack has no promise for its data."
            raise Left(reasons.JSON_PROMISE_ESCAPES, msg)

    def _check_own_function(self, call: Node) -> None:
        if function_of(call) != self.container:
            msg = "json() is called in a function within the callback, which may run later or never."
            raise Left(reasons.JSON_PROMISE_ESCAPES, msg)

    def _awaited(self, call: Node, waiting: Node) -> None:
        is_thrown_away = function_of(call) == self.container and not self.is_seen
        is_safe = is_thrown_away and is_guarded(call, self.response, self.container)
        is_heard = is_in_try(call, self.container) or _is_returned(waiting)
        value = f"{self.name}.data" if is_safe and not is_heard else self._throwing()
        whole = around(waiting)
        is_wrapped = whole.type == "parenthesized_expression" and around(whole).type in {
            "member_expression",
            "subscript_expression",
            "variable_declarator",
            "arguments",
            "as_expression",
            "satisfies_expression",
        }
        self.draft.swap(whole if is_wrapped else waiting, value)

    def _collected(self, call: Node, array: Node) -> None:
        """Rewrite an element of ``Promise.all([a.json(), b.json()])``, which waits for nothing where all are such."""
        whole = _all_around(self.module, array)
        assert whole is not None
        outer = around(whole)
        self._check_own_function(call)
        if outer.type not in {"await_expression", "return_statement", "arrow_function"} and not self._is_passed(whole):
            msg = "json() is read within a Promise.all whose failure nobody sees; rewritten it would be seen."
            raise Left(reasons.JSON_PROMISE_ESCAPES, msg)
        self.draft.swap(call, self._throwing())
        if self.is_all and all(_is_json_call(self.module, one) for one in items(array)) and not self._is_passed(whole):
            replaced = outer if outer.type == "await_expression" else whole
            self.draft.delete(replaced.start_byte, array.start_byte)
            self.draft.delete(array.end_byte, replaced.end_byte)

    def _is_passed(self, whole: Node) -> bool:
        """True for ``return Promise.all(...).then(...)``."""
        top = chain_of(self.module, whole).top
        is_returned = around(top).type in {"await_expression", "return_statement", "arrow_function"}
        return top != whole and is_returned

    # ---- r.json().then(callback) --------------------------------------------------------------

    def _callback(self, call: Node) -> None:
        self._check_own_function(call)
        links = chain_of(self.module, call).links
        if len(links) > 1 or links[0].method != "then" or len(links[0].handlers) != 1:
            is_caught = any(link.method == "catch" for link in links)
            reason = reasons.JSON_CAUGHT if is_caught else reasons.NESTED_CHAIN
            what = "catches where json() fails" if is_caught else "is a longer chain within a callback"
            msg = f"json().{links[-1].method}(...) {what}: an ack has no promise for its data."
            raise Left(reason, msg)
        spot = self._spot(links[0].call)
        is_safe = not spot.is_result and is_guarded(call, self.response, self.container)
        is_heard = self.has_more or self.is_seen or not spot.is_tail or is_in_try(call, self.container)
        if is_heard and not (is_safe or spot.is_result):
            msg = "Nobody waits for json().then(...): an answer that is not JSON would now stop what follows it."
            raise Left(reasons.NESTED_CHAIN, msg)
        inlined = Inlined(self.draft, self.module, self.scopes, links[0].handlers[0], spot)
        inlined.write(f"{self.name}.data" if is_safe else self._throwing(), can_throw=not is_safe)
        if not spot.is_result and (self.has_more or self.is_seen or not spot.is_tail):
            self.note("what follows json().then(...) now runs after its callback")
        if inlined.is_async:
            self._make_async(spot)

    def _spot(self, node: Node) -> Spot:
        outer = around(node)
        container = self.container
        if outer.type == "arrow_function" and outer == container:
            return Spot(node, node, "body", self.has_result, True)
        if outer.type == "return_statement":
            return Spot(node, outer, "statement", True, _is_tail(outer, container))
        if outer.type == "expression_statement":
            return Spot(node, outer, "statement", False, _is_tail(outer, container))
        if _is_branch(node, outer):
            around_it = self._spot(outer)
            return Spot(node, node, "expression", around_it.is_result, around_it.is_tail)
        msg = "The promise of json().then(...) is used as a value; an ack has no promise for its data."
        raise Left(reasons.NESTED_CHAIN, msg)

    def _make_async(self, spot: Spot) -> None:
        container = self.container
        if container is None or not spot.is_tail or (self.has_result and not spot.is_result):
            msg = "An async callback within the callback is not waited for; rewritten it would be."
            raise Left(reasons.NESTED_CHAIN, msg)
        if not is_async(container):
            self.draft.insert(container.start_byte, "async ")


def _all_around(module: Module, array: Node) -> Node | None:
    """Return the ``Promise.all(...)`` that gets an array."""
    whole = around(around(array)) if around(array).type == "arguments" else array
    function = whole.child_by_field_name("function")
    return whole if function is not None and module.text(function) == "Promise.all" else None


def _is_json_call(module: Module, node: Node) -> bool:
    return node.type == "call_expression" and module.text(child(node, "function")).endswith(".json")


def _is_branch(node: Node, outer: Node) -> bool:
    """True for what ``a ? node : node``, ``a && node`` and ``(node)`` give."""
    if outer.type == "ternary_expression":
        return child(outer, "condition") != node
    is_choice = outer.type == "binary_expression" and outer.children[1].type in {"&&", "||", "??"}
    return outer.type == "parenthesized_expression" or (is_choice and child(outer, "right") == node)


def _is_returned(node: Node) -> bool:
    """True for ``return r.json()`` and ``r => r.json()``, also as a branch of ``?:`` or behind ``&&``."""
    outer = around(node)
    if _is_branch(node, outer):
        return _is_returned(outer)
    return outer.type == "return_statement" or (outer.type == "arrow_function" and child(outer, "body") == node)


def _is_tail(statement: Node, container: Node | None) -> bool:
    """True when nothing of the container runs after a statement."""
    node = statement
    while True:
        outer = around(node)
        if outer == container:
            return True
        if outer.type == "statement_block":
            if items(outer)[-1] != node:
                return False
        elif outer.type not in {"if_statement", "else_clause"}:
            return False
        node = outer
