"""Rewrites one file: bytes in, results out. Whatever cannot be proven right is left alone, with the reason."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from tree_sitter import Node

from codemods import reasons
from codemods.javascript import vue
from codemods.javascript.chain import chain_of
from codemods.javascript.choices import NOTHING, Assumed, conditions
from codemods.javascript.emit import Emit, facts
from codemods.javascript.empty_answer import check_answer
from codemods.javascript.fetch_calls import FetchUse, find_uses, template_uses
from codemods.javascript.imports import import_edit
from codemods.javascript.interest import has_fetch, is_of_interest
from codemods.javascript.mutation import needs_copy
from codemods.javascript.names import ClientNames, client_names
from codemods.javascript.other_sites import other_sites
from codemods.javascript.parser import Module, arguments, errors, parse_again
from codemods.javascript.planned import Planned
from codemods.javascript.preparing import PREPARED, preparing_edits
from codemods.javascript.request import read_request
from codemods.javascript.resolving import App, find_match, find_target
from codemods.javascript.rules.base import Job, Rule, statement_around
from codemods.javascript.rules.catalogue import RULES
from codemods.javascript.rules.fetch_all import all_of, elements
from codemods.javascript.rules.live_effect import is_live_list
from codemods.javascript.scope import Scopes
from codemods.javascript.tidy import names_used_less, tidy_edits
from codemods.javascript.writing import Draft, Edits, Style, style_of
from codemods.results import LIKELY, REWRITTEN, SAFE, Edit, FileResult, Left, Site

_ROUNDS = 6
_LOGIN = re.compile(r"log_?(in|out)|sign_?(in|out|up)|session|register")
_CHOOSING = frozenset(
    {reasons.DYNAMIC_METHOD, reasons.URL_DIFFERS, reasons.BODY_NOT_JSON, reasons.OPTIONS_NOT_CONSTANT}
)
"""What a ternary in the URL, the method or the body is left for at first."""


def rewrite(data: bytes, path: str, app: App, shown: str = "") -> FileResult:
    """Return a file with its calls rewritten, and a row for each; ``shown`` is the path that reports use.

    Raises UnicodeDecodeError where the file is not UTF-8.
    """
    shown = shown or path
    planned = app.plan.get(path)
    if planned is None and not is_of_interest(data):
        return FileResult(shown, data, data)
    module = app.modules.parsed(data, path)
    others = other_sites(app, module, shown)
    if planned is None and not has_fetch(data):
        return FileResult(shown, data, data, tuple(others), _problem(module) if others else "")
    rewriting = _Rewriting(app, shown, module, planned or Planned())
    own = rewriting.run()
    taken = {one.place for one in own}
    sites = sorted([*own, *(one for one in others if one.place not in taken)], key=lambda one: one.place)
    app.modules.forget(path)  # it may be half rewritten, and other files are to see the original
    after = rewriting.module.data
    if after != data and _errors(rewriting.module) > _errors(module):
        msg = "The rewritten file would not parse; nothing in it was changed."
        dropped = tuple(one.left(reasons.OUTPUT_UNPARSABLE, msg) if one.outcome == REWRITTEN else one for one in sites)
        return FileResult(shown, data, data, dropped)
    return FileResult(shown, data, after, tuple(sites), _problem(module))


def _problem(module: Module) -> str:
    if module.is_vue and vue.has_foreign_script(module.data):
        return "a script block is neither JavaScript nor TypeScript"
    if not module.is_broken:
        return ""
    first = next(errors(module.root), module.root)
    return f"syntax error at line {module.line(first.start_byte)}"


def _errors(module: Module) -> int:
    return sum(1 for _ in errors(module.root)) if module.is_broken else 0


@dataclass(eq=False)
class _Found:
    """What the work on one use of ``fetch`` gave: its row, and the edits if it is rewritten."""

    site: Site
    edits: tuple[Edit, ...] = ()


class _Rewriting:
    """The rounds of one file: calls within callbacks of other calls come a round later."""

    def __init__(self, app: App, shown: str, module: Module, planned: Planned) -> None:
        self.app = app
        self.shown = shown
        self.module = module
        self.planned = planned
        self.places: dict[int, tuple[int, int]] = {}  # of uses by their node, in the original file
        app.modules.adopt(module)

    @cached_property
    def style(self) -> Style:
        """How the file is written; asked for when a call is rewritten, as the file is read then."""
        return style_of(self.module)

    @cached_property
    def names(self) -> ClientNames:
        """What the client module's exports are called here."""
        return client_names(self.app.modules, self.module, self.app.client)

    def run(self) -> list[Site]:
        original = self.module
        done = {one.place for one in self.planned.sites if one.outcome == REWRITTEN}
        rows = [self._site(use.node.start_byte) for use in find_uses(self.module, self._scopes())]
        rows = [one for one in rows if one.place not in done]
        in_template = self._in_template()
        self._apply_plan()
        pending = list(range(len(rows)))
        for _ in range(_ROUNDS if rows else 0):
            uses = list(find_uses(self.module, self._scopes()))
            self._place(uses, rows, pending)
            found = self._round(uses)
            edits = Edits()
            still: list[int] = []
            for index, one in zip(pending, found, strict=True):
                place = rows[index]
                rows[index] = replace(one.site, line=place.line, column=place.column)
                if one.site.outcome != REWRITTEN or not edits.take(one.edits):
                    still.append(index)
            self._apply(edits.all)
            pending = still
            if not edits.all or not still:
                break
        self._try_again(rows, pending)
        rows = self._with_plan(rows)
        if any(row.outcome == REWRITTEN for row in rows):
            self._tidy(original)
            self._add_import()
        return sorted([*rows, *in_template], key=lambda row: (row.line, row.column))

    def _apply_plan(self) -> None:
        """Make the edits that were planned for several files together, before any other."""
        if self.planned.edits:
            self._apply(list(self.planned.edits))
            self.names.used |= self.planned.used

    def _with_plan(self, rows: list[Site]) -> list[Site]:
        """Add the rows of the plan; of a fetch in a helper that is left, it tells more than the call alone does."""
        told = {one.place: one for one in self.planned.sites}
        better = [told.pop(row.place, row) if row.outcome != REWRITTEN else row for row in rows]
        return [replace(one, file=self.shown) for one in [*better, *told.values()]]

    def _place(self, uses: list[FetchUse], rows: list[Site], pending: list[int]) -> None:
        """Note where the uses that are left stood at first."""
        self.places = {use.node.id: rows[index].place for use, index in zip(uses, pending, strict=False)}

    def _in_template(self) -> list[Site]:
        msg = "A template sees only what its component declares; what is called here cannot be seen."
        places = template_uses(self.module, self._scopes())
        return [self._site(at).left(reasons.IN_TEMPLATE, msg) for at in places]

    def _try_again(self, rows: list[Site], pending: list[int]) -> None:
        """Try calls that were left again, written in another way: a flag for a signal, arrows for bound functions."""
        known = list(find_uses(self.module, self._scopes())) if any(rows[i].reason in PREPARED for i in pending) else []
        for place, index in reversed(list(enumerate(pending))):
            call = known[place].call if rows[index].reason in PREPARED else None
            if call is None:
                continue
            before = self.module
            edits, note = preparing_edits(self.module, self._scopes(), self.style, call, rows[index].reason)
            if not edits:
                continue
            self._apply(edits)
            uses = list(find_uses(self.module, self._scopes()))
            self._place(uses, rows, pending)
            found = self._work(uses[place], self._group(uses[place], uses))
            if found.site.outcome == REWRITTEN:
                self._apply(list(found.edits))
                rows[index] = self._noted(found.site, rows[index], note)
                known = list(find_uses(self.module, self._scopes()))
                continue
            if found.site.reason == reasons.REFUSED:
                rows[index] = rows[index].left(found.site.reason, found.site.message)
            self.module = before
            self.app.modules.adopt(before)

    def _noted(self, site: Site, place: Site, note: str) -> Site:
        """Return a row at the place where its call stood, with what else is to be said of it."""
        site = replace(site, line=place.line, column=place.column)
        message = "; ".join(filter(None, (note, site.message)))
        return replace(site, confidence=LIKELY, message=message) if note else site

    def _scopes(self) -> Scopes:
        return self.app.modules.scopes(self.module)

    def _apply(self, edits: list[Edit]) -> None:
        if edits:
            self.module = parse_again(self.module, sorted(edits, key=lambda one: (one.start, one.end)))
            self.app.modules.adopt(self.module)

    def _tidy(self, original: Module) -> None:
        """Take out what only the rewritten calls used, and then what only that used."""
        data = b""
        while data != self.module.data:
            data = self.module.data
            used = names_used_less(original, self.app.modules.scopes(original), self.module)
            self._apply(tidy_edits(self.app.modules, self.module, self.style, used) if used else [])

    def _add_import(self) -> None:
        local = self.names.local
        written = {name for name in local if any("identifier" in one.type for one in self.module.words(local[name]))}
        self.names.used.intersection_update(written)
        edit = import_edit(self.app.modules, self.module, self.names, self.style, self.app.client)
        if edit is not None:
            self._apply([edit])

    # ---- one round ----------------------------------------------------------------------------

    def _round(self, uses: list[FetchUse]) -> list[_Found]:
        return [self._work(use, self._group(use, uses)) for use in uses]

    def _group(self, use: FetchUse, uses: list[FetchUse]) -> list[FetchUse]:
        """Return the uses that are rewritten together: the calls of one Promise.all, else the one alone."""
        whole = all_of(self.module, use.call) if use.call is not None else None
        if whole is None:
            return [use]
        together = elements(whole)
        return [one for one in uses if one.call is not None and one.call in together]

    def _work(self, use: FetchUse, group: list[FetchUse]) -> _Found:
        site = self._site(use.node.start_byte)
        used = set(self.names.used)
        try:
            return self._rewritten(use, group, site)
        except Left as left:
            self.names.used.intersection_update(used)
            known = self._facts(use.call, site) if use.call is not None else site
            return _Found(replace(known, outcome=left.outcome, reason=left.reason, message=left.message))

    def _facts(self, call: Node, site: Site) -> Site:
        """Return the row of a call that is left alone, with what is known of it."""
        rule = self._rule(call)
        given = arguments(call)
        site = replace(
            site, rule=rule.name if rule is not None else "", url=self.module.text(given[0]) if given else ""
        )
        with contextlib.suppress(Left):
            site = replace(site, method=read_request(self.app.modules, self.module, call).method)
            if given:
                target = find_target(self.app, self.module, call)
                site = replace(site, url=target.url)
                site = replace(site, event=find_match(self.app, site.method, target, lambda _: None).event.event)
        return site

    def _rewritten(self, use: FetchUse, group: list[FetchUse], site: Site) -> _Found:
        self._check_place(use)
        notes: list[str] = []
        call = use.call
        assert call is not None
        emit = self._emit(call, notes)
        emits = tuple(emit if one is use else self._companion(one, notes) for one in group)
        rule = self._rule(call, emit)
        if rule is None:
            msg = "The Response promise is returned, stored or passed on; an ack is not a Response."
            raise Left(reasons.RESPONSE_ESCAPES, msg)
        if not self._is_selected(rule):
            msg = f"The rule {rule.name} is not among those that were asked for."
            raise Left(reasons.RULE_NOT_SELECTED, msg)
        edits = self._edits(rule, call, emits, notes)
        if self.app.chosen is not None and self.places[group[0].node.id] not in self.app.chosen:
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
        return _Found(done, tuple(edits))

    def _check_place(self, use: FetchUse) -> None:
        if _is_near_error(use.node):
            msg = "The code around the call has a syntax error."
            raise Left(reasons.SYNTAX_ERROR, msg)
        if use.call is None:
            msg = "fetch is not called here but passed on, replaced or bound; who calls it cannot be seen."
            raise Left(reasons.FETCH_REFERENCE, msg)

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
        for text, condition in conditions(self.app.modules, self.module, call).items():
            new: list[str] = []
            try:
                emit, other = (self._plain_emit(call, new.append, {text: value}) for value in (True, False))
            except Left:
                continue
            if emit.match.event.has_body != other.match.event.has_body:
                continue
            code = self.module.text(condition)
            is_same = emit.event == other.event
            decides = "what is sent" if is_same else f"between {emit.event} and {other.event}"
            notes += [*new, f"{code} decides {decides}"]
            return replace(emit, condition=code, other=other)
        return None

    def _plain_emit(self, call: Node, note: Callable[[str], None], assumed: Assumed) -> Emit:
        target = find_target(self.app, self.module, call, assumed)
        request = read_request(self.app.modules, self.module, call, assumed)
        found = find_match(self.app, request.method, target, note)
        chain = chain_of(self.module, call)
        check_answer(self.module, self._scopes(), chain, found.event)
        is_copied = needs_copy(self.module, self._scopes(), request.body, chain.top)
        return Emit(call, request, found, target.url, is_copied=is_copied)

    def _rule(self, call: Node, emit: Emit | None = None) -> Rule | None:
        chain = chain_of(self.module, call)
        is_live = self.app.is_live and emit is not None and is_live_list(emit)
        rules = (rule for rule in RULES if not rule.is_opt_in or (is_live and self._is_selected(rule)))
        return next((rule for rule in rules if rule.applies(self.module, chain)), None)

    def _is_selected(self, rule: Rule) -> bool:
        return not self.app.rules or rule.name in self.app.rules

    def _edits(self, rule: Rule, call: Node, emits: tuple[Emit, ...], notes: list[str]) -> list[Edit]:
        draft = Draft(self.module, self.style)
        chain = chain_of(self.module, call)
        job = Job(self.module, self._scopes(), draft, self.names, chain, emits, self.app.modules, notes)
        rule.rewrite(job)
        for emit in emits:
            if emit.request.declaration is not None:
                draft.delete_statement(emit.request.declaration)
        anchor = all_of(self.module, call) or call
        deleted = [emit.request.declaration for emit in emits if emit.request.declaration is not None]
        return draft.edits(statement_around(anchor), *deleted)

    def _site(self, start: int) -> Site:
        return Site(self.shown, self.module.line(start), self.module.column(start), REWRITTEN)


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
