"""Says which files import which, from their text: nothing is parsed, whatever there is of it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from codemods.javascript.modules import SUFFIXES, Modules
from codemods.javascript.words import Words

_SOURCES = (
    re.compile(rb"""from\s*(?:/\*.*?\*/\s*)*["']([^"'\n]+)["']""", re.DOTALL),
    re.compile(rb"""import\s*(?:\(\s*(?:/\*.*?\*/\s*)*)?["'`]([^"'`\n]+)["'`]""", re.DOTALL),
    re.compile(rb"""require\(\s*["'`]([^"'`\n]+)["'`]"""),
)
"""One search for each word: with a constant start each takes a fifth of the time of one search for all."""
_REQUIRES = Words(b"require(")


def leading_to(modules: Modules, paths: Iterable[str]) -> list[str]:
    """Return files and all that import them, directly or through others, in the order of the front end's files.

    A name in a comment counts as an import: one file too many does no harm.
    """
    found = set(paths)
    waiting = list(found)
    while waiting:
        new = _importers(modules, waiting.pop()) - found
        found |= new
        waiting += new
    return [path for path in modules.files if path in found]


def importing(modules: Modules, path: str) -> list[str]:
    """Return the files that import a file themselves, in the order of the front end's files."""
    found = _importers(modules, path)
    return [one for one in modules.files if one in found]


def imported_by(modules: Modules, path: str) -> frozenset[str]:
    """Return the files of the front end that a file imports itself; worked out once."""
    known = modules.memo.setdefault("imports", {})
    assert isinstance(known, dict)
    if path not in known:
        targets = (modules.resolved(path, _text(source)) for source in set(_sources(modules, path)))
        known[path] = frozenset(target for target in targets if target is not None)
    found: frozenset[str] = known[path]
    return found


def _importers(modules: Modules, path: str) -> set[str]:
    """Return the files that import a file. To see what each import means is the work, so only those that may are."""
    ends = _by_end(modules)
    names = (one for end in _ends(path) for one in ends.get(end.encode(errors="replace"), ()))
    return {importer for importer, source in names if modules.resolved(importer, _text(source)) == path}


def _by_end(modules: Modules) -> dict[bytes, list[tuple[str, bytes]]]:
    """Return all imports, each a file and what it names, by the last part of that."""
    known = modules.memo.get("imports_by_end")
    if isinstance(known, dict):
        return known
    ends: dict[bytes, list[tuple[str, bytes]]] = {}
    for path in modules.files:
        for source in _sources(modules, path):
            ends.setdefault(source.rpartition(b"/")[2], []).append((path, source))
    modules.memo["imports_by_end"] = ends
    return ends


def _ends(path: str) -> set[str]:
    """Return the last parts that an import of a file may have: its name, with its ending or without, or its folder."""
    folder, _, name = path.rpartition("/")
    stem, ending = posixpath.splitext(name)
    ends = {name, stem} if ending in SUFFIXES else {name}
    return ends | {folder.rpartition("/")[2], "", ".", ".."} if stem == "index" else ends


def _sources(modules: Modules, path: str) -> list[bytes]:
    """Return what a file imports, as it names it."""
    data = modules.read(path) or b""
    searches = _SOURCES if _REQUIRES.any_in(data) else _SOURCES[:-1]
    return [source for search in searches for source in search.findall(data)]


def _text(source: bytes) -> str:
    return source.decode(errors="replace")
