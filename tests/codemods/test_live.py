"""``--live``: what becomes a subscription, what it does in a component's life, and what stays a single question."""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from codemods.cli import main
from codemods.javascript.parser import parse
from codemods.javascript.vue import blanked, scripts
from codemods.results import LIKELY, REWRITTEN
from tests.codemods.cases import FIXTURES, LIVE, Case, live_noops, live_pairs, rewrite_case, rewrite_text

NODE = shutil.which("node")
HARNESS = Path(__file__).with_name("live.mjs")
EFFECT = 'useEffect(() => {\n  fetch("/coaches").then((r) => r.json()).then(setCoaches);\n}, []);\n'
RUNNABLE = [case for case in live_pairs() if not parse(case.data, case.path.name).is_typed]


@pytest.mark.parametrize("case", live_pairs(), ids=lambda case: case.name)
def test_pair(case: Case) -> None:
    """The input becomes the output, marked likely; a second run changes nothing."""
    result = rewrite_case(case, is_live=True)
    assert result.after.decode() == case.output.read_bytes().decode()
    assert {(site.outcome, site.rule, site.confidence) for site in result.sites} == {(REWRITTEN, LIVE, LIKELY)}
    assert rewrite_case(case, result.after, is_live=True).after == result.after


@pytest.mark.parametrize("case", live_pairs(), ids=lambda case: case.name)
def test_line_endings_are_kept(case: Case) -> None:
    """The same file with CRLF becomes the same output with CRLF."""
    crlf, wanted = (data.replace(b"\n", b"\r\n") for data in (case.data, case.output.read_bytes()))
    assert rewrite_case(case, crlf, is_live=True).after == wanted


@pytest.mark.parametrize("case", live_noops(), ids=lambda case: case.name)
def test_noop(case: Case) -> None:
    """What does more than fill state once is done as it is without --live."""
    assert rewrite_case(case, is_live=True) == rewrite_case(case)


@pytest.mark.parametrize("case", live_pairs(), ids=lambda case: case.name)
def test_nothing_is_live_unless_asked_for(case: Case) -> None:
    """Without --live other rules rewrite the call."""
    result = rewrite_case(case)
    assert b"subscribe" not in result.after
    assert [site.outcome for site in result.sites] == [REWRITTEN] * len(result.sites)


# ---- in a component's life ------------------------------------------------------------------------


def runnable(case: Case, data: bytes) -> str:
    """Return plain JavaScript."""
    if case.path.suffix == ".vue":
        lines = blanked(data, scripts(data)).decode().split("\n")
        return "\n".join(line.lstrip() if line.lstrip().startswith("import ") else line for line in lines)
    return data.decode()


@cache
def observed() -> dict[str, tuple[Any, Any]]:
    """Return (before, after) for each fixture, all run in one Node."""
    sources = [runnable(case, data) for case in RUNNABLE for data in (case.data, case.output.read_bytes())]
    assert NODE is not None
    given = json.dumps([{"source": source} for source in sources])
    done = subprocess.run([NODE, str(HARNESS)], input=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = iter(json.loads(done.stdout))
    return {case.name: (next(found), next(found)) for case in RUNNABLE}


@pytest.mark.skipif(NODE is None, reason="needs Node")
@pytest.mark.parametrize("case", RUNNABLE, ids=lambda case: case.name)
def test_subscription_in_a_components_life(case: Case) -> None:
    """The first rows set the state that fetch set, later ones set it anew, and none do after the component is gone."""
    before, after = observed()[case.name]
    assert before["mounted"], "the fixture sets no state"
    assert sorted(after["mounted"]) == sorted(before["mounted"])
    assert before["changed"] == []
    assert [name for name, _ in after["changed"]] == [name for name, _ in after["mounted"]]
    assert after["changed"] != after["mounted"]
    assert (after["unmounted"], after["listening"]) == ([], 0)


# ---- on the command line --------------------------------------------------------------------------


def project(folder: Path) -> Path:
    """Write a front end with one live list."""
    (folder / "src").mkdir()
    (folder / "package.json").write_text('{"dependencies": {}}')
    (folder / "src" / "Coaches.jsx").write_text(EFFECT)
    return folder


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main, ["client", *arguments, "--events", str(FIXTURES / "events.json")])


def test_live_writes_a_client_module_that_can_subscribe(tmp_path: Path) -> None:
    """The import works: the module that is added exports it."""
    folder = project(tmp_path)
    assert run(str(folder), "--live", "--write").exit_code == 0
    assert 'subscribe("coaches", setCoaches)' in (folder / "src" / "Coaches.jsx").read_text()
    assert "export function subscribe(" in (folder / "src" / "socket.js").read_text()


def test_older_client_module_without_subscribe_is_respected(tmp_path: Path) -> None:
    """A copy from before --live is the user's: no import of what it has not, and a word on what to do."""
    folder = project(tmp_path)
    (folder / "src" / "socket.js").write_text("// put here by `fetch2socket client`\nexport const socket = io();\n")
    result = run(str(folder), "--live", "--diff")
    assert "subscribe(" not in result.output
    assert "the client module has no subscribe" in result.output


def test_skipped_live_rule_leaves_the_call_to_others() -> None:
    """--skip live_effect with --live rewrites as without it."""
    result = rewrite_text(EFFECT, is_live=True, rules=frozenset({"fetch_then"}))
    assert [site.rule for site in result.sites] == ["fetch_then"]


def test_only_live_needs_live(tmp_path: Path) -> None:
    """--only live_effect by itself would do nothing, so it is wrong use."""
    result = run(str(project(tmp_path)), "--only", LIVE)
    assert (result.exit_code, result.stderr) == (2, "Error: --only live_effect needs --live\n")
