"""Reads a browsing script: how an app is started, and what a visitor does, one step a line.

seed = "python seed.py"         # run once in the server's folder; both sides get copies of what it leaves
env = {DATABASE_URI = "sqlite:///app.db"}
steps = '''
visit /coaches
click Edit
fill name = Maya Lin
choose day = Monday
reload
back
'''
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

VERBS = ("visit", "click", "fill", "choose", "reload", "back")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a visitor does: ``what`` is a page, a text to click or a field's name; ``value`` is typed in."""

    verb: str
    what: str = ""
    value: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.verb, self.what, f"= {self.value}" if self.value else "") if part)


@dataclass(frozen=True, slots=True)
class Script:
    """What to start and what to do; ``forwarded`` are path prefixes that the dev proxy forwards."""

    steps: tuple[Step, ...]
    seed: str = ""
    source: str = "app:app"
    server: str = "server"
    front: str = "client"
    entry: str = "src/index.js"
    forwarded: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)


def read(path: Path) -> Script:
    """Read a script. Raises ValueError with a sentence about a step that is none."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    lines = [line.strip() for line in document.pop("steps").splitlines()]
    steps = tuple(_step(line) for line in lines if line and not line.startswith("#"))
    return Script(steps, **{**document, "forwarded": tuple(document.get("forwarded", ()))})


def _step(line: str) -> Step:
    verb, _, rest = line.partition(" ")
    if verb not in VERBS:
        msg = f"{line}: a step starts with one of {', '.join(VERBS)}"
        raise ValueError(msg)
    what, _, value = rest.partition(" = ")
    return Step(verb, what.strip(), value.strip())
