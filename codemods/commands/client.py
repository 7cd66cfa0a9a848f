"""``fetch2socket client``: the rewrite."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from codemods.commands.ask import ask, need_terminal
from codemods.commands.configured import Configured
from codemods.commands.options import Shared, shared
from codemods.commands.output import run_shown, show_diff, show_report, show_steps
from codemods.commands.write import not_written, note_unfinished, refuse_dirty, write
from codemods.wrong_use import nearest, wrong

if TYPE_CHECKING:
    from codemods.runner import Run


def _list_rules(ctx: click.Context, _: click.Parameter, is_asked: bool) -> None:
    if not is_asked:
        return
    from codemods.javascript.rules.catalogue import RULES

    width = max(len(rule.name) for rule in RULES)
    for rule in RULES:
        click.echo(f"{rule.name:{width}}  {rule.sentence}")
    ctx.exit()


def _known_rules(_: click.Context, parameter: click.Parameter, names: tuple[str, ...]) -> frozenset[str]:
    """Check the names of rules; a click.Choice would load the whole engine for ``--help``."""
    if names:
        known = _rule_names()
        for name in names:
            if name not in known:
                wrong(f"--{parameter.name} {name}: no such rule{nearest(name, known)} (--list-rules lists them)")
    return frozenset(names)


def _rule_names() -> list[str]:
    from codemods.javascript.rules.catalogue import RULES

    return [rule.name for rule in RULES]


@click.command(cls=Configured)
@shared
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
@click.option("--interactive", "-i", is_flag=True, help="Ask about each call: y, n, a, q, e, or ? for what they mean.")
@click.option("--only", multiple=True, callback=_known_rules, metavar="RULE", help="Use this rule; repeatable.")
@click.option("--skip", multiple=True, callback=_known_rules, metavar="RULE", help="Pass over this rule; repeatable.")
@click.option("--allow-dirty", is_flag=True, help="Write into a git tree with uncommitted changes, or a folder in use.")
@click.option(
    "--list-rules",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    help="List the rules and exit.",
    callback=_list_rules,
)
def client(
    mode: str,
    copy: Path | None,
    only: frozenset[str],
    skip: frozenset[str],
    allow_dirty: bool,
    interactive: bool,
    **options: Any,
) -> None:
    """Rewrite the fetch calls below PATHS to emits; a dry run with a diff unless --write.

    \b
    Examples:
      fetch2socket client client --events events.json
      fetch2socket client client/src --events events.json --write
      fetch2socket client client --events events.json -i --write
      fetch2socket client client --events app:app --app-dir server --to client_socket
      fetch2socket client client --events events.json --check --format json
    """
    given = Shared(**options)
    if interactive:
        need_terminal()
    if copy is not None:
        _check_copy(given.paths, copy, mode, allow_dirty=allow_dirty)
    note_unfinished(given.paths[0])
    settings = given.settings(_rules(given, only, skip), is_kept=mode != "write")
    outcome = run_shown(given, settings)
    if mode == "write" and copy is None and not allow_dirty:
        refuse_dirty(outcome)
    if interactive:
        outcome = ask(outcome, given, settings)
    if copy is not None:
        _copied(outcome, given, copy, mode)
        return
    if mode == "write":
        outcome = write(outcome)
    else:
        show_diff(outcome, given)
    show_report(outcome, given)
    show_steps(outcome, given)
    if (mode == "check" and outcome.changed) or not_written(outcome):
        sys.exit(1)


def _rules(given: Shared, only: frozenset[str], skip: frozenset[str]) -> frozenset[str]:
    if "live_effect" in only and not given.is_live:
        wrong("--only live_effect needs --live")
    if not only and not skip:
        return frozenset()  # all of them, which need not be loaded to be counted
    return (only or frozenset(_rule_names())) - skip


def _failed(error: OSError) -> NoReturn:
    wrong(f"{error.filename}: {error.strerror or error}")


def _check_copy(paths: tuple[Path, ...], copy: Path, mode: str, *, allow_dirty: bool) -> None:
    if len(paths) != 1 or not paths[0].is_dir():
        wrong("--to needs exactly one PATH, a folder")
    source, target = paths[0].resolve(), copy.resolve()
    if source == target or source in target.parents or target in source.parents:
        wrong("--to: the copy and its source must not lie in each other")
    if mode != "check" and not allow_dirty and target.is_dir() and any(target.iterdir()):
        wrong(f"--to: {copy} is not empty; empty it, or use --allow-dirty to write over it")


def _copied(outcome: Run, given: Shared, copy: Path, mode: str) -> None:
    from codemods import copying

    differing: list[str] = []
    try:
        files = copying.expected(given.paths[0], outcome)
        if mode == "check":
            differing = copying.differing(files, copy)
        else:
            copying.write_copy(files, given.paths[0], copy)
    except OSError as error:
        _failed(error)
    show_report(outcome, given)
    if differing:
        click.echo(f"{copy} differs from a fresh copy: {', '.join(differing[:5])}", err=True)
        sys.exit(1)
    show_steps(outcome, given)
