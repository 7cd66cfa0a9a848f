"""Faults of native handlers: what a slip in one would be, as (file, text of the handler, text in its place)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One replacement in a file of the sample's resources, after ``after``, which only native handlers have."""

    file: str
    after: str
    old: str
    new: str


_NEW_COACH = "def new_coach() -> Response:"
_COACH = "def update_coach(id: int) -> Response:"

FAULTS: dict[str, Fault] = {
    "created_is_ok": Fault("coaches", _NEW_COACH, "coach_schema.dump(coach), 201", "coach_schema.dump(coach), 200"),
    "null_is_ignored": Fault(
        "coaches", _NEW_COACH, "request.get_json())", "{k: v for k, v in request.get_json().items() if v is not None})"
    ),
    "added_twice": Fault(
        "coaches",
        _NEW_COACH,
        "db.session.add(coach)",
        "db.session.add_all([coach, Coach(**{**values, 'username': None})])",
    ),
    "commit_is_forgotten": Fault("coaches", _NEW_COACH, "db.session.commit()", "db.session.flush()"),
    "conflict_has_another_status": Fault("coaches", _NEW_COACH, "USERNAME_TAKEN, 409", "USERNAME_TAKEN, 400"),
    "whole_form_is_required": Fault("coaches", _COACH, ", partial=True", ""),
    "unknown_id_is_empty": Fault("coaches", "def get_coach(id: int)", '{"error": "Coach not found"}, 404', '"", 404'),
    "error_says_something_else": Fault(
        "coaches", "def delete_coach(id: int)", '"Coach not found"', '"Coach was not found"'
    ),
    "deletes_another": Fault("coaches", "def delete_coach(id: int)", "db.session.delete(coach)", "coach.name = 'gone'"),
    "empty_answer_is_an_object": Fault("coaches", "def delete_coach(id: int)", 'make_response("", 204)', "{}, 200"),
    "order_is_lost": Fault("coaches", "def get_coaches()", "order_by(Coach.id)", "order_by(Coach.name)"),
    "order_is_reversed": Fault(
        "schedules", "def get_schedules()", "order_by(Schedule.id)", "order_by(Schedule.id.desc())"
    ),
    "login_is_not_asked_for": Fault("schedules", '("POST", "/schedules"))', "@login_required\n", ""),
    "anybody_may_delete": Fault("schedules", '("DELETE", "/schedules/<int:id>"))', "@login_required\n", ""),
    "session_is_not_set": Fault("login", "def login()", 'session["coach_id"] = coach.id', "pass"),
    "session_holds_text": Fault("login", "def login()", "= coach.id", "= str(coach.id)"),
    "password_is_not_checked": Fault(
        "login", "def login()", 'coach is None or not coach.authenticate(values["password"])', "coach is None"
    ),
    "logout_forgets_nothing": Fault("login", "def delete_logout()", 'session.pop("coach_id", None)', "pass"),
    "query_is_ignored": Fault("exercise_moves", "def get_exercise_moves()", 'request.args.get("focus")', "None"),
    "rollback_is_forgotten": Fault(
        "exercise_moves",
        "def new_exercise_move()",
        "        db.session.rollback()\n        return NAME_TAKEN, 409",
        "        raise",
    ),
    "conflict_is_not_looked_for": Fault("workout_plans", "def delete_workout_plan(", "if plan.schedules:", "if False:"),
    "answers_before_it_writes": Fault(
        "workout_plans",
        "def update_workout_plan(",
        "save(plan, partial=True)\n    return workout_plan_schema.dump(plan)",
        "shown = workout_plan_schema.dump(plan)\n    save(plan, partial=True)\n    return shown",
    ),
    "keys_are_missing": Fault(
        "workout_plans",
        "def delete_workout_plan(",
        '"message": "Workout plan deleted"',
        '"text": "Workout plan deleted"',
    ),
}
