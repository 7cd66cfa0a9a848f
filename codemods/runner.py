"""Runs the rewrite over folders: finds the front ends, reads, hands out results, writes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bridge.events import EventMap
from codemods import reasons
from codemods.files import is_minified, package_root, read, source_files, write
from codemods.install import client_files, client_path, next_steps, package_edit
from codemods.javascript.location import Server
from codemods.javascript.modules import Modules
from codemods.javascript.proxy import Proxy, read_proxies
from codemods.javascript.resolving import App
from codemods.javascript.rewrite import rewrite
from codemods.results import LEFT, FileResult, Site

Tick = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is told: the event map, hosts and constants given by hand, the rules to use (empty: all)."""

    event_map: EventMap
    hosts: frozenset[str] = frozenset()
    defines: dict[str, str] = field(default_factory=dict)
    rules: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Run:
    """What a run found: a result for each file that was read, the files to add, and what is left to do by hand."""

    results: tuple[FileResult, ...]
    added: tuple[FileResult, ...] = ()
    steps: tuple[str, ...] = ()

    @property
    def sites(self) -> list[Site]:
        """The rows of all files."""
        return [site for result in self.results for site in result.sites]

    @property
    def changed(self) -> list[FileResult]:
        """All files that would be written."""
        return [one for one in (*self.results, *self.added) if one.is_changed]

    @property
    def unparsable(self) -> list[dict[str, str]]:
        """The files that could not be read or parsed whole, and why."""
        return [{"file": one.path, "reason": one.unparsable} for one in self.results if one.unparsable]


def run(paths: Iterable[Path], settings: Settings, tick: Tick = lambda done, total: None) -> Run:
    """Rewrite every script below the paths in memory; nothing is written."""
    groups = _by_root(paths)
    total = sum(len(files) for files in groups.values())
    results: list[FileResult] = []
    added: list[FileResult] = []
    steps: list[str] = []
    for root, files in groups.items():
        app, proxies = _app(root, settings)
        before = len(results)
        for path in files:
            results.append(_one(path, app))
            tick(len(results), total)
        if any(one.is_changed for one in results[before:]):
            new = _added(root, app)
            added += new
            has_package = any(one.path.endswith("package.json") for one in new)
            steps += next_steps(proxies, is_package_changed=has_package)
    return Run(tuple(results), tuple(added), tuple(dict.fromkeys(steps)))


def _by_root(paths: Iterable[Path]) -> dict[Path, list[Path]]:
    """Return the files to rewrite, by the front end that they belong to."""
    groups: dict[Path, list[Path]] = {}
    seen: set[Path] = set()
    for given in paths:
        absolute = given.absolute()
        for path in source_files(absolute) if absolute.is_dir() else [absolute]:
            if path not in seen:
                seen.add(path)
                fallback = absolute if absolute.is_dir() else absolute.parent
                groups.setdefault(package_root(path.parent) or fallback, []).append(path)
    return groups


def _app(root: Path, settings: Settings) -> tuple[App, tuple[Proxy, ...]]:
    files = tuple(one.as_posix() for one in source_files(root))
    cached: dict[str, bytes | None] = {}

    def read_once(path: str) -> bytes | None:
        if path not in cached:
            cached[path] = read(path)
        return cached[path]

    modules = Modules(root.as_posix(), read_once, files)
    proxies = read_proxies(modules)
    client = client_path(root.as_posix(), read_once, has_src=(root / "src").is_dir())
    defines = {**_environment(root), **settings.defines}
    return App(modules, settings.event_map, Server(settings.hosts, proxies), defines, client, settings.rules), proxies


def _environment(root: Path) -> dict[str, str]:
    """Return the variables that all .env files which set them agree on."""
    values: dict[str, set[str]] = {}
    for path in sorted(root.glob(".env*")):
        text = (read(str(path)) or b"").decode(errors="replace")
        for line in text.splitlines():
            name, equals, value = line.partition("=")
            if equals and not name.lstrip().startswith("#"):
                values.setdefault(name.strip().removeprefix("export "), set()).add(value.strip().strip("'\""))
    return {name: found.copy().pop() for name, found in values.items() if len(found) == 1}


def shown(path: Path | str) -> str:
    """Return a path as reports show it: from the current folder if it is below that."""
    path = Path(path)
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def _one(path: Path, app: App) -> FileResult:
    """Rewrite one file; whatever goes wrong in it is a finding and leaves the others alone."""
    name = shown(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        return FileResult(name, b"", b"", (), f"cannot be read: {os.strerror(error.errno or 0)}")
    if b"fetch" in data and is_minified(data):
        return FileResult(name, data, data, (), "is minified")
    try:
        return rewrite(data, path.as_posix(), app, name)
    except UnicodeDecodeError as error:
        return FileResult(name, data, data, (), f"is not UTF-8 at byte {error.start}")
    except Exception as error:
        msg = f"fetch2socket failed on this file ({type(error).__name__}: {error}); please report it."
        return FileResult(name, data, data, (Site(name, 1, 1, LEFT, reasons.INTERNAL_ERROR, msg),), "failed inside")


def _added(root: Path, app: App) -> list[FileResult]:
    modules = app.modules
    package = package_edit(modules.root, modules.read, shown(root / "package.json"))
    files = client_files(app.client, modules.read, shown(app.client))
    return [*([package] if package is not None else []), *files]


def write_all(changed: Iterable[FileResult]) -> None:
    """Write every changed file in place."""
    for result in changed:
        write(Path(result.path), result.after)
