"""An observation: everything that one surface answered to a step, and what that left behind.

It is compared as one JSON value, so that a difference has a path: ``$.status``, ``$.data.name``, ``$.rows.coaches``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

ANSWER = ("ok", "status", "data", "errors", "type")
EFFECTS = ("headers", "session", "cookies", "rows", "sql", "connections", "exception", "pushes")
PARTS = (*ANSWER, *EFFECTS)


@dataclass(frozen=True, slots=True)
class Observation:
    """One answer, as an ack has it, and its effects; without an answer ``exception`` says what happened.

    ``ok``, ``status``, ``data``, ``errors``: those of the ack, or those that the HTTP answer would have had;
    ``type``: the content type where ``response.json()`` would have rejected ("" for an empty body), else None;
    ``headers``: those that are compared; ``session``: what it holds afterwards; ``cookies``: names and attributes of
    those that were set; ``rows``: by table, ``{"gone": [...], "new": [...]}``; ``sql``: number of ``statements``,
    ``commits`` and ``rollbacks``; ``connections``: those that are still taken from the pool; ``exception``: the name
    of what the app raised; ``pushes``: what is wrong with them, in words. ``unordered``: tables that were read without
    ORDER BY, so that the order of a list says nothing; not compared.
    """

    status: int = 0
    ok: bool = False
    data: Any = None
    errors: Any = None
    type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    session: Mapping[str, Any] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, list[Any]]] = field(default_factory=dict)
    sql: Mapping[str, int] = field(default_factory=dict)
    connections: int = 0
    exception: str = ""
    pushes: tuple[str, ...] = ()
    unordered: tuple[str, ...] = ()

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        """Read what a worker wrote."""
        sequences = {name: tuple(row[name]) for name in ("pushes", "unordered") if name in row}
        return cls(**{**row, **sequences})

    def to_dict(self) -> dict[str, Any]:
        """Return the parts that are compared."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in self._parts()}

    def _parts(self) -> list[tuple[str, Any]]:
        return [(name, getattr(self, name)) for name in PARTS]

    @property
    def status_class(self) -> str:
        """``2xx``, ``3xx``, ``4xx``, ``5xx``, or ``none`` without an answer."""
        return f"{self.status // 100}xx" if self.status else "none"
