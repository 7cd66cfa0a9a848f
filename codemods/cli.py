"""The command line: ``fetch2socket``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from bridge.errors import BridgeError
from bridge.events import EventMap
from codemods import copying, reports
from codemods.files import uncommitted
from codemods.front_end import Settings
from codemods.javascript.rules.catalogue import RULES
from codemods.lazy import LazyGroup
from codemods.reports.screen import PLAIN, stdout_screen
from codemods.results import FileResult
from codemods.runner import Run, Tick, run, write_all
from codemods.sources import load_events

_NAMES = [rule.name for rule in RULES]
_Command = TypeVar("_Command", bound=Callable[..., Any])


class _WrongUse(click.ClickException):
    """One line on stderr and exit code 2."""

    exit_code = 2


def _wrong(message: str) -> NoReturn:
    raise _WrongUse(message)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    lazy={
        "events": ("bridge.cli:events", "Show or write the event map of an app."),
        "serve": ("bridge.cli:serve", "Run an unmodified app with the bridge mounted."),
        "demo": ("sample_app.demo:demo", "Run the sample app, before and after its migration."),
    },
)
@click.version_option(package_name="fetch2socket")
def main() -> None:
    """Move an app whose React front end calls a Flask back end by fetch to Socket.IO.

    \b
    A first look, in a project with server/app.py and client/src:
      fetch2socket events app:app --app-dir server -o events.json
      fetch2socket scan client --events events.json
      fetch2socket client client --events events.json
      fetch2socket client client --events events.json --write
    """


def _options(command: _Command) -> _Command:
    """Add the options that ``scan`` and ``client`` share."""
    paths = click.Path(exists=True, path_type=Path)
    added = [
        click.argument("paths", nargs=-1, required=True, type=paths),
        click.option("--events", "source", metavar="SOURCE", help="Event map file, or module:app.", required=True),
        click.option("--app-dir", default=".", show_default=True, help="Folder in which module:app is looked up."),
        click.option("--host", "hosts", multiple=True, metavar="HOST", help="Another host that is the app's."),
        click.option("--define", "defines", multiple=True, metavar="NAME=VALUE", help="The value of a URL constant."),
        click.option("--format", "form", type=click.Choice(reports.FORMATS), default="text", show_default=True),
        click.option(
            "--report", "target", type=click.Path(dir_okay=False, path_type=Path), help="Write the report here."
        ),
    ]
    for one in reversed(added):
        command = one(command)
    return command


@main.command()
@_options
def scan(
    paths: tuple[Path, ...],
    source: str,
    app_dir: str,
    hosts: tuple[str, ...],
    defines: tuple[str, ...],
    form: str,
    target: Path | None,
) -> None:
    """List every fetch call below PATHS: what would become of it, and why not. Writes nothing.

    \b
    Examples:
      fetch2socket scan client --events events.json
      fetch2socket scan client/src --events app:app --app-dir server --format json
    """
    outcome = _run(paths, _settings(source, app_dir, hosts, defines, frozenset()))
    _report(outcome, form, target)


@main.command()
@_options
@click.option("--diff", "mode", flag_value="diff", default=True, help="Show what would change (the default).")
@click.option("--write", "mode", flag_value="write", help="Rewrite the files.")
@click.option("--check", "mode", flag_value="check", help="Exit with 1 if something would change.")
@click.option(
    "--to",
    "copy",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write a migrated copy of the folder PATH to DIR instead; with --check, compare DIR with it.",
)
@click.option("--only", multiple=True, type=click.Choice(_NAMES), metavar="RULE", help="Use this rule; repeatable.")
@click.option(
    "--skip", multiple=True, type=click.Choice(_NAMES), metavar="RULE", help="Pass over this rule; repeatable."
)
@click.option("--allow-dirty", is_flag=True, help="Write into a git tree with uncommitted changes, or a folder in use.")
@click.option(
    "--list-rules",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    help="List the rules and exit.",
    callback=lambda ctx, param, value: _list_rules(ctx) if value else None,
)
def client(
    paths: tuple[Path, ...],
    source: str,
    app_dir: str,
    hosts: tuple[str, ...],
    defines: tuple[str, ...],
    form: str,
    target: Path | None,
    mode: str,
    copy: Path | None,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    allow_dirty: bool,
) -> None:
    """Rewrite the fetch calls below PATHS to emits; a dry run with a diff unless --write.

    \b
    Examples:
      fetch2socket client client --events events.json
      fetch2socket client client/src --events events.json --write
      fetch2socket client client --events app:app --app-dir server --to client_socket
      fetch2socket client client --events events.json --check --format json
    """
    if copy is not None:
        _check_copy(paths, copy, mode, allow_dirty=allow_dirty)
    rules = frozenset(only or _NAMES) - frozenset(skip)
    outcome = _run(paths, _settings(source, app_dir, hosts, defines, rules))
    if copy is not None:
        _copied(outcome, paths[0], copy, form, target, mode)
        return
    if mode == "write":
        _write(outcome.changed, allow_dirty=allow_dirty)
    elif form == "text":
        _show_diff(outcome.changed)
    _report(outcome, form, target)
    _steps(outcome, form)
    if mode == "check" and outcome.changed:
        sys.exit(1)


def _list_rules(ctx: click.Context) -> NoReturn:
    width = max(map(len, _NAMES))
    for rule in RULES:
        click.echo(f"{rule.name:{width}}  {rule.sentence}")
    ctx.exit()


def _settings(
    source: str, app_dir: str, hosts: Iterable[str], defines: Iterable[str], rules: frozenset[str]
) -> Settings:
    bad = next((one for one in defines if "=" not in one), None)
    if bad is not None:
        _wrong(f"--define {bad}: write NAME=VALUE")
    values = dict(one.split("=", 1) for one in defines)
    names = frozenset(one.split("://")[-1].rstrip("/").lower() for one in hosts)
    return Settings(_events(source, app_dir), names, values, rules)


def _events(source: str, app_dir: str) -> EventMap:
    try:
        return load_events(source, app_dir)
    except BridgeError as error:
        _wrong(str(error))


def _run(paths: tuple[Path, ...], settings: Settings) -> Run:
    with _progress() as tick:
        return run(paths, settings, tick)


@contextmanager
def _progress() -> Any:
    """Show a bar on stderr, if that is a terminal."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reading", total=None)
        tick: Tick = lambda done, total: progress.update(task, completed=done, total=total)  # noqa: E731
        yield tick


def _show_diff(changed: list[FileResult]) -> None:
    from codemods.reports import diff

    click.echo(diff.render(changed, stdout_screen()), nl=False)


def _report(outcome: Run, form: str, target: Path | None) -> None:
    if target is None:
        click.echo(reports.render(outcome, form, stdout_screen()), nl=False)
        return
    text = reports.render(outcome, form, PLAIN)
    try:
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        _wrong(f"--report {target}: {error.strerror}")


def _steps(outcome: Run, form: str) -> None:
    if outcome.steps and form == "text":
        click.echo("Next steps:")
        for step in outcome.steps:
            click.echo(f"  - {step}")


def _write(changed: list[FileResult], *, allow_dirty: bool) -> None:
    if not changed:
        return
    folders = {Path(one.path).absolute().parent for one in changed}
    existing = {next(up for up in (folder, *folder.parents) if up.exists()) for folder in folders}
    dirty = [] if allow_dirty else [name for folder in sorted(existing) for name in uncommitted(folder)]
    if dirty:
        _wrong(f"the git tree has uncommitted changes ({dirty[0]}); commit them, or use --allow-dirty")
    try:
        write_all(changed)
    except OSError as error:
        _wrong(f"{error.filename}: {error.strerror}")


def _check_copy(paths: tuple[Path, ...], copy: Path, mode: str, *, allow_dirty: bool) -> None:
    if len(paths) != 1 or not paths[0].is_dir():
        _wrong("--to needs exactly one PATH, a folder")
    source, target = paths[0].resolve(), copy.resolve()
    if source == target or source in target.parents or target in source.parents:
        _wrong("--to: the copy and its source must not lie in each other")
    if mode != "check" and not allow_dirty and target.is_dir() and any(target.iterdir()):
        _wrong(f"--to: {copy} is not empty; empty it, or use --allow-dirty to write over it")


def _copied(outcome: Run, source: Path, copy: Path, form: str, target: Path | None, mode: str) -> None:
    files = copying.expected(source, outcome)
    differing = copying.differing(files, copy) if mode == "check" else []
    if mode != "check":
        try:
            copying.write_copy(files, source, copy)
        except OSError as error:
            _wrong(f"{error.filename}: {error.strerror}")
    _report(outcome, form, target)
    if differing:
        click.echo(f"{copy} differs from a fresh copy: {', '.join(differing[:5])}", err=True)
        sys.exit(1)
    _steps(outcome, form)
