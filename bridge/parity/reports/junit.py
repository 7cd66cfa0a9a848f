"""The JUnit report: a test case for each route and surface, as CI servers show them."""

from __future__ import annotations

import re
from xml.etree import ElementTree as Tree

from bridge.parity.reports.describing import by_event, full_title, summary
from bridge.parity.reports.matrix import Row, Square, State, matrix_of
from bridge.parity.reports.text_mismatch import explanation
from bridge.parity.result import Note, Result

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped."""


def render(result: Result) -> str:
    """Return the XML document; a route that nobody asked on a surface is a skipped case."""
    matrix = matrix_of(result)
    cases = [(row, surface) for row in matrix.rows for surface in row.route.surfaces]
    suite = Tree.Element("testsuite", name=f"parity {result.source}", time=f"{result.seconds:.3f}")
    counts = {"tests": len(cases), "failures": 0, "errors": 0, "skipped": 0}
    for row, surface in cases:
        case = Tree.SubElement(suite, "testcase", classname=f"parity.{surface}", name=_text(full_title(row.route)))
        case.set("time", "0")
        counts["failures"] += _failures(case, row, surface, result)
        counts["skipped"] += _skipped(case, row, surface, result.ignored)
    for name, count in counts.items():
        suite.set(name, str(count))
    suites = Tree.Element("testsuites")
    suites.append(suite)
    Tree.indent(suites)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{Tree.tostring(suites, encoding="unicode")}\n'


def _failures(case: Tree.Element, row: Row, surface: str, result: Result) -> int:
    """Tell all mismatches of a case in one failure: more than one is not understood everywhere."""
    found = [one for one in result.mismatches if (one.route.event, one.surface) == (row.route.event, surface)]
    if not found:
        return 0
    failure = Tree.SubElement(case, "failure", message=_text("; ".join(map(summary, found))), type="mismatch")
    known = by_event(result.routes)
    failure.text = _text("\n".join(explanation(one, known) for one in found))
    return 1


def _skipped(case: Tree.Element, row: Row, surface: str, ignored: tuple[Note, ...]) -> int:
    if len(case):
        return 0
    squares = [square for (name, _), square in row.squares.items() if name == surface]
    reasons = [f"{one.path}: {one.sentence}" for one in ignored if (one.route, one.surface) == (row.route, surface)]
    if not _was_asked(squares):
        reasons = ["not tested"]
    if reasons:
        Tree.SubElement(case, "skipped", message=_text("; ".join(reasons)))
    return bool(reasons)


def _was_asked(squares: list[Square]) -> bool:
    return any(square.state in (State.EQUAL, State.MISMATCHED) for square in squares)


def _text(text: str) -> str:
    return _FORBIDDEN.sub("�", text)
