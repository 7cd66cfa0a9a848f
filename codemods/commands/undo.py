"""``fetch2socket undo``: takes runs of ``--write`` back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from codemods.reports.screen import visible
from codemods.reports.tally import counted
from codemods.wrong_use import wrong

if TYPE_CHECKING:
    from codemods.journal import Journal


@click.command()
@click.argument("path", default=".", type=click.Path(exists=True, path_type=Path))
@click.option("--list", "is_list", is_flag=True, help="List what can be taken back, the last first.")
@click.option("--force", is_flag=True, help="Overwrite files that were edited since.")
def undo(path: Path, is_list: bool, force: bool) -> None:
    """Take the last --write of the project around PATH back, byte for byte; again: the one before.

    Files that were created are removed. Where a file was edited since, nothing is touched unless --force.

    \b
    Examples:
      fetch2socket undo
      fetch2socket undo --list
      fetch2socket undo client --force
    """
    from codemods.journal import JournalError, find_root, journals, locked

    root = find_root(path.resolve())
    try:
        if is_list:
            _list(journals(root) if root is not None else [])
            return
        if root is None:
            wrong(f"no --write to take back was found in {path.resolve()} or above it")
        with locked(root):
            _undo(root, force=force)
    except JournalError as error:
        wrong(str(error))
    except OSError as error:
        wrong(f"{error.filename or root}: {error.strerror or error}")


def _list(found: list[Journal]) -> None:
    for journal in reversed(found):
        names = [_shown(entry.path) for entry in journal.entries]
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        state = "" if journal.is_finished else " (cut off)"
        count = counted(len(names), "file")
        click.echo(f"{journal.number}  {visible(journal.time)}  {count}{state}: {', '.join(names[:3])}{more}")
    if not found:
        click.echo("Nothing to take back.")


def _undo(root: Path, *, force: bool) -> None:
    from codemods.undo import edited_since, last, take_back

    journal = last(root)
    edited = [] if force else edited_since(journal)
    if edited:
        names = ", ".join(_shown(one) for one in edited)
        wrong(f"edited since the --write: {names}; nothing was taken back (--force overwrites them)")
    take_back(journal)
    click.echo(f"{counted(len(journal.entries), 'file')} as before the --write of {visible(journal.time)}.")


def _shown(path: Path) -> str:
    return visible(os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path))
