"""What a worker is told when it starts."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Spec:
    """``originals`` and ``folder`` are where databases are copied to, first for all workers, then for this one.

    ``setup`` names a module that is imported before the app is. ``passwords`` are those that stored hashes are really
    checked with; None: all.
    """

    source: str
    app_dir: str
    surface: str
    originals: str
    folder: str
    seed: int = 0
    setup: str = ""
    passwords: tuple[str, ...] | None = None

    def to_json(self) -> str:
        """Return it as one argument."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what ``to_json`` wrote."""
        return cls(**json.loads(text))
