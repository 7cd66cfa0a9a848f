"""Random sequences: mostly good calls that build on each other, one third with something odd in it.

Drawn from a few numbers a step: deep strategies would take longer than the app does.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bridge.parity.inputs.boundary import ODD_PATH_TEXTS, odd_values
from bridge.parity.inputs.known import Known
from bridge.parity.inputs.values import good
from bridge.parity.steps import ABSENT, Earlier, Step
from bridge.parity.takes import Takes

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_MOST_STEPS, _VARIANTS = 12, 12


def sequences(
    all_takes: Sequence[Takes], known: Known, whos: Sequence[str], let_in: Mapping[str, str]
) -> SearchStrategy[list[Step]]:
    """Return a strategy of sequences; fewer steps and smaller numbers are simpler."""
    from hypothesis import strategies

    pool = [takes for takes in all_takes for _ in range(_weight(takes))]
    followers = _followers(pool)
    numbers = strategies.tuples(
        strategies.integers(0, len(pool) - 1),
        strategies.integers(0, _VARIANTS - 1),
        strategies.integers(0, 2**16),
    )

    def made(drawn: list[tuple[int, int, int]]) -> list[Step]:
        steps: list[Step] = []
        created: dict[str, int] = {}
        for route, variant, dice in drawn:
            after = [one for table in created for one in followers.get(table, ())]
            takes = after[route % len(after)] if after and dice % 2 else pool[route]
            step = _made(takes, known, variant, random.Random(dice), created)
            steps.append(replace(step, who=_who(dice, let_in.get(takes.event, ""), whos)))
            if takes.method == "POST" and takes.tables and not takes.params:
                created[takes.tables[0]] = len(steps) - 1
        return steps

    return strategies.lists(numbers, min_size=1, max_size=_MOST_STEPS).map(made)


def _followers(pool: Sequence[Takes]) -> dict[str, list[Takes]]:
    """Return by table the routes that ask for one of its rows."""
    found: dict[str, list[Takes]] = {}
    for takes in pool:
        for field in takes.params:
            found.setdefault(field.table, []).append(takes)
    return found


def _weight(takes: Takes) -> int:
    return {"POST": 4, "PATCH": 3, "PUT": 3, "DELETE": 2}.get(takes.method, 2)


def _who(dice: int, likely: str, whos: Sequence[str]) -> str:
    """Return who asks: mostly somebody who is let in."""
    return whos[dice % len(whos)] if dice % 5 == 0 else likely


def _made(takes: Takes, known: Known, variant: int, dice: random.Random, created: Mapping[str, int]) -> Step:
    step = good(takes, known, variant)
    params = {name: _linked(name, value, takes, created, dice) for name, value in step.params.items()}
    body = step.body
    if isinstance(body, dict):
        body = {name: _linked_id(name, value, known, created) for name, value in body.items()}
        if takes.method in ("PATCH", "PUT") and dice.random() < 0.5:
            body = {name: value for name, value in body.items() if dice.random() < 0.5}
    step = replace(step, params=params, body=body)
    return _mutated(step, takes, dice) if dice.random() < 1 / 3 else step


def _linked(name: str, value: Any, takes: Takes, created: Mapping[str, int], dice: random.Random) -> Any:
    """Let a path parameter be the id of what an earlier step of the sequence made, where one did."""
    table = next((field.table for field in takes.params if field.name == name), "")
    if table in created and dice.random() < 0.7:
        return Earlier(created[table], ("id",), value)
    return value


def _linked_id(name: str, value: Any, known: Known, created: Mapping[str, int]) -> Any:
    table = known.table_named(name)
    return Earlier(created[table], ("id",), value) if table in created and isinstance(value, int) else value


def _mutated(step: Step, takes: Takes, dice: random.Random) -> Step:
    """Make one thing of a step odd."""
    if takes.params and (dice.random() < 0.3 or not takes.body):
        field = dice.choice(takes.params)
        odd = ODD_PATH_TEXTS if field.kind == "string" else (0, -1, 987654, "text")
        return replace(step, params={**step.params, field.name: dice.choice(odd)})
    if takes.body and isinstance(step.body, dict):
        field = dice.choice(takes.body)
        if dice.random() < 0.25:
            return replace(step, body={key: value for key, value in step.body.items() if key != field.name})
        return replace(step, body={**step.body, field.name: dice.choice((None, *odd_values(field)))})
    return replace(step, body=ABSENT) if takes.has_body else step
