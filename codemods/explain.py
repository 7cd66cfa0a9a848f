"""Says what would become of the calls on one line of a script and why, step by step."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from codemods.discovery import package_root
from codemods.explained import Explanation, Step
from codemods.front_end import FrontEnd, Settings
from codemods.javascript.chain import chain_of
from codemods.javascript.fetch_calls import FetchUse, find_uses
from codemods.javascript.parser import Module
from codemods.javascript.trace import trace
from codemods.reports.hunks import Comparison, compare, near
from codemods.results import FileResult, Site
from codemods.run import shown
from codemods.runner import run


class _Call(Struct, frozen=True):
    """A row with the lines that its call, or its whole chain, stands on."""

    site: Site
    first: int
    last: int
    use: FetchUse | None = None


def explain(path: Path, line: int, settings: Settings) -> list[Explanation]:
    """Explain the calls on a line, or else the innermost call that goes over it; none where there is none."""
    result, module, front_end = _looked_at(path, settings)
    calls = [call for call in _calls(result, module, front_end) if call.first <= line <= call.last]
    here = [call for call in calls if call.site.line == line] or calls[-1:]
    found = compare(result.before, result.after)
    return [_explained(call, module, front_end, found) for call in here]


def lines_with_calls(path: Path, settings: Settings) -> list[int]:
    """Return the lines on which a call starts."""
    return [site.line for site in _result(path, settings).sites]


def _looked_at(path: Path, settings: Settings) -> tuple[FileResult, Module | None, FrontEnd]:
    root = _root(path)
    front_end = FrontEnd(root, settings)
    return _result(path, settings), front_end.app.modules.module(path.absolute().as_posix()), front_end


def _root(path: Path) -> str:
    folder = os.path.dirname(path.absolute().as_posix())
    return package_root(folder) or folder


def _result(path: Path, settings: Settings) -> FileResult:
    """Return a file's result as a run over its whole front end gives it."""
    results = run([Path(_root(path)), path], settings).results
    return next(one for one in results if one.path == shown(path.absolute().as_posix()))


def _calls(result: FileResult, module: Module | None, front_end: FrontEnd) -> Iterator[_Call]:
    """Yield the rows of a file with where their calls end, in source order."""
    uses = list(find_uses(module, front_end.app.modules.scopes(module))) if module is not None else []
    for site in result.sites:
        use = next((one for one in uses if module is not None and _starts_at(module, one, site)), None)
        last = site.line
        if module is not None and use is not None and use.call is not None:
            last = module.line(chain_of(module, use.call).top.end_byte)
        yield _Call(site, site.line, last, use)


def _starts_at(module: Module, use: FetchUse, site: Site) -> bool:
    at = use.node.start_byte
    return (module.line(at), module.column(at)) == (site.line, site.column)


def _explained(call: _Call, module: Module | None, front_end: FrontEnd, found: Comparison) -> Explanation:
    steps: tuple[Step, ...] = ()
    if module is not None and call.use is not None and call.use.call is not None:
        steps = tuple(trace(front_end.app, module, call.use.call))
    hunks = near(found, call.first - 1, call.last) if call.site.confidence else ()
    code = found.before[call.first - 1].strip() if call.first <= len(found.before) else ""
    return Explanation(call.site, code, steps, found, tuple(hunks))
