"""What parity asks: good calls that succeed, edges that are all there, sequences that are the same for a seed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from werkzeug.test import Client

from bridge.discovery import discover
from bridge.parity.exploring import explore
from bridge.parity.inputs import Known, boundary_steps, first_steps, good, sequences, simpler
from bridge.parity.inputs.boundary import boundary
from bridge.parity.learning import learn
from bridge.parity.steps import ABSENT, Earlier, Step
from bridge.parity.takes import Field, Takes
from bridge.parity.worker.http_request import http_request
from sample_app.server.app import create_app
from sample_app.server.seed import seed

KNOWN = Known.of({"coaches": [{"id": 3, "name": "Maya", "level": "old"}, {"id": 5, "name": "Tom", "level": "new"}]}, {})
COACH = Takes(
    "update_coach",
    "PATCH",
    "/coaches/<int:id>",
    (Field("id", "integer", table="coaches"),),
    body=(
        Field("name", "string", required=True, min_length=2, max_length=9, unique=True),
        Field("age", "integer", min=18, max=80),
        Field("level", choices=("new", "old")),
    ),
    tables=("coaches",),
)


@pytest.fixture
def sample(tmp_path: Path) -> Any:
    """The seeded sample, what is learned of it, and a way to ask it."""
    app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'app.db'}"})
    seed(app)
    event_map = discover(app)

    def ask(step: Step) -> Any:
        event = event_map.get(step.event)
        assert event is not None
        return Client(app).open(**http_request(step, event.method, event.rule))

    takes = {one.event: learn(app, one, lambda step: ask(step).get_json(silent=True)) for one in event_map}
    seed(app)  # learning has asked for things to be deleted
    return takes, ask


def test_good_calls_succeed(sample: Any) -> None:
    """Everything in the sample can be made at the first try, and a second thing beside it."""
    takes, ask = sample
    known = Known.of({"exercise_moves": [{"id": 1}, {"id": 2}]}, {})
    for event in ("new_coach", "new_exercise_move", "new_workout_plan"):
        for number in (0, 1):
            assert ask(good(takes[event], known, number)).status_code == 201


def test_edges_of_the_sample_meet_each_kind_of_answer(sample: Any) -> None:
    """Among the edges of one POST are calls that succeed, that are no JSON object, that conflict, that are refused."""
    takes, ask = sample
    known = Known.of({"coaches": [{"id": 1, "username": "maya"}]}, {})
    statuses = Counter(ask(step).status_code for step in boundary(takes["new_coach"], known))
    assert {201, 409, 415, 422} <= set(statuses)


def test_every_edge_is_there_once() -> None:
    """Missing, null, inside and outside of each bound, of another kind, taken, unknown; no step comes twice."""
    steps = list(boundary(COACH, KNOWN))
    bodies = [step.body for step in steps]
    names = [body["name"] for body in bodies if isinstance(body, dict) and "name" in body]
    ages = [body["age"] for body in bodies if isinstance(body, dict) and "age" in body]
    assert {1, 2, 9, 10} <= {len(name) for name in names if isinstance(name, str)}
    assert {17, 18, 80, 81, None, "12", 2**63} <= {age for age in ages if not isinstance(age, list | dict)}
    assert "Maya" in names
    assert [body for body in bodies if isinstance(body, dict) and "name" not in body and "age" in body]
    assert {1, 0, -1, 3, 5, 987654} & {step.params["id"] for step in steps} >= {0, -1, 3, 5, 987654}
    assert ABSENT in bodies
    assert None not in bodies
    assert len({repr(step) for step in steps}) >= len(steps) - 3


def test_routes_take_turns() -> None:
    """A short budget reaches each route: their edges are asked in turn, by who is let in."""
    other = Takes("get_coaches", "GET", "/coaches", query=(Field("page", "integer"),))
    steps = list(boundary_steps([COACH, other], KNOWN, ("", "A"), {"update_coach": "A"}))
    assert [step.event for step in steps[:4]] == ["update_coach", "get_coaches"] * 2
    assert {step.who for step in steps if step.event == "update_coach"} == {"A"}


def test_deleting_comes_last() -> None:
    """What others need is there while they are asked first."""
    some = [Takes(f"{method}_x", method, "/x") for method in ("DELETE", "POST", "GET")]
    assert [step.event for step in first_steps(some, KNOWN, ("",))] == ["GET_x", "POST_x", "DELETE_x"]


def _drawn(number: int, seed_: int) -> list[list[Step]]:
    """Return the first sequences of a seed."""
    create = Takes("new_coach", "POST", "/coaches", body=COACH.body, tables=("coaches",))
    found: list[list[Step]] = []

    def ask(steps: Any) -> None:
        found.append(list(steps))
        if len(found) == number:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        explore(sequences([COACH, create], KNOWN, ("", "A"), {}), seed_, ask)
    return found


def test_sequences_are_the_same_for_a_seed() -> None:
    """And others for another one; what was made is asked for by its id."""
    assert hypothesis.settings.default is not None
    first = _drawn(150, 1)
    assert first == _drawn(150, 1)
    assert first != _drawn(150, 2)
    linked = [step for steps in first for step in steps if isinstance(step.params.get("id"), Earlier)]
    assert linked
    assert all(step.params["id"].path == ("id",) for step in linked)


def test_simpler_steps_lead_to_the_good_one() -> None:
    """Each is another step, and taking the first that is left ends."""
    odd = Step("update_coach", {"id": 7, "page": "x"}, {"name": 7, "age": 30, "extra": "long text"}, "A")
    fine, seen = good(COACH, KNOWN), 0
    while True:
        following = next((step for step in simpler(odd, fine) if step != odd), None)
        if following is None:
            break
        odd, seen = following, seen + 1
        assert seen < 40
    assert odd == Step("update_coach", {"id": 3}, {})
