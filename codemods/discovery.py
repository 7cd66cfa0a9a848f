"""Finds the script files of a folder: what people wrote, not what tools installed, built or generated."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from operator import attrgetter

from msgspec import Struct

from codemods.files import read
from codemods.gitignore import Patterns, is_ignored, patterns
from codemods.javascript.endings import ENDINGS

_NEVER_ENTERED = frozenset(
    {"node_modules", "bower_components", "dist", "build", "out", "coverage", "__pycache__", "venv", "env"}
)
_VENDORED = frozenset({"vendor", "vendored", "vendors", "third_party", "thirdparty"})
_BUILT_NAME = re.compile(r"\.(?:min|bundle|chunk)\.")
_PAGES = (".html", ".htm", ".jinja", ".jinja2", ".j2")
_MOST_FOLDERS = 5000
"""Where pages are looked for at most, should somebody name a file in their home folder."""
_LONGEST_LINE = 5000
_LARGEST = 500_000
_GENERATED = re.compile(rb"^\s*(?://|/\*|\*|#).*(?:@generated\b|\bGENERATED\b)", re.MULTILINE)
_HEADER = 600


class Script(Struct, frozen=True):
    """A file with a script's ending; ``passed_over`` says why it is not for us, or is empty."""

    path: str
    passed_over: str = ""


def scripts(folder: str, exclude: Iterable[Patterns] = (), endings: tuple[str, ...] = ENDINGS) -> Iterator[Script]:
    """Yield the scripts below an absolute folder, sorted: the files with one of these endings.

    What git ignores, installed, built and hidden folders are not looked into; links to folders are not followed,
    so each folder is read once and no loop can catch us. ``exclude`` are further patterns, those of the settings.
    """
    folder = folder.rstrip("/") or "/"
    chosen = tuple(exclude)
    stack = [(folder, _outer_patterns(folder), "")]
    while stack:
        where, chain, passed_over = stack.pop()
        try:
            with os.scandir(where) as found:
                entries = sorted(found, key=attrgetter("name"))
        except OSError as error:
            yield Script(where, f"cannot be read: {error.strerror}")
            continue
        names = {entry.name for entry in entries}
        if "pyvenv.cfg" in names:
            continue
        if ".gitignore" in names:
            chain = (_patterns_of(where, f"{where}/.gitignore"), *chain)
        for script in _files(where, entries, (*chosen, *chain), folder, endings):
            yield Script(script.path, passed_over) if passed_over else script
        below = [(path, chain, passed_over or why) for path, why in _folders(where, entries, (*chosen, *chain))]
        stack.extend(reversed(below))


def _files(
    where: str, entries: list[os.DirEntry[str]], chain: tuple[Patterns, ...], top: str, endings: tuple[str, ...]
) -> Iterator[Script]:
    for entry in entries:
        name = entry.name
        path = f"{where}/{name}"
        if not name.endswith(endings) or name.endswith(".d.ts") or is_ignored(chain, path, name, is_folder=False):
            continue
        if entry.is_dir(follow_symlinks=False) or (entry.is_symlink() and _is_found_elsewhere(path, top)):
            continue
        yield Script(path, why_by_name(path))


def _folders(where: str, entries: list[os.DirEntry[str]], chain: tuple[Patterns, ...]) -> Iterator[tuple[str, str]]:
    for entry in entries:
        name = entry.name
        if name in _NEVER_ENTERED or name.startswith(".") or not entry.is_dir(follow_symlinks=False):
            continue
        path = f"{where}/{name}"
        if not is_ignored(chain, path, name, is_folder=True):
            yield path, "is vendored" if name in _VENDORED else ""


def pages(folder: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the HTML files and templates below a folder, sorted, and the folders that were looked into for them."""
    found: list[str] = []
    walked: list[str] = []
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(one for one in folders if one not in _NEVER_ENTERED and not one.startswith("."))
        found += (f"{where.replace(os.sep, '/')}/{name}" for name in sorted(names) if name.endswith(_PAGES))
        walked.append(where.replace(os.sep, "/"))
        if len(walked) >= _MOST_FOLDERS:
            break
    return tuple(found), tuple(walked)


def _is_found_elsewhere(link: str, top: str) -> bool:
    """True for a link to a folder, and to a file that is found at its own place; a dangling link is for the report."""
    target = os.path.realpath(link)
    return os.path.isdir(target) or (os.path.isfile(target) and target.startswith(f"{os.path.realpath(top)}/"))


def why_by_name(path: str) -> str:
    """Return why a file is passed over by the name that a build tool gave it, or nobody can read; "" if it is not."""
    if not path.isascii() and any("\ud800" <= one <= "\udfff" for one in path):
        return "has a name that is not UTF-8"
    name = path.rpartition("/")[2]
    return "is built" if _BUILT_NAME.search(name) else ""


def why_by_content(data: bytes) -> str:
    """Return why a file that no one wrote by hand is passed over: minified, generated, huge; "" if it is not."""
    if len(data) > _LARGEST:
        return f"is larger than {_LARGEST // 1000} kB"
    if _GENERATED.search(data[:_HEADER]):
        return "is generated"
    return "is minified" if _has_long_line(data) else ""


def _has_long_line(data: bytes) -> bool:
    start = 0
    while len(data) - start > _LONGEST_LINE:
        start = data.rfind(b"\n", start, start + _LONGEST_LINE + 1) + 1
        if not start:
            return True
    return False


@cache
def package_root(folder: str) -> str | None:
    """Return the nearest folder at or above one that holds a package.json."""
    if os.path.isfile(f"{folder}/package.json"):
        return folder
    above = os.path.dirname(folder)
    return package_root(above) if above != folder else None


# ---- git --------------------------------------------------------------------------------------


def _outer_patterns(folder: str) -> tuple[Patterns, ...]:
    """Return the patterns from above a folder, up to the git tree's root, the innermost first.

    None where they ignore the folder itself: who names it wants it read.
    """
    inside = _within_git(folder)
    if not inside:
        return ()
    top = inside[-1]
    found = [_patterns_of(one, f"{one}/.gitignore") for one in inside[1:]]
    found.append(_patterns_of(top, f"{top}/.git/info/exclude"))
    chain = tuple(one for one in found if one.lines)
    is_named = any(is_ignored(chain, one, os.path.basename(one), is_folder=True) for one in inside[:-1])
    return () if is_named else chain


def _within_git(folder: str) -> list[str]:
    """Return a folder and those above it up to the root of its git tree; none outside git."""
    inside = [folder]
    while not os.path.exists(f"{inside[-1]}/.git"):
        above = os.path.dirname(inside[-1])
        if above == inside[-1]:
            return []
        inside.append(above)
    return inside


def _patterns_of(folder: str, path: str) -> Patterns:
    return patterns(folder, (read(path) or b"").decode("utf-8-sig", errors="surrogateescape").split("\n"))
