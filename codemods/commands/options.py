"""The options that several commands share, and what they make together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource
from msgspec import Struct
from msgspec.structs import replace

from codemods.reports import FORMATS
from codemods.wrong_use import wrong

if TYPE_CHECKING:
    from bridge.events import EventMap
    from codemods.front_end import Settings
    from codemods.gitignore import Patterns

_SOURCE = "Event map file, folder of Python source (read, never imported), or module:app."
_Command = TypeVar("_Command", bound=Callable[..., Any])


class Given(Struct, frozen=True):
    """What was given for the options that say which server the front end calls."""

    source: str | None
    app_dir: str
    hosts: tuple[str, ...]
    defines: tuple[str, ...]

    def about_server(self) -> Settings:
        """Return settings that know the server only."""
        from codemods.front_end import Settings

        if self.source is None:
            wrong("--events SOURCE is missing: an event map file, a folder of Python source, or module:app")
        bad = next((one for one in self.defines if "=" not in one), None)
        if bad is not None:
            wrong(f"--define {bad}: write NAME=VALUE")
        values = dict(one.split("=", 1) for one in self.defines)
        names = frozenset(one.split("://")[-1].rstrip("/").lower() for one in self.hosts)
        return Settings(events_of(self.source, self.app_dir, may_import=is_typed("source")), names, values)


class Shared(Given, frozen=True):
    """What was given for the options that ``scan`` and ``client`` share."""

    paths: tuple[Path, ...]
    form: str
    target: Path | None
    is_live: bool
    quiet: bool
    jobs: int
    no_cache: bool
    exclude: tuple[Patterns, ...]

    def settings(self, rules: frozenset[str] = frozenset(), *, is_kept: bool = True) -> Settings:
        """Return what a run is told; ``is_kept`` lets it answer from what an earlier one found."""
        cache = _cache() if is_kept and not self.no_cache else None
        server = self.about_server()
        return replace(server, rules=rules, jobs=self.jobs, cache=cache, exclude=self.exclude, is_live=self.is_live)


def _cache() -> Path:
    from codemods.cache import user_folder

    return user_folder()


def source_options() -> tuple[Callable[[_Command], _Command], ...]:
    """Return the options that name the event map."""
    return (
        click.option("--events", "source", metavar="SOURCE", help=_SOURCE),
        click.option("--app-dir", default=".", show_default=True, help="Folder in which module:app is looked up."),
    )


def report_options() -> tuple[Callable[[_Command], _Command], ...]:
    """Return the options that say where the report goes."""
    report = click.Path(dir_okay=False, path_type=Path)
    return (
        click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True),
        click.option("--report", "target", type=report, help="Write the report here."),
        click.option("--quiet", "-q", is_flag=True, help="Print no report, diff or bar; errors only."),
    )


def exclude_option() -> Callable[[_Command], _Command]:
    """Return the option that names files to pass over."""
    return click.option(
        "--exclude",
        multiple=True,
        type=click.UNPROCESSED,
        callback=_patterns,
        metavar="GLOB",
        help="Pass over these files, as a line of .gitignore in this folder would.",
    )


def server_options(command: _Command) -> _Command:
    """Add the options that say which server the front end calls; the command takes them as one ``Given``."""
    return together(
        command,
        *source_options(),
        click.option("--host", "hosts", multiple=True, metavar="HOST", help="Another host that is the app's."),
        click.option("--define", "defines", multiple=True, metavar="NAME=VALUE", help="The value of a URL constant."),
    )


def shared(command: _Command) -> _Command:
    """Add the options that ``scan`` and ``client`` share; the command takes them as one ``Shared``."""
    paths = click.Path(exists=True, path_type=Path)
    jobs = click.IntRange(min=0)
    form, report, quiet = report_options()
    command = together(
        command,
        click.option("--live/--no-live", "is_live", help="GETs of live collections that fill state: subscribe."),
        form,
        report,
        click.option(
            "--jobs",
            type=jobs,
            default=0,
            metavar="N",
            help="Work in N processes.  [default: one a core, where it pays]",
        ),
        exclude_option(),
        click.option("--no-cache", is_flag=True, help="Look at every file again, even if nothing has changed."),
        quiet,
    )
    return together(server_options(command), click.argument("paths", nargs=-1, required=True, type=paths))


def _patterns(_: click.Context, __: click.Parameter, given: tuple[str | Patterns, ...]) -> tuple[Patterns, ...]:
    """Read the globs of the command line; those of a settings file are read already."""
    lines = [one for one in given if isinstance(one, str)]
    if not lines:
        return tuple(one for one in given if not isinstance(one, str))
    from codemods.gitignore import patterns

    return (patterns(Path.cwd().as_posix(), lines),)


def together(command: _Command, *options: Callable[[_Command], _Command]) -> _Command:
    """Add options to a command, the first of them first."""
    for one in reversed(options):
        command = one(command)
    return command


def is_typed(name: str) -> bool:
    """True unless a settings file gave the value of a parameter."""
    return click.get_current_context().get_parameter_source(name) is not ParameterSource.DEFAULT_MAP


def events_of(source: str, app_dir: str, *, may_import: bool = True) -> EventMap:
    """Return the event map that a SOURCE names; what its reading left out is told on stderr."""
    from bridge.errors import BridgeError
    from codemods.reports.screen import visible
    from codemods.sources import load_events

    try:
        found = load_events(source, app_dir, may_import=may_import)
    except BridgeError as error:
        wrong(str(error))
    for finding in found.findings:
        click.echo(visible(str(finding)), err=True)
    return found.event_map
