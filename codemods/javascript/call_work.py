"""Works out what becomes of one call: its row, and the edits if it is rewritten."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace
from tree_sitter import Node

from codemods import reasons
from codemods.javascript.chain import chain_of
from codemods.javascript.choices import NOTHING, Assumed, conditions
from codemods.javascript.emit import Emit, facts
from codemods.javascript.empty_answer import check_answer
from codemods.javascript.fetch_calls import FetchUse
from codemods.javascript.in_tests import is_test
from codemods.javascript.mutation import needs_copy
from codemods.javascript.parser import arguments
from codemods.javascript.request import read_request
from codemods.javascript.resolving import find_match, find_target
from codemods.javascript.rules.base import Job, Rule, statement_around
from codemods.javascript.rules.catalogue import RULES
from codemods.javascript.rules.fetch_all import all_of, elements
from codemods.javascript.rules.live_effect import is_live_list
from codemods.javascript.working_copy import WorkingCopy
from codemods.javascript.writing import Draft
from codemods.results import LEFT, LIKELY, REWRITTEN, SAFE, Edit, Left, Site

_LOGIN = re.compile(r"log_?(in|out)|sign_?(in|out|up)|session|register")
_CHOOSING = frozenset(
    {reasons.DYNAMIC_METHOD, reasons.URL_DIFFERS, reasons.BODY_NOT_JSON, reasons.OPTIONS_NOT_CONSTANT}
)
"""What a ternary in the URL, the method or the body is left for at first."""


class Found(Struct, eq=False):
    """What the work on one use of ``fetch`` gave: its row, and the edits if it is rewritten."""

    site: Site
    edits: tuple[Edit, ...] = ()


class CallWork(Struct, eq=False, dict=True):
    """The work on the calls of one file, as its copy is at the moment."""

    copy: WorkingCopy

    def work(self, use: FetchUse, uses: list[FetchUse]) -> Found:
        """Return what becomes of one of the uses of ``fetch`` in the file; whatever keeps it is in its row."""
        group = self._group(use, uses)
        site = self.copy.row(use.node.start_byte)
        used = set(self.copy.names.used)
        try:
            return self._rewritten(use, group, site)
        except Left as left:
            self.copy.names.used.intersection_update(used)
            known = self._facts(use.call, site) if use.call is not None else site
            left = self._as_in_test(use, left)
            return Found(replace(known, outcome=left.outcome, reason=left.reason, message=left.message))

    def _facts(self, call: Node, site: Site) -> Site:
        """Return the row of a call that is left alone, with what is known of it."""
        rule = self._rule(call)
        given = arguments(call)
        site = replace(
            site, rule=rule.name if rule is not None else "", url=self.copy.module.text(given[0]) if given else ""
        )
        with contextlib.suppress(Left):
            site = replace(site, method=read_request(self.copy.app.modules, self.copy.module, call).method)
            if given:
                target = find_target(self.copy.app, self.copy.module, call)
                site = replace(site, url=target.url)
                site = replace(site, event=find_match(self.copy.app, site.method, target, lambda _: None).event.event)
        return site

    def _rewritten(self, use: FetchUse, group: list[FetchUse], site: Site) -> Found:
        self._check_place(use)
        notes: list[str] = []
        call = use.call
        assert call is not None
        emit = self._emit(call, notes)
        self._check_script()
        if self._is_test:
            raise self._in_test(use)
        emits = tuple(emit if one is use else self._companion(one, notes) for one in group)
        rule = self._rule(call, emit)
        if rule is None:
            msg = "The Response promise is returned, stored or passed on; an ack is not a Response."
            raise Left(reasons.RESPONSE_ESCAPES, msg)
        if not self._is_selected(rule):
            msg = f"The rule {rule.name} is not among those that were asked for."
            raise Left(reasons.RULE_NOT_SELECTED, msg)
        edits = self._edits(rule, call, emits, notes)
        if self.copy.app.chosen is not None and self.copy.places[group[0].node.id] not in self.copy.app.chosen:
            msg = "You said no to rewriting this call."
            raise Left(reasons.REFUSED, msg)
        method, url, event = facts(emit)
        done = replace(
            site,
            outcome=REWRITTEN,
            rule=rule.name,
            confidence=LIKELY if notes else SAFE,
            message="; ".join(dict.fromkeys([*notes, *_remarks(emit)])),
            method=method,
            url=url,
            event=event,
        )
        return Found(done, tuple(edits))

    def _check_place(self, use: FetchUse) -> None:
        if self.copy.module.is_broken and _is_near_error(use.node):
            msg = "The code around the call has a syntax error."
            raise Left(reasons.SYNTAX_ERROR, msg)
        if use.call is None:
            msg = "fetch is not called here but passed on, replaced or bound; who calls it cannot be seen."
            raise Left(reasons.FETCH_REFERENCE, msg)

    @cached_property
    def _is_test(self) -> bool:
        return is_test(self.copy.module.path, self.copy.app.modules.root)

    def _as_in_test(self, use: FetchUse, left: Left) -> Left:
        """Return why a call is left: where it is a test's, that comes before all else."""
        return self._in_test(use) if self._is_test and left.outcome == LEFT else left

    def _in_test(self, use: FetchUse) -> Left:
        msg = "The call is a test's own: it goes on to the server over HTTP, or to the test's mock of fetch."
        if use.call is None:
            msg = "A test mocks fetch or looks at the mock, which sees no call that became an emit."
        return Left(reasons.IN_TEST, msg)

    def _check_script(self) -> None:
        why = self.copy.app.classic.why(self.copy.module)
        if why:
            raise Left(reasons.CLASSIC_SCRIPT, why)

    def _companion(self, use: FetchUse, notes: list[str]) -> Emit:
        """Return the emit of another call of the same Promise.all: all are rewritten, or none."""
        assert use.call is not None
        try:
            return self._emit(use.call, notes)
        except Left as left:
            msg = f"Rewritten together with the other calls of its Promise.all or not at all: {left.message}"
            raise Left(reasons.PROMISE_ALL, msg) from left

    def _emit(self, call: Node, notes: list[str]) -> Emit:
        if not arguments(call):
            msg = "fetch is called without a URL."
            raise Left(reasons.URL_UNRESOLVED, msg)
        try:
            return self._plain_emit(call, notes.append, NOTHING)
        except Left as left:
            found = self._either(call, notes) if left.reason in _CHOOSING else None
            if found is None:
                raise
            return found

    def _either(self, call: Node, notes: list[str]) -> Emit | None:
        """Return the emit of a call whose method or URL one condition decides, if both branches are understood."""
        for text, condition in conditions(self.copy.app.modules, self.copy.module, call).items():
            new: list[str] = []
            try:
                emit, other = (self._plain_emit(call, new.append, {text: value}) for value in (True, False))
            except Left:
                continue
            if emit.match.event.has_body != other.match.event.has_body:
                continue
            code = self.copy.module.text(condition)
            is_same = emit.event == other.event
            decides = "what is sent" if is_same else f"between {emit.event} and {other.event}"
            notes += [*new, f"{code} decides {decides}"]
            return replace(emit, condition=code, other=other)
        return None

    def _plain_emit(self, call: Node, note: Callable[[str], None], assumed: Assumed) -> Emit:
        target = find_target(self.copy.app, self.copy.module, call, assumed)
        request = read_request(self.copy.app.modules, self.copy.module, call, assumed)
        found = find_match(self.copy.app, request.method, target, note)
        chain = chain_of(self.copy.module, call)
        check_answer(self.copy.module, self.copy.scopes(), chain, found.event)
        is_copied = needs_copy(self.copy.module, self.copy.scopes(), request.body, chain.top)
        return Emit(call, request, found, target.url, is_copied=is_copied)

    def _rule(self, call: Node, emit: Emit | None = None) -> Rule | None:
        chain = chain_of(self.copy.module, call)
        is_live = self.copy.app.is_live and emit is not None and is_live_list(emit)
        rules = (rule for rule in RULES if not rule.is_opt_in or (is_live and self._is_selected(rule)))
        return next((rule for rule in rules if rule.applies(self.copy.module, chain)), None)

    def _is_selected(self, rule: Rule) -> bool:
        return not self.copy.app.rules or rule.name in self.copy.app.rules

    def _edits(self, rule: Rule, call: Node, emits: tuple[Emit, ...], notes: list[str]) -> list[Edit]:
        draft = Draft(self.copy.module, self.copy.style)
        chain = chain_of(self.copy.module, call)
        job = Job(
            self.copy.module, self.copy.scopes(), draft, self.copy.names, chain, emits, self.copy.app.modules, notes
        )
        rule.rewrite(job)
        for emit in emits:
            if emit.request.declaration is not None:
                draft.delete_statement(emit.request.declaration)
        anchor = all_of(self.copy.module, call) or call
        deleted = [emit.request.declaration for emit in emits if emit.request.declaration is not None]
        return draft.edits(statement_around(anchor), *deleted)

    def _group(self, use: FetchUse, uses: list[FetchUse]) -> list[FetchUse]:
        """Return the uses that are rewritten together: the calls of one Promise.all, else the one alone."""
        whole = all_of(self.copy.module, use.call) if use.call is not None else None
        if whole is None:
            return [use]
        together = elements(whole)
        return [one for one in uses if one.call is not None and one.call in together]


def _is_near_error(node: Node) -> bool:
    """True where the top-level statement around a node, or one beside it, has a syntax error: its shape is a guess."""
    top = node
    while top.parent is not None and top.parent.type != "program":
        top = top.parent
    beside = (top.prev_sibling, top.next_sibling)
    return top.has_error or any(one is not None and (one.is_error or one.is_missing) for one in beside)


def _remarks(emit: Emit) -> list[str]:
    """Return what a report says of a rewrite without doubting it."""
    if emit.request.has_credentials and _LOGIN.search(emit.event):
        return ["the bridge keeps the cookies of its answer, as the browser does"]
    return []
