"""The route matrix as a picture: a row a route, a column a surface and class of status; readable without colour."""

from __future__ import annotations

from html import escape

from bridge.parity.reports.describing import counted
from bridge.parity.reports.matrix import Matrix, Row, Square, State

_HEIGHT, _CELL, _GAP, _TOP = 26, 58, 14, 46
_CHARACTER, _LEAST, _MOST = 7.3, 180, 420
_CLASSES = {
    State.EQUAL: "equal",
    State.MISMATCHED: "differs",
    State.UNTESTED: "untested",
    State.NOT_EXPECTED: "empty",
}
_LEGEND = (
    (State.EQUAL, "the same as HTTP"),
    (State.MISMATCHED, "differs"),
    (State.UNTESTED, "not reached"),
    (State.NOT_EXPECTED, "not expected"),
)


def picture(matrix: Matrix) -> str:
    """Return the SVG and its legend. Numbers are comparisons; of cells that differ, how many of them did."""
    longest = max(len(row.route.title) for row in matrix.rows)
    left = int(min(max(longest * _CHARACTER + 16, _LEAST), _MOST))
    width = left + len(matrix.surfaces) * (len(matrix.classes) * _CELL + _GAP)
    height = _TOP + len(matrix.rows) * _HEIGHT + 4
    shapes = [*_heads(matrix, left)]
    for number, row in enumerate(matrix.rows):
        shapes += _row(matrix, row, left, _TOP + number * _HEIGHT, width)
    label = f"{counted(len(matrix.rows), 'route')}: {matrix.count(State.EQUAL)} cells equal, " + (
        f"{matrix.count(State.MISMATCHED)} differ, {matrix.count(State.UNTESTED)} not reached"
    )
    return (
        f'<div class=wide><svg class=matrix role=img aria-label="{label}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{"".join(shapes)}</svg></div>{_legend()}'
    )


def _heads(matrix: Matrix, left: int) -> list[str]:
    shapes = []
    for number, surface in enumerate(matrix.surfaces):
        start = left + number * (len(matrix.classes) * _CELL + _GAP)
        middle = start + len(matrix.classes) * _CELL / 2
        shapes.append(f'<text class=surface x="{middle}" y="16">{escape(surface)}</text>')
        for index, name in enumerate(matrix.classes):
            x = start + index * _CELL + _CELL / 2
            shapes.append(f'<text class=class x="{x}" y="36">{escape(name)}</text>')
    return shapes


def _row(matrix: Matrix, row: Row, left: int, top: int, width: int) -> list[str]:
    most = int((left - 16) / _CHARACTER)
    title = row.route.title if len(row.route.title) <= most else f"{row.route.title[: most - 1]}…"
    method, _, rule = title.partition(" ")
    full = escape(f"{row.route.title} = {row.route.event}")
    shapes = [
        f'<line x1="0" x2="{width}" y1="{top + _HEIGHT}" y2="{top + _HEIGHT}"/>',
        f'<text class=route x="0" y="{top + 18}"><title>{full}</title>'
        f"<tspan class=method>{escape(method)}</tspan> {escape(rule)}</text>",
    ]
    for number, surface in enumerate(matrix.surfaces):
        for index, name in enumerate(matrix.classes):
            x = left + number * (len(matrix.classes) * _CELL + _GAP) + index * _CELL
            shapes.append(_square(row.squares[surface, name], x, top, f"{full}, {surface} {name}"))
    return shapes


def _square(square: Square, x: int, y: int, place: str) -> str:
    kind = _CLASSES[square.state]
    if square.state is State.NOT_EXPECTED:
        return f'<circle class=empty cx="{x + _CELL / 2}" cy="{y + _HEIGHT / 2}" r="1.5"/>'
    text = {State.UNTESTED: "–", State.MISMATCHED: f"✗ {square.mismatched:,}"}.get(square.state, f"{square.asked:,}")
    says = f"{place}: {square.state}, {counted(square.asked, 'comparison')}"
    return (
        f'<g class="{kind}"><title>{escape(says)}</title>'
        f'<rect x="{x + 2}" y="{y + 2}" width="{_CELL - 4}" height="{_HEIGHT - 4}" rx="4"/>'
        f'<text x="{x + _CELL / 2}" y="{y + 18}">{text}</text></g>'
    )


def _legend() -> str:
    items = "".join(f'<li><i class="{_CLASSES[state]}"></i>{escape(says)}</li>' for state, says in _LEGEND)
    return f"<ul class=legend>{items}</ul>"
