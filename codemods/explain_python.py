"""Says what would become of the Resource methods and client calls on one line of a Python file."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from codemods.explained import Explanation, Step
from codemods.python.running import Rewriter
from codemods.python.source import Source, UnparsableError
from codemods.reports.hunks import compare
from codemods.results import REWRITTEN, FileResult, Site
from codemods.run import shown


class _Found(Struct, frozen=True):
    """A row with the rewrite that gave it, and the lines that its method or call stands on."""

    site: Site
    rewriter: Rewriter
    first: int
    last: int


def explain(path: Path, line: int, rewriters: Sequence[Rewriter]) -> tuple[list[Explanation], list[int]]:
    """Explain what starts on a line, else the innermost around it; with it come all lines on which something starts."""
    source = Source(shown(path.absolute().as_posix()), path.read_bytes())
    found = [one for rewriter in rewriters for one in _rows(source, rewriter)]
    found.sort(key=lambda one: one.site.place)
    around = [one for one in found if one.first <= line <= one.last]
    here = [one for one in around if one.site.line == line] or around[-1:]
    return [_explained(source, one) for one in here], [one.site.line for one in found]


def _rows(source: Source, rewriter: Rewriter) -> Iterator[_Found]:
    if not rewriter.is_of_interest(source.data):
        return
    for site in rewriter.rewrite(source.data, source.name).sites:
        yield _Found(site, rewriter, *_lines(source, site))


def _lines(source: Source, site: Site) -> tuple[int, int]:
    """Return the first and the last line of what a row is about."""
    try:
        nodes = [one for one in ast.walk(source.tree) if isinstance(one, ast.stmt | ast.expr)]
    except UnparsableError:
        return site.place[0], site.place[0]
    here = [one for one in nodes if one.lineno == site.line and source.place(one) == site.place]
    methods = [one for one in here if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    decorators = [one.lineno for method in methods for one in method.decorator_list]
    # A method that is inherited stands for its class: that has other methods too, so its head alone is meant.
    ends = [one.end_lineno or one.lineno for one in here if not isinstance(one, ast.ClassDef)]
    return min([site.line, *decorators]), max([site.line, *ends])


def _explained(source: Source, found: _Found) -> Explanation:
    site = found.site
    label = "route" if found.rewriter.noun == "method" else "url"
    steps = [Step(label, f"{site.method} {site.url}")] if site.url else []
    steps += [Step("event", site.event)] if site.event else []
    result = FileResult(source.name, source.data, source.data)
    if site.outcome == REWRITTEN:  # by itself, so that its changes alone are shown
        result = found.rewriter.rewrite(source.data, source.name, frozenset({site.place}))
    changes = compare(result.before, result.after)
    code = source.lines[site.line - 1].decode(errors="replace").strip() if site.line <= len(source.lines) else ""
    return Explanation(site, code, tuple(steps), changes, tuple(changes.hunks))
