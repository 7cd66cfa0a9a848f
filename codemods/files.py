"""Reads and writes files."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


def read(path: str) -> bytes | None:
    """Return a file's bytes, or None where there is no such file to read."""
    try:
        return contents(path)
    except OSError:
        return None


def contents(path: str) -> bytes:
    """Return a file's bytes; three system calls a file, which counts where there are thousands. Raises OSError."""
    file = os.open(path, _READ)
    try:
        expected = os.fstat(file).st_size + 1
        pieces = [os.read(file, expected)]
        while pieces[-1]:
            pieces.append(os.read(file, expected))
        return pieces[0] if len(pieces) == 2 else b"".join(pieces)
    finally:
        os.close(file)


def write(path: Path, data: bytes) -> None:
    """Write a file so that it is at every moment the old one or the new one, whole; its mode is kept."""
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        if path.exists():
            shutil.copymode(path, name)
        else:
            os.chmod(name, 0o666 & ~_umask())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def all_files(folder: Path) -> Iterator[Path]:
    """Yield every file of a folder that a copy takes along."""
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if one not in {"node_modules", "dist", ".git"})
        yield from (Path(where, name) for name in sorted(names) if Path(where, name).is_file())


def uncommitted(folder: Path) -> list[str]:
    """Return the changed files of the git tree that a folder is in; none outside git."""
    command = ["git", "-C", str(folder), "status", "--porcelain", "--untracked-files=no"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return []
    return [line[3:] for line in done.stdout.splitlines()] if done.returncode == 0 else []
