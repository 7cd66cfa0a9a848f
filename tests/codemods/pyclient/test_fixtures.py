"""Every fixture of ``pyclient``: a pair becomes just its output, a no-op is left alone for just its reason."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from codemods.python.pyclient.rules import RULES
from codemods.results import REWRITTEN
from tests.codemods.pyclient.cases import FIXTURES, name, noops, pairs, reason_of, rewritten


@pytest.mark.parametrize("folder", pairs(), ids=name)
def test_pair(folder: Path) -> None:
    """The input becomes the output, by the rule whose folder it lies in, and Python reads it."""
    result = rewritten((folder / "input.py").read_bytes())
    assert result.after.decode() == (folder / "output.py").read_text(encoding="utf-8")
    assert {(site.outcome, site.rule) for site in result.sites} == {(REWRITTEN, folder.parent.name)}
    ast.parse(result.after)


@pytest.mark.parametrize("path", noops(), ids=name)
def test_noop(path: Path) -> None:
    """The file stays as it is, and every call in it is left for the reason in the file's name."""
    result = rewritten(path.read_bytes())
    assert result.after == path.read_bytes()
    wanted = set() if reason_of(path) == "silent" else {reason_of(path)}
    assert {site.reason for site in result.sites} == wanted
    assert all(site.message.endswith(".") for site in result.sites)


@pytest.mark.parametrize("folder", pairs(), ids=name)
def test_second_run_changes_nothing(folder: Path) -> None:
    """A rewritten file has nothing left to rewrite."""
    again = rewritten((folder / "output.py").read_bytes())
    assert again.after == again.before
    assert again.sites == ()


@pytest.mark.parametrize("folder", pairs(), ids=name)
def test_line_endings_are_kept(folder: Path) -> None:
    """The same file with CRLF becomes the same output with CRLF."""
    crlf = (folder / "input.py").read_bytes().replace(b"\n", b"\r\n")
    assert rewritten(crlf).after == (folder / "output.py").read_bytes().replace(b"\n", b"\r\n")


@pytest.mark.parametrize("folder", pairs(), ids=name)
def test_comments_are_kept(folder: Path) -> None:
    """Each comment of the input is in the output."""
    import io
    import tokenize

    def comments(text: str) -> list[str]:
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        return [one.string for one in tokens if one.type == tokenize.COMMENT]

    before = (folder / "input.py").read_text(encoding="utf-8")
    assert comments(rewritten(before.encode()).after.decode()) == comments(before)


def test_every_rule_has_fixtures() -> None:
    """A rule's name is its fixture folder's name."""
    assert {path.name for path in FIXTURES.iterdir() if path.is_dir()} == {rule.name for rule in RULES}
