"""An app to prove: how its database is filled, who may log in, what is asked of it, and how it is migrated."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from benchmarks.real_apps.sides import App, fetch2socket

_TABLES = "from app import app; from config import db; app.app_context().push(); db.create_all()"
_SEED = (
    "import random, runpy; from faker import Faker; random.seed(1); Faker.seed(1); "
    "runpy.run_path('seed.py', run_name='__main__')"
)
#: What these apps do by `flask db upgrade` and `python seed.py`, with the same random data every time.
FILL = [["-c", _TABLES], ["-c", _SEED]]
_SCOPE = "from app import app; from config import *; from models import *; app.app_context().push()"
LEFT_OUT = ("node_modules", "__pycache__", "migrations", "*.db", ".env*", ".git", "venv")


@dataclass(frozen=True)
class User:
    """Somebody to ask as; without ``login`` it is nobody."""

    name: str
    login: list[dict[str, Any]] = field(default_factory=list)


NOBODY = User("nobody")


@dataclass(frozen=True)
class Subject:
    """One ``[[app]]`` of the TOML file.

    ``bodies`` and ``params`` are chosen by hand, by ``"POST /orders"``; ``also`` is Python that is run after ``fill``
    with the app, its db and its models in scope, to give users known passwords. ``broken`` are methods that can only
    fail here, each with the reason.
    """

    app: App
    source: str
    init: str = "app.py"
    fill: list[list[str]] = field(default_factory=lambda: FILL)
    also: list[str] = field(default_factory=list)
    users: tuple[User, ...] = ()
    bodies: dict[str, list[Any]] = field(default_factory=dict)
    params: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)
    needs: float = 0.8

    @classmethod
    def of(cls, row: dict[str, Any], base: Path) -> Self:
        """Read one ``[[app]]``; ``env`` adds to that of all apps."""
        own = {key: row[key] for key in ("init", "fill", "also", "bodies", "params", "broken", "needs") if key in row}
        users = tuple(User(**user) for user in row.get("users", []))
        kept = {key: row[key] for key in row if key not in own and key not in ("users", "commit")}
        login = [call for user in users for call in user.login]
        app = App.of({**kept, "login": login}, base)
        return cls(app, f"{row['name']} {row.get('commit', '')[:7]}".strip(), users=users, **own)

    @property
    def name(self) -> str:
        """The app's name."""
        return self.app.name

    def moved(self, folder: Path) -> Subject:
        """Return this subject, its app's files being in another folder."""
        return replace(self, app=replace(self.app, folder=folder))


def filled(subject: Subject, folder: Path) -> Subject:
    """Return the subject in a scratch copy of the app's folder whose database is filled."""
    target = folder / subject.app.folder.name
    shutil.copytree(subject.app.folder, target, ignore=shutil.ignore_patterns(*LEFT_OUT))
    also = [["-c", "\n".join([_SCOPE, *subject.also, "db.session.commit()"])]] if subject.also else []
    for arguments in [*subject.fill, *also]:
        _run([sys.executable, *arguments], replace(subject.app, folder=target))
    return subject.moved(target)


@dataclass(frozen=True)
class Migrated:
    """A subject after our own commands; ``left`` counts the methods that stay Resources, by reason."""

    subject: Subject
    converted: int
    left: Counter[str]
    advice: Counter[str]

    @property
    def methods(self) -> int:
        """All Resource methods that the codemod looked at."""
        return self.converted + self.left.total()


def setting_up(file: str) -> list[str]:
    """Return the command that puts the bridge into an app."""
    return fetch2socket("server", "--init", file, "--write")


def migrated(subject: Subject, folder: Path) -> Migrated:
    """Return what `fetch2socket server` makes of a scratch copy."""
    target = folder / subject.app.folder.name
    shutil.copytree(subject.app.folder, target)
    app = replace(subject.app, folder=target)
    _run(setting_up(subject.init), app)
    report = folder / "report.json"
    _run(fetch2socket("server", ".", "--write", "--format", "json", "--report", str(report)), app)
    found = json.loads(report.read_text(encoding="utf-8"))
    rows = found["sites"]
    left = Counter(row["reason"] for row in rows if row["outcome"] == "left")
    advice = Counter(row["code"] for row in found.get("advice", []))
    return Migrated(subject.moved(target), sum(row["outcome"] == "rewritten" for row in rows), left, advice)


def _run(command: list[str], app: App) -> str:
    """Run a command in the app's folder; raises RuntimeError with its last words."""
    done = subprocess.run(command, capture_output=True, text=True, env=app.environ, cwd=app.folder, check=False)
    if done.returncode:
        words = (done.stderr.strip() or done.stdout.strip()).splitlines()[-3:]
        msg = f"{' '.join(command[1:4])[:60]}: exit {done.returncode}: {' / '.join(words)}"
        raise RuntimeError(msg)
    return done.stdout
