"""The file of a tape: its owner's only, readable however its recorder ended, refused where it is something else."""

from __future__ import annotations

import json
import os
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge import BridgeError
from bridge.parity.steps import ABSENT
from bridge.parity.tapes.tape import HEADER, Recorded, read_tape
from bridge.parity.tapes.tape_file import TapeFile

CALL = Recorded("r", 1, 2, "new_coach", "POST", "/coaches", 201, {"q": "x"}, {"name": "Ann"}, {}, ((("id",), 7),))


def write(path: Path, *calls: Recorded) -> None:
    tape = TapeFile(path)
    for call in calls:
        tape(call.to_line())
    tape.close()


@given(st.sampled_from([ABSENT, None, {"a": [1, 2.5, "ü\n", None]}]), st.sampled_from([{}, {"id": 3, "q": ["a", ""]}]))
def test_what_was_written_is_read(body: object, params: dict[str, object]) -> None:
    """A call is the same after a tape; no body and the body null are two things."""
    call = Recorded("r", 1, 0, "e", "POST", "/x", 200, params, body, {"If-Match": "1"}, (((0, "id"), 3),))
    assert "\n" not in call.to_line()
    assert Recorded.from_row(json.loads(call.to_line())) == call


def test_a_tape_is_its_owners_only(tmp_path: Path) -> None:
    """Nobody else reads a tape, whatever the umask, also one that was readable before."""
    path = tmp_path / "a.tape"
    path.touch(mode=0o644)
    old = os.umask(0)
    try:
        write(path, CALL)
        write(tmp_path / "new.tape")
    finally:
        os.umask(old)
    assert [stat.S_IMODE(one.stat().st_mode) for one in (path, tmp_path / "new.tape")] == [0o600, 0o600]


@pytest.mark.parametrize("kept", range(0, len(HEADER) + 3 * len(CALL.to_line()) + 4, 7))
def test_a_recorder_that_was_killed_leaves_a_tape(tmp_path: Path, kept: int) -> None:
    """Cut off anywhere, a tape has the whole lines before; recording goes on behind them."""
    path = tmp_path / "a.tape"
    write(path, CALL, CALL, CALL)
    data = path.read_bytes()[:kept]
    path.write_bytes(data)
    whole = max(0, data.count(b"\n") - 1)
    read = read_tape(path)
    assert read.problems == ()
    assert len(read.calls) in (whole, whole + 1)  # a line that lacks nothing but its end is a line
    write(path, CALL)
    assert read_tape(path).calls == (CALL,) * (whole + 1)
    assert read_tape(path).problems == ()


def test_lines_of_several_threads_are_whole(tmp_path: Path) -> None:
    """Two recorders with one file don't write into each other's lines."""
    path = tmp_path / "a.tape"
    tapes = [TapeFile(path), TapeFile(path)]
    threads = [threading.Thread(target=lambda t=tape: [t(CALL.to_line()) for _ in range(300)]) for tape in tapes]  # type: ignore[misc]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read_tape(path).calls == (CALL,) * 600


def test_bad_lines_are_named_with_their_number(tmp_path: Path) -> None:
    """Each line that cannot be read is told, the others are read."""
    path = tmp_path / "a.tape"
    rows = json.loads(CALL.to_line())
    bad = ["{", "[]", json.dumps({**rows, "status": "201"}), json.dumps({**rows, "found": [3]}), "", "\udcff"]
    rows.pop("event")
    lines = [HEADER, CALL.to_line(), *bad, json.dumps(rows), CALL.to_line()]
    path.write_bytes("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape"))
    tape = read_tape(path)
    assert tape.calls == (CALL, CALL)
    assert [problem.removeprefix(f"{path}, ") for problem in tape.problems] == [
        "line 3: is no JSON",
        "line 4: is no JSON object",
        "line 5: has 'status' that is no int",
        "line 6: has 'found' that is no list of [path, value]",
        "line 7: is no JSON",
        "line 8: is no JSON",
        "line 9: has no 'event'",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"tape": "fetch2socket", "version": 0}\n', "version 0 cannot be read, only 1: record it again"),
        ('{"log": 1}\n', "is no tape: record one with `fetch2socket parity record"),
        ("hello", "is no tape"),
        ("\n", "is no tape"),
    ],
)
def test_what_is_no_tape_of_this_version_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """It is told in one line, and nothing is written behind it."""
    path = tmp_path / "a.tape"
    path.write_text(text)
    for attempt in (read_tape, TapeFile):
        with pytest.raises(BridgeError, match=words) as refused:
            attempt(path)
        assert "\n" not in str(refused.value)
    assert path.read_text() == text


def test_a_file_that_cannot_be_had_is_told(tmp_path: Path) -> None:
    """A missing tape and a folder that is not there are one line each."""
    with pytest.raises(BridgeError, match="cannot read the tape"):
        read_tape(tmp_path / "none.tape")
    with pytest.raises(BridgeError, match="cannot write the tape"):
        TapeFile(tmp_path / "no" / "a.tape")
