"""Reads and writes files: the only module that touches the disk, together with ``runner.py``."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from codemods.javascript.parser import ENDINGS

SKIPPED = frozenset(
    {
        "node_modules",
        "bower_components",
        "dist",
        "build",
        "out",
        "coverage",
        "vendor",
        "vendored",
        "__pycache__",
        "venv",
        "env",
    }
)
_LONGEST_LINE = 5000


def source_files(folder: Path) -> Iterator[Path]:
    """Yield the script files below a folder, sorted; installed, built, vendored and hidden folders are passed over."""
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if one not in SKIPPED and not one.startswith("."))
        for name in sorted(names):
            path = Path(where, name)
            if path.suffix in ENDINGS and not is_generated_name(name):
                yield path


def is_generated_name(name: str) -> bool:
    """True for names that build tools give."""
    return ".min." in name or ".bundle." in name or name.endswith((".d.ts", ".chunk.js"))


def is_minified(data: bytes) -> bool:
    """True for a file that no one wrote by hand: a line of thousands of characters."""
    return any(len(line) > _LONGEST_LINE for line in data.split(b"\n"))


@cache
def package_root(folder: Path) -> Path | None:
    """Return the nearest folder at or above one that holds a package.json."""
    return next((one for one in (folder, *folder.parents) if (one / "package.json").is_file()), None)


def read(path: str) -> bytes | None:
    """Return a file's bytes, or None where there is no such file to read."""
    try:
        return Path(path).read_bytes()
    except OSError:
        return None


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
