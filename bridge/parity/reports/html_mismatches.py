"""The mismatches, a card each: what differs, the sequence that shows it, both observations, the command."""

from __future__ import annotations

from itertools import groupby
from os.path import commonprefix

from bridge.parity.observation import Observation
from bridge.parity.reports.comparing import Line, lines
from bridge.parity.reports.describing import (
    NOTHING,
    Routes,
    body_text,
    by_event,
    counted,
    cut_alike,
    headers_text,
    request_text,
    value_text,
    visible,
    who_text,
)
from bridge.parity.reports.markup import code, escaped, pill, route_of, section, tag
from bridge.parity.result import Mismatch, Result
from bridge.parity.steps import Step

_OPEN = 6
"""Mismatches up to which all are open at first."""
_GIST = 110
_FOLDED = 6
"""Lines that are equal in a row, from which they are folded away."""


def mismatches_section(result: Result) -> str:
    """Return the cards, or a line that there are none."""
    if not result.mismatches:
        return ""
    known, is_open = by_event(result.routes), len(result.mismatches) <= _OPEN
    cards = "".join(_card(number, one, known, is_open=is_open) for number, one in enumerate(result.mismatches))
    return section("mismatches", "Mismatches", len(result.mismatches), cards)


def _card(number: int, one: Mismatch, known: Routes, *, is_open: bool) -> str:
    times = f'<span class="times">{counted(one.times, "time")}</span>' if one.times > 1 else ""
    return (
        f'<details class="card" id="m{number}" data-surface="{escaped(one.surface)}"{" open" if is_open else ""}>'
        f'<summary><span class="title">{route_of(one.route)}{pill(one.surface)}{times}</span>'
        f'<span class="where">{code(one.difference.path, "path")}</span>{_gist(one)}</summary>'
        f'<div class="inner"><h3>Shortest sequence that shows it</h3>'
        f'<ol class="steps">{"".join(_step(step, known) for step in one.steps)}</ol>'
        f"<h3>Both observations, where they differ</h3>{_sides(one)}"
        f"<h3>Repeat it <span>seed {one.seed}, id {one.id}</span></h3>"
        f'<pre class="command"><code>{escaped(one.command)}</code></pre></div></details>\n'
    )


def _gist(one: Mismatch) -> str:
    """Return both statuses, and what both have at the path."""
    values = cut_alike(value_text(one.difference.control), value_text(one.difference.candidate), _GIST)
    is_status = one.difference.part == "status"
    sides = (("control", one.control, values[0]), ("candidate", one.candidate, values[1]))
    return tag(
        "span",
        "".join(
            f'<span class="side {name}"><span class="label">{name}</span> <b>{_status(seen)}</b> '
            f"{'' if is_status else code(text, 'nothing' if text == NOTHING else '')}</span>"
            for name, seen, text in sides
        ),
        class_="gist",
    )


def _status(seen: Observation) -> str:
    return str(seen.status) if seen.status else "no answer"


def _step(step: Step, known: Routes) -> str:
    method, space, rest = request_text(step, known).partition(" ")
    request = f"<code><b>{escaped(method)}</b>{space}{escaped(rest)}</code>"
    more = "".join(tag("pre", code(text)) for text in (headers_text(step), body_text(step)) if text)
    return f"<li>{pill(who_text(step), 'who' if step.who else 'who nobody')} {request}{more}</li>"


# ---- side by side -----------------------------------------------------------------------------


def _sides(one: Mismatch) -> str:
    """Return a table of both observations: a row a line, lines that differ marked, the mismatch's own most of all."""
    found, own = lines(one)
    if not found:
        return '<p class="about">They are the same now but for what is listed above.</p>'
    bodies = []
    for is_equal, group in groupby(enumerate(found), key=lambda pair: pair[1].is_equal):
        rows = [_line(line, number == own) for number, line in group]
        bodies.append(_folded(rows) if is_equal and len(rows) >= _FOLDED else f"<tbody>{''.join(rows)}</tbody>")
    return (
        '<table class="sides"><thead><tr><th scope="col">control <span>HTTP</span></th>'
        f'<th scope="col">candidate <span>{escaped(one.surface)}</span></th></tr></thead>{"".join(bodies)}</table>'
    )


def _folded(rows: list[str]) -> str:
    """Return equal lines of which the middle is left to the script to hide."""
    return f'<tbody>{rows[0]}</tbody><tbody class="alike">{"".join(rows[1:-1])}</tbody><tbody>{rows[-1]}</tbody>'


def _line(line: Line, is_own: bool) -> str:
    kind = "" if line.is_equal else ' class="own"' if is_own else ' class="other"'
    sides = _marked(line)
    return f"<tr{kind}>{_cell('control', sides[0], line)}{_cell('candidate', sides[1], line)}</tr>"


def _cell(side: str, inner: str | None, line: Line) -> str:
    if inner is None:
        return f'<td class="{side} empty"></td>'
    return f'<td class="{side}">{"&nbsp;&nbsp;" * line.depth}{inner}</td>'


def _marked(line: Line) -> tuple[str | None, str | None]:
    """Return both sides as HTML; what one has and the other has not is marked, where part of them is alike."""
    left, right = line.control, line.candidate
    if line.is_equal or left is None or right is None:
        return left if left is None else escaped(left), right if right is None else escaped(right)
    left, right = visible(left), visible(right)
    start, end = len(commonprefix([left, right])), 0
    if left.endswith('"') and right.endswith('"'):
        end = len(commonprefix([left[start:][::-1], right[start:][::-1]]))
    else:  # numbers and the like differ as a whole
        start = left.rfind(" ", 0, start) + 1
    return _with_mark(left, start, end), _with_mark(right, start, end)


def _with_mark(text: str, start: int, end: int) -> str:
    stop = len(text) - end
    middle = f"<mark>{escaped(text[start:stop])}</mark>" if start < stop else ""
    return f"{escaped(text[:start])}{middle}{escaped(text[stop:])}"
