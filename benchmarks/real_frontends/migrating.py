"""Migrates one app's front end in a scratch copy, by the command line as a user would, and checks the outcome."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.real_frontends import building, checks
from benchmarks.real_frontends.apps import PASSED_OVER, RealApp, files, scripts
from benchmarks.real_frontends.verdict import Verdict

_ROOT = Path(__file__).parents[2]
_COMMAND = (sys.executable, "-c", "from codemods.cli import main; main()")
_ADDED = frozenset({"package.json", "socket.js", "socket.d.ts", "fetchSocket.js", "fetchSocket.d.ts"})


def migrate(app: RealApp, events: Path | None, *, with_build: bool) -> Verdict:
    """Migrate a scratch copy of an app; ``events`` is its event map where the source is not to be read."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch, "app")
        shutil.copytree(app.folder, copy, symlinks=True, ignore=shutil.ignore_patterns(*PASSED_OVER))
        for path in (copy, *copy.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | 0o200)
        return _Migration(app, copy / app.front, events or copy / app.server).verdict(with_build=with_build)


class _Migration:
    """One scratch copy: ``front`` is rewritten, put back, and looked at in between."""

    def __init__(self, app: RealApp, front: Path, events: Path) -> None:
        self.app = app
        self.front = front
        self.events = events
        self.before = self._contents()

    def verdict(self, *, with_build: bool) -> Verdict:
        start = building.entry(self.front) if with_build else None
        built = building.problem(self.front, start) if start else ""
        done = self._client("--write", "--format", "json")
        if done.returncode:
            return Verdict(self.app, faults=(f"the command failed: {done.stderr.strip()[-200:]}",))
        sites = json.loads(done.stdout)["sites"]
        faults = [*self._changed_for_nothing(sites), *self._problems(), *self._second_run()]
        build = _build_result(self.front, start, built)
        faults += [f"builds no more: {build}"] if start and not built and build not in {"yes", ""} else []
        faults += self._undo()
        return Verdict(
            self.app, tuple(sites), len(scripts(self.front)), build if not built else "never did", tuple(faults)
        )

    def _contents(self) -> dict[str, bytes]:
        return {path.relative_to(self.front).as_posix(): path.read_bytes() for path in files(self.front)}

    def _client(self, *options: str) -> subprocess.CompletedProcess[str]:
        return self._run("client", str(self.front), "--events", str(self.events), *options)

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PYTHONPATH": str(_ROOT)}
        return subprocess.run(
            [*_COMMAND, *arguments], cwd=self.front, env=env, capture_output=True, text=True, check=False
        )

    # ---- what must hold -------------------------------------------------------------------

    def _changed(self) -> set[str]:
        now = self._contents()
        return {name for name in {*now, *self.before} if now.get(name) != self.before.get(name)}

    def _changed_for_nothing(self, sites: list[dict[str, Any]]) -> list[str]:
        named = {_relative(one["file"], self.front) for one in sites if one["outcome"] == "rewritten"}
        odd = [name for name in self._changed() - named if Path(name).name not in _ADDED]
        return [f"{name} changed, though no call in it was rewritten" for name in sorted(odd)]

    def _problems(self) -> list[str]:
        found = []
        for name in sorted(self._changed() & self.before.keys()):
            if Path(name).suffix in checks.CHECKED:
                after = (self.front / name).read_bytes()
                found += [f"{name} {problem}" for problem in checks.problems(self.before[name], after, name)]
        return found

    def _second_run(self) -> list[str]:
        done = self._client("--check", "--format", "json")
        return ["a second run changes something"] if done.returncode else []

    def _undo(self) -> list[str]:
        if not self._changed():
            return []
        done = self._run("undo")
        if done.returncode:
            return [f"undo failed: {done.stderr.strip()[-200:]}"]
        return [f"undo leaves {name} changed" for name in sorted(self._changed())]


def _build_result(front: Path, start: str | None, built: str) -> str:
    if start is None or built:
        return ""
    return building.problem(front, start) or "yes"


def _relative(name: str, front: Path) -> str:
    """Return a path of the report, which is relative to the folder of the run, as one within the front end."""
    path = Path(name) if Path(name).is_absolute() else front / name
    return path.resolve().relative_to(front.resolve()).as_posix()
