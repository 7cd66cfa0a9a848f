"""Which names of a project are Flask test clients: fixtures that return one, attributes that hold one."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct, field

from codemods.discovery import scripts
from codemods.files import contents

_WORD = b"test_client"


class Reader(Struct, frozen=True):
    """A helper that gives back a response's JSON; ``method`` is what does the same of an answer."""

    method: str
    has_asserts: bool


class Testers(Struct, frozen=True):
    """Names of fixtures, and of attributes (``self.client``)."""

    fixtures: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()
    readers: Mapping[str, Reader] = field(default_factory=dict)
    """Helpers of tests that are handed a response and give back its JSON, by name."""

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
    readers: dict[str, Reader | None] = {}
    for data in files:
        for node in _nodes(data):
            if isinstance(node, ast.FunctionDef):
                fixtures |= _fixture_names(node) if gives_client(node) else set()
                reader = reader_of(node)
                if reader is not None or node.name in readers:
                    readers[node.name] = reader if readers.get(node.name, reader) == reader else None
            elif isinstance(node, ast.Assign) and _is_maker(node.value):
                attributes |= {one.attr for one in node.targets if isinstance(one, ast.Attribute)}
            elif isinstance(node, ast.ClassDef):
                attributes |= set(_class_names(node))
    known = {name: one for name, one in readers.items() if one is not None}
    return Testers(frozenset(fixtures), frozenset(attributes), known)


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


def gives_client(function: ast.FunctionDef) -> bool:
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


def reader_of(function: ast.FunctionDef) -> Reader | None:
    """Return what a helper does where it asserts things of a response, if that, and returns its JSON; else None."""
    names = [one.arg for one in function.args.args if one.arg not in ("self", "cls")]
    body = [one for one in function.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
    last = body[-1] if body else None
    if len(names) != 1 or not isinstance(last, ast.Return) or last.value is None or function.decorator_list:
        return None
    if not all(isinstance(one, ast.Assert) for one in body[:-1]):
        return None
    name = re.escape(names[0])
    code = ast.unparse(last.value)
    data = rf"{name}\.(?:data|text|get_data\((?:as_text=True)?\))"
    if re.fullmatch(rf"json\.loads\({data}(?:\.decode\([^)]*\))?\)", code):
        return Reader("json()", len(body) > 1)
    is_flask = re.fullmatch(rf"{name}\.(?:json|get_json\(\))", code)
    return Reader("get_json()", len(body) > 1) if is_flask else None


def _class_names(node: ast.ClassDef) -> Iterator[str]:
    for one in node.body:
        if isinstance(one, ast.Assign) and _is_maker(one.value):
            yield from (target.id for target in one.targets if isinstance(target, ast.Name))
