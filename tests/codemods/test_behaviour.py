"""Each fixture does with a socket what it did with fetch: same requests, same callbacks, same values."""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from codemods.javascript.parser import parse, walk
from tests.codemods.cases import EVENTS, Case, pairs, rewrite_case
from tests.codemods.vue_source import runnable

NODE = shutil.which("node")
HARNESS = Path(__file__).with_name("behaviour.mjs")
COACH = {"id": 9, "name": "Ada", "error": "E", "errors": {"name": ["short"]}, "message": "M"}
JSON = "application/json"
ANSWERS: dict[str, dict[str, Any]] = {
    "200 object": {"status": 200, "body": json.dumps(COACH), "type": JSON},
    "200 list": {"status": 200, "body": json.dumps([COACH, {"id": 10}]), "type": JSON},
    "201": {"status": 201, "body": json.dumps(COACH), "type": JSON},
    "204": {"status": 204, "body": "", "type": "text/html"},
    "401": {"status": 401, "body": json.dumps({"error": "Log in"}), "type": JSON},
    "404": {"status": 404, "body": json.dumps({"error": "No coach"}), "type": JSON},
    "422": {"status": 422, "body": json.dumps({"errors": {"name": ["short"]}}), "type": JSON},
    "500 page": {"status": 500, "body": "<h1>Internal Server Error</h1>", "type": "text/html"},
    "no answer": {"status": 0, "body": "", "type": "", "offline": True},
}
LATER = "now runs after"
"""What the report says where two calls swap places (a likely rewrite)."""

pytestmark = pytest.mark.skipif(NODE is None, reason="needs Node")


def is_executable(case: Case) -> bool:
    """True for plain JavaScript: no JSX, no types."""
    module = parse(case.data, case.path.name)
    return not module.is_typed and not any(node.type.startswith("jsx") for node in walk(module.root))


EXECUTABLE = [case for case in pairs() if is_executable(case)]


def may_differ(output: str, answer: str) -> bool:
    """True where docs/idioms allow a difference.

    A branch guarded by ``ok`` or ``status`` reads ``result.data``, which is there when the answer is not JSON;
    a callback is told of a broken connection (status 0), where fetch rejected.
    """
    if answer in {"204", "500 page"}:
        return ".data" in output or "({ ok, data })" in output
    return answer == "no answer" and ".emit(" in output and ("ok" in output or ".status" in output)


def task(source: str, case: Case, answer: str) -> dict[str, Any]:
    """Return what the harness needs to run a piece of source."""
    page = case.path.with_name("page.txt")
    return {
        "source": runnable(source, case.path.name),
        "answer": ANSWERS[answer],
        "events": [event.to_dict() for event in EVENTS],
        "page": page.read_text().strip() if page.exists() else "/",
        "strip": "/api" if "proxy" in case.name else "",
    }


def run(tasks: list[dict[str, Any]]) -> list[Any]:
    """Run pieces of source in Node, all at once."""
    assert NODE is not None
    done = subprocess.run([NODE, str(HARNESS)], input=json.dumps(tasks), capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    found: list[Any] = json.loads(done.stdout)
    return found


@cache
def observations() -> dict[tuple[str, str], tuple[Any, Any]]:
    """Return (before, after) for every fixture and answer."""
    keys = [(case, answer) for case in EXECUTABLE for answer in ANSWERS]
    before = run([task(case.data.decode(), case, answer) for case, answer in keys])
    after = run([task(case.output.read_text(), case, answer) for case, answer in keys])
    return {(case.name, answer): (a, b) for (case, answer), a, b in zip(keys, before, after, strict=True)}


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("case", EXECUTABLE, ids=lambda case: case.name)
def test_rewritten_code_does_what_it_did(case: Case, answer: str) -> None:
    """Before and after ask for the same, and hand on the same, whatever the server answers."""
    before, after = observations()[case.name, answer]
    assert before["requests"], "the fixture asks for nothing"
    if may_differ(case.output.read_text(), answer):
        return
    if any(LATER in site.message for site in rewrite_case(case).sites):
        before["calls"].sort()
        after["calls"].sort()
    assert after == before


@pytest.mark.parametrize(
    ("old", "new"), [("update_coach", "replace_coach"), ("{ id }", "{ id: 8 }"), ("onUpdate", "onDelete")]
)
def test_harness_sees_a_difference(old: str, new: str) -> None:
    """The harness is no rubber stamp: another event, param or callback shows."""
    case = next(one for one in EXECUTABLE if one.name == "fetch_then/row_07_id_and_body")
    output = case.output.read_text()
    assert old in output
    before, after = run([task(text, case, "200 object") for text in (case.data.decode(), output.replace(old, new))])
    assert before != after


def test_fixtures_are_mostly_executable() -> None:
    """Fixtures with JSX or types are the exception."""
    assert len(EXECUTABLE) > len(pairs()) * 0.85
