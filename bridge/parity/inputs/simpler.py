"""Ways to make a step simpler that may still show the same: what is left out first, then what is put in its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bridge.parity.steps import ABSENT, Step

_TEXT = "x"


def simpler(step: Step, good_step: Step) -> Iterator[Step]:
    """Yield simpler steps, the most radical first; ``good_step`` has values that are fine."""
    if step.who:
        yield replace(step, who="")
    kept = {name: value for name, value in step.params.items() if name in good_step.params}
    if kept != step.params:
        yield replace(step, params=kept)
    if step.body is not ABSENT and not isinstance(step.body, dict):
        return
    if step.body is not ABSENT:
        yield from _bodies(step, good_step)
    for name, value in good_step.params.items():
        if step.params.get(name) != value:
            yield replace(step, params={**step.params, name: value})


def _bodies(step: Step, good_step: Step) -> Iterator[Step]:
    body: dict[str, Any] = step.body
    names = list(body)
    if names:
        yield replace(step, body={})
    if len(names) > 2:
        half = len(names) // 2
        for some in (names[:half], names[half:]):
            yield replace(step, body={name: body[name] for name in some})
    for name in names:
        yield replace(step, body={key: value for key, value in body.items() if key != name})
    fine = good_step.body if isinstance(good_step.body, dict) else {}
    for name, value in body.items():
        if name in fine and fine[name] != value:
            yield replace(step, body={**body, name: fine[name]})
        elif isinstance(value, str) and len(value) > 1 and name not in fine:
            yield replace(step, body={**body, name: _TEXT})
