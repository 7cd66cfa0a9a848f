"""Plans the rewriting of helpers around ``fetch`` before their files are rewritten, as it takes several together."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from msgspec import Struct, field
from msgspec.structs import replace

from codemods import reasons
from codemods.javascript.interest import may_wrap
from codemods.javascript.modules import Modules
from codemods.javascript.parser import Module, child, errors, parse_again
from codemods.javascript.planned import Planned
from codemods.javascript.resolving import App
from codemods.javascript.wrappers.finding import helper_calls
from codemods.javascript.wrappers.groups import Call, Group
from codemods.javascript.wrappers.writing import Writer
from codemods.javascript.writing import Edits
from codemods.results import EXTERNAL, LEFT, LIKELY, REWRITTEN, Left, Site

RULE = "fetch_wrapper"


class _Pinned(Modules):
    """Keeps every file parsed while a plan is made: a plan refers to places in their trees."""

    @classmethod
    def beside(cls, known: Modules) -> _Pinned:
        """Return the files of a front end; what is parsed of them is not parsed again."""
        return cls(known.root, known.read, known.listing, known.entries, _parsed=dict(known._parsed))

    def _keep(self, path: str, module: Module | None) -> None:
        self._parsed[path] = module

    def let_go(self) -> None:
        """Forget all trees: groups refer to each other, and might keep them for long."""
        self._parsed.clear()
        self.memo.clear()


class _File(Struct, eq=False):
    """What several groups do to one file."""

    edits: Edits = field(default_factory=Edits)
    sites: list[Site] = field(default_factory=list)
    group: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)


def plan_wrappers(app: App, paths: Iterable[str], within: Collection[str]) -> dict[str, Planned]:
    """Return what becomes of the files in which a helper around ``fetch`` is, or is called, by path.

    ``paths`` are those in which helpers are looked for, ``within`` all that may be changed.
    """
    modules = _Pinned.beside(app.modules)
    files: dict[str, _File] = {}
    done: set[tuple[str, int]] = set()
    for path in paths:
        data = app.modules.read(path)
        module = modules.module(path) if data is not None and may_wrap(data) else None
        if module is None:
            continue
        for call in helper_calls(app, modules, module):
            if (path, child(call, "function").start_byte) in done:
                continue
            group = Group(app, modules)
            group.gather(module, call)
            if (len(group.calls) > 1 or group.problem is not None) and _is_worth_telling(group):
                done.update((one.module.path, one.start) for one in group.calls)
                _settle(group, files, within)
    modules.let_go()
    return {path: _planned(one) for path, one in files.items() if path in within}


def _planned(file: _File) -> Planned:
    return Planned(tuple(file.edits.all), tuple(file.sites), frozenset(file.group), frozenset(file.used))


def _is_worth_telling(group: Group) -> bool:
    """True unless the call is left for what its callers have no part in."""
    own = group.fetch.own
    is_resolved = any(one.emit is not None for one in group.calls)
    is_asked_by_callers = own is not None and own.reason == reasons.URL_IS_PARAMETER
    return is_asked_by_callers or (len(group.calls) > 1 and (is_resolved or own is None))


# ---- one group --------------------------------------------------------------------------------


def _settle(group: Group, files: dict[str, _File], within: Collection[str]) -> None:
    """Add the edits and rows of a group, or rows that say why it is left."""
    problem = group.problem or next((_as_left(group, one) for one in group.calls if one.problem is not None), None)
    writer = Writer(group)
    if problem is None:
        try:
            writer.write()
            _check_run(group, within)
            _check(group, writer, files)
        except Left as left:
            problem = left
    if problem is not None:
        _leave(group, problem, files)
        return
    for path, edits in writer.edits.items():
        file = files.setdefault(path, _File())
        file.edits.take(edits.all)
        file.group |= set(writer.edits)
    for call in group.calls:
        file = files.setdefault(call.module.path, _File())
        file.used |= group.names(call.module).used
        file.sites.append(_done(group, call))


def _check_run(group: Group, within: Collection[str]) -> None:
    """Raise Left where a caller is in a file that this run does not read."""
    outside = next((one for one in group.calls if one.module.path not in within), None)
    if outside is not None:
        where = _place(group, outside)
        msg = f"All callers must become events: {where} is not among this front end's files in this run."
        raise Left(reasons.URL_IS_PARAMETER, msg)


def _check(group: Group, writer: Writer, files: dict[str, _File]) -> None:
    """Raise Left where a file would not parse, or another group changes the same code."""
    if group.app.rules and RULE not in group.app.rules:
        msg = f"The rule {RULE} is not among those that were asked for."
        raise Left(reasons.RULE_NOT_SELECTED, msg)
    for path, edits in writer.edits.items():
        other = Edits(list(files[path].edits.all)) if path in files else Edits()
        if not other.take(edits.all):
            msg = "Two helpers lie within each other; rewrite one of them by hand."
            raise Left(reasons.REWRITE_CONFLICT, msg)
        before = group.modules.module(path)
        assert before is not None
        if _errors(parse_again(before, edits.all)) > _errors(before):
            msg = "The rewritten file would not parse; the helper and its callers are left."
            raise Left(reasons.OUTPUT_UNPARSABLE, msg)


def _errors(module: Module) -> int:
    return sum(1 for _ in errors(module.root)) if module.is_broken else 0


def _as_left(group: Group, call: Call) -> Left:
    """Return why a group is left, naming the call that cannot become an event."""
    assert call.problem is not None
    if call is group.fetch:
        return call.problem
    outcome = EXTERNAL if all(one.problem is not None for one in group.calls[1:]) else LEFT
    outcome = outcome if call.problem.outcome == EXTERNAL else LEFT
    message = f"All callers must become events: {_place(group, call)} cannot: {call.problem.message}"
    return Left(call.problem.reason, message, outcome)


def _place(group: Group, call: Call) -> str:
    name = call.module.path.removeprefix(f"{group.modules.root}/")
    return f"{name}:{call.module.line(call.start)}:{call.module.column(call.start)}"


def _leave(group: Group, problem: Left, files: dict[str, _File]) -> None:
    for call in group.calls:
        left = call.problem if call.problem is not None and call is not group.fetch else problem
        others = ", ".join(_place(group, one) for one in group.calls[1:] if one is not call)
        more = f" Called at {others}." if others and call is group.fetch and len(others) < 300 else ""
        site = replace(_site(call), outcome=left.outcome, reason=left.reason, message=f"{left.message}{more}")
        files.setdefault(call.module.path, _File()).sites.append(site)


def _site(call: Call) -> Site:
    emit = call.emit
    site = Site(call.module.path, call.module.line(call.start), call.module.column(call.start), LEFT, rule=RULE)
    return replace(site, method=emit.request.method, url=emit.url, event=emit.event) if emit is not None else site


def _done(group: Group, call: Call) -> Site:
    count = len(group.calls) - 1
    said = f"helper and callers are rewritten together ({count} {'call' if count == 1 else 'calls'})"
    message = "; ".join(dict.fromkeys([*call.notes, said]))
    return replace(_site(call), outcome=REWRITTEN, confidence=LIKELY, message=message)
