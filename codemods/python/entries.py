"""Chooses what to run, in thought: which file of a folder starts the app, and which app it is if there are several."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from msgspec import Struct

from codemods.python.project import Project
from codemods.python.values import App, Call, Class, Function, ModuleValue, Place, Scope
from codemods.python.world import World

_USUAL = (
    "wsgi",
    "app",
    "main",
    "server",
    "run",
    "application",
    "manage",
    "asgi",
    "index",
    "api",
    "__init__",
    "__main__",
)
_FLASK = re.compile(rb"\bFlask\b")
ROUTES = re.compile(rb"\badd_resource\b|\badd_url_rule\b|\bregister_blueprint\b|\.route\(|\.resource\(|\bFlask\b")
_MOST_ENTRIES = 60


class Start(Struct, frozen=True):
    """An app, the imagined run that made it and the file that this run began with."""

    app: App
    world: World

    @property
    def entry(self) -> str:
        """The file that was run."""
        return self.world.entry

    @property
    def rank(self) -> tuple[bool, int, bool]:
        """What the best start has most of: a usual name of its file, routes, a usual name of the app."""
        is_usual = PurePosixPath(self.entry).stem in _USUAL
        return is_usual, len(self.app.rules), self.app.variable in {"app", "application"}


def starts(project: Project, entry: str = "", make: Callable[..., World] = World) -> list[Start]:
    """Return the best start of each app in the project, the best app first; ``entry`` is a file to start with.

    ``make`` makes the imagined runs: a World that notes more than routes, for instance.
    """
    candidates = [entry] if entry else _candidates(project)
    found = list(_runs(project, candidates, make, is_main=False))
    if not any(one.app.rules for one in found):
        found += _runs(project, candidates, make, is_main=True)
    best: dict[Place, Start] = {}
    for one in sorted(found, key=lambda start: start.rank, reverse=True):
        best.setdefault(one.app.place, one)
    return sorted(best.values(), key=lambda start: start.rank, reverse=True)


def _candidates(project: Project) -> list[str]:
    """Return the files that may start an app, the likeliest first."""
    named = [path for path in project.files if PurePosixPath(path).stem in _USUAL]
    others = [path for path, data in project.files.items() if path not in named and ROUTES.search(data)]
    order = [*sorted(named, key=_likely), *sorted(others, key=lambda path: (path.count("/"), path))]
    return order[:_MOST_ENTRIES]


def _likely(path: str) -> tuple[int, int, str]:
    return path.count("/"), _USUAL.index(PurePosixPath(path).stem), path


def _runs(project: Project, candidates: list[str], make: Callable[..., World], *, is_main: bool) -> Iterator[Start]:
    """Run each file that no run before it has imported."""
    seen: set[str] = set()
    for entry in candidates:
        if entry in seen or project.tree(entry) is None:
            continue
        world = make(project, entry, is_main=is_main)
        _call_factories(world)
        seen.update(world.modules)
        yield from (Start(app, world) for app in world.apps)


def _call_factories(world: World) -> None:
    """Call what makes an app and was called by nobody, as a server does that is told ``module:create_app``."""
    for module in list(world.modules.values()):
        if _FLASK.search(world.project.files.get(module.path, b"")):
            for value in list(module.names.values()):
                if _is_factory(value, module) and id(value.node) not in world.called:
                    world.call(value, Call((), {}, value.node, Scope({}, module)))


def _is_factory(value: object, module: ModuleValue) -> bool:
    if isinstance(value, Function) and value.scope.module is module:
        return _makes_app(value.node)
    return isinstance(value, Class) and value.module is module and _makes_app(value.node)


def _makes_app(node: ast.AST) -> bool:
    calls = (one.func for one in ast.walk(node) if isinstance(one, ast.Call))
    return any(getattr(one, "id", getattr(one, "attr", "")) == "Flask" for one in calls)
