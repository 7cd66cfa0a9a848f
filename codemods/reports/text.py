"""The report for people at a terminal: a table, the findings, one line that sums up.

A terminal gets the findings grouped by reason and wrapped, a pipe a line for each: ``file:line:column code sentence``.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from codemods import reasons
from codemods.reports.screen import Screen, visible
from codemods.reports.tally import (
    COLUMNS,
    Tally,
    advice,
    alike,
    code,
    counted,
    findings,
    meaning,
    tally,
    tally_by,
)
from codemods.results import EXTERNAL, LEFT, LIKELY, SAFE, Advice, Site
from codemods.run import Run

_COLOURS = {SAFE: "green", LIKELY: "yellow", LEFT: "magenta", EXTERNAL: "blue"}
_NARROWEST = 30
"""Columns that a sentence gets at least beside its place; with fewer it goes below."""


def render(run: Run, screen: Screen) -> str:
    """Return the report."""
    is_terminal = screen.width > 0
    counted_sites = [site for site in run.sites if site.reason != reasons.ALREADY_NATIVE]
    parts = [_table(counted_sites, screen)] if counted_sites else []
    parts += [_group(screen, run.noun, *group) for group in findings(run.sites).items()] if is_terminal else []
    parts += ["\n".join(_line(site) for site in run.sites if code(site))] if not is_terminal else []
    parts.append("\n".join(_advice(one) for one in run.advice))
    parts.append("\n".join(visible(f"{one['file']}: {one['reason']}") for one in run.unparsable))
    parts.append(_summary(run, screen))
    return ("\n\n" if is_terminal else "\n").join(filter(None, parts)) + "\n"


def _line(site: Site) -> str:
    return visible(f"{_place(site)} {code(site)} {site.message}")


def _advice(one: Advice) -> str:
    return visible(f"{one.file}:{one.line}:{one.column} {one.code} {one.message}")


def _place(site: Site) -> str:
    return f"{site.file}:{site.line}:{site.column}"


# ---- the table --------------------------------------------------------------------------------


def _table(sites: list[Site], screen: Screen) -> str:
    rows = tally_by(sites, lambda site: site.rule or "-")
    if len(rows) > 1:
        rows["all"] = tally(sites)
    width = max(map(len, (*rows, "rule")))
    heading = "  ".join([f"{'rule':{width}}", *COLUMNS])
    lines = [screen.paint(heading, bold=True), *(_row(name, row, width, screen) for name, row in rows.items())]
    return "\n".join(line.rstrip() for line in lines)


def _row(name: str, row: Tally, width: int, screen: Screen) -> str:
    cells = [
        " " * (len(column) - len(str(count or ""))) + screen.paint(str(count or ""), fg=_COLOURS[column])
        for column, count in zip(COLUMNS, row.counts, strict=True)
    ]
    return "  ".join([f"{name:{width}}", *cells])


# ---- findings, grouped ------------------------------------------------------------------------


def _group(screen: Screen, noun: str, reason: str, sites: list[Site]) -> str:
    colour = "red" if reason == reasons.INTERNAL_ERROR else _COLOURS[_outcome(sites[0])]
    heading = f"{screen.paint(reason, fg=colour, bold=True)}  {counted(len(sites), noun)}"
    about = _wrapped(f"{meaning(reason)} {advice(reason)}", screen.width, "  ")
    return "\n".join([heading, *(screen.paint(line, dim=True) for line in about), *_entries(sites, screen.width)])


def _outcome(site: Site) -> str:
    return LIKELY if code(site) == LIKELY else site.outcome


def _entries(sites: list[Site], width: int) -> Iterator[str]:
    """Yield each place with its sentence; a sentence that several have stands once, above what they ask for."""
    room = max(len(visible(_place(site))) for site in sites)
    for message, those in alike(sites).items():
        if len(those) == 1:
            yield from _entry(_place(those[0]), message, "  ", room, width)
            continue
        yield from _wrapped(visible(message), width, "  ")
        for site in those:
            yield from _entry(_place(site), f"{site.method} {site.url}".strip(), "    ", room, width)


def _entry(place: str, text: str, indent: str, room: int, width: int) -> Iterator[str]:
    """Yield a place and a text side by side, or one below the other where a terminal is too narrow for that."""
    left = len(indent) + room + 2
    if width - left < _NARROWEST:
        yield from [f"{indent}{visible(place)}", *_wrapped(visible(text), width, f"{indent}  ")]
        return
    first, *more = _wrapped(visible(text), width, " " * left) or [""]
    yield from [f"{indent}{visible(place):{room}}  {first[left:]}".rstrip(), *more]


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    room = max(width, len(indent) + 10)
    return textwrap.wrap(text, room, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


# ---- the last line ----------------------------------------------------------------------------


def _summary(run: Run, screen: Screen) -> str:
    found = tally(run.sites)
    files = f"{counted(len(run.results), 'file')} read, {len(run.changed)} changed"
    return f"{screen.paint(share(found, run.noun), bold=True)}; {files}"


def share(found: Tally, noun: str = "call") -> str:
    """Return what became of the calls: ``25 of 26 calls rewritten (96 %), 2 to look at``."""
    calls = f"{found.rewritten} of {counted(found.own, noun)} rewritten ({found.share} %)"
    parts = [calls if found.own else f"no {noun}s to rewrite"]
    parts += [f"{found.likely} to look at"] if found.likely else []
    parts += [f"{found.external} to another server"] if found.external else []
    parts += [f"{found.done} native already"] if found.done else []
    return ", ".join(parts)


def steps(run: Run, screen: Screen) -> str:
    """Return what is left to do by hand, or nothing."""
    lines = [line for step in run.steps for line in _step(step, screen.width)]
    gap = "\n" if screen.width else ""
    return gap + "\n".join([screen.paint("Next steps:", bold=True), *lines, ""]) if lines else ""


def _step(step: str, width: int) -> list[str]:
    first, *more = _wrapped(visible(step), width, "    ") if width else [f"    {step}"]
    return [f"  - {first[4:]}", *more]
