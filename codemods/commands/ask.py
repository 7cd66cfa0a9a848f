"""``--interactive``: asks on the terminal about each site, as ``git add -p`` does about each hunk."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from codemods.wrong_use import wrong

if TYPE_CHECKING:
    from codemods.interactive import Change, Engine
    from codemods.results import FileResult, Site
    from codemods.run import Run

_KEYS = {
    "y": "rewrite this {noun}",
    "n": "leave it",
    "a": "rewrite this {noun} and all that follow in this file",
    "q": "leave it and all that follow, in all files",
    "e": "edit the new lines in your editor, then take them",
    "?": "show this help",
}


def need_terminal() -> None:
    """End the command where nobody can answer."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        wrong("--interactive asks questions, so it needs a terminal")


def ask(outcome: Run, engine: Engine) -> Run:
    """Return the run with what was said yes to."""
    from codemods.interactive import choose

    total = sum(site.outcome == "rewritten" for one in outcome.results if one.is_changed for site in one.sites)
    chosen = choose(outcome, engine, _Terminal(total, engine.noun))
    click.echo()
    return chosen


class _Terminal:
    """Somebody at the terminal."""

    def __init__(self, total: int, noun: str = "call") -> None:
        from codemods.reports.screen import stdout_screen

        self.screen = stdout_screen()
        self.total = total
        self.noun = noun
        self.number = 0
        self.shown: Change | None = None

    def answer(self, change: Change) -> str:
        """Show a change, and ask until a key is one of those that can be given."""
        keys = [key for key in _KEYS if key != "e" or change.can_be_edited]
        if change is not self.shown:
            self._show(change)
        while True:
            click.echo(self.screen.paint(f"{self._count(change)} Rewrite? [{','.join(keys)}] ", bold=True), nl=False)
            line = sys.stdin.readline()
            key = line.strip().lower()[:1] if line else "q"
            if key in keys and key != "?":
                return key
            for one in keys:
                click.echo(self.screen.paint(f"{one}  {_KEYS[one].format(noun=self.noun)}", fg="yellow"))

    def edit(self, text: str, name: str) -> str | None:
        """Open $VISUAL or $EDITOR on some lines; None where they were not saved."""
        try:
            edited = click.edit(text, extension=os.path.splitext(name)[1])
        except click.ClickException as error:
            self.refuse(error.format_message())
            return None
        return edited if edited is not None and edited.strip() else None

    def refuse(self, message: str) -> None:
        """Say why an edited text is not taken."""
        click.echo(self.screen.paint(message, fg="red"))

    def _count(self, change: Change) -> str:
        first, last = self.number - len(change.sites) + 1, self.number
        return f"({first if first == last else f'{first}-{last}'}/{self.total})"

    def _show(self, change: Change) -> None:
        self.shown = change
        self.number += len(change.sites)
        click.echo()
        for site in change.sites:
            for line in _about(site):
                click.echo(self.screen.paint(line, bold=True))
        for one in change.files:
            for line in self._hunks(one):
                click.echo(line)

    def _hunks(self, result: FileResult) -> Iterator[str]:
        from codemods.reports.diff import hunk_lines
        from codemods.reports.hunks import compare

        found = compare(result.before, result.after)
        for hunk in found.hunks:
            yield from hunk_lines(found, hunk, self.screen)


def _about(site: Site) -> Iterator[str]:
    from codemods.reports.screen import visible

    yield visible(f"{site.file}:{site.line}:{site.column}  {site.rule}  {site.confidence}  {site.method} {site.event}")
    if site.message:
        yield visible(f"  {site.message}")
