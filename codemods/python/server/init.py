"""``fetch2socket server --init``: puts the set-up of the bridge into an app, so that it starts with sockets."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from bridge.errors import BridgeError
from codemods import reasons
from codemods.python.server import rules
from codemods.python.server.init_names import has_bridge
from codemods.python.server.init_plan import Plan, comes_too_early, plan, too_early
from codemods.python.server.init_reading import Reading, project_folder, read, runs
from codemods.python.server.init_shadows import shadow
from codemods.python.server.init_steps import next_steps
from codemods.python.server.init_watching import SOCKETIO
from codemods.python.server.init_writing import Writing
from codemods.python.values import Call, Place
from codemods.results import LEFT, REWRITTEN, SAFE, Advice, FileResult, Left, Site
from codemods.run import Run, shown

RULE = rules.INIT_APP
NOUN = "app"
EVERY_ORIGIN = "every_origin"
_EVERY_ORIGIN = (
    'cors_allowed_origins="*" lets every web site act with your users\' cookies, and Bridge refuses to start so: '
    "take it out (same origin), or list the origins of your pages."
)


def init(paths: tuple[Path, ...], file: Path | None = None) -> Run:
    """Return the run that sets up the app of a folder, or that of a file; raises BridgeError where there is none.

    ``file`` is where the app is made. Without ``paths`` its folder is looked at, for a package the one around it.
    """
    folder = _folder(paths, file)
    inside = "" if file is None or file.is_dir() else file.resolve().relative_to(folder.resolve()).as_posix()
    reading = read(folder, inside)
    if reading is None:
        msg = f"no Flask app in {file or folder}: name the file where it is made with --init FILE"
        raise BridgeError(msg)
    return _Init(reading).run()


def _folder(paths: tuple[Path, ...], file: Path | None) -> Path:
    folders = [*paths, *([file] if file is not None and file.is_dir() else [])]
    if folders or file is None:
        first = folders[0] if folders else Path()
        return first if first.is_dir() else first.parent
    return project_folder(file)


class _Init:
    """The set-up of one app."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.writing = Writing(reading)
        self.rows: dict[str, list[Site]] = {}
        self.plan: Plan | None = None

    def run(self) -> Run:
        """Return what would change."""
        try:
            self._set_up()
            self._run_calls()
        except Left as left:
            self.writing = Writing(self.reading)
            self.rows = {}
            self._tell(self.reading.app.place, LEFT, left)
        results = tuple(self._results())
        added = tuple(
            FileResult(shown(self.reading.where(path)), b"", text.encode()) for path, text in self.writing.added.items()
        )
        changed = any(one.is_changed for one in results)
        together = frozenset(one.path for one in results if one.is_changed)
        steps = next_steps(self.reading) if changed else ()
        return Run(results, added if changed else (), tuple(steps), (together,) if together else (), NOUN)

    def _set_up(self) -> None:
        problem = shadow(self.reading)
        if problem:
            raise Left(reasons.NAME_SHADOWED, problem)
        if not has_bridge(self.reading):
            self.plan = plan(self.reading)
            self.writing.set_up(self.plan)
            place, wired = self.reading.app.place, self.plan.wired
            self._tell(place if place.path == wired.path else Place(wired.path, max(wired.line, 1)), REWRITTEN)

    def _run_calls(self) -> None:
        source, name = self._socketio()
        for path, call in runs(self.reading) if name else ():
            if self.plan is not None and comes_too_early(self.plan, call):
                raise Left(reasons.SETUP_UNCLEAR, too_early(call))
            place = Place(path, getattr(call.node, "lineno", 1))
            column = getattr(call.node, "col_offset", 0) + 1
            try:
                self.writing.run(path, call, source, name)
                self._tell(place, REWRITTEN, column=column)
            except Left as left:
                self._tell(place, LEFT, left, column)

    def _socketio(self) -> tuple[str, str]:
        """Return the file and the name of the SocketIO object, which is there or will be; "" where it has none."""
        if self.plan is not None:
            return self.plan.socketio_from, self.plan.names.socketio
        made = next((one for one in self.reading.notes.made if one.kind == SOCKETIO), None)
        scope = made.frame.scope if made is not None and made.frame is not None else None
        names = scope.module.names.items() if scope is not None else ()
        path = scope.module.path if scope is not None else ""
        return path, next((name for name, one in names if one is made), "")

    # ---- rows ---------------------------------------------------------------------------------

    def _tell(self, place: Place, outcome: str, left: Left | None = None, column: int = 1) -> None:
        file = shown(self.reading.where(place.path))
        site = Site(file, place.line, column, outcome, rule=RULE, confidence=SAFE)
        row = site.left(left.reason, left.message) if left is not None else site
        self.rows.setdefault(place.path, []).append(row)

    def _results(self) -> Iterator[FileResult]:
        advice = list(self._advice())
        for path in sorted({*self.rows, *self.writing.drafts, *(path for path, _ in advice)}):
            name = shown(self.reading.where(path))
            before = self.reading.project.files[path]
            after = self.writing.after(path)
            ast.parse(after)
            told = tuple(one for where, one in advice if where == path)
            yield FileResult(name, before, after, tuple(sorted(self.rows.get(path, ()), key=_place)), "", told)

    def _advice(self) -> Iterator[tuple[str, Advice]]:
        for one in self.reading.notes.made:
            if one.kind == SOCKETIO and one.call is not None and _is_every_origin(one.call):
                place = one.call.place
                file = shown(self.reading.where(place.path))
                column = getattr(one.call.node, "col_offset", 0) + 1
                yield place.path, Advice(file, place.line, column, EVERY_ORIGIN, _EVERY_ORIGIN)


def _place(site: Site) -> tuple[int, int]:
    return site.place


def _is_every_origin(call: Call) -> bool:
    given = call.keywords.get("cors_allowed_origins")
    return given in ("*", []) or (isinstance(given, list | tuple) and "*" in given)
