"""Every fixture: a pair is rewritten to just its output, a no-op is left alone for just its reason."""

from __future__ import annotations

import pytest

from codemods import reasons
from codemods.javascript.rules.catalogue import RULES
from codemods.results import REWRITTEN
from tests.codemods.cases import FIXTURES, Case, noops, pairs, rewrite_case

# These have tests of their own: they need a whole run, or a fault.
ELSEWHERE = {
    reasons.CLASSIC_SCRIPT,
    reasons.IN_TEST,
    reasons.INTERNAL_ERROR,
    reasons.NOT_WRITTEN,
    reasons.OUTPUT_UNPARSABLE,
    reasons.REFUSED,
    reasons.REWRITE_CONFLICT,
    reasons.RULE_NOT_SELECTED,
}
# These are about other languages than JavaScript.
PYTHON = {
    reasons.CLIENT_OPTION,
    reasons.CLIENT_REFERENCE,
    reasons.READS_ERROR,
    reasons.READS_REDIRECT,
    reasons.SESSION_IN_USE,
}


@pytest.mark.parametrize("case", pairs(), ids=lambda case: case.name)
def test_pair(case: Case) -> None:
    """The input becomes the output, by the rule whose folder it lies in."""
    result = rewrite_case(case)
    assert result.after.decode() == case.output.read_bytes().decode()
    assert {(site.outcome, site.rule) for site in result.sites} == {(REWRITTEN, case.rule)}


@pytest.mark.parametrize("case", noops(), ids=lambda case: case.name)
def test_noop(case: Case) -> None:
    """The file stays as it is, and every call in it is left for the reason in the file's name."""
    result = rewrite_case(case)
    assert result.after == case.data
    reason = case.path.stem.removeprefix("noop_").split("__")[0]
    wanted = set() if reason == "silent" else {reason}
    assert {site.reason for site in result.sites} == wanted
    assert all(site.message.endswith((".", "...")) for site in result.sites)


@pytest.mark.parametrize("case", pairs(), ids=lambda case: case.name)
def test_second_run_changes_nothing(case: Case) -> None:
    """A rewritten file is left alone."""
    once = rewrite_case(case).after
    again = rewrite_case(case, once)
    assert again.after == once


@pytest.mark.parametrize("case", pairs(), ids=lambda case: case.name)
def test_line_endings_and_tabs_are_kept(case: Case) -> None:
    """The same file with CRLF becomes the same output with CRLF."""
    crlf = case.data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    wanted = case.output.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    assert rewrite_case(case, crlf).after == wanted


def test_every_reason_has_a_noop() -> None:
    """No code without a fixture that shows it."""
    shown = {case.path.stem.removeprefix("noop_").split("__")[0] for case in noops()} - {"silent"}
    assert shown | ELSEWHERE | PYTHON == set(reasons.MEANINGS) - reasons.SERVER - reasons.WHOLE_APP


def test_every_rule_has_fixtures() -> None:
    """A rule's name is its fixture folder's name."""
    assert {path.name for path in FIXTURES.iterdir() if path.is_dir()} == {rule.name for rule in RULES}
