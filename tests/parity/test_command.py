"""``fetch2socket parity`` as it is used: exit codes, one-line errors, reports, a mismatch made into a test."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.parity.conftest import LOGINS, SOURCE, environ

_COMMAND = [sys.executable, "-c", "from codemods.cli import main; main()", "parity"]


def parity(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder with the sample."""
    return subprocess.run(
        [*_COMMAND, *arguments], cwd=folder, env=environ(folder), capture_output=True, text=True, check=False
    )


@pytest.fixture
def faulty(own_native_sample: Path) -> Path:
    """The sample, with a native handler that says 200 where it should say 201."""
    file = own_native_sample / "sample_app" / "server" / "resources" / "coaches.py"
    start, handler, rest = file.read_text(encoding="utf-8").partition("def new_coach()")
    changed = start + handler + rest.replace("coach_schema.dump(coach), 201", "coach_schema.dump(coach), 200", 1)
    file.write_text(changed, encoding="utf-8")
    return own_native_sample


def test_equal_surfaces_are_exit_code_0(native_sample: Path) -> None:
    """A table of the routes, coverage, one last line; and nothing on standard error where that is no terminal."""
    done = parity(native_sample, SOURCE, "--only", "*exercise_move*", "--steps", "120", "--budget", "200")
    assert done.returncode == 0, done.stderr
    assert "POST /exercise_moves = new_exercise_move" in done.stdout
    assert "No mismatch in 240 comparisons" in done.stdout
    assert done.stderr == ""


def test_a_mismatch_is_exit_code_1_and_becomes_a_test(faulty: Path) -> None:
    """The reports are written, ``explain`` finds the mismatch again, and the test that it makes fails for it."""
    told = [SOURCE, "--only", "new_coach", "-x", "--seed", "7", "--login", LOGINS[0]]
    targets = [f"{form}:{faulty / name}" for form, name in (("json", "p.json"), ("html", "p.html"), ("junit", "p.xml"))]
    done = parity(faulty, *told, *[part for target in targets for part in ("--report", target)])
    assert done.returncode == 1
    assert "MISMATCH  POST /coaches = new_coach (native)   $.status" in done.stdout
    assert f"fetch2socket parity {SOURCE} --only new_coach --seed 7" in done.stdout
    [found] = json.loads((faulty / "p.json").read_text(encoding="utf-8"))["mismatches"]
    assert (found["control"], found["candidate"], len(found["steps"])) == (201, 200, 1)
    assert "new_coach" in (faulty / "p.html").read_text(encoding="utf-8")
    assert "<failure" in (faulty / "p.xml").read_text(encoding="utf-8")

    explained = parity(faulty, "explain", found["id"], "--from", "p.json", "--emit-test", "test_found.py")
    assert explained.returncode == 0, explained.stderr
    assert "MISMATCH" in explained.stdout
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_found.py"]
    command += ["--parity-app", SOURCE, "-k", "test_"]
    tested = subprocess.run(command, cwd=faulty, env=environ(faulty), capture_output=True, text=True, check=False)
    assert tested.returncode == 1
    assert "MISMATCH  POST /coaches = new_coach (native)   $.status" in tested.stdout


def test_an_accepted_difference_is_reported_and_no_mismatch(faulty: Path) -> None:
    """``--ignore`` needs a reason, and the reason is in the report."""
    accepted = "POST /coaches | $.status | the client reads ok only"
    done = parity(faulty, SOURCE, "--only", "new_coach", "--steps", "40", "--budget", "200", "--ignore", accepted)
    assert done.returncode == 0, done.stdout
    assert "the client reads ok only" in done.stdout


def test_too_little_coverage_is_exit_code_1(native_sample: Path) -> None:
    """``--fail-under`` counts cells: a single step reaches few."""
    done = parity(native_sample, SOURCE, "--steps", "1", "--budget", "200", "--fail-under", "80")
    assert done.returncode == 1
    assert "untested" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["no_such:app"], "no_such"),
        ([SOURCE, "--report", "pdf:x"], "pdf"),
        ([SOURCE, "--only", "nothing_like_it"], "no route"),
        ([SOURCE, "--login", "login"], "POST /login"),
        ([SOURCE, "--login", "POST /nowhere {}"], "no route POST /nowhere"),
        ([SOURCE, "--ignore", "POST /coaches"], "REASON"),
        (["explain", "abc", "--from", "nothing.json"], "nothing.json"),
        (["replay", SOURCE, "no.tape"], "no.tape"),
    ],
)
def test_wrong_use_is_one_line_and_exit_code_2(arguments: list[str], says: str, native_sample: Path) -> None:
    """Whatever is wrong, it is said in one line, without a traceback."""
    done = parity(native_sample, *arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_a_run_and_shows_what_was_found(native_sample: Path) -> None:
    """The table is there, the exit code is that of an interrupted command, and no worker is left."""
    process = subprocess.Popen(
        [*_COMMAND, SOURCE, "--budget", "300", "--setup", "tests.parity.mutants.telling"],
        cwd=native_sample,
        env=environ(native_sample, TOLD=str(native_sample / "told")),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    told = native_sample / "told"
    while not told.exists():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "The run was stopped before its end." in out
    assert "Traceback" not in err


def test_help_shows_examples() -> None:
    """Each command explains itself, and the group's has examples."""
    for arguments in ([], ["run"], ["replay"], ["record"], ["explain"]):
        done = subprocess.run([*_COMMAND, *arguments, "--help"], capture_output=True, text=True, check=False)
        assert done.returncode == 0
        assert "Usage:" in done.stdout
    done = subprocess.run([*_COMMAND, "--help"], capture_output=True, text=True, check=False)
    assert "fetch2socket parity server.app:app" in done.stdout


def test_a_tape_finds_what_only_real_traffic_asks(own_native_sample: Path) -> None:
    """A handler that fails for one name is found by the tape on which somebody has it, and not without."""
    file = own_native_sample / "sample_app" / "server" / "resources" / "coaches.py"
    start, handler, rest = file.read_text(encoding="utf-8").partition("def new_coach()")
    odd = 'db.session.add(coach)\n        if coach.name == "Zed":\n            coach.age += 1'
    file.write_text(start + handler + rest.replace("db.session.add(coach)", odd, 1), encoding="utf-8")
    body = {"name": "Zed", "age": 30, "specialty": "Archery"}
    call = {"run": "a", "number": 1, "who": 0, "event": "new_coach", "method": "POST", "rule": "/coaches"}
    lines = [{"tape": "fetch2socket", "version": 1}, {**call, "status": 201, "body": body, "found": []}]
    tape = own_native_sample / "day.tape"
    tape.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    told = [SOURCE, "--only", "new_coach", "--steps", "30", "--budget", "200", "-q"]
    assert parity(own_native_sample, "run", *told).returncode == 0
    done = parity(own_native_sample, "replay", SOURCE, str(tape), *told[1:])
    assert done.returncode == 1
    assert "$.data.age" in done.stdout
    assert "Zed" in done.stdout
