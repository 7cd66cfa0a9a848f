"""Writes a group: each helper with the event for a parameter, each caller with the event that it asks for."""

from __future__ import annotations

from msgspec import Struct, field
from msgspec.structs import replace
from tree_sitter import Node

from codemods import reasons
from codemods.javascript.callbacks import put_first
from codemods.javascript.emit import Emit, payload
from codemods.javascript.names import ACK
from codemods.javascript.parser import Module, arguments, child, walk
from codemods.javascript.request import Request
from codemods.javascript.rules.base import statement_around
from codemods.javascript.values import parameters
from codemods.javascript.wrappers.answers import use_answer
from codemods.javascript.wrappers.groups import Call, Group, Helper
from codemods.javascript.wrappers.signature import Signature
from codemods.javascript.writing import Draft, Edits
from codemods.results import Edit, Left

_EFFECTS = frozenset({"call_expression", "new_expression", "await_expression", "arrow_function", "function_expression"})


class Writer(Struct, eq=False):
    """Collects the edits of a group by file."""

    group: Group
    edits: dict[str, Edits] = field(default_factory=dict)
    _signatures: dict[int, Signature] = field(default_factory=dict)

    def write(self) -> None:
        """Write all calls and helpers. Raises Left where one of them cannot be written."""
        for call in self.group.calls:
            draft = self._call(call)
            deleted: list[Node] = []
            if call.taker is not None and call.taker.inner is call:
                deleted = self._helper(call.taker, draft)
            if call.helper is None:
                self._types(draft)
            self._take(call.module, draft.edits(statement_around(call.node), *deleted))

    def _take(self, module: Module, edits: list[Edit]) -> None:
        if not self.edits.setdefault(module.path, Edits()).take(edits):
            msg = "Two calls of a helper lie within each other; rewrite one of them by hand."
            raise Left(reasons.REWRITE_CONFLICT, msg)

    @property
    def _is_explicit(self) -> bool:
        return any(one.has_own for one in self.group.calls)

    # ---- calls --------------------------------------------------------------------------------

    def _call(self, call: Call) -> Draft:
        draft = Draft(call.module, self.group.style(call.module))
        given = self._given(call, draft)
        callee = self._callee(call) if call.helper is not None else ""
        emit = call.emit or self._any_emit(call)
        written = replace(emit, given=given, callee=callee)
        if call.helper is None or call.helper.hands_on:
            use_answer(self.group.job(call, written, draft))
        else:
            node = child(call.node, "arguments")
            draft.replace(node.start_byte, node.end_byte, f"({given})")
        return draft

    def _any_emit(self, call: Call) -> Emit:
        """Return an emit that stands for a call of which only the arguments are written."""
        known = next((one.emit for one in self.group.calls if one.emit is not None), None)
        assert known is not None
        return replace(known, call=call.node, request=Request("", call.node))

    def _callee(self, call: Call) -> str:
        data = call.module.data[call.node.start_byte : child(call.node, "arguments").start_byte]
        return data.decode()

    def _given(self, call: Call, draft: Draft) -> str | None:
        if call.helper is None:
            return self._asked(call, draft)
        if not call.helper.takes_event:
            return call.module.text(child(call.node, "arguments"))[1:-1]
        signature = self._signature(call.helper)
        given, texts = arguments(call.node), []
        for index in range(max(len(parameters(signature.function)), 1)):
            if index == min(signature.taken, default=0):
                texts += self._event(call, draft, is_list=signature.is_list)
            if index in signature.kept:
                texts.append(self._argument(call, draft, signature, given, index))
        while texts and texts[-1] == "undefined":
            texts.pop()
        return ", ".join(texts)

    def _argument(self, call: Call, draft: Draft, signature: Signature, given: list[Node], index: int) -> str:
        if index >= len(given):
            return "undefined"
        if index in signature.fed and any(one.type in _EFFECTS for one in walk(given[index])):
            msg = f"{call.module.text(given[index])[:40]} would be worked out twice."
            raise Left(reasons.OPTIONS_NOT_CONSTANT, msg)
        return draft.reindented(given[index], call.node.start_byte)

    def _event(self, call: Call, draft: Draft, *, is_list: bool) -> list[str]:
        """Return the event and what goes with it."""
        if call.taker is not None:
            event, args, _ = self._signature(call.taker).names
            return [event, args if is_list else f"...{args}"]
        emit, quote = call.emit, draft.style.quote
        assert emit is not None
        more = payload(emit, draft, call.node.start_byte, is_explicit=self._is_explicit)
        name = f"{quote}{emit.event}{quote}"
        return [name, f"[{', '.join(more)}]"] if is_list else [name, *more]

    def _asked(self, call: Call, draft: Draft) -> str | None:
        """Return the arguments of the emit in the helper; None where they are those of any other call."""
        if call.taker is None:
            return None
        signature = self._signature(call.taker)
        event, args, body = signature.names
        if not signature.headers:
            return f"{event}, ...JSON.parse({signature.key})" if signature.key else f"{event}, ...{args}"
        return f"{event}, {{ ...{args}, $headers: {signature.headers} }}, ...{body}"

    # ---- helpers ------------------------------------------------------------------------------

    def _signature(self, helper: Helper) -> Signature:
        key = id(helper)
        if key not in self._signatures:
            inner = helper.inner
            assert inner is not None
            scopes = self.group.modules.scopes(helper.module)
            has_own = inner.helper is None and self._is_explicit
            signature = Signature(helper.module, scopes, helper.function, inner.node, has_own)
            signature.work_out()
            self._signatures[key] = signature
        return self._signatures[key]

    def _helper(self, helper: Helper, draft: Draft) -> list[Node]:
        """Write a helper's parameters and what stays of its code; returns the statements that go."""
        signature = self._signature(helper)
        function = helper.function
        node = function.child_by_field_name("parameter") or child(function, "parameters")
        draft.swap(node, f"({', '.join(self._parameters(signature))})")
        for one, text in signature.edits:
            draft.swap(one, text)
        for statement in signature.removed:
            draft.delete_statement(statement)
        if signature.key:
            text = f"const {signature.key} = JSON.stringify({signature.names[1]}){draft.style.semicolon}"
            put_first(draft, helper.module, function, text, has_result=True)
        return signature.removed

    def _parameters(self, signature: Signature) -> list[str]:
        is_typed = signature.module.is_typed
        event, args, body = signature.names
        name = f"{event}: string" if is_typed else event
        many = ": any[]" if is_typed else ""
        if signature.is_list:
            taken = [name, f"[{args}, ...{body}]{many}" if signature.headers else f"{args}{many}"]
        elif signature.headers:
            taken = [name, f"{args}?: any" if is_typed else args, f"...{body}{many}"]
        else:
            taken = [name, f"...{args}{many}"]
        texts = []
        for index, one in enumerate(parameters(signature.function)):
            if index == min(signature.taken, default=-1):
                texts += taken
            elif index in signature.kept:
                texts.append(signature.module.text(one))
        return texts if signature.taken else [*texts, *taken]

    def _types(self, draft: Draft) -> None:
        """Let helpers that hand the ack on say so in their types."""
        for helper in self.group.helpers:
            annotation = helper.function.child_by_field_name("return_type")
            if helper.hands_on and annotation is not None and helper.module is draft.module:
                text = helper.module.text(annotation)
                draft.swap(annotation, text.replace("Response", self.group.names(helper.module)[ACK]))
