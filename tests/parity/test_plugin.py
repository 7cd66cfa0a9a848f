"""The pytest plugin: an item a route and surface, the fixture, accepted differences, the state machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.parity.conftest import LOGINS, SOURCE, environ

_TESTS = f'''
from hypothesis import settings, strategies
from hypothesis.stateful import rule

from bridge.parity import ParityMachine, parity_ignore


def test_equal(parity):
    made = parity.post("/exercise_moves", json={{"name": "Hop", "focus": "Legs"}})
    assert made.status == 201
    assert parity.get(f"/exercise_moves/{{made.data['id']}}").data["name"] == "Hop"
    assert parity.delete("/schedules/1").status == 401
    assert parity.delete("/schedules/1", who="A").status == 200


def test_rows_are_put_back_between_tests(parity):
    assert "Hop" not in [move["name"] for move in parity.get("/exercise_moves").data]


def test_different(parity):
    parity.post("/coaches", json={{"name": "Ann", "age": 30, "specialty": "Running"}})


@parity_ignore("POST /coaches", "$.status", reason="known")
def test_accepted(parity):
    parity.post("/coaches", json={{"name": "Ann", "age": 30, "specialty": "Running"}})


@parity_ignore("POST /coaches", "$.status", reason="was known", until="2020-01-01")
def test_accepted_for_too_long(parity):
    parity.post("/coaches", json={{"name": "Ann", "age": 30, "specialty": "Running"}})


class Moves(ParityMachine):
    source = "{SOURCE}"

    @rule(name=strategies.sampled_from(["Hop", "Skip", ""]))
    def add(self, name):
        self.post("/exercise_moves", json={{"name": name, "focus": "Legs"}})


TestMoves = Moves.TestCase
TestMoves.settings = settings(max_examples=3, stateful_step_count=3, deadline=None)
'''


@pytest.fixture
def project(own_native_sample: Path) -> Path:
    """The sample with a native handler that says 200 where it should say 201, and tests of a user's."""
    file = own_native_sample / "sample_app" / "server" / "resources" / "coaches.py"
    start, handler, rest = file.read_text(encoding="utf-8").partition("def new_coach()")
    file.write_text(start + handler + rest.replace(", 201", ", 200", 1), encoding="utf-8")
    (own_native_sample / "test_studio.py").write_text(_TESTS, encoding="utf-8")
    return own_native_sample


def pytest_in(folder: Path, *arguments: str) -> str:
    """Run pytest in a project, and return what it printed."""
    command = [sys.executable, "-m", "pytest", "-q", "-rA", "-p", "no:cacheprovider", "-p", "no:randomly", *arguments]
    done = subprocess.run(command, cwd=folder, env=environ(folder), capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_tests_of_a_project_use_the_fixture(project: Path) -> None:
    """Calls that are equal on all surfaces pass, others fail with the mismatch, accepted ones until their day."""
    out = pytest_in(
        project, "--parity-app", SOURCE, "--parity-login", LOGINS[0], "test_studio.py", "-k", "test_ or Moves"
    )
    for passed in ("test_equal", "test_rows_are_put_back_between_tests", "test_accepted", "TestMoves::runTest"):
        assert f"PASSED test_studio.py::{passed}\n" in out
    for failed in ("test_different", "test_accepted_for_too_long"):
        assert f"FAILED test_studio.py::{failed} - " in out
    assert "MISMATCH  POST /coaches = new_coach (native)   $.status" in out


def test_each_route_and_surface_is_an_item(project: Path) -> None:
    """``-k`` selects among them, and a mismatch fails its own item only."""
    out = pytest_in(project, "--parity-app", SOURCE, "--parity-budget", "20", "-k", "coaches and not schedules")
    assert "PASSED ::parity::POST /coaches = new_coach [bridge]" in out
    assert "FAILED ::parity::POST /coaches = new_coach [native]" in out
    assert "PASSED ::parity::GET /coaches = get_coaches [native]" in out
    assert "/exercise_moves" not in out


def test_without_an_app_nothing_is_collected(project: Path) -> None:
    """The plugin is silent in projects that do not ask for it; the fixture says what to do."""
    out = pytest_in(project, "test_studio.py", "-k", "test_equal")
    assert "say which app: pytest --parity-app module:app" in out
    assert "::parity::" not in out
