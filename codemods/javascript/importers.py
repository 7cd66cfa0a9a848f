"""Says which files import which, from their text: nothing is parsed, whatever there is of it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from codemods.javascript.modules import Modules

_SOURCES = (
    (b"from", re.compile(rb"""from\s*(?:/\*.*?\*/\s*)*["']([^"'\n]+)["']""", re.DOTALL)),
    (b"import", re.compile(rb"""import\s*(?:\(\s*(?:/\*.*?\*/\s*)*)?["'`]([^"'`\n]+)["'`]""", re.DOTALL)),
    (b"require", re.compile(rb"""require\(\s*["'`]([^"'`\n]+)["'`]""")),
)
"""A word that must be there, and the search for it.

One for each word: with a constant start each takes a fifth of the time of one search for all.
"""


def leading_to(modules: Modules, paths: Iterable[str]) -> list[str]:
    """Return files and all that import them, directly or through others, in the order of the front end's files.

    A name in a comment counts as an import: one file too many does no harm.
    """
    graph = _importers(modules)
    found = set(paths)
    waiting = list(found)
    while waiting:
        new = graph.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return [path for path in modules.files if path in found]


def importing(modules: Modules, path: str) -> list[str]:
    """Return the files that import a file themselves, in the order of the front end's files."""
    found = _importers(modules).get(path, set())
    return [one for one in modules.files if one in found]


def imported_by(modules: Modules, path: str) -> frozenset[str]:
    """Return the files of the front end that a file imports itself; worked out once."""
    known = modules.memo.setdefault("imports", {})
    assert isinstance(known, dict)
    if path not in known:
        data = modules.read(path) or b""
        sources = {source for word, regex in _SOURCES if word in data for source in regex.findall(data)}
        targets = (modules.resolved(path, source.decode(errors="replace")) for source in sources)
        known[path] = frozenset(target for target in targets if target is not None)
    found: frozenset[str] = known[path]
    return found


def _importers(modules: Modules) -> dict[str, set[str]]:
    """Return, for each file, those that import it."""
    known = modules.memo.get("importers")
    if isinstance(known, dict):
        return known
    graph: dict[str, set[str]] = {}
    for path in modules.files:
        for target in imported_by(modules, path):
            graph.setdefault(target, set()).add(path)
    modules.memo["importers"] = graph
    return graph
