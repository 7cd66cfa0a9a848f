"""``--only``, ``--skip`` and ``--list-rules`` of a command, whose rules are loaded when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Protocol, TypeVar

import click
from click.core import ParameterSource

from codemods.wrong_use import nearest, wrong

_Command = TypeVar("_Command", bound=Callable[..., Any])

CLIENT = "codemods.javascript.rules.catalogue"
SERVER = "codemods.python.server.rules"
PYCLIENT = "codemods.python.pyclient.rules"
CATALOGUES = (CLIENT, SERVER)
"""Where settings files may name rules from."""


class Named(Protocol):
    """A rule, as far as the command line is concerned."""

    @property
    def name(self) -> str:
        """Its name, which is its name everywhere."""

    @property
    def sentence(self) -> str:
        """What it does."""


def rules_of(catalogue: str) -> Sequence[Named]:
    """Return the rules that a module lists as ``RULES``."""
    found: Sequence[Named] = import_module(catalogue).RULES
    return found


def rule_names(catalogue: str) -> list[str]:
    """Return the names of a catalogue's rules."""
    return [rule.name for rule in rules_of(catalogue)]


def rule_options(catalogue: str) -> Callable[[_Command], _Command]:
    """Add the options that choose rules; the command takes ``only`` and ``skip`` as sets of known names."""

    def list_them(ctx: click.Context, _: click.Parameter, is_asked: bool) -> None:
        if is_asked:
            _list(rules_of(catalogue))
            ctx.exit()

    def known(ctx: click.Context, parameter: click.Parameter, names: tuple[str, ...]) -> frozenset[str]:
        option = str(parameter.name)
        if ctx.get_parameter_source(option) is ParameterSource.DEFAULT_MAP:
            return frozenset(names) & frozenset(rule_names(catalogue))  # a settings file speaks to all commands
        return _known(catalogue, option, names)

    def add(command: _Command) -> _Command:
        for option in (
            click.option(
                "--list-rules",
                is_flag=True,
                is_eager=True,
                expose_value=False,
                help="List the rules and exit.",
                callback=list_them,
            ),
            click.option(
                "--skip", multiple=True, callback=known, metavar="RULE", help="Pass over this rule; repeatable."
            ),
            click.option("--only", multiple=True, callback=known, metavar="RULE", help="Use this rule; repeatable."),
        ):
            command = option(command)
        return command

    return add


def _list(rules: Sequence[Named]) -> None:
    width = max(len(rule.name) for rule in rules)
    for rule in rules:
        click.echo(f"{rule.name:{width}}  {rule.sentence}")


def _known(catalogue: str, option: str, names: tuple[str, ...]) -> frozenset[str]:
    """Check the names of rules; a click.Choice would load the whole engine for ``--help``."""
    all_names = rule_names(catalogue) if names else []
    for name in names:
        if name not in all_names:
            wrong(f"--{option} {name}: no such rule{nearest(name, all_names)} (--list-rules lists them)")
    return frozenset(names)


def chosen(catalogue: str, only: frozenset[str], skip: frozenset[str]) -> frozenset[str]:
    """Return the rules to use; none named means all of them, which need not be loaded to be counted."""
    if not only and not skip:
        return frozenset()
    return (only or frozenset(rule_names(catalogue))) - skip
