"""Writes the parts of docs/ that follow from the code: ``make docs``. tests/test_docs.py checks that it was run."""

from __future__ import annotations

import sys
from pathlib import Path

import click

ROOT = Path(__file__).parents[1]
INTRODUCTION = """# Command line

Written by `make docs` from `--help`. Exit codes: 0 fine; 1 `--check` would change something, or a mismatch was found;
2 wrong use, told in one line.
"""


def command_line() -> str:
    """Return docs/cli.md: the help text of every command."""
    from codemods.cli import main

    context = click.Context(main, info_name="fetch2socket", terminal_width=100, max_content_width=100)
    parts = [INTRODUCTION, _section("fetch2socket", main.get_help(context))]
    for name in main.list_commands(context):
        command = main.get_command(context, name)
        if command is None:
            msg = f"no command {name}"
            raise SystemExit(msg)
        inner = click.Context(command, info_name=name, parent=context, terminal_width=100, max_content_width=100)
        parts.append(_section(f"fetch2socket {name}", command.get_help(inner)))
    return "\n".join(parts)


def codemods() -> str:
    """Return docs/codemods.md: its introduction, every rule, every reason."""
    from codemods.javascript.rules.catalogue import RULES
    from codemods.reasons import MEANINGS

    rules = "".join(f"| `{rule.name}` | {rule.sentence} |\n" for rule in RULES)
    reasons = "".join(f"| `{code}` | {meaning} |\n" for code, meaning in MEANINGS.items())
    return (
        f"{(ROOT / 'docs' / 'codemods.intro.md').read_text(encoding='utf-8')}\n"
        f"## Rules (`--only`, `--skip`)\n\n| rule | what it rewrites |\n|---|---|\n{rules}\n"
        f"## Reasons for leaving a call\n\n| code | meaning |\n|---|---|\n{reasons}"
    )


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n```text\n{text}\n```\n"


def main() -> None:
    """Write all generated pages."""
    for name, text in (("cli.md", command_line()), ("codemods.md", codemods())):
        (ROOT / "docs" / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"docs/{name}\n")


if __name__ == "__main__":
    main()
