"""The JSON report, and back: ``fetch2socket parity explain`` reads it, and so may any other program.

All keys are always there, but for those in brackets; keys may be added, none goes or changes what it means while
``version`` is 1:

    version     1
    source      the app that was asked, as ``module:app``
    seed        what the run is repeated with
    ok          true where nothing differs
    finished    false where time ran out, or somebody stopped it
    coverage    the share of cells that were reached, 0 to 1
    steps, comparisons, seconds
                calls that were made; answers that were compared; how long it took
    versions    by name, of what took part
    routes      of each: event, method, rule, surfaces (the candidates that have it: "bridge", "native")
    cells       of each: event, surface, status_class ("2xx" ... "5xx", "none"), asked, mismatched (how often)
    untested    of each cell that ought to be reached and was not: event, surface, status_class
    mismatches  of each: id (eight digits, the same from run to run), route, surface, path, [control], [candidate]
                (the values at that path; the key is missing where there is no value), steps (the shortest sequence),
                observations (control and candidate: all parts, and unordered), seed, command (repeats it), times
    noise, warnings, ignored
                of each: route, surface, path ("" for a whole route), sentence, times

A step has event, params, [body], [who] ("A", "B"; none: nobody), [headers]; a value that an earlier answer gives is
``{"$earlier": [step, path, instead]}``, steps counted from 0.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bridge.errors import BridgeError
from bridge.parity.observation import Observation
from bridge.parity.result import Cell, Difference, Mismatch, Note, Result, Route
from bridge.parity.steps import ABSENT, Step

VERSION = 1
_FIGURES = ("steps", "comparisons", "seconds")
_NOTES = ("noise", "warnings", "ignored")


def render(result: Result) -> str:
    """Return the JSON document; half of a surrogate pair is written as its escape."""
    text = json.dumps(_document(result), indent=2, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode() + "\n"


def read(text: str) -> Result:
    """Return the run that ``render`` wrote."""
    try:
        document = json.loads(text)
        version = document["version"]
    except (ValueError, KeyError, TypeError) as error:
        message = "This is no JSON report of parity: write one with --report json:FILE."
        raise BridgeError(message) from error
    if version != VERSION:
        message = f"This report has version {version}, and this fetch2socket reads version {VERSION}: run parity again."
        raise BridgeError(message)
    return _result(document)


def _document(result: Result) -> dict[str, Any]:
    return {
        "version": VERSION,
        "source": result.source,
        "seed": result.seed,
        "ok": result.ok,
        "finished": result.finished,
        "coverage": round(result.coverage, 4),
        **{name: getattr(result, name) for name in _FIGURES},
        "versions": dict(result.versions),
        "routes": [_route_row(route) for route in result.routes],
        "cells": [_cell_row(cell) for cell in result.cells],
        "untested": [{"event": one[0], "surface": one[1], "status_class": one[2]} for one in result.untested],
        "mismatches": [_mismatch_row(one) for one in result.mismatches],
        **{name: [_note_row(note) for note in getattr(result, name)] for name in _NOTES},
    }


def _route_row(route: Route) -> dict[str, Any]:
    return {"event": route.event, "method": route.method, "rule": route.rule, "surfaces": list(route.surfaces)}


def _cell_row(cell: Cell) -> dict[str, Any]:
    return {name: getattr(cell, name) for name in Cell.__dataclass_fields__}


def _note_row(note: Note) -> dict[str, Any]:
    return {
        "route": _route_row(note.route),
        "surface": note.surface,
        "path": note.path,
        "sentence": note.sentence,
        "times": note.times,
    }


def _mismatch_row(one: Mismatch) -> dict[str, Any]:
    sides = (("control", one.difference.control), ("candidate", one.difference.candidate))
    return {
        "id": one.id,
        "route": _route_row(one.route),
        "surface": one.surface,
        "path": one.difference.path,
        **{name: value for name, value in sides if value is not ABSENT},
        "steps": [step.to_dict() for step in one.steps],
        "observations": {"control": _observation_row(one.control), "candidate": _observation_row(one.candidate)},
        "seed": one.seed,
        "command": one.command,
        "times": one.times,
    }


def _observation_row(observation: Observation) -> dict[str, Any]:
    return {**observation.to_dict(), "unordered": list(observation.unordered)}


# ---- and back ---------------------------------------------------------------------------------


def _result(document: Mapping[str, Any]) -> Result:
    return Result(
        source=document["source"],
        seed=document["seed"],
        routes=tuple(map(_route, document["routes"])),
        cells=tuple(Cell(**{name: row[name] for name in Cell.__dataclass_fields__}) for row in document["cells"]),
        untested=tuple((row["event"], row["surface"], row["status_class"]) for row in document["untested"]),
        mismatches=tuple(map(_mismatch, document["mismatches"])),
        noise=tuple(map(_note, document["noise"])),
        warnings=tuple(map(_note, document["warnings"])),
        ignored=tuple(map(_note, document["ignored"])),
        finished=document["finished"],
        versions=document["versions"],
        **{name: document[name] for name in _FIGURES},
    )


def _route(row: Mapping[str, Any]) -> Route:
    return Route(row["event"], row["method"], row["rule"], tuple(row["surfaces"]))


def _note(row: Mapping[str, Any]) -> Note:
    return Note(_route(row["route"]), row["surface"], row["path"], row["sentence"], row["times"])


def _mismatch(row: Mapping[str, Any]) -> Mismatch:
    control, candidate = (Observation.from_dict(row["observations"][name]) for name in ("control", "candidate"))
    return Mismatch(
        route=_route(row["route"]),
        surface=row["surface"],
        difference=Difference(row["path"], row.get("control", ABSENT), row.get("candidate", ABSENT)),
        steps=tuple(map(Step.from_dict, row["steps"])),
        control=control,
        candidate=candidate,
        seed=row["seed"],
        command=row["command"],
        times=row["times"],
    )
