"""The sample's Resources and what `fetch2socket server` makes of them answer, write and remember the same."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks.native_handlers.proving import prove
from benchmarks.native_handlers.subjects import Migrated, Subject, User, migrated
from benchmarks.native_handlers.verdict import MethodVerdict, Verdict
from benchmarks.real_apps.sides import App
from sample_app.cases import CLASS, COACH, MOVE, PLAN
from sample_app.server.seed import PASSWORD

SAMPLE = Path(__file__).parents[2] / "sample_app"
SOURCE = "sample_app.server.app:create_app()"

BODIES = {
    "POST /coaches": [COACH, {**COACH, "username": "maya", "password": "long enough"}],
    "PATCH /coaches/<int:id>": [{"bio": "Now touches his toes twice.", "age": 53}, {"username": "tomasz"}],
    "POST /exercise_moves": [MOVE],
    "PATCH /exercise_moves/<int:id>": [{"name": "Box jump", "cue": "Up, not over."}, {"name": "Walking lunge"}],
    "POST /workout_plans": [PLAN],
    "PATCH /workout_plans/<int:id>": [{"exercise_move_ids": [2, 4, 6], "minutes": 25}],
    "POST /schedules": [CLASS],
    "PATCH /schedules/<int:id>": [{"hour": 17, "coach_id": 3}],
}
#: A new plan is the only one that is on no timetable.
CALLS = [
    {"call": "POST /workout_plans", "body": {**PLAN, "name": "For a day"}},
    {"call": "DELETE /workout_plans/<int:id>", "params": {"id": 9}},
]
#: What is asked of the copy with planted faults; the rest of its methods must be told of as not asked.
ASKED = {
    "POST /workout_plans",
    "PATCH /workout_plans/<int:id>",
    "POST /coaches",
    "DELETE /logout",
    "DELETE /schedules/<int:id>",
}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Subject:
    """The sample's server, alone in a folder."""
    folder = tmp_path_factory.mktemp("sample") / "studio"
    shutil.copytree(SAMPLE / "server", folder / "sample_app" / "server")
    shutil.copy(SAMPLE / "__init__.py", folder / "sample_app")
    users = tuple(
        User(name, [{"call": "POST /login", "body": {"username": name, "password": PASSWORD}}])
        for name in ("maya", "tomasz")
    )
    app = App("sample", folder, SOURCE, login=[users[0].login[0]], calls=CALLS, logout="DELETE /logout")
    fill = [["-m", "sample_app.server.seed"]]
    return Subject(app, "sample", "sample_app/server/app.py", fill, users=users, bodies=BODIES, needs=1.0)


@pytest.fixture(scope="module")
def handlers(sample: Subject, tmp_path_factory: pytest.TempPathFactory) -> Migrated:
    """The same with native handlers, made by the two commands."""
    return migrated(sample, tmp_path_factory.mktemp("migrated"))


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A scratch folder that is not kept."""
    yield tmp_path
    shutil.rmtree(tmp_path)


def given(done: Migrated) -> Any:
    """Return a way to migrate that hands out a copy of what was migrated before, with the subject's database."""

    def migrate(start: Subject, target: Path) -> Migrated:
        copy = target / start.app.folder.name
        shutil.copytree(start.app.folder, copy)
        shutil.copytree(done.subject.app.folder / "sample_app", copy / "sample_app", dirs_exist_ok=True)
        return replace(done, subject=start.moved(copy))

    return migrate


def test_every_method_becomes_a_handler_that_answers_as_its_resource_did(
    sample: Subject, handlers: Migrated, folder: Path
) -> None:
    """Status, body, rows, session, cookies and SQL are equal for good, bad and odd inputs, whoever asks."""
    verdict = prove(sample, folder, given(handlers))
    assert list(verdict.faults()) == []
    assert (verdict.resource_methods, verdict.converted, verdict.proven) == (24, 24, 24)
    assert set(verdict.statuses) >= {200, 201, 204, 401, 404, 409, 415, 422}
    assert {place.partition(" $")[0] for place in verdict.noise} <= {"POST /coaches", "PATCH /coaches/<int:id>"}


def plant(file: Path, function: str, old: str, new: str) -> None:
    """Change the handler of that name, and not the Resource's method that it was made from."""
    text = file.read_text(encoding="utf-8")
    start = text.index(f"def {function}(")
    start = text.rindex("@bridge.event", 0, start)
    assert old in text[start:]
    file.write_text(text[:start] + text[start:].replace(old, new, 1), encoding="utf-8")


FAULTS = {
    "POST /workout_plans": ("workout_plans", "new_workout_plan", "201", "200"),
    "GET /coaches/<int:id>": (
        "coaches",
        "get_coach",
        "coach_schema.dump(coach)",
        "{key: value for key, value in coach_schema.dump(coach).items() if value is not None}",
    ),
    "GET /schedules": ("schedules", "get_schedules", "order_by(Schedule.id)", "order_by(Schedule.id.desc())"),
    "POST /coaches": (
        "coaches",
        "new_coach",
        "db.session.commit()",
        "db.session.commit(); db.session.refresh(coach); db.session.commit()",
    ),
    "DELETE /schedules/<int:id>": ("schedules", "delete_schedule", "@login_required\n", ""),
    "PATCH /workout_plans/<int:id>": (
        "workout_plans",
        "update_workout_plan",
        "    plan = find_plan(id)",
        "    request.get_json()\n    plan = find_plan(id)",
    ),
    "DELETE /logout": ("login", "delete_logout", 'session.pop("coach_id", None)', 'session.get("coach_id")'),
}
"""What is planted: a wrong status, a null field dropped, another order, a second commit, no decorator, the body read
too early, a session that is kept."""


@pytest.fixture(scope="module")
def faulty(sample: Subject, handlers: Migrated, tmp_path_factory: pytest.TempPathFactory) -> Verdict:
    """What is said of handlers with a fault in seven of them."""
    done = given(handlers)(sample, tmp_path_factory.mktemp("faulty"))
    for module, *change in FAULTS.values():
        plant(done.subject.app.folder / f"sample_app/server/resources/{module}.py", *change)
    writes = [f"{method} {rule}" for method, rule in _writes()]
    skip = [key for key in writes if key not in ASKED]
    asked = replace(
        sample, app=replace(sample.app, skip=skip, calls=[]), bodies={key: BODIES[key][:1] for key in BODIES}
    )
    return prove(asked, tmp_path_factory.mktemp("scratch"), given(done))


def _writes() -> Iterator[tuple[str, str]]:
    from sample_app.server.app import create_app

    for rule in create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://"}).url_map.iter_rules():
        yield from ((method, rule.rule) for method in rule.methods or () if method in ("POST", "PATCH", "DELETE"))


def of(verdict: Verdict, subject: str) -> MethodVerdict:
    return next(one for one in verdict.methods if one.subject == subject)


@pytest.mark.parametrize("subject", FAULTS)
def test_a_planted_fault_is_found(faulty: Verdict, subject: str) -> None:
    """A handler that differs from its Resource in one thing is not proven, and the difference is told."""
    assert faulty.failure == ""
    assert not of(faulty, subject).is_proven
    assert any(f" {subject} $" in line for line in faulty.faults())


def test_a_second_commit_is_seen_though_status_body_and_rows_are_equal(faulty: Verdict) -> None:
    """SQL is compared, in order."""
    found = [one for one in faulty.differences if str(one.subject) == "POST /coaches"]
    assert found
    assert {one.path for one in found} == {"$.sql"}


def test_handlers_without_a_fault_are_told_to_be_equal(faulty: Verdict) -> None:
    """A fault is not put down to its neighbours."""
    assert {str(one.subject) for one in faulty.differences} == set(FAULTS)
    assert of(faulty, "GET /coaches").is_proven


def test_a_method_that_nothing_was_asked_of_is_not_proven(faulty: Verdict) -> None:
    """That nothing differs is no proof."""
    one = of(faulty, "DELETE /coaches/<int:id>")
    assert (one.differences, one.thin) == (0, "no input reached it")
    assert not one.is_proven
