"""Every fixture of ``fetch2socket server``: a pair becomes just its output, a no-op is left for just its reason."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from codemods import reasons
from codemods.python.server.rules import RULES
from codemods.results import LEFT, REWRITTEN, FileResult
from tests.codemods.python_cases import FIXTURES, Case, noops, pairs, rewrite_case

# These have tests of their own: they need several files, or a fault.
ELSEWHERE: set[str] = set()


@pytest.mark.parametrize("case", pairs(), ids=lambda case: case.name)
def test_pair(case: Case) -> None:
    """The input becomes the output, by the rule whose folder it lies in at least."""
    result = rewrite_case(case)
    assert result.after.decode() == case.output.decode()
    assert {site.outcome for site in result.sites} == {REWRITTEN}
    assert case.rule in {site.rule for site in result.sites}


@pytest.mark.parametrize("case", noops(), ids=lambda case: case.name)
def test_noop(case: Case) -> None:
    """The file stays as it is, and every method in it is left for the reason in the file's name."""
    result = rewrite_case(case)
    assert _lefts_as(result, case), [site.message for site in result.sites]
    assert all(site.message.endswith(".") for site in result.sites if site.outcome == LEFT)


def _lefts_as(result: FileResult, case: Case) -> bool:
    reason = case.path.stem.removeprefix("noop_").split("__")[0]
    found = {site.reason for site in result.sites if site.outcome == LEFT}
    return found == (set() if reason == "silent" else {reason}) and _is_kept(result)


def _is_kept(result: FileResult) -> bool:
    return result.after == result.before


@pytest.mark.parametrize("case", pairs(), ids=lambda case: case.name)
def test_second_run_changes_nothing(case: Case) -> None:
    """Handlers that are there are not made again."""
    again = rewrite_case(case, case.output)
    assert again.after == case.output
    assert {site.reason for site in again.sites} == {reasons.ALREADY_NATIVE}


@pytest.mark.parametrize("case", pairs(), ids=lambda case: case.name)
def test_line_endings_and_byte_order_mark_are_kept(case: Case) -> None:
    """The same file with CRLF and a mark becomes the same output with those."""
    crlf = b"\xef\xbb\xbf" + case.data.replace(b"\n", b"\r\n")
    assert rewrite_case(case, crlf).after == b"\xef\xbb\xbf" + case.output.replace(b"\n", b"\r\n")


@pytest.mark.parametrize("case", pairs(), ids=lambda case: case.name)
def test_what_was_there_stays(case: Case) -> None:
    """Every line of the input is a line of the output, in its order, but for the import that the bridge joins."""
    after = iter(rewrite_case(case).after.splitlines())
    before = [line for line in case.data.splitlines() if not line.startswith(b"from config import")]
    assert [line for line in before if line not in after] == []


def test_outputs_have_the_inputs_style(tmp_path: Path) -> None:
    """The outputs are formatted as ruff has it, and have no unused or unknown names."""
    for case in pairs():
        folder = tmp_path / case.name
        folder.mkdir(parents=True)
        (folder / "output.py").write_bytes(case.output)
    for arguments in (["check", "--isolated", "--select", "F"], ["format", "--isolated", "--check"]):
        done = subprocess.run([sys.executable, "-m", "ruff", *arguments, str(tmp_path)], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_every_reason_has_a_noop() -> None:
    """No code without a fixture that shows it."""
    shown = {case.path.stem.removeprefix("noop_").split("__")[0] for case in noops()} - {"silent"}
    assert shown | ELSEWHERE == reasons.SERVER


def test_every_rule_has_fixtures() -> None:
    """A rule's name is its fixture folder's name, and the rule rewrites something there."""
    assert {path.name for path in FIXTURES.iterdir() if path.is_dir()} == {rule.name for rule in RULES}
    used = Counter(site.rule for case in pairs() for site in rewrite_case(case).sites)
    assert set(used) == {rule.name for rule in RULES}
