"""``fetch2socket explain``: one call, or one word of a report."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codemods.commands.configured import Configured
from codemods.commands.options import Given, is_typed, server_options
from codemods.wrong_use import nearest, wrong

if TYPE_CHECKING:
    from codemods.front_end import Settings
    from codemods.python.running import Rewriter

_PLACE = re.compile(r"(?P<file>.+?):(?P<line>\d+)(?::\d+)?")


@click.command(cls=Configured)
@click.argument("what", metavar="FILE:LINE|CODE|RULE")
@server_options
def explain(what: str, **options: Any) -> None:
    """Say what would become of the calls on a line and why; or what a reason code or a rule means.

    \b
    Examples:
      fetch2socket explain client/src/App.jsx:29 --events events.json
      fetch2socket explain server/resources/coaches.py:12
      fetch2socket explain scripts/sync.py:40 --events server
      fetch2socket explain reads_text
    """
    place = _PLACE.fullmatch(what)
    if place is None:
        _word(what)
        return
    path = Path(place["file"])
    if not path.is_file():
        wrong(f"{path} is no file")
    given = Given(**options)
    if path.suffix == ".py":
        _python(path, int(place["line"]), given)
    else:
        _calls(path, int(place["line"]), given.about_server())


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
        wrong(f"{path}:{line}: no call is here{_nearest_line(line, lines_with_calls(path, settings))}")
    click.echo("\n".join(explanation(one, stdout_screen()) for one in found), nl=False)


def _python(path: Path, line: int, given: Given) -> None:
    from bridge.errors import BridgeError
    from codemods.explain_python import explain as explained
    from codemods.reports.explanation import explanation
    from codemods.reports.screen import stdout_screen

    try:
        found, lines = explained(path, line, _rewriters(path, given))
    except BridgeError as error:
        wrong(str(error))
    if not found:
        hint = "" if given.source is not None else "; calls of the app need --events SOURCE"
        wrong(f"{path}:{line}: no Resource method or call is here{_nearest_line(line, lines)}{hint}")
    click.echo("\n".join(explanation(one, stdout_screen()) for one in found), nl=False)


def _rewriters(path: Path, given: Given) -> list[Rewriter]:
    """Return the rewrites that a Python file may be for: of Resources, and where the app is named, of its clients."""
    from codemods.python.pyclient.engine import PyClients
    from codemods.python.pyclient.targets import Server
    from codemods.python.server.finding_app import read_app
    from codemods.python.server.rewriter import ServerRewriter

    may_import = is_typed("source")
    found: list[Rewriter] = [
        ServerRewriter(lambda: read_app((path,), given.source, given.app_dir, may_import=may_import))
    ]
    if given.source is not None:
        known = given.about_server()
        found.append(PyClients([path], Server(known.event_map, known.hosts, dict(known.defines))))
    return found


def _nearest_line(line: int, lines: list[int]) -> str:
    near = min(lines, key=lambda one: abs(one - line), default=None)
    return f"; the nearest is on line {near}" if near is not None else "; the file has none"
