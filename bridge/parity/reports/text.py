"""The report for people at a terminal: a table of the routes, every mismatch in full, notes, coverage, one last line.

The last lines are those that stay in view, so that they say most.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bridge.parity.reports.describing import by_event, counted, joined, place, visible
from bridge.parity.reports.matrix import Matrix, Row, State, matrix_of, percent, totals, verdict
from bridge.parity.reports.text_mismatch import mismatch_view
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
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=is_coloured,
        color_system="standard" if is_coloured else None,
        legacy_windows=False,
    )
    return printed(console, report(result, width))


def printed(console: Console, view: RenderableType) -> str:
    """Return what a console shows, without the blanks that fill its lines."""
    with console.capture() as shown:
        console.print(view)
    return "".join(f"{line.rstrip()}\n" for line in shown.get().splitlines())


def show(result: Result) -> None:
    """Print the report, as wide and as colourful as stdout is; NO_COLOR (no-color.org) is heeded."""
    console = Console()
    is_plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    width = console.width if console.is_terminal else WIDTH
    sys.stdout.write(render(result, width, is_coloured=console.is_terminal and not is_plain))


def report(result: Result, width: int) -> Group:
    """Return the report as rich shows it."""
    matrix, known = matrix_of(result), by_event(result.routes)
    parts: list[RenderableType] = [_table(matrix, width)] if matrix.rows else []
    parts += [mismatch_view(one, known, width) for one in result.mismatches]
    parts += [_notes(title, getattr(result, name), width) for name, title in _NOTES if getattr(result, name)]
    parts += [_coverage(result, matrix)] if matrix.rows else []
    parts.append(_last(result))
    return Group(*[part for one in parts for part in (one, Text(""))][:-1])


# ---- the table --------------------------------------------------------------------------------


def _table(matrix: Matrix, width: int) -> Table:
    """Return a row a route; a narrow terminal gets its name above the figures."""
    table = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    table.add_column("route", overflow="fold")
    if width >= _NARROW:
        table.add_column("surfaces", overflow="fold")
    for name in matrix.classes:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("steps", justify="right", no_wrap=True)
    table.add_column("verdict", overflow="fold")
    for row in matrix.rows:
        table.add_row(*_cells(row, matrix, width))
    return table


def _cells(row: Row, matrix: Matrix, width: int) -> list[Text]:
    title = Text.assemble((f"{row.route.method} {row.route.rule}", "bold"), f" = {row.route.event}")
    surfaces = [Text(" ".join(row.route.surfaces), "dim")] if width >= _NARROW else []
    colour = _COLOURS[State.MISMATCHED] if not row.is_equal else "green" if row.asked else "yellow"
    figures = [_figure(row, name) for name in matrix.classes]
    return [title, *surfaces, *figures, Text(f"{row.asked:,}"), Text(row.verdict, colour)]


def _figure(row: Row, name: str) -> Text:
    """Return how often a class was seen; ``-`` where it ought to be and was not."""
    square = row.of_class(name)
    text = {State.UNTESTED: "-", State.NOT_EXPECTED: ""}.get(square.state, f"{square.asked:,}")
    return Text(text, _COLOURS[square.state] if square.state is not State.EQUAL else "")


# ---- what is no mismatch ----------------------------------------------------------------------


def _notes(title: str, notes: Sequence[Note], width: int) -> Group:
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
