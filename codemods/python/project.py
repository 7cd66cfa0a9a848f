"""The Python files of a folder: which file an import means, and what each file says."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath


class Project:
    """Python files by their path below a folder; ``parts`` are the names on the way to that folder."""

    def __init__(self, files: Mapping[str, bytes], parts: tuple[str, ...] = ()) -> None:
        self.files = files
        self.broken: dict[str, str] = {}
        self._parts = parts
        self._trees: dict[str, ast.Module | None] = {}
        self._folders = {str(up) for path in files for up in PurePosixPath(path).parents}
        self._roots = self._roots_by_name()

    def tree(self, path: str) -> ast.Module | None:
        """Return a file as a tree, or None where it cannot be parsed: ``broken`` then says why."""
        if path not in self._trees:
            self._trees[path] = self._parsed(path)
        return self._trees[path]

    def check(self, path: str) -> None:
        """Note a file that cannot be parsed, without keeping its tree."""
        if path not in self._trees:
            self._parsed(path)

    def _parsed(self, path: str) -> ast.Module | None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SyntaxWarning)
                return ast.parse(self.files[path])
        except SyntaxError as error:
            self.broken[path] = _why(error)
        except ValueError:
            self.broken[path] = "not Python text"
        except (RecursionError, MemoryError):
            self.broken[path] = "nested too deep"
        return None

    def find(self, dotted: str, importer: str, entry: str) -> str | None:
        """Return the file, or the folder of a package without one, that an absolute import means; None if no file.

        ``entry`` is the file that is run: its folder is where Python looks first.
        """
        parts = dotted.split(".")
        own = self._below_own_name(parts)
        if own is not None:
            return own
        bases = list(self._bases(parts[0], importer, entry))
        found = (self.at(base, parts) for base in bases)
        is_package = importer.endswith("__init__.py")
        return next((one for one in found if one is not None and (is_package or one != importer)), None)

    def at(self, base: str, parts: list[str]) -> str | None:
        """Return the file of a module below a folder, else the folder itself where it is a package without one."""
        stem = str(PurePosixPath(base, *parts))
        for path in (f"{stem}.py", str(PurePosixPath(stem, "__init__.py"))):
            if path in self.files:
                return path
        return stem if parts and stem in self._folders else None

    def _below_own_name(self, parts: list[str]) -> str | None:
        """Resolve ``shop.server.db`` where the folder that is read is ``shop/server``."""
        for count in range(len(parts), 0, -1):
            if tuple(parts[:count]) == self._parts[-count:]:
                found = self.at(".", parts[count:])
                if found is not None:
                    return found
        return None

    def _bases(self, first: str, importer: str, entry: str) -> Iterator[str]:
        folder = PurePosixPath(entry).parent
        if first in sys.stdlib_module_names or first.startswith("flask"):
            yield str(folder)
            return
        while str(folder / "__init__.py") in self.files and folder.parent != folder:
            folder = folder.parent
        yield str(folder)
        yield str(PurePosixPath(entry).parent)
        yield from (str(up) for up in reversed(PurePosixPath(importer).parents))
        near = PurePosixPath(importer).parts
        yield from sorted(self._roots.get(first, ()), key=lambda one: -_shared(near, PurePosixPath(one).parts))

    def _roots_by_name(self) -> dict[str, list[str]]:
        """Return, for the first word of an import, all folders in which there is such a module or package."""
        roots: dict[str, list[str]] = {}
        for path in (*self.files, *self._folders):
            pure = PurePosixPath(path)
            roots.setdefault(pure.stem, []).append(str(pure.parent))
        return roots


def _shared(a: tuple[str, ...], b: tuple[str, ...]) -> int:
    return next(
        (index for index, (one, other) in enumerate(zip(a, b, strict=False)) if one != other), min(len(a), len(b))
    )


def _why(error: SyntaxError) -> str:
    text = error.msg or ""
    if "codec can't decode" in text:
        return "not UTF-8" if "utf-8" in text else "not in the encoding that it names"
    return text if "encoding" in text else f"syntax error at line {error.lineno}" if error.lineno else "syntax error"
