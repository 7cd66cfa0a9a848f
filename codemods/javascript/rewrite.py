"""Rewrites one file: bytes in, results out. Whatever cannot be proven right is left alone, with the reason."""

from __future__ import annotations

from msgspec.structs import replace

from codemods import reasons
from codemods.javascript import vue
from codemods.javascript.call_work import CallWork
from codemods.javascript.fetch_calls import FetchUse, template_uses
from codemods.javascript.finishing import Finishing
from codemods.javascript.interest import has_fetch, is_of_interest
from codemods.javascript.other_sites import other_sites
from codemods.javascript.parser import Module, errors
from codemods.javascript.planned import Planned
from codemods.javascript.preparing import PREPARED, preparing_edits
from codemods.javascript.resolving import App
from codemods.javascript.working_copy import WorkingCopy
from codemods.javascript.writing import Edits
from codemods.results import LIKELY, REWRITTEN, FileResult, Site

_ROUNDS = 6


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
    copy = WorkingCopy(app, shown, module)
    try:
        own = _Rewriting(copy, planned or Planned()).run()
    finally:
        app.modules.adopt(module)  # other files are to see the original, not a half rewritten one
    taken = {one.place for one in own}
    sites = sorted([*own, *(one for one in others if one.place not in taken)], key=lambda one: one.place)
    after = copy.module.data
    if after != data and _errors(copy.module) > _errors(module):
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


def _at(site: Site, place: Site) -> Site:
    """Return a row at the place of another: edits above a call move it."""
    return site if site.place == place.place else replace(site, line=place.line, column=place.column)


class _Rewriting:
    """The rounds of one file: calls within callbacks of other calls come a round later."""

    def __init__(self, copy: WorkingCopy, planned: Planned) -> None:
        self.copy = copy
        self.planned = planned
        self.calls = CallWork(copy)

    def run(self) -> list[Site]:
        finishing = Finishing(self.copy, self.copy.module)
        done = {one.place for one in self.planned.sites if one.outcome == REWRITTEN}
        rows = [self.copy.row(use.node.start_byte) for use in self.copy.uses()]
        rows = [one for one in rows if one.place not in done]
        in_template = self._in_template()
        self._apply_plan()
        pending, is_finished = self._rounds(rows, finishing)
        self._try_again(rows, pending)
        rows = self._with_plan(rows)
        if not is_finished and any(row.outcome == REWRITTEN for row in rows):
            finishing.run()
        return sorted([*rows, *in_template], key=lambda row: (row.line, row.column))

    def _rounds(self, rows: list[Site], finishing: Finishing) -> tuple[list[int], bool]:
        """Rewrite what can be; return the numbers of the rows that are left, and whether nothing else is to be done."""
        pending = list(range(len(rows)))
        is_finished = False
        for _ in range(_ROUNDS if rows else 0):
            uses = self.copy.uses()
            self._place(uses, rows, pending)
            found = [self.calls.work(use, uses) for use in uses]
            edits = Edits()
            still: list[int] = []
            for index, one in zip(pending, found, strict=True):
                place = rows[index]
                rows[index] = _at(one.site, place)
                if one.site.outcome != REWRITTEN or not edits.take(one.edits):
                    still.append(index)
            is_finished = not still and not self.planned.edits and finishing.make(edits)
            self.copy.apply([] if is_finished else edits.all)
            pending = still
            if not edits.all or not still:
                break
        return pending, is_finished

    def _apply_plan(self) -> None:
        """Make the edits that were planned for several files together, before any other."""
        if self.planned.edits:
            self.copy.apply(list(self.planned.edits))
            self.copy.names.used |= self.planned.used

    def _with_plan(self, rows: list[Site]) -> list[Site]:
        """Add the rows of the plan; of a fetch in a helper that is left, it tells more than the call alone does."""
        if not self.planned.sites:
            return rows
        told = {one.place: one for one in self.planned.sites}
        better = [told.pop(row.place, row) if row.outcome != REWRITTEN else row for row in rows]
        return [replace(one, file=self.copy.shown) for one in [*better, *told.values()]]

    def _place(self, uses: list[FetchUse], rows: list[Site], pending: list[int]) -> None:
        """Note where the uses that are left stood at first."""
        self.copy.places = {use.node.id: rows[index].place for use, index in zip(uses, pending, strict=False)}

    def _in_template(self) -> list[Site]:
        msg = "A template sees only what its component declares; what is called here cannot be seen."
        places = template_uses(self.copy.module, self.copy.scopes())
        return [self.copy.row(at).left(reasons.IN_TEMPLATE, msg) for at in places]

    def _try_again(self, rows: list[Site], pending: list[int]) -> None:
        """Try calls that were left again, written in another way: a flag for a signal, arrows for bound functions."""
        known = self.copy.uses() if any(rows[i].reason in PREPARED for i in pending) else []
        for place, index in reversed(list(enumerate(pending))):
            call = known[place].call if rows[index].reason in PREPARED else None
            if call is None:
                continue
            before = self.copy.module
            edits, note = preparing_edits(
                self.copy.module, self.copy.scopes(), self.copy.style, call, rows[index].reason
            )
            if not edits:
                continue
            self.copy.apply(edits)
            uses = self.copy.uses()
            self._place(uses, rows, pending)
            found = self.calls.work(uses[place], uses)
            if found.site.outcome == REWRITTEN:
                self.copy.apply(list(found.edits))
                rows[index] = self._noted(found.site, rows[index], note)
                known = self.copy.uses()
                continue
            if found.site.reason == reasons.REFUSED:
                rows[index] = rows[index].left(found.site.reason, found.site.message)
            self.copy.become(before)

    def _noted(self, site: Site, place: Site, note: str) -> Site:
        """Return a row at the place where its call stood, with what else is to be said of it."""
        site = _at(site, place)
        message = "; ".join(filter(None, (note, site.message)))
        return replace(site, confidence=LIKELY, message=message) if note else site
