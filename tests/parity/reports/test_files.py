"""--report FORMAT:FILE, and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.errors import BridgeError
from bridge.parity.reports import FORMATS, render
from bridge.parity.reports.files import Target, load, write
from tests.parity.reports.examples import EVIL, mismatch, run


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_goes_to_its_file(tmp_path: Path, form: str) -> None:
    """A folder that is missing is made; any value can be written."""
    result = run(mismatches=(mismatch("$.data", (EVIL, "\u20ac")),))
    target = Target.parsed(f"{form}:{tmp_path / 'out' / 'parity'}")
    write(result, target)
    assert target.path.read_text(encoding="utf-8") == render(result, form)


def test_json_report_is_read_back(tmp_path: Path) -> None:
    """What explain reads is the run that was written."""
    write(run(5, 3), Target("json", tmp_path / "parity.json"))
    assert load(tmp_path / "parity.json") == run(5, 3)


def test_name_may_have_colons() -> None:
    """Only the first colon ends the format."""
    assert Target.parsed("html:a:b.html") == Target("html", Path("a:b.html"))


@pytest.mark.parametrize("text", ["", "html", "html:", "pdf:a.pdf", "parity.json"])
def test_what_is_no_report_is_refused(text: str) -> None:
    """The sentence names the formats."""
    with pytest.raises(BridgeError, match="give one of text:FILE, json:FILE, junit:FILE, html:FILE"):
        Target.parsed(text)


def test_missing_file_says_where_it_comes_from(tmp_path: Path) -> None:
    """The sentence says what writes it."""
    with pytest.raises(BridgeError, match="parity writes it with --report json:"):
        load(tmp_path / "none.json")
