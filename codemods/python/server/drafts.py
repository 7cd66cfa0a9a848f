"""Files while they are being changed: edits of bytes, and imports to add or drop, made into one new text."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import cached_property

from msgspec import Struct, field

from codemods.results import Edit, apply

IsOwn = Callable[[str], bool]


class Draft(Struct, eq=False, dict=True):
    """One file; ``imports`` are pairs of source and name, ``dropped`` are names that nothing may use any more."""

    data: bytes
    edits: list[Edit] = field(default_factory=list)
    imports: list[tuple[str, str]] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)

    @cached_property
    def lines(self) -> list[bytes]:
        """The lines, each with its end."""
        return self.data.splitlines(keepends=True)

    @property
    def newline(self) -> str:
        """The file's line end."""
        return "\r\n" if self.lines and self.lines[0].endswith(b"\r\n") else "\n"

    @property
    def quote(self) -> str:
        """The quotes that the file has more of."""
        return "'" if self.data.count(b"'") > self.data.count(b'"') else '"'

    def start(self, line: int) -> int:
        """Return where a line starts, counted from 1; one behind the last is the end."""
        return sum(map(len, self.lines[: line - 1]))

    def offset(self, line: int, column: int) -> int:
        """Return the byte that ``ast`` calls by a line and a column."""
        return self.start(line) + column

    def indent(self, line: int) -> str:
        """Return the white space in front of a line."""
        text = self.lines[line - 1].decode(errors="replace") if 0 < line <= len(self.lines) else ""
        return text[: len(text) - len(text.lstrip())]

    def is_blank(self, line: int) -> bool:
        """True for an empty line, and for none at all."""
        return not 0 < line <= len(self.lines) or not self.lines[line - 1].strip()

    def insert(self, line: int, texts: list[str]) -> None:
        """Put lines above a line, which may be the one behind the last."""
        at = self.start(line)
        before = "" if at == 0 or self.data[:at].endswith((b"\n", b"\r")) else self.newline
        text = before + "".join(one + self.newline for one in texts)
        self.edits.append(Edit(at, at, text.encode()))

    def after(self, is_own: IsOwn = lambda source: source.startswith(".")) -> bytes:
        """Return the new bytes."""
        data = apply(self.data, sorted(self.edits, key=lambda one: (one.start, one.end)))
        if self.imports or self.dropped:
            data = _with_imports(data, self.imports, self.dropped, is_own)
        return self._without_blank_ends(data)

    def _without_blank_ends(self, data: bytes) -> bytes:
        """Drop blank lines at both ends that were not there before what stood beyond them went."""
        if not self.is_blank(1):
            data = data.lstrip(b"\r\n")
        if not self.is_blank(len(self.lines)) and data.endswith(b"\n"):
            data = data.rstrip(b"\r\n") + self.newline.encode()
        return data


def _with_imports(data: bytes, imports: list[tuple[str, str]], dropped: set[str], is_own: IsOwn) -> bytes:
    import libcst as cst

    from codemods.python.imports import add_import
    from codemods.python.unused_imports import remove_unused_imports

    module = cst.parse_module(data)
    for source, name in imports:
        module = add_import(module, source, name, is_own=is_own, before=_first_use(module, name))
    return (remove_unused_imports(module, dropped) if dropped else module).bytes


def _first_use(module: object, name: str) -> int | None:
    """Return the number of the first statement that uses a name; a function may be called right below it."""
    import libcst as cst

    assert isinstance(module, cst.Module)
    for number, one in enumerate(module.body):
        if _uses(module.code_for_node(one), name):
            return number
    return None


def _uses(code: str, name: str) -> bool:
    return any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(ast.parse(code.strip())))
