"""Finds the fixtures of ``pyclient`` and rewrites them, in memory."""

from __future__ import annotations

from pathlib import Path

from bridge.events import EventMap
from codemods.python.pyclient.rewrite import rewrite
from codemods.python.pyclient.targets import Server
from codemods.python.pyclient.testers import testers_of
from codemods.results import FileResult

FIXTURES = Path(__file__).parents[1] / "fixtures_pyclient"
EVENTS = EventMap.load(Path(__file__).parents[1] / "fixtures" / "events.json")
SERVER = Server(EVENTS, frozenset({"localhost:5555"}))


def pairs() -> list[Path]:
    """Return the folders of fixtures that are rewritten."""
    return [path.parent for path in sorted(FIXTURES.glob("*/*/input.py"))]


def noops() -> list[Path]:
    """Return the files that are left alone."""
    return sorted(FIXTURES.glob("*/noop_*.py"))


def name(path: Path) -> str:
    return path.relative_to(FIXTURES).as_posix()


def rewritten(data: bytes, server: Server = SERVER, chosen: frozenset[tuple[int, int]] | None = None) -> FileResult:
    """Rewrite a file whose project is that file."""
    return rewrite(data, "input.py", server, testers_of([data]), chosen)


def reason_of(path: Path) -> str:
    return path.stem.removeprefix("noop_").split("__")[0]
