"""Which names of a project are Flask test clients: fixtures that return one, attributes that hold one."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from codemods.discovery import scripts
from codemods.files import contents

_WORD = b"test_client"


@dataclass(frozen=True, slots=True)
class Testers:
    """Names of fixtures, and of attributes (``self.client``)."""

    fixtures: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()

    @property
    def pattern(self) -> re.Pattern[bytes]:
        """Match a file that may call one of them, or that makes one."""
        names = "|".join(map(re.escape, sorted(self.fixtures | self.attributes | {"test_client"})))
        return re.compile(rf"\b(?:{names})\b".encode())


def testers_below(paths: Iterable[Path]) -> Testers:
    """Return the names that the files below these paths give to test clients, conftest.py files above included."""
    files = dict.fromkeys(one for path in paths for one in _files(path))
    return testers_of(data for data in map(_read, files) if _WORD in data)


def testers_of(files: Iterable[bytes]) -> Testers:
    """Return the names in some files."""
    fixtures: set[str] = set()
    attributes: set[str] = set()
    for data in files:
        for node in _nodes(data):
            if isinstance(node, ast.FunctionDef) and _gives_client(node):
                fixtures |= _fixture_names(node)
            elif isinstance(node, ast.Assign) and _is_maker(node.value):
                attributes |= {one.attr for one in node.targets if isinstance(one, ast.Attribute)}
            elif isinstance(node, ast.ClassDef):
                attributes |= set(_class_names(node))
    return Testers(frozenset(fixtures), frozenset(attributes))


def _files(path: Path) -> Iterator[str]:
    absolute = path.absolute()
    if absolute.is_dir():
        yield from (script.path for script in scripts(absolute.as_posix(), (), (".py",)))
    else:
        yield absolute.as_posix()
    for folder in absolute.parents:
        if (folder / "conftest.py").is_file():
            yield (folder / "conftest.py").as_posix()
        if (folder / ".git").exists():
            return


def _read(path: str) -> bytes:
    try:
        return contents(path)
    except OSError:
        return b""


def _nodes(data: bytes) -> Iterator[ast.AST]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            yield from ast.walk(ast.parse(data))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return


def _is_maker(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "test_client"


def _gives_client(function: ast.FunctionDef) -> bool:
    """True where a function returns or yields a test client, made in place or in a variable."""
    names: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and _is_maker(node.value):
            names |= {one.id for one in node.targets if isinstance(one, ast.Name)}
        elif (
            isinstance(node, ast.withitem) and _is_maker(node.context_expr) and isinstance(node.optional_vars, ast.Name)
        ):
            names.add(node.optional_vars.id)
    given = [one.value for one in ast.walk(function) if isinstance(one, ast.Return | ast.Yield)]
    return any(_is_maker(one) or (isinstance(one, ast.Name) and one.id in names) for one in given)


def _fixture_names(function: ast.FunctionDef) -> set[str]:
    for one in function.decorator_list:
        for keyword in one.keywords if isinstance(one, ast.Call) else ():
            if keyword.arg == "name" and isinstance(keyword.value, ast.Constant):
                return {str(keyword.value.value)}
    is_fixture = any("fixture" in ast.dump(one) for one in function.decorator_list)
    return {function.name} if is_fixture else set()


def _class_names(node: ast.ClassDef) -> Iterator[str]:
    for one in node.body:
        if isinstance(one, ast.Assign) and _is_maker(one.value):
            yield from (target.id for target in one.targets if isinstance(target, ast.Name))
