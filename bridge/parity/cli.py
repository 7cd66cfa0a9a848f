"""The command ``fetch2socket parity``: compare, record, replay, explain."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from bridge.errors import BridgeError


class _WrongUse(click.ClickException):
    exit_code = 2


class _ParityGroup(click.Group):
    """A group whose own name takes an app: ``parity server.app:app`` is ``parity run server.app:app``."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            args = ["run", *args]
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0].startswith("-") and args[0] not in ("-h", "--help"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_ParityGroup, context_settings={"help_option_names": ["-h", "--help"]})
def parity() -> None:
    """Compare HTTP, bridged and native answers of an app: what they say, and what they leave behind.

    \b
    Examples:
      fetch2socket parity server.app:app
      fetch2socket parity app:app --app-dir server --login 'POST /login {"username": "ann", "password": "x"}'
      fetch2socket parity app:app --only 'POST /coaches' --seed 7 --report html:parity.html
      fetch2socket parity record app:app -o tape.jsonl
      fetch2socket parity replay app:app tape.jsonl
      fetch2socket parity explain 1f2e3d4c --from parity.json --emit-test tests/test_parity_coaches.py

    The app runs on copies of its SQLite database; the database itself is only read.
    """


def _common(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how an app is hosted and compared."""
    options = [
        click.option("--app-dir", default=".", show_default=True, help="The folder in which MODULE is looked up."),
        click.option(
            "--surface",
            type=click.Choice(["bridge", "native", "all"]),
            default="all",
            show_default=True,
            help="What is compared with HTTP: Resources behind events, native handlers, or both.",
        ),
        click.option("--only", multiple=True, metavar="ROUTE", help='An event, or "POST /coaches"; * matches.'),
        click.option("--budget", default=30.0, show_default=True, metavar="SECONDS", type=click.FloatRange(1)),
        click.option("--steps", default=0, metavar="N", help="End after N steps, so that a run is the same each time."),
        click.option("--seed", default=0, show_default=True, type=click.IntRange(0), help="What the inputs depend on."),
        click.option("--login", multiple=True, metavar="CALL", help="'POST /login {...}', once for A, once for B."),
        click.option("--bearer", default="", metavar="PATH", help="Where a login's answer has a token: access_token."),
        click.option("--ignore", multiple=True, metavar="LINE", help="'ROUTE | PATH | REASON [| DAY]': accept that."),
        click.option("--setup", default="", metavar="MODULE", help="Import MODULE in each process, before the app."),
        click.option("--report", multiple=True, metavar="FORMAT:FILE", help="html:F, json:F or junit:F; repeatable."),
        click.option("--fail-under", default=0.0, metavar="PERCENT", help="Exit with 1 below this coverage."),
        click.option("-x", "--stop-first", is_flag=True, help="End with the first mismatch."),
        click.option("-q", "--quiet", is_flag=True, help="No table, no progress: the exit code, and mismatches."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


@parity.command()
@click.argument("source", metavar="MODULE:APP")
@_common
def run(source: str, **told: Any) -> None:
    """Ask every route, its edges and random sequences, and compare (the command itself, without RUN)."""
    _compare(source, told, ())


@parity.command()
@click.argument("source", metavar="MODULE:APP")
@click.argument("tapes", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@_common
def replay(source: str, tapes: tuple[str, ...], **told: Any) -> None:
    """Ask what was recorded on TAPES, first of all, and then as without them while there is time."""
    _compare(source, told, tapes)


def _compare(source: str, told: dict[str, Any], tapes: tuple[str, ...]) -> None:
    from bridge.parity.progress import Bar
    from bridge.parity.reports.files import Target, write

    try:
        from bridge.parity.run import run as compare

        targets = [Target.parsed(text) for text in told["report"]]
        with Bar(sys.stderr, quiet=told["quiet"]) as bar:
            result = compare(_options(source, told, tapes), bar.told)
    except BridgeError as error:
        raise _WrongUse(str(error)) from error
    except ModuleNotFoundError as error:
        if error.name not in ("hypothesis", "time_machine"):
            raise
        msg = "parity needs two more packages: pip install 'fetch2socket[parity]'"
        raise _WrongUse(msg) from error
    _show(result, quiet=told["quiet"])
    for target in targets:
        write(result, target)
        click.echo(f"{target.form} report: {target.path}", err=True)
    if not result.finished:
        raise KeyboardInterrupt
    if not result.ok or 100 * result.coverage < told["fail_under"]:
        sys.exit(1)


def _show(result: Any, *, quiet: bool) -> None:
    from bridge.parity.reports.describing import by_event
    from bridge.parity.reports.text import show
    from bridge.parity.reports.text_mismatch import explanation

    if not quiet:
        show(result)
        return
    for one in result.mismatches:
        click.echo(explanation(one, by_event(result.routes)))


def _options(source: str, told: dict[str, Any], tapes: tuple[str, ...]) -> Any:
    from bridge.parity.ignoring import read_ignores
    from bridge.parity.options import Options

    return Options(
        source=source,
        app_dir=told["app_dir"],
        surface=told["surface"],
        only=told["only"],
        budget=told["budget"],
        steps=told["steps"],
        seed=told["seed"],
        logins=told["login"],
        bearer=told["bearer"],
        ignores=read_ignores(told["ignore"]),
        tapes=tapes,
        setup=told["setup"],
        stops_at_first=told["stop_first"],
    )


@parity.command()
@click.argument("source", metavar="MODULE:APP")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False), help="The tape; appended to.")
@click.option("--app-dir", default=".", show_default=True, help="The folder in which MODULE is looked up.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5555, show_default=True, type=click.IntRange(0, 65535))
@click.option("--origin", multiple=True, help="Accept sockets from this origin too, such as a dev server's.")
@click.option("--keep", multiple=True, metavar="KEY", help="A key that looks like a credential and is none.")
@click.option("--scrub", multiple=True, metavar="KEY", help="A further key whose values must not reach the tape.")
def record(
    source: str,
    output: str,
    app_dir: str,
    host: str,
    port: int,
    origin: tuple[str, ...],
    keep: tuple[str, ...],
    scrub: tuple[str, ...],
) -> None:
    """Serve an app and write its traffic to a tape, credentials left out, until Ctrl-C."""
    from bridge.parity.tapes import recording

    def started(events: int) -> None:
        click.echo(f"{source}: {events} events on http://{host}:{port}; recording to {output} (Ctrl-C stops)", err=True)

    try:
        done = recording.record(
            source, Path(output), app_dir=app_dir, host=host, port=port, origins=origin, allow=keep, also=scrub,
            started=started,
        )  # fmt: skip
    except BridgeError as error:
        raise _WrongUse(str(error)) from error
    click.echo(f"{done.calls} call{'' if done.calls == 1 else 's'} recorded in {done.path}", err=True)
    for reason, times in done.passed_over.items():
        click.echo(f"  {times} left out: {reason}", err=True)


@parity.command()
@click.argument("identity", metavar="ID")
@click.option("--from", "source", default="parity.json", show_default=True, help="The JSON report that has it.")
@click.option("--emit-test", type=click.Path(dir_okay=False), help="Write a test that shows it.")
def explain(identity: str, source: str, emit_test: str | None) -> None:
    """Show one mismatch of a JSON report in full, or make a test of it."""
    from bridge.parity.reports.describing import by_event
    from bridge.parity.reports.emitted_test import emit_test as made
    from bridge.parity.reports.files import load
    from bridge.parity.reports.text_mismatch import explanation

    try:
        result = load(Path(source))
    except BridgeError as error:
        raise _WrongUse(str(error)) from error
    found = next((one for one in result.mismatches if one.id.startswith(identity)), None)
    if found is None:
        known = ", ".join(one.id for one in result.mismatches) or "none"
        msg = f"{source} has no mismatch {identity}; it has: {known}"
        raise _WrongUse(msg)
    click.echo(explanation(found, by_event(result.routes)), nl=False)
    if emit_test:
        Path(emit_test).write_text(made(found, result.source), encoding="utf-8")
        click.echo(f"wrote {emit_test}: pytest --parity-app {result.source} {emit_test}", err=True)
