"""The JUnit report: a testcase for each route and surface, as Jenkins and GitLab show them.

Of several failures in one testcase both show the first one only: all mismatches of a testcase are one failure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from bridge.parity.reports.describing import (
    Routes,
    by_event,
    counted,
    cut_alike,
    full_title,
    place,
    summary,
    value_text,
    visible,
)
from bridge.parity.reports.matrix import totals, verdict
from bridge.parity.reports.text_mismatch import explanation
from bridge.parity.result import SURFACES, Mismatch, Note, Result, Route

_WIDTH = 100
_VALUE = 80


@dataclass(frozen=True, slots=True)
class _Case:
    """A route on a surface, with all that is known of it."""

    route: Route
    surface: str
    asked: int
    mismatches: tuple[Mismatch, ...]
    ignored: tuple[Note, ...]
    notes: tuple[tuple[str, Note], ...]

    @property
    def skipped(self) -> str:
        """Why there is no verdict, or ""."""
        whole = [note.sentence for note in self.ignored if not note.path]
        if self.mismatches:
            return ""
        return f"ignored: {'; '.join(whole)}" if whole else "" if self.asked else "no step reached it"


def render(result: Result) -> str:
    """Return the XML document."""
    cases, known = list(_cases(result)), by_event(result.routes)
    figures = {
        "tests": str(len(cases)),
        "failures": str(sum(bool(case.mismatches) for case in cases)),
        "errors": "0",
        "time": f"{result.seconds:.3f}",
    }
    name = visible(f"fetch2socket parity {result.source}")
    root = Element("testsuites", {"name": name, **figures})
    suite = SubElement(
        root, "testsuite", {"name": name, **figures, "skipped": str(sum(bool(c.skipped) for c in cases))}
    )
    properties = SubElement(suite, "properties")
    for key, value in (("seed", result.seed), *result.versions.items()):
        SubElement(properties, "property", {"name": visible(key), "value": visible(str(value))})
    for case in cases:
        _add(suite, case, known)
    SubElement(suite, "system-out").text = f"{verdict(result)}\n{totals(result)}, seed {result.seed}\n"
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


def _add(suite: Element, case: _Case, known: Routes) -> None:
    names = {"classname": visible(case.surface), "name": visible(full_title(case.route)), "time": "0.000"}
    element = SubElement(suite, "testcase", names)
    if case.mismatches:
        text = "\n".join(explanation(one, known, _WIDTH) for one in case.mismatches)
        SubElement(element, "failure", {"type": "Mismatch", "message": _message(case.mismatches)}).text = f"\n{text}"
    elif case.skipped:
        SubElement(element, "skipped", {"message": visible(case.skipped)})
    lines = [f"{kind}: {visible(place(note))}: {visible(note.sentence)}" for kind, note in case.notes]
    if lines:
        SubElement(element, "system-out").text = "\n".join(lines)


def _message(mismatches: tuple[Mismatch, ...]) -> str:
    first, *others = mismatches
    values = cut_alike(value_text(first.difference.control), value_text(first.difference.candidate), _VALUE)
    more = f"; and {counted(len(others), 'mismatch')} more" if others else ""
    return f"{visible(summary(first))}: {values[0]} over HTTP, {values[1]} here{more}"


def _cases(result: Result) -> Iterator[_Case]:
    asked: Counter[tuple[str, str]] = Counter()
    for cell in result.cells:
        asked[(cell.event, cell.surface)] += cell.asked
    for route, surface in _places(result):
        yield _Case(
            route,
            surface,
            asked[(route.event, surface)],
            tuple(one for one in result.mismatches if (one.route, one.surface) == (route, surface)),
            tuple(note for note in result.ignored if _is_about(note, route, surface)),
            tuple(
                (kind, note)
                for kind, notes in (("noise", result.noise), ("warning", result.warnings), ("ignored", result.ignored))
                for note in notes
                if _is_about(note, route, surface)
            ),
        )


def _places(result: Result) -> list[tuple[Route, str]]:
    """Return every route with every surface that it has, or that something is known of."""
    places = [(route, surface) for route in result.routes for surface in route.surfaces]
    places += [(one.route, one.surface) for one in result.mismatches]
    places += [(note.route, note.surface) for note in result.ignored if note.surface in SURFACES]
    return list(dict.fromkeys(places))


def _is_about(note: Note, route: Route, surface: str) -> bool:
    """True for a note of the route on this surface, or on none of its own, as noise of the control is."""
    return note.route.event == route.event and (note.surface == surface or note.surface not in SURFACES)
