"""What is no mismatch, and is told nevertheless: noise, warnings, what is ignored, what was not reached, the run."""

from __future__ import annotations

from collections.abc import Sequence

from bridge.parity.reports.describing import counted
from bridge.parity.reports.markup import code, escaped, pill, route_of, section, tag
from bridge.parity.reports.matrix import Matrix, totals
from bridge.parity.result import Note, Result

_NOTES = (
    ("warnings", "Warnings", "What is the same now, and may not stay so."),
    ("noise", "Noise", "What differs between two runs over HTTP, and is therefore not compared."),
    ("ignored", "Ignored", "What somebody asked not to be compared, and why."),
)


def notes_sections(result: Result) -> list[str]:
    """Return a section for each kind of note that there is."""
    return [
        section(name, title, len(notes), _notes(notes), about)
        for name, title, about in _NOTES
        if (notes := getattr(result, name))
    ]


def _notes(notes: Sequence[Note]) -> str:
    return f'<ul class="notes">{"".join(map(_note, notes))}</ul>'


def _note(note: Note) -> str:
    surface = pill(note.surface) if note.surface else ""
    path = code(note.path, "path") if note.path else '<span class="whole">the whole route</span>'
    times = f'<span class="times">{counted(note.times, "time")}</span>' if note.times > 1 else ""
    return (
        f'<li><p class="title">{route_of(note.route)}{surface}{times}</p>'
        f'<p class="said">{path} <span>{escaped(note.sentence)}</span></p></li>'
    )


def untested_section(result: Result, matrix: Matrix) -> str:
    """Return the cells that ought to be reached and were not, by route."""
    rows = [row for row in matrix.rows if row.untested]
    if not rows:
        return ""
    items = "".join(
        f'<li><p class="title">{route_of(row.route)}</p><p class="said">{_cells(row.untested)}</p></li>' for row in rows
    )
    about = "Answers that a route ought to give, and that no step got. More time, a login or a tape may reach them."
    return section("untested", "Untested", len(result.untested), f'<ul class="notes two">{items}</ul>', about)


def _cells(places: Sequence[tuple[str, str]]) -> str:
    return "".join(
        f'<span class="cellname">{escaped(surface)} '
        f"{', '.join(escaped(name) for one, name in places if one == surface)}</span>"
        for surface in dict.fromkeys(surface for surface, _ in places)
    )


def run_section(result: Result) -> str:
    """Return what the run was made with, so that it can be made again."""
    facts = {
        "app": result.source,
        "seed": str(result.seed),
        "run": totals(result) + ("" if result.finished else "; stopped before its end"),
        **result.versions,
    }
    rows = "".join(f"<div>{tag('dt', escaped(name))}{tag('dd', escaped(value))}</div>" for name, value in facts.items())
    return f'<section id="run"><h2>This run</h2><dl>{rows}</dl></section>'
