"""A tape as steps: one sequence for who was at work together, ids and passwords that a replay can have."""

from __future__ import annotations

from typing import Any

from bridge.parity.steps import ABSENT, Earlier, Step
from bridge.parity.tapes.sequences import steps_of
from bridge.parity.tapes.tape import Recorded, Tape

LOGINS = (
    Step("login", body={"name": "a@test", "password": "pw-a"}),
    Step("login", body={"name": "b@test", "password": "pw-b"}),
)


class Calls:
    """Makes a tape call by call."""

    def __init__(self) -> None:
        self.calls: list[Recorded] = []

    def add(self, who: int, event: str, rule: str = "/coaches", body: Any = ABSENT, **more: Any) -> Calls:
        method = {"new": "POST", "login": "POST", "update": "PATCH"}.get(event.split("_")[0], "GET")
        number = len(self.calls) + 1
        given = {"run": "r", "status": 200, **more}
        found = tuple(given.pop("found", {}).items())
        call = Recorded(number=number, who=who, event=event, method=method, rule=rule, body=body, found=found, **given)
        self.calls.append(call)
        return self

    def steps(self, logins: tuple[Step, ...] = ()) -> list[list[Step]]:
        return steps_of(Tape(tuple(self.calls)), logins)


def names(sequences: list[list[Step]]) -> list[str]:
    return [" ".join(f"{step.who or '-'}:{step.event}" for step in steps) for steps in sequences]


def test_two_browsers_at_work_together_are_a_and_b() -> None:
    """Their calls keep their order; one that comes when they are gone has a sequence of its own."""
    calls = Calls().add(1, "a").add(2, "b").add(1, "c").add(0, "d").add(2, "e").add(3, "f").add(3, "g")
    assert names(calls.steps()) == ["A:a B:b A:c -:d B:e", "A:f A:g"]


def test_a_third_browser_has_a_sequence_of_its_own() -> None:
    """A replay has two users; a third one does what it did as A, elsewhere."""
    calls = Calls().add(1, "a").add(2, "b").add(3, "c").add(1, "d").add(3, "e").add(2, "f")
    assert names(calls.steps()) == ["A:a B:b A:d B:f", "A:c A:e"]


def test_nobodys_calls_stand_where_they_came() -> None:
    """Calls without a cookie belong to the sequence that is under way, or comes next; alone they are one."""
    calls = Calls().add(0, "a").add(1, "b").add(1, "c").add(0, "d").add(2, "e").add(0, "f")
    assert names(calls.steps()) == ["-:a A:b A:c", "-:d A:e -:f"]
    assert names(Calls().add(0, "a").add(0, "b").steps()) == ["-:a -:b"]
    assert Calls().steps() == []


def test_recordings_in_one_file_are_apart() -> None:
    """The browser 1 of one run is not that of another; lines are in the order in which calls came."""
    calls = Calls().add(1, "b", run="x").add(1, "c", run="y").add(1, "a", run="x")
    first = calls.calls[0]
    calls.calls[0], calls.calls[2] = calls.calls[2], first
    assert names(calls.steps()) == ["A:b A:a", "A:c"]


def test_an_id_is_taken_from_the_answer_that_gave_it() -> None:
    """By its noun: the parameter of the rule, the key in a body; its type in a body must be the same."""
    calls = (
        Calls()
        .add(1, "new_coach", body={"name": "x"}, found={("id",): 41})
        .add(1, "new_plan", "/plans", {"coach_id": 41, "other": 41, "coach": {"id": 41}}, found={("plan", "id"): 41})
        .add(1, "update_coach", "/coaches/<int:id>", {"id": 41, "coach_id": "41"}, params={"id": 41})
        .add(1, "get_coach_plan", "/coaches/<cid>/plans/<id>", params={"cid": "41", "id": "41", "team_id": "41"})
        .add(1, "get_coaches", params={"coach_id": ["41"]})
    )
    _, plan, update, nested, query = calls.steps()[0]
    coach = Earlier(0, ("id",), 41)
    assert plan.body == {"coach_id": coach, "other": 41, "coach": {"id": coach}}
    assert (update.params, update.body) == ({"id": coach}, {"id": coach, "coach_id": "41"})
    assert nested.params == {
        "cid": Earlier(0, ("id",), "41"),
        "id": Earlier(1, ("plan", "id"), "41"),
        "team_id": "41",
    }
    assert query.params == {"coach_id": [Earlier(0, ("id",), "41")]}


def test_an_id_of_another_noun_is_left_as_it_is() -> None:
    """1 is a coach's id and a plan's; a uuid is nobody else's. Failed answers give no ids, later answers count."""
    uuid = "0f8fad5b-d9cb-469f-a165-70867728950e"
    calls = (
        Calls()
        .add(1, "new_coach", found={("id",): 1, ("team", "uuid"): uuid})
        .add(1, "get_plan", "/plans/<int:id>", params={"id": 1})
        .add(1, "get_plan", "/plans/<id>", params={"id": uuid})
        .add(1, "new_coach", status=422, found={("id",): 2})
        .add(1, "get_coach", "/coaches/<int:id>", params={"id": 2})
        .add(1, "get_coaches", found={(0, "id"): 1})
        .add(1, "get_coach", "/coaches/<int:id>", params={"id": 1})
    )
    steps = calls.steps()[0]
    assert steps[1].params == {"id": 1}
    assert steps[2].params == {"id": Earlier(0, ("team", "uuid"), uuid)}
    assert steps[4].params == {"id": 2}
    assert steps[6].params == {"id": Earlier(5, (0, "id"), 1)}


def test_a_token_that_an_answer_gave_is_taken_from_there() -> None:
    """A placeholder in a request is the value of the answer that had it."""
    calls = (
        Calls()
        .add(1, "new_session", "/session", {"password": "$secret:1"}, found={("refresh_token",): "$secret:2"})
        .add(
            1, "new_refresh", "/refresh", {"refresh_token": "$secret:2"}, headers={"Authorization": "Bearer $secret:3"}
        )
    )
    _, refresh = calls.steps()[0]
    assert refresh.body == {"refresh_token": Earlier(0, ("refresh_token",), "$secret:2")}
    assert refresh.headers == {}


def test_a_login_is_that_of_the_replays_user() -> None:
    """Its password is in later calls too; what came before it is nobody's, and a login that failed still fails."""
    calls = (
        Calls()
        .add(1, "get_me", "/me", status=401)
        .add(1, "login", "/login", {"name": "x", "password": "$secret:1"}, status=401)
        .add(1, "login", "/login", {"name": "x", "password": "$secret:2"}, found={("id",): 9})
        .add(2, "login", "/login", {"name": "y", "password": "$secret:3"})
        .add(1, "update_password", "/password", {"password": "$secret:2", "new_password": "$secret:4"})
    )
    steps = calls.steps(LOGINS)[0]
    assert [step.who for step in steps] == ["", "", "A", "B", "A"]
    assert steps[1].body == {"name": "x", "password": "$secret:1"}
    assert (steps[2].body, steps[3].body) == (LOGINS[0].body, LOGINS[1].body)
    assert steps[4].body == {"password": "pw-a", "new_password": "$secret:4"}
    assert calls.steps()[0][2].body == {"name": "x", "password": "$secret:2"}


def test_who_signed_up_on_the_tape_logs_in_by_placeholder() -> None:
    """The account is made with the placeholder as its password, so that is what logs in."""
    calls = (
        Calls()
        .add(1, "new_user", "/users", {"name": "x", "password": "$secret:1"}, status=201)
        .add(1, "login", "/login", {"name": "x", "password": "$secret:1"})
        .add(1, "get_me", "/me")
    )
    steps = calls.steps(LOGINS)[0]
    assert steps[1].body == {"name": "x", "password": "$secret:1"}
    assert [step.who for step in steps] == ["", "A", "A"]


def test_steps_survive_json() -> None:
    """What parity keeps of a step is what it reads."""
    step = Calls().add(1, "new_coach", found={("id",): 41}).add(1, "get_coach", params={"id": 41}).steps()[0][1]
    assert Step.from_dict(step.to_dict()) == step
