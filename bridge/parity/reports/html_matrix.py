"""The route matrix as a picture: SVG in the page, a row a route, a column a surface and a class of status.

A narrow page gets a route's name above its cells. SVG lays nothing out, so the places of all layouts are written into
the style sheet (the policy of the page forbids ``style`` attributes); without container queries it is the narrow one.
"""

from __future__ import annotations

import re

from bridge.parity.reports.describing import full_title
from bridge.parity.reports.markup import escaped, tag
from bridge.parity.reports.matrix import NO_ANSWER, Matrix, Row, Square, State, matrix_of
from bridge.parity.result import BRIDGED, NATIVE, Result

_CONVERTER = re.compile(r"<[^:<>]+:")
_CELL, _HEIGHT, _GAP, _BETWEEN = 40, 22, 3, 11
"""Width and height of a cell, the gaps beside it and between surfaces."""
_ROW, _TALL = 27, 50
_HEAD = 42
_BASELINE = 17.5
_CHARACTER = 7.25
"""Width of a character of the names, 12 px monospace."""
_NARROW_NAME, _WIDE_NAME, _EVENT = 48, 64, 34
"""Characters of names, cut in the middle."""
_SURFACES = {BRIDGED: "bridged Resource", NATIVE: "native handler"}
_MEANINGS = {
    State.EQUAL: "same as over HTTP",
    State.MISMATCHED: "some answers differ",
    State.UNTESTED: "ought to be, no step got there",
    State.NOT_EXPECTED: "no such answer, or no such handler",
}


def matrix_section(result: Result, matrix: Matrix | None = None) -> str:
    """Return the picture with its legend, or nothing where no route was asked."""
    matrix = matrix or matrix_of(result)
    if not matrix.rows:
        return ""
    anchors: dict[tuple[str, str], int] = {}
    for number, one in enumerate(result.mismatches):
        anchors.setdefault((one.route.event, one.surface), number)
    rows = "".join(_row(number, row, matrix, anchors) for number, row in enumerate(matrix.rows))
    label = "Route matrix: a row for each route, a column for each surface and class of status"
    height = _TALL * len(matrix.rows)
    return (
        f'<figure class="matrix"><figcaption>{_legend(matrix)}</figcaption><div class="scroll">'
        f"{_heading(matrix)}"
        f'<svg class="rows" role="group" aria-label="{label}" width="{_cells_width(matrix)}" height="{height}">'
        f"{rows}</svg></div></figure>"
    )


# ---- where things are -------------------------------------------------------------------------


def matrix_style(matrix: Matrix) -> str:
    """Return the rules that put a route on one line where there is room for it, with its event where that fits too."""
    cells, (name, event) = _cells_width(matrix), _columns(matrix)
    return (
        f"@container matrix (max-width:{cells - 1}px){{.scroll{{overflow-x:auto}}}}\n"
        f"@container matrix (min-width:{name + cells}px){{{_in_one_line(matrix, name)}}}\n"
        f"@container matrix (min-width:{name + event + cells}px){{{_columns_at(matrix, name + event)}"
        f".matrix .event{{display:inline;transform:translate({name}px,{_BASELINE}px)}}}}\n"
    )


def _in_one_line(matrix: Matrix, left: int) -> str:
    rules = {
        ".rows": f"height:{len(matrix.rows) * _ROW}px",
        ".matrix .name": f"transform:translateY({_BASELINE}px)",
        ".short": "display:none",
        ".long": "display:inline",
        ".back": f"x:-8px;width:calc(100% + 16px);height:{_ROW}px",
        ".row:nth-child(odd):not(:hover) .back": "fill:var(--zebra)",
        **{f"#r{number}": f"transform:translateY({number * _ROW}px)" for number in range(len(matrix.rows))},
    }
    return "".join(f"{selector}{{{rule}}}" for selector, rule in rules.items()) + _columns_at(matrix, left)


def _columns_at(matrix: Matrix, left: int) -> str:
    return (
        f".scroll svg{{width:{left + _cells_width(matrix)}px}}.heads{{transform:translateX({left}px)}}"
        f".matrix .cells{{transform:translate({left}px,{(_ROW - _HEIGHT) / 2:g}px)}}"
    )


def _columns(matrix: Matrix) -> tuple[int, int]:
    """Return the widths of the two columns of names in the wide layout."""
    names = max((len(_shortened(row.route.title, _WIDE_NAME)) for row in matrix.rows), default=0)
    events = max((len(row.route.event) for row in matrix.rows), default=0)
    return round(names * _CHARACTER) + 20, round(min(events, _EVENT) * _CHARACTER) + 20


def _x(matrix: Matrix, surface: str, name: str) -> int:
    at, column = matrix.surfaces.index(surface), matrix.classes.index(name)
    return at * _surface_width(matrix) + column * (_CELL + _GAP)


def _surface_width(matrix: Matrix) -> int:
    return len(matrix.classes) * (_CELL + _GAP) - _GAP + _BETWEEN


def _cells_width(matrix: Matrix) -> int:
    return len(matrix.surfaces) * _surface_width(matrix) - _BETWEEN


# ---- the parts of the picture -----------------------------------------------------------------


def _heading(matrix: Matrix) -> str:
    """Return the names of the columns, a picture of its own since it stays in view while the rows scroll."""
    surfaces = "".join(
        tag("text", escaped(_SURFACES.get(one, one)), class_="surface", x=_x(matrix, one, matrix.classes[0]), y=14)
        for one in matrix.surfaces
    )
    classes = "".join(
        tag("text", escaped(_class(name)), class_="class", x=_x(matrix, surface, name) + _CELL // 2, y=33)
        for surface in matrix.surfaces
        for name in matrix.classes
    )
    return (
        f'<svg class="head" aria-hidden="true" width="{_cells_width(matrix)}" height="{_HEAD}">'
        f'<g class="heads">{surfaces}{classes}</g></svg>'
    )


def _class(name: str) -> str:
    return "no ans." if name == NO_ANSWER else name


def _row(number: int, row: Row, matrix: Matrix, anchors: dict[tuple[str, str], int]) -> str:
    cells = "".join(
        _cell(row, surface, name, square, _x(matrix, surface, name), anchors)
        for (surface, name), square in row.squares.items()
    )
    kind = "row" if row.is_equal else "row differs"
    return (
        f'<g class="{kind}" id="r{number}" transform="translate(0 {number * _TALL})">'
        f'<rect class="back" width="100%" height="{_TALL}" rx="4"/>{_name(row)}'
        f'<g class="cells" transform="translate(0 21)">{cells}</g></g>\n'
    )


def _name(row: Row) -> str:
    """Return the name of a row, cut for both layouts; whole as its title."""
    whole = row.route.title
    short, long = _shortened(whole, _NARROW_NAME), _shortened(whole, _WIDE_NAME)
    shown = (
        _method(long)
        if short == long
        else f'<tspan class="short">{_method(short)}</tspan>' + (f'<tspan class="long">{_method(long)}</tspan>')
    )
    title = f"<title>{escaped(full_title(row.route))}</title>"
    return (
        f'<text class="name" transform="translate(0 14)">{title}{shown}</text>'
        f'<text class="event">{escaped(cut_middle(row.route.event, _EVENT))}</text>'
    )


def _method(title: str) -> str:
    method, _, rule = title.partition(" ")
    return f'<tspan class="method">{escaped(method)}</tspan> {escaped(rule)}'


def _shortened(title: str, width: int) -> str:
    """Return a title without its converters where it is too long with them, and cut where it still is."""
    return cut_middle(title if len(title) <= width else _CONVERTER.sub("<", title), width)


def cut_middle(text: str, width: int) -> str:
    """Return text of at most ``width`` characters, its middle left out: rules differ at their ends."""
    if len(text) <= width:
        return text
    start = (width - 1) // 2
    return f"{text[:start]}…{text[start + 1 - width :]}"


def _cell(row: Row, surface: str, name: str, square: Square, x: int, anchors: dict[tuple[str, str], int]) -> str:
    middle = x + _CELL // 2
    title = escaped(f"{row.route.title}, {surface}, {name}: {_told(square)}")
    if square.state is State.NOT_EXPECTED:
        return f'<g class="cell none"><title>{title}</title><circle cx="{middle}" cy="{_HEIGHT // 2}" r="1.5"/></g>'
    inner = (
        f'<title>{title}</title><rect x="{x + 0.5}" y="0.5" width="{_CELL - 1}" height="{_HEIGHT - 1}" rx="4"/>'
        f'<text x="{middle}" y="15">{_figure(square)}</text>'
    )
    shown = f'<g class="cell {square.state}" role="img">{inner}</g>'
    anchor = anchors.get((row.route.event, surface))
    return f'<a href="#m{anchor}">{shown}</a>' if square.state is State.MISMATCHED and anchor is not None else shown


def _told(square: Square) -> str:
    return {
        State.EQUAL: f"{square.asked:,} answers, all the same as over HTTP",
        State.MISMATCHED: f"{square.mismatched:,} of {square.asked:,} answers differ",
        State.UNTESTED: "untested",
        State.NOT_EXPECTED: "not expected",
    }[square.state]


def _figure(square: Square) -> str:
    if square.state is State.MISMATCHED:
        return f"✕ {short_number(square.mismatched)}"
    return short_number(square.asked)


def short_number(number: int) -> str:
    """Return a number of at most four characters: ``940``, ``1.2k``, ``12k``, ``3.4M``."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if number >= size:
            return f"{number // size}{unit}" if number >= 10 * size else f"{number / size:.1f}{unit}"
    return str(number)


def _legend(matrix: Matrix) -> str:
    signs = {State.EQUAL: "12", State.MISMATCHED: "✕ 3", State.UNTESTED: "0", State.NOT_EXPECTED: ""}
    items = "".join(
        f'<li><svg width="{_CELL}" height="{_HEIGHT}" aria-hidden="true">{_sample(state, signs[state])}</svg>'
        f"<b>{matrix.count(state)} {state}</b><span>{_MEANINGS[state]}</span></li>"
        for state in State
    )
    return f'<ul class="legend">{items}</ul>'


def _sample(state: State, sign: str) -> str:
    if state is State.NOT_EXPECTED:
        return f'<g class="cell none"><circle cx="{_CELL // 2}" cy="{_HEIGHT // 2}" r="1.5"/></g>'
    return (
        f'<g class="cell {state}"><rect x="0.5" y="0.5" width="{_CELL - 1}" height="{_HEIGHT - 1}" rx="4"/>'
        f'<text x="{_CELL // 2}" y="15">{sign}</text></g>'
    )
