"""Front ends in memory and what a run over them finds, for the tests of reports."""

from __future__ import annotations

from pathlib import Path

from bridge.events import EventMap
from codemods.run import Run
from codemods.runner import Settings, run
from tests.codemods.cases import FIXTURES

EVENT_MAP = EventMap.load(FIXTURES / "events.json")


def put(root: Path, files: dict[str, str]) -> None:
    """Write files below a folder."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, newline="")


def run_over(root: Path, files: dict[str, str]) -> Run:
    """Write files below a folder and return what a run over it finds; paths are shown from the current folder."""
    put(root, files)
    return run([root], Settings(EVENT_MAP))
