"""The SARIF log: valid, located, repairable."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest

from codemods import reports
from codemods.results import EXTERNAL, LEFT, LIKELY, REWRITTEN, SAFE, FileResult, Site
from codemods.run import Run
from tests.codemods.sarif_schema import LOG
from tests.codemods.worlds import run_over

check = fastjsonschema.compile(LOG)
FILES = {
    "package.json": '{"dependencies": {}}',
    "src/App.jsx": 'fetch("/coaches").then((r) => r.json()).then(setCoaches);\nfetch(`/coaches?page=${p}`);\n',
    "src/left.js": 'fetch("/coachs");\n\nfetch("/coachs");\nfetch("https://x.example/");\n',
}


def log(run: Run) -> dict[str, Any]:
    """Return the only run of the log, which is valid."""
    document = json.loads(reports.render(run, "sarif"))
    check(document)
    (found,) = document["runs"]
    return found


def place(result: dict[str, Any]) -> tuple[str, int, int]:
    physical = result["locations"][0]["physicalLocation"]
    return (
        physical["artifactLocation"]["uri"],
        physical["region"]["startLine"],
        physical["region"]["startColumn"],
    )


def test_each_finding_is_a_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left is a warning; what goes elsewhere and what is likely are notes; safe rewrites are no results."""
    monkeypatch.chdir(tmp_path)
    found = log(run_over(tmp_path, FILES))
    assert [(one["ruleId"], one["level"], *place(one)) for one in found["results"]] == [
        ("likely", "note", "src/App.jsx", 2, 1),
        ("no_route", "warning", "src/left.js", 1, 1),
        ("no_route", "warning", "src/left.js", 3, 1),
        ("other_origin", "note", "src/left.js", 4, 1),
    ]
    rules = found["tool"]["driver"]["rules"]
    assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in found["results"])
    assert [one["help"]["text"].count(".") >= 2 for one in rules] == [True] * 3


def test_message_of_a_likely_rewrite_stands_alone(tmp_path: Path) -> None:
    """A viewer shows the message alone, so it says which event the call can become, and what to look at."""
    (result,) = [one for one in log(run_over(tmp_path, FILES))["results"] if one["ruleId"] == "likely"]
    assert result["message"]["text"] == (
        "Can become the event get_coaches; look at it: undefined and lists in the query string are sent differently."
    )


def apply(before: str, replacements: list[dict[str, Any]]) -> str:
    """Make replacements in a text, as a viewer does that knows nothing of us."""
    lines = before.splitlines(keepends=True)
    for one in reversed(replacements):
        region = one["deletedRegion"]
        start = sum(map(len, lines[: region["startLine"] - 1])) + region["startColumn"] - 1
        end = sum(map(len, lines[: region["endLine"] - 1])) + region["endColumn"] - 1
        before = before[:start] + one["insertedContent"]["text"] + before[end:]
    return before


@pytest.mark.parametrize("end", ["\n", ""])
@pytest.mark.parametrize("last", ["fetch(`/coaches?page=${p}`);", "// \u4e2d\U0001f600\nfetch(`/coaches?a=${p}`)"])
def test_fix_is_the_rewrite(last: str, end: str, tmp_path: Path) -> None:
    """The replacements of a likely rewrite make the rewritten file, also where the last line does not end."""
    source = f'import x from "x";\n\nfetch("/coaches");\nx();\n{last}{end}'
    run = run_over(tmp_path, {"package.json": "{}", "src/a.js": source})
    (result,) = [one for one in log(run)["results"] if one["ruleId"] == "likely"]
    (change,) = result["fixes"][0]["artifactChanges"]
    assert apply(source, change["replacements"]) == run.results[0].after.decode()
    lines = len(source.splitlines()) + source.endswith("\n")
    assert all(one["deletedRegion"]["endLine"] <= lines for one in change["replacements"])


def test_fingerprints_stay_when_lines_move(tmp_path: Path) -> None:
    """Two like calls have two fingerprints, and lines put above them change neither."""
    before = [one["partialFingerprints"] for one in log(run_over(tmp_path, FILES))["results"]]
    moved = {**FILES, "src/left.js": "// a\n// b\n" + FILES["src/left.js"]}
    after = [one["partialFingerprints"] for one in log(run_over(tmp_path, moved))["results"]]
    assert before == after
    assert len({one["callSite/v1"] for one in before}) == len(before)


@pytest.mark.parametrize("name", ["a b.js", "caf\xe9#1?.js", "a\udcff%41.js", 'src/"<x>".js', "a:b.js", "\x1b\n.js"])
def test_any_file_name_is_a_uri(name: str) -> None:
    """Whatever a file is called, its URI is valid and relative, and the log is UTF-8."""
    site = Site(name, 1, 1, LEFT, "internal_error", "failed \x1b")
    found = log(Run((FileResult(name, b"fetch()", b"fetch()", (site,), "failed inside"),)))
    assert found["results"][0]["level"] == "error"
    assert ":" not in place(found["results"][0])[0]
    assert found["invocations"][0]["toolExecutionNotifications"][0]["level"] == "warning"
    reports.render(Run(()), "sarif").encode()


def test_empty_run_is_valid() -> None:
    """A run that found nothing is a log without results."""
    assert log(Run(()))["results"] == []


def test_all_outcomes_are_valid() -> None:
    """Sites of each outcome, with and without a message, give a valid log."""
    sites = (
        Site("a.js", 1, 1, REWRITTEN, confidence=SAFE),
        Site("a.js", 1, 1, REWRITTEN, confidence=LIKELY),
        Site("a.js", 9, 1, EXTERNAL, "other_origin"),
    )
    found = log(Run((FileResult("a.js", b"x\n", b"y\n", sites),)))
    assert [one["ruleId"] for one in found["results"]] == ["likely", "other_origin"]
