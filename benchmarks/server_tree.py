"""Makes trees of Python to run ``fetch2socket server`` over: the sample's server many times, and files beside it.

Of 2,220 Python files of 30 public apps with Flask-RESTful, 125 (5.6 %) hold a Resource. Two of those apps are large
(1,566 files, 41 with a Resource); in the 27 with fewer than 30 files it is one in seven.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

SAMPLE = Path(__file__).resolve().parent.parent / "sample_app" / "server"
AREAS = ("gym", "pool", "dojo")
SHARE = 0.056
_OWN = "sample_app.server"
_BESIDE = ("models.py", "schemas.py", "seed.py", "db.py")
_NAMES = {
    "coaches": {
        "Coaches": "/coaches",
        "CoachById": "/coaches/<int:id>",
        "CoachSchedules": "/coaches/<int:id>/schedules",
    },
    "exercise_moves": {"ExerciseMoves": "/exercise_moves", "ExerciseMoveById": "/exercise_moves/<int:id>"},
    "login": {"Login": "/login", "Logout": "/logout", "CheckSession": "/check_session"},
    "schedules": {"Schedules": "/schedules", "ScheduleById": "/schedules/<int:id>"},
    "workout_plans": {"WorkoutPlans": "/workout_plans", "WorkoutPlanById": "/workout_plans/<int:id>"},
}
_APP = '''"""Makes the app."""

from flask import Flask
from flask_restful import Api
from studio.db import init_db
{imports}

app = Flask(__name__)
init_db(app)
api = Api(app)
{routes}
'''


def make(folder: Path, *, has_resources: bool) -> int:
    """Write one app and return how many Python files it has; without Resources there are as many, and no app."""
    files = dict(_files(has_resources=has_resources))
    for name, text in files.items():
        path = folder / "studio" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return len(files)


def _files(*, has_resources: bool) -> Iterator[tuple[str, str]]:
    count = round(len(AREAS) * len(_NAMES) / SHARE)
    yield "__init__.py", ""
    for name in _BESIDE:
        yield name, _text(name, "studio")
    made = 1 + len(_BESIDE)
    if has_resources:
        yield "app.py", _app()
        for area in AREAS:
            yield f"{area}/__init__.py", ""
            yield from ((f"{area}/{module}.py", _text(f"resources/{module}.py", "studio")) for module in _NAMES)
        made += 1 + len(AREAS) * (1 + len(_NAMES))
    for number in range(count - made):
        name, part = _BESIDE[number % len(_BESIDE)], number // len(_BESIDE)
        yield f"features/part{part}/{name}", _text(name, f"studio.features.part{part}")


def _text(name: str, package: str) -> str:
    return (SAMPLE / name).read_text(encoding="utf-8").replace(_OWN, package)


def _app() -> str:
    lines = [f"import studio.{area}.{module}" for area in AREAS for module in _NAMES]
    routes = [
        f'api.add_resource(studio.{area}.{module}.{name}, "/{area}{rule}", endpoint="{area}.{name.lower()}")'
        for area in AREAS
        for module, classes in _NAMES.items()
        for name, rule in classes.items()
    ]
    return _APP.format(imports="\n".join(lines), routes="\n".join(routes))
