"""The report for people at a terminal: a table of the routes, every mismatch in full, notes, coverage, one last line.

The last lines are those that stay in view, so that they say most.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bridge.parity.reports.describing import by_event, counted, joined, place, visible
from bridge.parity.reports.matrix import Matrix, Row, State, matrix_of, percent, totals, verdict
from bridge.parity.reports.text_mismatch import mismatch_view, printed
from bridge.parity.result import Note, Result

WIDTH = 120
"""Columns where there is no terminal."""
_NARROW = 80
_COLOURS = {State.EQUAL: "green", State.MISMATCHED: "bold red", State.UNTESTED: "yellow", State.NOT_EXPECTED: "dim"}
_NOTES = (
    ("noise", "Noise: what differs between two runs over HTTP, and is not compared"),
    ("warnings", "Warnings: what is the same, and may not stay so"),
    ("ignored", "Ignored, as asked for"),
)


def render(result: Result, width: int = WIDTH, *, is_coloured: bool = False) -> str:
    """Return the report for so many columns."""
    return printed(report(result, width), width, is_coloured=is_coloured)


def show(result: Result) -> None:
    """Print the report, as wide and as colourful as stdout is; NO_COLOR (no-color.org) is heeded."""
    console = Console()
    is_plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    width = console.width if console.is_terminal else WIDTH
    sys.stdout.write(render(result, width, is_coloured=console.is_terminal and not is_plain))


def report(result: Result, width: int) -> Group:
    """Return the report as rich shows it."""
    matrix, known = matrix_of(result), by_event(result.routes)
    parts: list[RenderableType] = [_table(matrix) if width >= _NARROW else _lines(matrix)] if matrix.rows else []
    parts += [mismatch_view(one, known, width) for one in result.mismatches]
    parts += [_notes(title, getattr(result, name)) for name, title in _NOTES if getattr(result, name)]
    parts += [_coverage(result, matrix)] if matrix.rows else []
    parts.append(_last(result))
    return Group(*[part for one in parts for part in (one, Text(""))][:-1])


# ---- the table --------------------------------------------------------------------------------


def _table(matrix: Matrix) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    table.add_column("route", overflow="fold")
    table.add_column("surfaces", overflow="fold")
    for name in (*matrix.classes, "steps"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("verdict", overflow="fold")
    for row in matrix.rows:
        surfaces = Text(" ".join(row.route.surfaces), "dim")
        figures = [_figure(row, name) for name in matrix.classes]
        table.add_row(_title(row), surfaces, *figures, Text(f"{row.asked:,}"), _verdict(row))
    return table


def _lines(matrix: Matrix) -> Group:
    """Return two lines a route, for a terminal that is too narrow for a table."""
    return Group(*(line for row in matrix.rows for line in (_title(row), _facts(row, matrix))))


def _facts(row: Row, matrix: Matrix) -> Padding:
    figures = [(name, _figure(row, name)) for name in matrix.classes]
    seen = [Text(f"{name} ", "dim") + figure for name, figure in figures if figure.plain]
    surfaces = Text(" ".join(row.route.surfaces), "dim")
    return Padding(Text("  ").join([_verdict(row), *seen, surfaces]), (0, 0, 0, 2))


def _title(row: Row) -> Text:
    return Text.assemble((row.route.title, "bold"), f" = {row.route.event}")


def _verdict(row: Row) -> Text:
    colour = _COLOURS[State.MISMATCHED] if not row.is_equal else "green" if row.asked else "yellow"
    return Text(row.verdict, colour)


def _figure(row: Row, name: str) -> Text:
    """Return how often a class was seen; ``-`` where it ought to be and was not."""
    square = row.of_class(name)
    text = {State.UNTESTED: "-", State.NOT_EXPECTED: ""}.get(square.state, f"{square.asked:,}")
    return Text(text, _COLOURS[square.state] if square.state is not State.EQUAL else "")


# ---- what is no mismatch ----------------------------------------------------------------------


def _notes(title: str, notes: Sequence[Note]) -> Group:
    return Group(Text(title, "bold"), *(_note(note) for note in notes))


def _note(note: Note) -> Padding:
    times = f", {counted(note.times, 'time')}" if note.times > 1 else ""
    text = Text.assemble((visible(place(note)), "cyan"), f"{times}: {visible(note.sentence)}")
    return Padding(text, (0, 0, 0, 2))


def _coverage(result: Result, matrix: Matrix) -> Group:
    reached = f"{percent(result)} % of the cells (route x surface x class of status) were reached"
    rows = [row for row in matrix.rows if row.untested]
    if not rows:
        return Group(Text.assemble(("Coverage: ", "bold"), f"{reached}."))
    heading = Text.assemble(("Coverage: ", "bold"), f"{reached}; ", (f"{len(result.untested)} untested:", "yellow"))
    return Group(heading, *(Padding(_untested(row), (0, 0, 0, 2)) for row in rows))


def _untested(row: Row) -> Text:
    return Text.assemble((f"{row.route.title} = {row.route.event}", "cyan"), f": {'; '.join(untested_cells(row))}")


def untested_cells(row: Row) -> Iterator[str]:
    """Yield ``bridge 4xx and 5xx`` for each surface on which classes of status were not reached."""
    for surface in dict.fromkeys(surface for surface, _ in row.untested):
        yield f"{surface} {joined(name for one, name in row.untested if one == surface)}"


def _last(result: Result) -> Group:
    colour = "bold green" if result.ok and result.comparisons else "bold red" if result.mismatches else "bold yellow"
    return Group(Text(verdict(result), colour), Text(f"{totals(result)}, seed {result.seed}"))
