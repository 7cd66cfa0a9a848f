"""``fetch2socket server --remove``: takes Resource methods away that native handlers answer for."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

from bridge.errors import BridgeError
from codemods.python.server import rules
from codemods.python.server.init_reading import Reading, read
from codemods.python.server.remove_plan import Removal, plan
from codemods.python.server.remove_reading import Removing
from codemods.python.server.remove_writing import RemoveWriting
from codemods.results import REWRITTEN, SAFE, FileResult, Left, Site
from codemods.run import Run, shown

RULE = rules.REMOVE_RESOURCE
NOUN = "method"
_MOST_LEVELS = 6
_STEPS = (
    "see that nobody calls the removed routes over HTTP any more: `fetch2socket scan` for the front end, "
    "`fetch2socket pyclient` for scripts and tests; both need the event map from before",
    "write the event map anew where it is kept in a file",
)


def remove(paths: tuple[Path, ...]) -> Run:
    """Return the run that takes the Resources below the paths away; raises BridgeError where there is no app."""
    reading = next((found for folder in _folders(paths) if (found := read(folder)) is not None), None)
    if reading is None:
        msg = f"no Flask app with Resources around {paths[0]}"
        raise BridgeError(msg)
    removing = Removing(reading)
    removals = [plan(removing, cls) for cls in removing.classes if _is_chosen(reading, cls.module.path, paths)]
    writing = RemoveWriting(removing)
    for one in removals:
        if one.handlers:
            writing.remove(one)
    return _run(reading, removals, writing.finish())


def _folders(paths: tuple[Path, ...]) -> Iterator[Path]:
    """Yield the folder around all paths and those above it, up to the top of the git tree, never the home folder."""
    absolute = [one.resolve() for one in paths]
    top = Path(os.path.commonpath([one if one.is_dir() else one.parent for one in absolute]))
    for one in (top, *top.parents)[:_MOST_LEVELS]:
        if one != top and one in {Path.home(), Path(one.anchor)}:
            return
        yield one
        if (one / ".git").exists():
            return


def _is_chosen(reading: Reading, path: str, paths: tuple[Path, ...]) -> bool:
    file = Path(reading.where(path)).resolve()
    return any(one.resolve() in (file, *file.parents) for one in paths)


def _run(reading: Reading, removals: list[Removal], after: dict[str, bytes]) -> Run:
    rows: dict[str, list[Site]] = {}
    for one in removals:
        name = shown(reading.where(one.cls.module.path))
        rows.setdefault(one.cls.module.path, []).extend(_rows(one, name))
    results = tuple(_result(reading, path, after, rows.get(path, [])) for path in sorted({*after, *rows}))
    changed = frozenset(one.path for one in results if one.is_changed)
    return Run(results, (), _STEPS if changed else (), (changed,) if len(changed) > 1 else (), NOUN)


def _result(reading: Reading, path: str, after: dict[str, bytes], rows: list[Site]) -> FileResult:
    before = reading.project.files[path]
    text = after.get(path, before)
    ast.parse(text)
    return FileResult(shown(reading.where(path)), before, text, tuple(sorted(rows, key=lambda one: one.place)))


def _rows(removal: Removal, file: str) -> Iterator[Site]:
    """Yield a row for each method of a class: those that its base defines stand where the class does."""
    own = {one.name: one for one in removal.cls.node.body if isinstance(one, ast.FunctionDef)}
    for name in sorted({*removal.left, *(one.key[0].lower() for one in removal.handlers)}):
        node = own.get(name, removal.cls.node)
        urls = [one.rule for one in removal.rules if name.upper() in one.methods]
        events = [one.event for one in removal.handlers if one.key[0].lower() == name]
        site = Site(
            file,
            node.lineno,
            node.col_offset + 1,
            REWRITTEN,
            rule=RULE,
            confidence=SAFE,
            method=name.upper(),
            url=", ".join(urls),
            event=", ".join(events),
        )
        left: Left | None = removal.left.get(name)
        yield site.left(left.reason, left.message) if left is not None else site
