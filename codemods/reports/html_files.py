"""The changes, file by file: how to review each call, then before and after side by side."""

from __future__ import annotations

from collections.abc import Iterator

from codemods.reports.hunks import Comparison, Piece, compare, emphasis
from codemods.reports.markup import GUIDANCE, chip, escaped, path_of, request_of
from codemods.reports.tally import COLUMNS, column, tally
from codemods.results import FileResult, Site
from codemods.run import Run

_OPEN = 3
"""Files up to which all are open at first."""


def files_section(run: Run) -> str:
    """Return every changed file, closed unless there are few."""
    changed = run.changed
    if not changed:
        return ""
    is_open = len(changed) <= _OPEN
    inner = "".join(_file(index, result, is_open=is_open) for index, result in enumerate(changed))
    return f'<section id="files"><h2>Changes <span class="count"></span></h2>{inner}</section>'


def _file(index: int, result: FileResult, *, is_open: bool) -> str:
    found = compare(result.before, result.after)
    counts = zip(COLUMNS, tally(result.sites).counts, strict=True)
    chips = "".join(chip(name, count) for name, count in counts if count) or _kind(result)
    removed = sum(piece.end - piece.start for piece in found.changes)
    added = sum(piece.new_end - piece.new_start for piece in found.changes)
    return (
        f'<details class="file" id="f{index}"{" open" if is_open else ""}><summary>{path_of(result.path)}'
        f'<span class="chips">{chips}</span>'
        f'<span class="lines"><ins>+{added}</ins> <del>−{removed}</del></span></summary>'
        f"{_guidance(result.sites)}{_diff(result, found)}</details>\n"
    )


def _kind(result: FileResult) -> str:
    return '<span class="chip new">new file</span>' if not result.before else ""


def _guidance(sites: tuple[Site, ...]) -> str:
    rows = "".join(
        f'<li data-outcome="{column(site)}"><span class="at">{site.line}</span>'
        f'<span class="pill {column(site)}">{GUIDANCE[column(site)]}</span>'
        f'<span class="request">{request_of(site)}</span><span class="note">{escaped(site.message)}</span></li>'
        for site in sites
    )
    return f'<ul class="guidance">{rows}</ul>' if rows else ""


# ---- side by side -----------------------------------------------------------------------------


def _diff(result: FileResult, found: Comparison) -> str:
    kind = "diff" if result.before else "diff alone"
    return f'<div class="{kind}">{"".join(_rows(found))}</div>'


def _rows(found: Comparison) -> Iterator[str]:
    """Yield the hunks, and between them what is the same, to be unfolded."""
    last = Piece(True, 0, 0, 0, 0)
    for hunk in found.hunks:
        yield _gap(found, last.end, hunk[0].start, last.new_end)
        for piece in hunk:
            yield _piece(found, piece)
        last = hunk[-1]
    yield _gap(found, last.end, len(found.before), last.new_end)


def _gap(found: Comparison, start: int, end: int, new_start: int) -> str:
    """Return lines that both files share, as text that the page makes rows of when it is asked to."""
    if start >= end:
        return ""
    text = escaped_code("".join(found.before[start:end]))
    label = f"{end - start} unchanged line{'s' if end - start > 1 else ''}"
    return (
        f'<div class="gap" data-old="{start + 1}" data-new="{new_start + 1}"><button type="button">{label}</button>'
        f"<template>{text}</template></div>"
    )


def _piece(found: Comparison, piece: Piece) -> str:
    old, new = found.before[piece.start : piece.end], found.after[piece.new_start : piece.new_end]
    if piece.is_equal:
        return f'<div class="same">{_side("o", old, piece.start)}{_side("n", new, piece.new_start)}</div>'
    parts = [emphasis(*pair) for pair in zip(old, new, strict=True)] if len(old) == len(new) else [None] * len(old)
    marks = [(one[0], one[1]) if one else None for one in parts]
    new_marks = [(one[0], one[2]) if one else None for one in parts] if len(old) == len(new) else []
    return (
        f'<div class="changed">{_side("o", old, piece.start, marks)}{_side("n", new, piece.new_start, new_marks)}</div>'
    )


def _side(name: str, lines: list[str], start: int, marks: list[tuple[int, int] | None] | None = None) -> str:
    found = marks or []
    inner = "".join(
        f'<span data-n="{start + 1 + index}">{_marked(line, found[index] if index < len(found) else None)}\n</span>'
        for index, line in enumerate(lines)
    )
    return f'<pre class="{name}{"" if lines else " none"}">{inner}</pre>'


def _marked(line: str, mark: tuple[int, int] | None) -> str:
    text = line.rstrip("\r\n")
    if mark is None or mark[0] >= mark[1]:
        return escaped_code(text)
    start, end = mark
    return f"{escaped_code(text[:start])}<mark>{escaped_code(text[start:end])}</mark>{escaped_code(text[end:])}"


def escaped_code(text: str) -> str:
    """Return lines of code with all but their line feeds and tabs made visible and harmless."""
    return "\n".join(escaped(line.removesuffix("\r")) for line in text.split("\n"))
