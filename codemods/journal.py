"""The journal of ``--write``: the originals of a run's files, safe on the disk before the first of them is touched.

``.fetch2socket/journal/NUMBER/`` holds ``index.json``, ``originals`` (all bytes, one file after another) and, until the
run is through, ``unfinished``. The folder ignores itself for git. Paths are relative, so that a project may be moved.
A journal may come with a repository of somebody else: what it says is checked before it is believed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

FOLDER = ".fetch2socket"
_JOURNAL, _INDEX, _ORIGINALS, _UNFINISHED = "journal", "index.json", "originals", "unfinished"
_VERSION = 1
_KEPT = 20
"""How many runs can be taken back."""


class JournalError(Exception):
    """The journal cannot be used; the message is one line for the user."""


class Entry(Struct, frozen=True):
    """One file of a run: ``before`` and ``mode`` are None where it did not exist, ``after`` is a digest."""

    path: Path
    before: bytes | None
    mode: int | None
    after: str


class Journal(Struct, frozen=True):
    """One run's originals; ``folders`` are those that the run created, inner ones first."""

    root: Path
    number: int
    time: str
    entries: tuple[Entry, ...]
    folders: tuple[Path, ...] = ()
    is_finished: bool = False

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return self.root / FOLDER / _JOURNAL / str(self.number)


def digest(data: bytes) -> str:
    """Return what a journal remembers of a file's new bytes."""
    from hashlib import sha256  # which takes longer to load than most commands without --write

    return sha256(data).hexdigest()


# ---- places -----------------------------------------------------------------------------------


def find_root(start: Path) -> Path | None:
    """Return the nearest folder at or above one that has a journal."""
    start = start.absolute()
    return next((one for one in (start, *start.parents) if _numbers(one)), None)


def choose_root(paths: Iterable[Path]) -> Path:
    """Return where the journal of a run over some files goes, so that undo finds it from any folder of the project.

    That is the top of the git tree; outside git the current folder where it holds all the files, else the nearest
    folder with a package.json, else the files' common folder.
    """
    common = Path(os.path.commonpath([path.parent for path in paths]))
    upward = (common, *common.parents)
    by_git = next((one for one in upward if (one / ".git").exists()), None)
    current = Path.cwd().resolve()
    by_package = next((one for one in upward if (one / "package.json").is_file()), None)
    chosen = by_git or (current if current in upward else by_package) or common
    return next(one for one in (chosen, *chosen.parents) if one.is_dir())


# ---- writing ----------------------------------------------------------------------------------


def begin(root: Path, entries: Iterable[Entry], folders: Iterable[Path]) -> Journal:
    """Save the originals; when this returns they are on the disk. Raises OSError and JournalError."""
    top = root / FOLDER / _JOURNAL
    if _is_elsewhere(root):
        msg = f"{top} leads elsewhere by a link, so no journal can be kept there"
        raise JournalError(msg)
    top.mkdir(parents=True, exist_ok=True)
    if not (root / FOLDER / ".gitignore").is_symlink():
        (root / FOLDER / ".gitignore").write_text("*\n")
    numbers = _numbers(root)
    time = datetime.now().isoformat(" ", "seconds")
    journal = Journal(root, max(numbers, default=0) + 1, time, tuple(entries), tuple(folders))
    begun = top / f"{journal.number}.begun"
    shutil.rmtree(begun, ignore_errors=True)
    begun.mkdir()
    try:
        _save(begun / _ORIGINALS, b"".join(entry.before or b"" for entry in journal.entries))
        _save(begun / _INDEX, _index(journal, {entry.path for entry in journal.entries}))
        _save(begun / _UNFINISHED, b"")
        begun.rename(journal.folder)
    except BaseException:
        shutil.rmtree(begun, ignore_errors=True)
        _tidy(root)
        raise
    _sync_folder(top)
    for number in numbers[: max(len(numbers) + 1 - _KEPT, 0)]:
        shutil.rmtree(top / str(number), ignore_errors=True)
    return journal


def finish(journal: Journal, written: Collection[Entry]) -> None:
    """Note that the run is through, and which of its files were written."""
    if len(written) != len(journal.entries):
        fresh = journal.folder / f"{_INDEX}.new"
        _save(fresh, _index(journal, {entry.path for entry in written}))
        fresh.replace(journal.folder / _INDEX)
    (journal.folder / _UNFINISHED).unlink()
    _sync_folder(journal.folder)


def forget(journal: Journal) -> None:
    """Remove a journal whose files are as they were; the last one takes the folder with it."""
    shutil.rmtree(journal.folder)
    _tidy(journal.root)


def _tidy(root: Path) -> None:
    top = root / FOLDER
    if not _numbers(root):
        shutil.rmtree(top / _JOURNAL, ignore_errors=True)
        if set(os.listdir(top)) <= {".gitignore"}:
            shutil.rmtree(top, ignore_errors=True)


def _index(journal: Journal, written: Collection[Path]) -> bytes:
    files = [_row(journal.root, entry, is_written=entry.path in written) for entry in journal.entries]
    folders = [os.path.relpath(one, journal.root) for one in journal.folders]
    document = {"version": _VERSION, "time": journal.time, "files": files, "folders": folders}
    return json.dumps(document, indent=1).encode()


def _row(root: Path, entry: Entry, *, is_written: bool) -> dict[str, Any]:
    size = None if entry.before is None else len(entry.before)
    after = entry.after if is_written else None
    return {"path": os.path.relpath(entry.path, root), "size": size, "mode": entry.mode, "after": after}


def _save(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows opens no folders.
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


# ---- reading ----------------------------------------------------------------------------------


def journals(root: Path) -> list[Journal]:
    """Return the journals of a project, oldest first. Raises JournalError."""
    return [_read(root, number) for number in _numbers(root)]


def is_unfinished(start: Path) -> bool:
    """True where the last run of a project was cut off between its first and its last file."""
    root = find_root(start)
    numbers = _numbers(root) if root is not None else []
    return root is not None and any((root / FOLDER / _JOURNAL / str(one) / _UNFINISHED).exists() for one in numbers)


def _is_elsewhere(root: Path) -> bool:
    return (root / FOLDER).is_symlink() or (root / FOLDER / _JOURNAL).is_symlink()


def _numbers(root: Path) -> list[int]:
    if _is_elsewhere(root):
        return []
    try:
        return sorted(int(one) for one in os.listdir(root / FOLDER / _JOURNAL) if one.isdecimal())
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return []


def _read(root: Path, number: int) -> Journal:
    folder = root / FOLDER / _JOURNAL / str(number)
    try:
        index = json.loads((folder / _INDEX).read_bytes())
        entries = tuple(_entries(root, index["files"], (folder / _ORIGINALS).read_bytes()))
        folders = tuple(_place(root, one) for one in index["folders"])
        return Journal(root, number, str(index["time"]), entries, folders, not (folder / _UNFINISHED).exists())
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"{folder} cannot be read as a journal ({type(error).__name__}: {error})"
        raise JournalError(msg) from error


def _entries(root: Path, rows: Iterable[dict[str, Any]], originals: bytes) -> Iterator[Entry]:
    start = 0
    for row in rows:
        size, mode, after = row["size"], row["mode"], row["after"]
        if not (isinstance(size, int | None) and isinstance(mode, int | None) and isinstance(after, str | None)):
            msg = f"odd values for {row['path']}"
            raise TypeError(msg)
        end = start + (size or 0)
        before = None if size is None else originals[start:end]
        if after is not None:
            yield Entry(_place(root, row["path"]), before, None if mode is None else mode & 0o777, after)
        start = end


def _place(root: Path, name: str) -> Path:
    """Return where a name of the index is. Raises ValueError for what lies outside of the project, or in its .git."""
    path = Path(os.path.normpath(root / name))
    within = os.path.relpath(os.path.realpath(path), os.path.realpath(root)).split(os.sep)
    if within[0] in {os.curdir, os.pardir} or not {".git", FOLDER}.isdisjoint(one.lower() for one in within):
        msg = f"{name} is no file of this project"
        raise ValueError(msg)
    return path


# ---- one at a time ----------------------------------------------------------------------------


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Keep other runs from writing in the same project. Raises JournalError where one is at it."""
    try:
        import fcntl
    except ImportError:  # Windows has no such lock.
        yield
        return
    handle = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        msg = f"another fetch2socket is writing in {root}"
        raise JournalError(msg) from error
    finally:
        os.close(handle)
