"""Rewrites what code does with a list of Responses: taken apart by a pattern, indexed, mapped, looped over."""

from __future__ import annotations

from msgspec import Struct
from tree_sitter import Node

from codemods import reasons
from codemods.javascript.callbacks import parameter
from codemods.javascript.flatten import Flattener
from codemods.javascript.names import JSON
from codemods.javascript.parser import FUNCTIONS, around, child, items
from codemods.javascript.response_use import check_member, json_calls
from codemods.javascript.rules.base import Job, is_json_only
from codemods.results import Left

_ASKING = frozenset({"every", "some", "forEach"})


class Responses(Struct, frozen=True):
    """The Responses of one ``Promise.all``, as ``container`` uses them.

    ``indices`` are the places in the list that hold a Response; the list is complete where all of them do.
    """

    job: Job
    container: Node | None
    indices: frozenset[int]
    is_seen: bool
    is_complete: bool

    def take_apart(self, name: Node) -> None:
        """Rewrite every use of what the list is called, or of what its pattern names. Raises Left for odd uses."""
        if name.type == "array_pattern":
            self._pattern(name)
        elif name.type == "identifier" and self.is_complete:
            binding = self.job.binding(name)
            if binding.writes:
                raise self._odd(name)
            for reference in binding.references:
                self._use(reference)
        else:
            raise self._odd(name)

    def _pattern(self, pattern: Node) -> None:
        names = _slots(pattern)
        if any(name is not None and name.type == "rest_pattern" for name in names):
            raise self._odd(pattern)
        for index in sorted(self.indices & set(range(len(names)))):
            name = names[index]
            if name is not None and name.type != "identifier":
                raise self._odd(pattern)
            if name is not None:
                self._response(name)

    def _response(self, name: Node) -> None:
        job, binding = self.job, self.job.binding(name)
        if binding.writes:
            msg = f"{binding.name} is assigned to more than once."
            raise Left(reasons.RESPONSE_REASSIGNED, msg)
        Flattener(
            module=job.module,
            scopes=job.scopes,
            draft=job.draft,
            names=job.names,
            response=binding,
            name=binding.name,
            container=self.container,
            is_seen=self.is_seen,
            has_result=True,
            note=job.notes.append,
            has_more=self.is_seen,
            is_all=self.is_complete,
        ).rewrite()

    # ---- uses of the whole list ---------------------------------------------------------------

    def _use(self, reference: Node) -> None:
        outer = around(reference)
        if outer.type == "subscript_expression" and child(outer, "object") == reference:
            self._indexed(outer)
        elif outer.type == "member_expression" and child(outer, "object") == reference:
            self._member(reference, outer)
        elif outer.type == "for_in_statement" and child(outer, "right") == reference:
            self._loop(outer)
        elif outer.type == "variable_declarator" and child(outer, "name").type == "array_pattern":
            self._pattern(child(outer, "name"))
        else:
            raise self._odd(outer)

    def _indexed(self, subscript: Node) -> None:
        member = around(subscript)
        call = check_member(self.job.module, member) if member.type == "member_expression" else None
        if member.type != "member_expression":
            raise self._odd(subscript)
        if call is None:
            return
        waiting = around(call)
        if waiting.type != "await_expression":
            raise self._odd(call)
        self.job.draft.swap(waiting, f"{self.job.names[JSON]}({self.job.module.text(subscript)})")

    def _member(self, reference: Node, member: Node) -> None:
        method, call = self.job.module.text(child(member, "property")), around(member)
        if method == "length":
            return
        given = items(child(call, "arguments")) if call.type == "call_expression" else []
        if len(given) != 1 or given[0].type not in FUNCTIONS:
            raise self._odd(call)
        if method == "map" and is_json_only(self.job.module, given[0]):
            self._mapped(reference, call)
        elif method not in _ASKING or not self._only_asks(given[0]):
            raise self._odd(call)

    def _mapped(self, reference: Node, mapping: Node) -> None:
        """Rewrite ``Promise.all(rs.map((r) => r.json()))``, which waits for nothing any more."""
        job = self.job
        whole = around(around(mapping))
        function = whole.child_by_field_name("function") if around(mapping).type == "arguments" else None
        if function is None or job.module.text(function) != "Promise.all":
            raise self._odd(mapping)
        outer = around(whole)
        if outer.type not in {"await_expression", "return_statement", "arrow_function"}:
            raise self._odd(whole)
        replaced = outer if outer.type == "await_expression" else whole
        job.draft.swap(replaced, f"{job.module.text(reference)}.map({job.names[JSON]})")

    def _only_asks(self, callback: Node) -> bool:
        name = parameter(callback)
        return (
            name is not None
            and name.type == "identifier"
            and not json_calls(self.job.module, self.job.scopes, self.job.binding(name))
        )

    def _loop(self, loop: Node) -> None:
        left = child(loop, "left")
        if left.type != "identifier" or loop.child_by_field_name("kind") is None:
            raise self._odd(loop)
        self._response(left)

    def _odd(self, node: Node) -> Left:
        line = " ".join(self.job.module.text(node).split())[:50]
        msg = f"The Responses of Promise.all are not only read as JSON: {line}."
        return Left(reasons.PROMISE_ALL, msg)


def _slots(pattern: Node) -> list[Node | None]:
    """Return what an array pattern names at each index; None for a hole."""
    slots: list[Node | None] = [None]
    for one in pattern.children:
        if one.type == ",":
            slots.append(None)
        elif one.is_named and one.type != "comment":
            slots[-1] = one
    return slots
