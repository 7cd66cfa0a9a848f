"""Takes a run of ``--write`` back from its journal, byte for byte."""

from __future__ import annotations

import contextlib
from pathlib import Path

from codemods.files import temporary, write
from codemods.journal import Entry, Journal, JournalError, digest, forget, journals


def last(root: Path) -> Journal:
    """Return the journal of the last run that was not taken back. Raises JournalError."""
    found = journals(root)
    if not found:
        msg = f"the last --write in {root} was taken back meanwhile"
        raise JournalError(msg)
    return found[-1]


def edited_since(journal: Journal) -> list[Path]:
    """Return the files that are neither as the run left them nor as they were before."""
    return [entry.path for entry in journal.entries if not _is_ours(entry) and not _is_as_before(entry)]


def take_back(journal: Journal) -> None:
    """Put all files of a run back, remove those that it created, forget the run.

    Cut off at any point it can be done again: what is back already is left as it is. Raises OSError.
    """
    for entry in journal.entries:
        if not _is_as_before(entry):
            _restore(entry)
        temporary(entry.path).unlink(missing_ok=True)
    remove_folders(journal)
    forget(journal)


def put_back(entry: Entry) -> None:
    """Put one file of a run back, unless it was not written or somebody else wrote to it since."""
    if _is_ours(entry) and not _is_as_before(entry):
        _restore(entry)


def remove_folders(journal: Journal) -> None:
    """Remove the folders that a run created, where nothing else is in them."""
    for folder in journal.folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def _restore(entry: Entry) -> None:
    if entry.before is None:
        entry.path.unlink()
    else:
        write(entry.path, entry.before, entry.mode)


def _is_ours(entry: Entry) -> bool:
    found = _bytes(entry.path)
    return found is not None and digest(found) == entry.after


def _is_as_before(entry: Entry) -> bool:
    return _bytes(entry.path) == entry.before


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
