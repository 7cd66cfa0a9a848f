"""Writes the parts of docs/ that follow from the code: ``make docs``. tests/test_docs.py checks that it was run."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from click.testing import CliRunner

from codemods.commands.rules import Named

ROOT = Path(__file__).parents[1]
INTRODUCTION = """# Command line

Written by `make docs` from `--help`. Exit codes: 0 fine; 1 `--check` would change something, `--write`
could not write a file, or a mismatch was found; 2 wrong use, told in one line; 130 Ctrl-C. What `scan`, `client` and
`explain` are told again and again can stand in a [settings file](settings.md).
"""


def command_line() -> str:
    """Return docs/cli.md: the help text of every command, as the command line prints it."""
    from codemods.cli import main

    return "\n".join([INTRODUCTION, _section(), *(_section(*names) for names in _below(main))])


def _below(group: click.Group, *names: str) -> Iterator[tuple[str, ...]]:
    """Yield the commands of a group, and those of groups in it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        yield (*names, name)
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _below(command, *names, name)


def _section(*arguments: str) -> str:
    from codemods.cli import main

    shown = CliRunner().invoke(
        main, [*arguments, "--help"], prog_name="fetch2socket", terminal_width=100, max_content_width=100
    )
    return f"## {' '.join(('fetch2socket', *arguments))}\n\n```text\n{shown.output.rstrip()}\n```\n"


def codemods() -> str:
    """Return docs/codemods.md: its introduction, every rule, every reason."""
    from codemods.javascript.rules.catalogue import RULES
    from codemods.reasons import MEANINGS, SERVER

    return _page("codemods", "call", RULES, [code for code in MEANINGS if code not in SERVER])


def server() -> str:
    """Return docs/server.md: its introduction, every rule, every reason."""
    from codemods.python.server.rules import RULES
    from codemods.reasons import MEANINGS, SERVER

    return _page("server", "method", RULES, [code for code in MEANINGS if code in SERVER])


def _page(name: str, noun: str, rules: Sequence[Named], codes: list[str]) -> str:
    from codemods.reasons import ADVICE, MEANINGS

    rows = "".join(f"| `{rule.name}` | {rule.sentence} |\n" for rule in rules)
    reasons = "".join(f"| `{code}` | {MEANINGS[code]} | {ADVICE[code]} |\n" for code in codes)
    return (
        f"{(ROOT / 'docs' / f'{name}.intro.md').read_text(encoding='utf-8')}\n"
        f"## Rules (`--only`, `--skip`)\n\n| rule | what it rewrites |\n|---|---|\n{rows}\n"
        f"## Reasons for leaving a {noun}\n\n| code | meaning | what to do |\n|---|---|---|\n{reasons}"
    )


def main() -> None:
    """Write all generated pages."""
    for name, text in (("cli.md", command_line()), ("codemods.md", codemods()), ("server.md", server())):
        (ROOT / "docs" / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"docs/{name}\n")


if __name__ == "__main__":
    main()
