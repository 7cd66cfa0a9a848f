"""Fixtures that are whole folders: ``<case>/input`` becomes ``<case>/output``, which holds the changed files only."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codemods.results import Site
from codemods.run import Run

ROOT = Path(__file__).parent / "fixtures_folders"
Files = dict[str, bytes]
Make = Callable[[Path], Run]


@dataclass(frozen=True)
class Folder:
    """One fixture."""

    path: Path

    @property
    def name(self) -> str:
        """Its name."""
        return self.path.name

    @property
    def before(self) -> Files:
        """The files as they are."""
        return _files(self.path / "input")

    @property
    def after(self) -> Files:
        """The files as they are to be."""
        return {**self.before, **_files(self.path / "output")}

    @property
    def reason(self) -> str:
        """The reason that a no-op is named for."""
        return self.name.removeprefix("noop_").split("__")[0]

    @property
    def findings(self) -> list[dict[str, Any]]:
        """What is left alone, beside what is rewritten."""
        file = self.path / "findings.json"
        found: list[dict[str, Any]] = json.loads(file.read_text()) if file.exists() else []
        return found


def pairs(rule: str) -> list[Folder]:
    """Return the fixtures of a rule that change something."""
    return [one for one in _cases(rule) if not one.name.startswith("noop_")]


def noops(rule: str) -> list[Folder]:
    """Return the fixtures of a rule that change nothing."""
    return [one for one in _cases(rule) if one.name.startswith("noop_")]


def _cases(rule: str) -> Iterator[Folder]:
    yield from (Folder(one) for one in sorted((ROOT / rule).iterdir()) if (one / "input").is_dir())


def _files(folder: Path) -> Files:
    found = (one for one in sorted(folder.rglob("*")) if one.is_file() and "__pycache__" not in one.parts)
    return {one.relative_to(folder).as_posix(): one.read_bytes() for one in found}


def write(files: Files, folder: Path) -> None:
    """Put files into a folder."""
    for name, data in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def changed(run: Run, folder: Path) -> Files:
    """Return the files of a folder as a run would leave them."""
    after = {Path(one.path).resolve().relative_to(folder.resolve()).as_posix(): one.after for one in run.changed}
    return {**_files(folder), **after}


def crlf(files: Files) -> Files:
    """Return files with the line ends of Windows."""
    return {name: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") for name, data in files.items()}


def rows(sites: list[Site]) -> list[dict[str, Any]]:
    """Return the sites that were left, as findings.json has them."""
    return [
        {"file": Path(one.file).name, "line": one.line, "reason": one.reason} for one in sites if one.outcome == "left"
    ]
