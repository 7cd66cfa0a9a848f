"""A step: one call of one route as somebody; a sequence of them is what parity asks each surface.

A value that only an earlier answer can give (the id of what was just made) is an ``Earlier`` until the step is run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Self

_EARLIER = "$earlier"


class Absent(Enum):
    """The body of a call that has none; ``None`` is the body ``null``."""

    ABSENT = "absent"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent.ABSENT


@dataclass(frozen=True, slots=True)
class Earlier:
    """A value of the answer to an earlier step of the same sequence; ``instead`` where there is no such answer."""

    step: int
    path: tuple[str | int, ...]
    instead: Any = None


@dataclass(frozen=True, slots=True)
class Step:
    """One call: ``params`` fill the rule, the others are the query; ``who`` is "" for nobody, else "A" or "B"."""

    event: str
    params: Mapping[str, Any] = field(default_factory=dict)
    body: Any = ABSENT
    who: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON has it; ``body`` is missing where there is none."""
        body = {} if self.body is ABSENT else {"body": _written(self.body)}
        rest = {key: value for key, value in (("who", self.who), ("headers", dict(self.headers))) if value}
        return {"event": self.event, "params": _written(dict(self.params)), **body, **rest}

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Self:
        """Read what ``to_dict`` wrote."""
        body = _read(row["body"]) if "body" in row else ABSENT
        return cls(row["event"], _read(row.get("params", {})), body, row.get("who", ""), row.get("headers", {}))

    def resolved(self, answers: Sequence[Any]) -> Step:
        """Return it with values of earlier answers filled in; ``answers`` are the bodies, in the order of the steps."""
        return self.mapped(lambda earlier: _looked_up(earlier, answers))

    def mapped(self, change: Callable[[Earlier], Any]) -> Step:
        """Return it with every ``Earlier`` changed."""
        return replace(self, params=_changed(self.params, change), body=_changed(self.body, change))


def _looked_up(earlier: Earlier, answers: Sequence[Any]) -> Any:
    value = answers[earlier.step] if earlier.step < len(answers) else None
    for key in earlier.path:
        try:
            value = value[key]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            return earlier.instead
    return value


def _changed(value: Any, change: Callable[[Earlier], Any]) -> Any:
    if isinstance(value, Earlier):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _changed(item, change) for key, item in value.items()}
    return [_changed(item, change) for item in value] if isinstance(value, list) else value


def _written(value: Any) -> Any:
    return _changed(value, lambda one: {_EARLIER: [one.step, list(one.path), one.instead]})


def _read(value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {_EARLIER}:
        step, path, instead = value[_EARLIER]
        return Earlier(step, tuple(path), instead)
    if isinstance(value, dict):
        return {key: _read(item) for key, item in value.items()}
    return [_read(item) for item in value] if isinstance(value, list) else value
