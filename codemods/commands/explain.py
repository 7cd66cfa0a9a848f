"""``fetch2socket explain``: one call, or one word of a report."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codemods.commands.configured import Configured
from codemods.commands.options import Given, server_options
from codemods.wrong_use import nearest, wrong

if TYPE_CHECKING:
    from codemods.front_end import Settings

_PLACE = re.compile(r"(?P<file>.+?):(?P<line>\d+)(?::\d+)?")


@click.command(cls=Configured)
@click.argument("what", metavar="FILE:LINE|CODE|RULE")
@server_options
def explain(what: str, **options: Any) -> None:
    """Say what would become of the calls on a line and why; or what a reason code or a rule means.

    \b
    Examples:
      fetch2socket explain client/src/App.jsx:29 --events events.json
      fetch2socket explain reads_text
    """
    place = _PLACE.fullmatch(what)
    if place is None:
        _word(what)
        return
    path = Path(place["file"])
    if not path.is_file():
        wrong(f"{path} is no file")
    _calls(path, int(place["line"]), Given(**options).about_server())


def _word(what: str) -> None:
    from codemods.reports import explanation
    from codemods.reports.screen import stdout_screen

    known = explanation.words()
    if what not in known:
        wrong(f"{what} is neither FILE:LINE nor a reason code or rule{nearest(what, known)}")
    click.echo(explanation.word(what, stdout_screen()), nl=False)


def _calls(path: Path, line: int, settings: Settings) -> None:
    from codemods.explain import explain as explained
    from codemods.explain import lines_with_calls
    from codemods.reports.explanation import explanation
    from codemods.reports.screen import stdout_screen

    found = explained(path, line, settings)
    if not found:
        lines = lines_with_calls(path, settings)
        near = min(lines, key=lambda one: abs(one - line), default=None)
        hint = f"; the nearest is on line {near}" if near is not None else "; the file has none"
        wrong(f"{path}:{line}: no call is here{hint}")
    click.echo("\n".join(explanation(one, stdout_screen()) for one in found), nl=False)
