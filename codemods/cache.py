"""Keeps what a run found, so that a run over the same files need not find it again.

Sound before clever: an entry answers only where nothing that the run depended on has changed since, down to change
time and inode, and a run over files changed so lately that the next change might not show is not kept at all (git
calls such entries "racily clean"). The entries lie in the user's own cache folder, where no repository can put one.
"""

from __future__ import annotations

import os
import pickle
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from codemods.run import Run

Stamp = tuple[int, int, int, int] | None
"""Size, time of change of the bytes and of the inode in nanoseconds, inode; None for what is not there."""

_KEPT = 20
_FINE, _COARSE = 100_000_000, 2_000_000_000
"""Within so many nanoseconds two changes may have one time: where times are finer than seconds, and where not."""
_CLASSES = {
    ("codemods.run", "Run"),
    ("codemods.results", "FileResult"),
    ("codemods.results", "Site"),
    ("codemods.results", "Advice"),
}
_PACKAGES = ("codemods", "bridge", "tree_sitter", "tree_sitter_javascript", "tree_sitter_typescript")


class Cache(Struct, frozen=True):
    """Where one run is kept; ``started`` is when it began, in nanoseconds."""

    folder: Path
    key: str
    started: int

    @property
    def _path(self) -> Path:
        return self.folder / f"{self.key[:32]}.run"

    def load(self) -> Run | None:
        """Return what the same run found before, if nothing that it read has changed; whatever is wrong is a None."""
        try:
            with self._path.open("rb") as file:
                key, others, run = _Unpickler(file).load()
            is_same = key == self.key and all(stamp(path) == known for path, known in others.items())
        except Exception:  # a pickle that is not whole may raise anything
            return None
        return run if is_same else None

    def store(self, files: Iterable[Stamp], others: Iterable[str], run: Run) -> None:
        """Keep what a run found, of files with these stamps and of the other paths that it asked for."""
        stamps = {path: stamp(path) for path in others}
        if any(_is_recent(one, self.started) for one in (*files, *stamps.values())):
            return
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder)
            with os.fdopen(handle, "wb") as file:
                pickle.dump((self.key, stamps, run), file, protocol=5)
            os.replace(name, self._path)
            kept = sorted(self.folder.glob("*.run"), key=lambda one: -one.stat().st_mtime_ns)
            for old in kept[_KEPT:]:
                old.unlink()


class _Unpickler(pickle.Unpickler):
    """Makes results and nothing else, whatever the file says."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _CLASSES and (module, name) != ("builtins", "frozenset"):
            msg = f"{module}.{name} is no result"
            raise pickle.UnpicklingError(msg)
        return super().find_class(module, name)


def user_folder() -> Path:
    """Return the user's cache folder for this tool."""
    base = os.environ.get("LOCALAPPDATA") if os.name == "nt" else os.environ.get("XDG_CACHE_HOME")
    return Path(base or Path.home() / ".cache") / "fetch2socket"


def stamp(path: str) -> Stamp:
    """Return what tells that a file has changed."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _is_recent(one: Stamp, started: int) -> bool:
    """True where a change after the file was read may leave the stamp as it is."""
    if one is None:
        return False
    latest = max(one[1], one[2])
    return latest > started - (_FINE if latest % 1_000_000_000 else _COARSE)


# ---- keys -------------------------------------------------------------------------------------


def key_of(*parts: object) -> str:
    """Return the key of a run: everything that it is told, the tool itself, the folder that paths are shown from."""
    digest = sha256()
    for part in (*parts, sys.version, os.getcwd(), *_tool()):
        digest.update(repr(_plain(part)).encode(errors="surrogateescape"))
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    """Return a value such that equal ones have one ``repr`` in every process, without what is not compared."""
    if is_dataclass(value) and not isinstance(value, type):
        return [type(value).__name__, *(_plain(getattr(value, one.name)) for one in fields(value) if one.compare)]
    if isinstance(value, Struct):
        return [type(value).__name__, *(_plain(getattr(value, name)) for name in value.__struct_fields__)]
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    if isinstance(value, (set, frozenset)):
        return sorted(repr(_plain(one)) for one in value)
    if isinstance(value, dict):
        return sorted(repr((_plain(key), _plain(one))) for key, one in value.items())
    return (value.pattern, value.flags) if isinstance(value, re.Pattern) else value


def _tool() -> Iterator[tuple[str, Stamp]]:
    """Yield the files that this tool is made of, so that another version starts afresh."""
    for name in _PACKAGES:
        for path in getattr(sys.modules.get(name), "__path__", ()):
            for where, folders, names in os.walk(path):
                folders[:] = sorted(one for one in folders if one != "__pycache__")
                yield from ((f"{where}/{one}", stamp(f"{where}/{one}")) for one in sorted(names))
