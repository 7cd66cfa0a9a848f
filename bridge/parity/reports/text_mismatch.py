"""One mismatch in full: what differs, the shortest sequence, where the observations differ, what repeats it.

``fetch2socket parity explain``, failures in JUnit and in pytest show it too.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from bridge.parity.observation import Observation
from bridge.parity.reports.comparing import alike, differences
from bridge.parity.reports.describing import (
    NOTHING,
    Routes,
    body_text,
    counted,
    cut,
    cut_alike,
    full_title,
    headers_text,
    request_text,
    value_text,
    visible,
    who_text,
)
from bridge.parity.result import Difference, Mismatch

_NARROW = 80
_MOST = 12
"""Paths that are listed; the JSON and the HTML report have all."""
_LINES = 4
"""Lines that a body gets at most."""


def explanation(one: Mismatch, known: Routes, width: int = 100) -> str:
    """Return a mismatch as plain text; ``known`` are routes by event, for the URLs of its steps."""
    return printed(mismatch_view(one, known, width), width)


def printed(view: RenderableType, width: int, *, is_coloured: bool = False) -> str:
    """Return what a terminal shows, without the blanks that fill its lines; a command is never cut."""
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=is_coloured,
        color_system="standard" if is_coloured else None,
        legacy_windows=False,
    )
    with console.capture() as shown:
        console.print(view, crop=False)
    return "".join(f"{line.rstrip()}\n" for line in shown.get().splitlines())


def mismatch_view(one: Mismatch, known: Routes, width: int) -> Group:
    """Return a mismatch as rich shows it."""
    return Group(
        _heading(one),
        _two_values(one, width),
        *_sequence(one, known, width),
        *_differing(one, width),
        Text.assemble("  seed ", (str(one.seed), "bold"), f", id {one.id}; repeat it with"),
        Text(f"    {visible(one.command)}", "cyan", no_wrap=True, overflow="ignore"),
    )


def _heading(one: Mismatch) -> Text:
    times = f"  {counted(one.times, 'time')}" if one.times > 1 else ""
    return Text.assemble(
        ("MISMATCH", "bold red"),
        (f"  {full_title(one.route)}", "bold"),
        f" ({one.surface})   ",
        (visible(one.difference.path), "bold yellow"),
        (times, "dim"),
    )


def _two_values(one: Mismatch, width: int) -> Group:
    """Return the status of both, and what they have at the path, cut at the same places."""
    values = cut_alike(value_text(one.difference.control), value_text(one.difference.candidate), max(width - 19, 10))
    is_status = one.difference.part == "status"
    rows = (("control", one.control, values[0], "green"), ("candidate", one.candidate, values[1], "red"))
    return Group(
        *(
            Text.assemble(f"  {name:<9}  ", (_status(seen), "bold"), ("" if is_status else f"  {text}", colour))
            for name, seen, text, colour in rows
        )
    )


def _status(seen: Observation) -> str:
    return str(seen.status) if seen.status else "no answer"


# ---- the sequence -----------------------------------------------------------------------------


def _sequence(one: Mismatch, known: Routes, width: int) -> Iterator[RenderableType]:
    if not one.steps:
        return
    yield Text(f"  the shortest sequence that shows it, {counted(len(one.steps), 'step')}:")
    whos = [who_text(step) for step in one.steps]
    requests = [request_text(step, known) for step in one.steps]
    room = max(map(len, whos))
    for number, (step, who, request) in enumerate(zip(one.steps, whos, requests, strict=True), start=1):
        line = Text.assemble(f"{number}. ", (f"{who:<{room}}", "dim"), "  ", (request, "bold"))
        yield Padding(line, (0, 0, 0, 4))
        indent = room + 9
        headers, body = headers_text(step), body_text(step)
        for text in filter(None, (headers, body)):
            shown = cut(text, _LINES * max(width - indent, 10))
            yield Padding(Text(shown, overflow="fold"), (0, 0, 0, indent))


# ---- where they differ ------------------------------------------------------------------------


def _differing(one: Mismatch, width: int) -> Iterator[RenderableType]:
    """Yield every path at which the observations differ, where that is more than the first one."""
    found = differences(one)
    if len(found) < 2:
        return
    yield Text(f"  both observations where they differ, {counted(len(found), 'path')}:")
    groups = alike(found)
    yield Padding((_columns if width >= _NARROW else _stacked)(groups[:_MOST], width), (0, 0, 0, 4))
    left = len(found) - sum(number for _, number in groups[:_MOST])
    if left:
        yield Text(f"    and {counted(left, 'path')} more, all of them in the JSON and the HTML report")


def _path(one: Difference, number: int) -> Text:
    return Text.assemble(visible(one.path), (f"  and {number - 1} more like it" if number > 1 else "", "dim"))


def _columns(found: list[tuple[Difference, int]], width: int) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    paths = [_path(*group) for group in found]
    room = min(max(map(len, paths)), width // 3)
    each = (width - 4 - room - 6) // 2
    for name, most in (("path", room), ("control", each), ("candidate", each)):
        table.add_column(name, max_width=most, overflow="fold")
    for path, (one, _) in zip(paths, found, strict=True):
        table.add_row(path, *_cut_values(one, each))
    return table


def _stacked(found: list[tuple[Difference, int]], width: int) -> Group:
    lines: list[Text] = []
    for one, number in found:
        control, candidate = _cut_values(one, max(width - 17, 10))
        lines += [_path(one, number), Text("  control    ") + control, Text("  candidate  ") + candidate]
    return Group(*lines)


def _cut_values(one: Difference, width: int) -> tuple[Text, Text]:
    control, candidate = cut_alike(value_text(one.control), value_text(one.candidate), width)
    return _valued(control, "green"), _valued(candidate, "red")


def _valued(text: str, colour: str) -> Text:
    return Text(text, "dim" if text == NOTHING else colour)
