"""The unified diff: what ``patch`` makes of it, and how it looks."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemods.reports import diff
from codemods.reports.hunks import compare, emphasis
from codemods.reports.screen import Screen
from codemods.results import FileResult

LINES = [f"line {number}" for number in range(1, 40)]


def text(*changed: int, end: str = "\n", last: str = "\n") -> bytes:
    """Return 39 lines, some of them changed."""
    lines = [f"{line}!" if number in changed else line for number, line in enumerate(LINES, 1)]
    return (end.join(lines) + (end if last == "\n" else last)).encode()


CASES = {
    "one": (text(), text(20)),
    "first_and_last": (text(), text(1, 39)),
    "crlf": (text(end="\r\n"), text(7, end="\r\n")),
    "no_newline": (text(last=""), text(39, last="")),
    "newline_added": (text(last=""), text(1)),
    "new_file": (b"", text()),
    "form_feed": (b"a\x0cb\xe2\x80\xa8c\nd\n", b"a\x0cb\xe2\x80\xa8c\ne\n"),
    "inserted": (text(), text().replace(b"line 5\n", b"line 5\nmore\n")),
    "deleted": (text(), text().replace(b"line 5\n", b"")),
}


@pytest.mark.skipif(shutil.which("patch") is None, reason="needs patch")
@pytest.mark.parametrize("name", ["src/a.js", "src/with space.js", "src/caf\xe9 \u4e2d.js", 'src/"q".js'])
@pytest.mark.parametrize("case", CASES)
def test_patch_takes_it(case: str, name: str, tmp_path: Path) -> None:
    """``patch -p1`` makes the rewritten file of the old one, byte for byte, whatever its name and line ends."""
    before, after = CASES[case]
    path = tmp_path / name
    path.parent.mkdir()
    if before:
        path.write_bytes(before)
    shown = diff.render([FileResult(name, before, after)]).encode()
    done = subprocess.run(["patch", "-p1", "--binary"], cwd=tmp_path, input=shown, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout
    assert path.read_bytes() == after


def test_coloured_diff_is_the_same_text() -> None:
    """Colours add nothing but colours."""
    results = [FileResult("a.js", *CASES["first_and_last"])]
    coloured = diff.render(results, Screen(80, is_coloured=True))
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == f"{diff.render(results)}\n"
    assert "\x1b[32m+line 39\x1b[0m\x1b[32m\x1b[1m\x1b[4m!" in coloured


def test_terminal_shows_control_characters() -> None:
    """Code that holds an escape sequence is shown at a terminal; a pipe gets it as it is."""
    results = [FileResult("a.js", b"x\n", b"\x1b[2J\r\n")]
    assert diff.render(results, Screen(80)).splitlines()[-2] == r"+\x1b[2J"
    assert diff.render(results).endswith("+\x1b[2J\r\n")


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("const r = await fetch(u);", "const r = await get(u);", (16, 21, 19)),
        ("  }, [id]);", "  return 1;", None),
        ("aaaa", "aaa", (3, 4, 3)),
        ("x", "x", (1, 1, 1)),
    ],
)
def test_emphasis(old: str, new: str, part: tuple[int, int, int] | None) -> None:
    """Of two lines that are much alike, the part that differs is known."""
    assert emphasis(old, new) == part


FILE = st.lists(st.sampled_from(["a\n", "b\n", "}\n", "\n", "c"]), max_size=40).map("".join)


@given(before=FILE, after=FILE)
def test_hunks_hold_every_change(before: str, after: str) -> None:
    """What lies outside the hunks is the same in both files, and putting the changes in makes the new one."""
    found = compare(before.encode(), after.encode())
    made, done = "", 0
    for piece in (piece for hunk in found.hunks for piece in hunk):
        old, new = found.before[piece.start : piece.end], found.after[piece.new_start : piece.new_end]
        assert piece.start >= done
        assert piece.is_equal == (old == new)
        made += "".join(found.before[done : piece.start]) + "".join(new)
        done = piece.end
    assert made + "".join(found.before[done:]) == after


def test_hunk_in_a_file_of_like_lines_is_small() -> None:
    """A file whose lines all look alike is compared as well as any other."""
    before = "x\n" * 300 + "fetch\n" + "x\n" * 300
    (hunk,) = compare(before.encode(), before.replace("fetch", "emit").encode()).hunks
    assert [(piece.start, piece.end) for piece in hunk] == [(297, 300), (300, 301), (301, 304)]


@pytest.mark.parametrize(("second", "hunks"), [(16, 1), (17, 1), (18, 2)])
def test_changes_near_each_other_share_a_hunk(second: int, hunks: int) -> None:
    """Two changes whose contexts touch are one hunk, as in ``diff -u``."""
    assert len(compare(text(), text(10, second)).hunks) == hunks


def test_a_lone_bracket_does_not_split_a_change() -> None:
    """A closing bracket that happens to be in both versions stays within the change around it."""
    before = b"fetch(u, {\n  a,\n})\n  .then(f)\n  .then(g);\nnext();\n"
    after = b"emit(u, (r) => {\n  g(r);\n})\nnext();\n"
    assert [(piece.start, piece.end) for piece in compare(before, after).changes] == [(0, 5)]
