"""Writes a migrated copy of a folder, and compares one with what would be written."""

from __future__ import annotations

from pathlib import Path

from codemods.files import all_files, write
from codemods.run import Run


def expected(source: Path, outcome: Run) -> dict[str, bytes]:
    """Return every file of the migrated copy, by its path within the folder."""
    source = source.absolute()
    files = {path.relative_to(source).as_posix(): path.read_bytes() for path in all_files(source)}
    for result in outcome.changed:
        files[Path(result.path).absolute().relative_to(source).as_posix()] = result.after
    return files


def write_copy(files: dict[str, bytes], source: Path, target: Path) -> None:
    """Write the copy; the modes of the files are those of the source."""
    for name, data in files.items():
        path = target / name
        write(path, data)
        if (source / name).exists():
            path.chmod((source / name).stat().st_mode & 0o777)


def differing(files: dict[str, bytes], target: Path) -> list[str]:
    """Return the files in which a folder differs from the copy that would be written."""
    there = {path.relative_to(target.absolute()).as_posix(): path for path in all_files(target.absolute())}
    changed = [name for name, data in files.items() if name not in there or there[name].read_bytes() != data]
    return sorted({*changed, *(there.keys() - files.keys())})
