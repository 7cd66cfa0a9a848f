"""SARIF 2.1.0, for code scanning and editors: each finding a result, each reason a rule with its help.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from codemods import reasons
from codemods.reports.hunks import Comparison, Piece, compare
from codemods.reports.screen import Screen, visible
from codemods.reports.tally import advice, code, findings, meaning
from codemods.reports.version import tool_version
from codemods.results import LEFT, LIKELY, FileResult, Site
from codemods.run import Run

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_Json = dict[str, Any]


def render(run: Run, screen: Screen) -> str:
    """Return the SARIF log."""
    codes = list(findings(run.sites))
    results = [row for result in run.results for row in _results(result, codes)]
    paths = dict.fromkeys(one.path for one in run.results if one.sites or one.unparsable or one.is_changed)
    log = {
        "tool": {"driver": _driver(codes)},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True, "toolExecutionNotifications": list(_notifications(run))}],
        "artifacts": [{"location": {"uri": _uri(path)}} for path in paths],
        "results": results,
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [log]}
    return json.dumps(document, indent=2) + "\n"


def _driver(codes: list[str]) -> _Json:
    return {"name": "fetch2socket", "semanticVersion": tool_version(), "rules": list(map(_rule, codes))}


def _rule(reason: str) -> _Json:
    return {
        "id": reason,
        "shortDescription": {"text": meaning(reason)},
        "help": {"text": f"{meaning(reason)} {advice(reason)}"},
    }


def _notifications(run: Run) -> Iterator[_Json]:
    """Yield a warning for each file that was not read whole."""
    for one in run.unparsable:
        message = {"text": visible(f"{one['file']}: {one['reason']}")}
        yield {"level": "warning", "message": message, "locations": [_location(one["file"])]}


# ---- results ----------------------------------------------------------------------------------


def _results(result: FileResult, codes: list[str]) -> Iterator[_Json]:
    found = compare(result.before, result.after)
    fixes = [_fix(result.path, found)] if result.is_changed else []
    seen: Counter[str] = Counter()
    for site in result.sites:
        if not code(site):
            continue
        line = found.before[site.line - 1].strip() if site.line <= len(found.before) else ""
        key = f"{code(site)}:{line}"
        seen[key] += 1
        row = _result(site, codes.index(code(site)), f"{key}:{seen[key]}")
        yield {**row, "fixes": fixes} if code(site) == LIKELY and fixes else row


def _result(site: Site, index: int, key: str) -> _Json:
    """Return one finding; its fingerprint stays the same while the call and its file's name do."""
    return {
        "ruleId": code(site),
        "ruleIndex": index,
        "level": _level(site),
        "message": {"text": _message(site)},
        "locations": [_location(site.file, {"startLine": site.line, "startColumn": site.column})],
        "partialFingerprints": {"callSite/v1": sha256(key.encode("utf-8", "replace")).hexdigest()[:32]},
    }


def _message(site: Site) -> str:
    """Return a sentence that can be read alone, as viewers show it."""
    text = visible(site.message) or meaning(code(site))
    return f"Can become the event {visible(site.event)}; look at it: {text}." if code(site) == LIKELY else text


def _level(site: Site) -> str:
    if site.reason == reasons.INTERNAL_ERROR:
        return "error"
    return "warning" if site.outcome == LEFT else "note"


def _location(path: str, region: _Json | None = None) -> _Json:
    place: _Json = {"artifactLocation": {"uri": _uri(path)}}
    return {"physicalLocation": {**place, "region": region} if region else place}


def _uri(path: str) -> str:
    """Return a path as a URI reference, relative where the path is; undecodable bytes keep their value."""
    escaped = quote(os.fsencode(PurePath(path).as_posix()))
    return f"file://{escaped}" if escaped.startswith("/") else escaped


# ---- fixes ------------------------------------------------------------------------------------


def _fix(path: str, found: Comparison) -> _Json:
    """Return the rewrite of a whole file: its calls share an import, so that none can be taken alone."""
    changes = [_replacement(found, piece) for piece in found.changes]
    change = {"artifactLocation": {"uri": _uri(path)}, "replacements": changes}
    text = "Rewrite the calls of this file (fetch2socket client --write also adds the client module)."
    return {"description": {"text": text}, "artifactChanges": [change]}


def _replacement(found: Comparison, piece: Piece) -> _Json:
    start, start_column = _point(found, piece.start)
    end, end_column = _point(found, piece.end)
    region = {"startLine": start, "startColumn": start_column, "endLine": end, "endColumn": end_column}
    return {"deletedRegion": region, "insertedContent": {"text": "".join(found.after[piece.new_start : piece.new_end])}}


def _point(found: Comparison, index: int) -> tuple[int, int]:
    """Return the line and column of the start of a line, or of the end of a file without a last line end."""
    if index and index == len(found.before) and not found.before[-1].endswith("\n"):
        return index, len(found.before[-1]) + 1
    return index + 1, 1
