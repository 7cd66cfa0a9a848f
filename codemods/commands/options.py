"""The options that ``scan`` and ``client`` share, and what they make together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from codemods.reports import FORMATS
from codemods.wrong_use import wrong

if TYPE_CHECKING:
    from bridge.events import EventMap
    from codemods.front_end import Settings

_Command = TypeVar("_Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Shared:
    """What was given for the shared options."""

    paths: tuple[Path, ...]
    source: str
    app_dir: str
    hosts: tuple[str, ...]
    defines: tuple[str, ...]
    form: str
    target: Path | None
    quiet: bool
    jobs: int
    no_cache: bool

    def settings(self, rules: frozenset[str] = frozenset(), *, is_kept: bool = True) -> Settings:
        """Return what a run is told; ``is_kept`` lets it answer from what an earlier one found."""
        from codemods.cache import user_folder
        from codemods.front_end import Settings

        bad = next((one for one in self.defines if "=" not in one), None)
        if bad is not None:
            wrong(f"--define {bad}: write NAME=VALUE")
        values = dict(one.split("=", 1) for one in self.defines)
        names = frozenset(one.split("://")[-1].rstrip("/").lower() for one in self.hosts)
        events = _events(self.source, self.app_dir)
        cache = user_folder() if is_kept and not self.no_cache else None
        return Settings(events, names, values, rules, jobs=self.jobs, cache=cache)


def shared(command: _Command) -> _Command:
    """Add the options that ``scan`` and ``client`` share; the command takes them as one ``Shared``."""
    paths = click.Path(exists=True, path_type=Path)
    added = [
        click.argument("paths", nargs=-1, required=True, type=paths),
        click.option("--events", "source", metavar="SOURCE", help="Event map file, or module:app.", required=True),
        click.option("--app-dir", default=".", show_default=True, help="Folder in which module:app is looked up."),
        click.option("--host", "hosts", multiple=True, metavar="HOST", help="Another host that is the app's."),
        click.option("--define", "defines", multiple=True, metavar="NAME=VALUE", help="The value of a URL constant."),
        click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True),
        click.option(
            "--report", "target", type=click.Path(dir_okay=False, path_type=Path), help="Write the report here."
        ),
        click.option(
            "--jobs",
            type=click.IntRange(min=0),
            default=0,
            metavar="N",
            help="Work in N processes.  [default: one a core, where it pays]",
        ),
        click.option("--no-cache", is_flag=True, help="Look at every file again, even if nothing has changed."),
        click.option("--quiet", "-q", is_flag=True, help="Print no report, diff or bar; errors only."),
    ]
    for one in reversed(added):
        command = one(command)
    return command


def _events(source: str, app_dir: str) -> EventMap:
    from bridge.errors import BridgeError
    from codemods.sources import load_events

    try:
        return load_events(source, app_dir)
    except BridgeError as error:
        wrong(str(error))
