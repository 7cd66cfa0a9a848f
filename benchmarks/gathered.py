"""``python -m benchmarks.gathered APPS FOLDER``: a tree of real front ends for ``benchmarks.codemods --tree``.

Only what people wrote by hand is copied: no node_modules, nothing built, vendored or minified, so that all commands
read the same files. Where the apps have too few script files, they are copied again under other names.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from bridge.errors import BridgeError
from codemods.discovery import scripts, why_by_content
from codemods.sources import load_events

_BESIDE = ("package.json", ".gitignore", ".env*", "jsconfig.json", "tsconfig.json")
_SERVERS = ("server", "backend", "api")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("apps", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--least", default=4000, show_default=True, help="So many script files at least.")
def main(apps: Path, folder: Path, least: int) -> None:
    """Copy the front ends of the apps below APPS to FOLDER/tree, and their routes together to FOLDER/events.json."""
    found = {app.name: list(_files(app)) for app in sorted(apps.iterdir()) if app.is_dir()}
    count = sum(map(len, found.values()))
    if not count:
        msg = f"no script files below {apps}"
        raise click.ClickException(msg)
    copies = -(-least // count)
    for number in range(copies):
        for name, paths in found.items():
            for path in (*paths, *_beside(apps / name, paths)):
                target = folder / "tree" / f"{name}.{number}" / path.relative_to(apps / name)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
    events = _merged(apps / name for name in found)
    (folder / "events.json").write_text(json.dumps({"version": 1, "events": events}, indent=1), encoding="utf-8")
    click.echo(f"{len(found)} apps, {count} script files, {copies} times; {len(events)} events")


def _files(app: Path) -> Iterator[Path]:
    for script in scripts(app.absolute().as_posix()):
        path = Path(script.path)
        if not script.passed_over and path.is_file() and not why_by_content(path.read_bytes()):
            yield app / path.relative_to(app.absolute())


def _beside(app: Path, paths: list[Path]) -> set[Path]:
    """Return what a front end is read with: its package, its variables, what git ignores in it."""
    folders = {folder for path in paths for folder in path.parents if folder.is_relative_to(app)}
    return {one for folder in folders for pattern in _BESIDE for one in folder.glob(pattern) if one.is_file()}


def _merged(apps: Iterator[Path]) -> list[dict[str, Any]]:
    """Return the events of all apps; of those with one name or one route, the first."""
    events: list[dict[str, Any]] = []
    names: set[str] = set()
    routes: set[tuple[str, str]] = set()
    for app in apps:
        server = next((app / name for name in _SERVERS if (app / name).is_dir()), app)
        try:
            document = json.loads(load_events(str(server), ".").event_map.to_json())
        except BridgeError:
            continue
        for event in document["events"]:
            route = event["method"], event["rule"]
            if event["event"] not in names and route not in routes:
                names.add(event["event"])
                routes.add(route)
                events.append(event)
    return events


if __name__ == "__main__":
    main()
