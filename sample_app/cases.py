"""One call or more for every route of the sample, to ask HTTP and the socket the same things.

Ids are those of the seed: eight coaches, twenty moves, eight plans, eighteen classes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sample_app.server.seed import PASSWORD


@dataclass(frozen=True, slots=True)
class Case:
    """A call of one event; ``body`` None stands for a request without a body."""

    event: str
    params: dict[str, Any] = field(default_factory=dict)
    body: Any = None


COACH = {"name": "Ida Brandt", "age": 33, "specialty": "Rowing", "bio": "Catches early."}
PLAN = {"name": "Rainy day", "difficulty": "Beginner", "minutes": 30, "description": "", "exercise_move_ids": [1, 15]}
MOVE = {"name": "Wall sit", "focus": "Legs", "equipment": "", "cue": "Lower. A little lower."}
CLASS = {"day": "Saturday", "hour": 11, "coach_id": 2, "workout_plan_id": 3}

READS = [
    Case("get_coaches"),
    Case("get_coach", {"id": 1}),
    Case("get_coach", {"id": 999}),
    Case("get_coach", {"id": "one"}),
    Case("get_coach_schedules", {"id": 2}),
    Case("get_coach_schedules", {"id": 999}),
    Case("get_workout_plans"),
    Case("get_workout_plan", {"id": 3}),
    Case("get_workout_plan", {"id": 999}),
    Case("get_exercise_moves"),
    Case("get_exercise_moves", {"focus": "Legs"}),
    Case("get_exercise_moves", {"focus": "Ears & toes"}),
    Case("get_exercise_move", {"id": 20}),
    Case("get_exercise_move", {"id": 999}),
    Case("get_schedules"),
    Case("get_schedule", {"id": 5}),
    Case("get_schedule", {"id": 999}),
    Case("get_stats"),
    Case("get_check_session"),
]

WRITES = [
    Case("new_coach", body=COACH),
    Case("new_coach", body={"name": "X", "age": 7}),
    Case("new_coach", body={**COACH, "username": "maya", "password": "long enough"}),
    Case("new_coach", body=[]),
    Case("new_coach"),
    Case("update_coach", {"id": 4}, {"bio": "Now touches his toes twice."}),
    Case("update_coach", {"id": 4}, {"age": "old"}),
    Case("update_coach", {"id": 999}, COACH),
    Case("delete_coach", {"id": 8}),
    Case("delete_coach", {"id": 999}),
    Case("new_exercise_move", body=MOVE),
    Case("new_exercise_move", body=MOVE),
    Case("new_exercise_move", body={**MOVE, "focus": "Ears"}),
    Case("update_exercise_move", {"id": 3}, {"cue": "Up, not over."}),
    Case("update_exercise_move", {"id": 3}, {"name": ""}),
    Case("delete_exercise_move", {"id": 12}),
    Case("delete_exercise_move", {"id": 999}),
    Case("new_workout_plan", body=PLAN),
    Case("new_workout_plan", body={**PLAN, "name": "Endless", "minutes": 900}),
    Case("update_workout_plan", {"id": 2}, {"exercise_move_ids": [2, 4, 6]}),
    Case("update_workout_plan", {"id": 2}, {"difficulty": "Heroic"}),
    Case("delete_workout_plan", {"id": 7}),
    Case("delete_workout_plan", {"id": 999}),
    Case("new_schedule", body=CLASS),
    Case("login", body={"username": "maya", "password": "wrong"}),
    Case("login", body={"username": "maya"}),
    Case("login", body={"username": "maya", "password": PASSWORD}),
    Case("get_check_session"),
    Case("new_schedule", body=CLASS),
    Case("new_schedule", body=CLASS),
    Case("new_schedule", body={**CLASS, "day": "Someday", "hour": "noon"}),
    Case("new_schedule", body={**CLASS, "coach_id": 999}),
    Case("update_schedule", {"id": 6}, {"hour": 17}),
    Case("update_schedule", {"id": 6}, {"hour": 3}),
    Case("update_schedule", {"id": 999}, {"hour": 9}),
    Case("delete_schedule", {"id": 9}),
    Case("delete_schedule", {"id": 999}),
    Case("delete_logout"),
    Case("delete_schedule", {"id": 10}),
    Case("get_check_session"),
]

CASES = [*READS, *WRITES, *READS]
