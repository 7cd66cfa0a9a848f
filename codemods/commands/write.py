"""``--write``: what is asked before, and how a run that could not be written is told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from codemods import reasons
from codemods.wrong_use import wrong

if TYPE_CHECKING:
    from codemods.run import Run


def write(outcome: Run) -> Run:
    """Write what a run changed; return it with those files that could not be written left as they were."""
    from codemods.journal import JournalError
    from codemods.transaction import CannotWriteError, write_run

    if not outcome.changed:
        return outcome
    try:
        return write_run(outcome)
    except (CannotWriteError, JournalError) as error:
        wrong(str(error))
    except OSError as error:
        wrong(f"{error.filename or 'the journal'}: {error.strerror or error}")


def refuse_dirty(outcome: Run) -> None:
    """End the command where what it would write lies in a git tree with uncommitted changes."""
    from codemods.git_tree import uncommitted

    dirty = uncommitted(Path(one.path) for one in outcome.changed)
    if dirty:
        more = f" and {len(dirty) - 1} more" if len(dirty) > 1 else ""
        wrong(f"the git tree has uncommitted changes ({dirty[0]}{more}); commit them, or use --allow-dirty")


def not_written(outcome: Run) -> bool:
    """True where a file could not be written; each has its finding."""
    return any(site.reason == reasons.NOT_WRITTEN for site in outcome.sites)


def note_unfinished(path: Path) -> None:
    """Say that a run was killed while it wrote."""
    from codemods.journal import is_unfinished

    where = next((one for one in (path, Path.cwd()) if is_unfinished(one)), None)
    if where is not None:
        option = "" if is_unfinished(Path.cwd()) else f" {where}"
        click.echo(f"The last --write was cut off; `fetch2socket undo{option}` takes it back.", err=True)
