"""Reads and writes files."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path

_LARGEST = 100_000_000
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


def read(path: str) -> bytes | None:
    """Return a file's bytes, or None where there is no such file to read."""
    try:
        return contents(path)
    except OSError:
        return None


def contents(path: str) -> bytes:
    """Return a file's bytes; three system calls a file, which counts where there are thousands. Raises OSError.

    A device may give bytes without end, and a file with a hole in it may be larger than all memory: neither is read.
    """
    file = os.open(path, _READ)
    try:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", path)
        if found.st_size > _LARGEST:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), path)
        expected = found.st_size + 1
        data = os.read(file, expected)
        if len(data) == found.st_size:
            return data
        pieces = [data]
        while pieces[-1]:
            pieces.append(os.read(file, expected))
        return b"".join(pieces)
    finally:
        os.close(file)


def names_in(folder: str) -> frozenset[str] | None:
    """Return the names in a folder, in lower case: none where there is no such folder, None where it cannot be read."""
    try:
        return frozenset(name.lower() for name in os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return frozenset()
    except OSError:
        return None


def temporary(path: Path) -> Path:
    """Return where a file's new bytes are until they take its place; the name is known, so that it can be tidied up."""
    return path.with_name(f".{zlib.crc32(os.fsencode(path.name)):08x}.fetch2socket")


def write(path: Path, data: bytes, mode: int | None = None) -> None:
    """Write a file so that it is at every moment the old one or the new one, whole; its mode and owner are kept."""
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = temporary(path)
    try:
        fresh.unlink(missing_ok=True)
        with fresh.open("xb") as file:
            file.write(data)
            _like(path, fresh, mode)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def _like(path: Path, fresh: Path, mode: int | None) -> None:
    """Give a new file the mode and, where that is allowed, the owner of the one whose place it takes."""
    old = path.stat() if path.exists() else None
    mode = old.st_mode & 0o7777 if mode is None and old is not None else mode
    if old is not None and hasattr(os, "chown"):
        with contextlib.suppress(PermissionError):
            os.chown(fresh, old.st_uid, old.st_gid)
    if mode is not None:
        fresh.chmod(mode)


def all_files(folder: Path) -> Iterator[Path]:
    """Yield every file of a folder that a copy takes along."""
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if one not in {"node_modules", "dist", ".git", ".fetch2socket"})
        yield from (Path(where, name) for name in sorted(names) if Path(where, name).is_file())
