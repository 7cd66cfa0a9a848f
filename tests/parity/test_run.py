"""A run over the sample: nothing differs, everything is reached, and it is the same for the same seed."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping
from pathlib import Path

import pytest

from bridge.errors import BridgeError
from bridge.parity.options import Options
from bridge.parity.result import BRIDGED, NATIVE, Result
from bridge.parity.run import run
from tests.parity.conftest import LOGINS, SOURCE, environ


def sample(folder: Path, **more: object) -> Result:
    """Return a run over the sample with native handlers, of so many steps that it is not cut off by time."""
    told = {"steps": 700, "budget": 300.0, **more}
    return run(Options(SOURCE, app_dir=str(folder), logins=LOGINS, environ=environ(folder), **told))


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_nothing_differs(seed: int, native_sample: Path) -> None:
    """HTTP, the bridged Resources and the native handlers of the sample say and do the same, whatever the seed."""
    result = sample(native_sample, seed=seed)
    assert result.mismatches == ()
    assert result.noise == ()
    assert result.warnings == ()
    assert result.comparisons == 2 * 700
    assert result.coverage > 0.9


def test_all_routes_are_reached_on_both_surfaces(native_sample: Path) -> None:
    """Each route succeeds on both surfaces; but a plan can only be deleted where a sequence made one before."""
    result = sample(native_sample, steps=1100)
    reached = {(cell.event, cell.surface) for cell in result.cells if cell.status_class == "2xx"}
    wanted = {
        (route.event, surface)
        for route in result.routes
        for surface in route.surfaces
        if route.event != "delete_workout_plan"
    }
    assert {surface for _, surface in wanted} == {BRIDGED, NATIVE}
    assert wanted <= reached


def test_a_run_is_the_same_for_the_same_seed(native_sample: Path) -> None:
    """Two runs with one seed reach the same cells the same number of times; another seed others."""
    first, second, other = (sample(native_sample, seed=seed, steps=1300) for seed in (7, 7, 8))
    assert first.cells == second.cells
    assert first.cells != other.cells


def test_turns_change_nothing(native_sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run on one core, where sides take turns, reaches the same cells as one where all are at work at once."""
    found = []
    for cores in (1, 4):
        monkeypatch.setattr("bridge.parity.sides._cores", lambda cores=cores: cores)
        found.append(sample(native_sample, steps=600).cells)
    assert found[0] == found[1]


def test_the_database_itself_is_never_written(native_sample: Path) -> None:
    """A run leaves the bytes and the rows of the app's own database as they were."""
    file = native_sample / "studio.db"

    def seen() -> tuple[str, list[tuple[int]]]:
        with sqlite3.connect(file) as database:
            rows = database.execute("SELECT count(*) FROM coaches").fetchall()
        return hashlib.sha256(file.read_bytes()).hexdigest(), rows

    before = seen()
    sample(native_sample, steps=200)
    assert seen() == before


def test_only_the_wanted_routes_are_asked(native_sample: Path) -> None:
    """``only`` takes events, methods with rules, and stars."""
    result = sample(native_sample, only=("POST /coaches", "get_*plans"), steps=50)
    assert {route.event for route in result.routes} == {"new_coach", "get_workout_plans"}
    assert {cell.event for cell in result.cells} == {"new_coach", "get_workout_plans"}


def test_an_app_without_native_handlers_has_one_candidate(seeded: Mapping[str, str]) -> None:
    """What nobody has migrated is compared on the bridged surface alone; the native one is refused in one line."""
    result = run(Options(SOURCE, steps=60, budget=300.0, environ=seeded))
    assert {surface for route in result.routes for surface in route.surfaces} == {BRIDGED}
    with pytest.raises(BridgeError, match="no native handlers"):
        run(Options(SOURCE, surface="native", environ=seeded))


def test_a_login_that_fails_is_told_at_once(seeded: Mapping[str, str]) -> None:
    """Who cannot log in is no user: the run does not go on as nobody."""
    with pytest.raises(BridgeError, match="401"):
        run(Options(SOURCE, logins=('POST /login {"username": "maya", "password": "wrong"}',), environ=seeded))


def test_an_app_that_cannot_be_hosted_is_one_line() -> None:
    """No such module, no such route: what is wrong, and nothing else."""
    with pytest.raises(BridgeError, match="no_such_module"):
        run(Options("no_such_module:app"))
