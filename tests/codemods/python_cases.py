"""Finds the fixtures of ``fetch2socket server`` and rewrites them, in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from codemods.python.server.project_routes import AppReading
from codemods.python.server.rewriter import ServerRewriter
from codemods.results import FileResult

FIXTURES = Path(__file__).parent / "fixtures_python"
FOLDER = Path("/somewhere/app")
"""Where the fixtures say that they lie: nothing is read from there."""
NAME = "resources.py"
ENTRY = b"from config import app\nimport resources\n"


@dataclass(frozen=True)
class Case:
    """One fixture: its input, and the other files of its app."""

    name: str
    path: Path
    others: dict[str, bytes] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        return self.path.read_bytes()

    @property
    def output(self) -> bytes:
        return self.path.with_name("output.py").read_bytes()

    @property
    def rule(self) -> str:
        return self.name.split("/")[0]


def pairs() -> list[Case]:
    """Return the fixtures that are rewritten."""
    return [
        Case(path.parent.relative_to(FIXTURES).as_posix(), path, _beside(path))
        for path in sorted(FIXTURES.glob("*/*/input.py"))
    ]


def noops() -> list[Case]:
    """Return the fixtures that are left alone."""
    return [Case(path.relative_to(FIXTURES).as_posix(), path) for path in sorted(FIXTURES.glob("*/noop_*.py"))]


def _beside(path: Path) -> dict[str, bytes]:
    names = ("input.py", "output.py")
    return {one.name: one.read_bytes() for one in path.parent.glob("*.py") if one.name not in names}


def rewriter(files: dict[str, bytes], rules: frozenset[str] = frozenset()) -> ServerRewriter:
    """Return the rewrite of an app in memory."""
    reading = AppReading(FOLDER, files)
    return ServerRewriter(lambda: reading, rules)


def rewrite_case(case: Case, data: bytes | None = None, rules: frozenset[str] = frozenset()) -> FileResult:
    """Rewrite a fixture, or what it became."""
    data = case.data if data is None else data
    files = {"app.py": ENTRY, "config.py": (FIXTURES / "config.py").read_bytes(), NAME: data, **case.others}
    return rewriter(files, rules).rewrite(data, str(FOLDER / NAME))
