"""Coaches, workout plans, exercise moves, and the schedule that brings coach and plan together."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import CheckConstraint, Column, ForeignKey, String, Table, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates
from werkzeug.security import check_password_hash, generate_password_hash

from sample_app.server.db import Base, db

DIFFICULTIES = ("Beginner", "Intermediate", "Advanced")
FOCUSES = ("Arms", "Back", "Chest", "Core", "Full body", "Legs", "Shoulders")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
OPENS, CLOSES = 6, 21


class FieldError(ValueError):
    """A value that a model refuses; ``errors`` has the shape of marshmallow's messages."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__(errors)
        self.errors = errors


plan_moves = Table(
    "plan_moves",
    Base.metadata,
    Column("workout_plan_id", ForeignKey("workout_plans.id", ondelete="CASCADE"), primary_key=True),
    Column("exercise_move_id", ForeignKey("exercise_moves.id", ondelete="CASCADE"), primary_key=True),
)


class Coach(db.Model):
    """A person who teaches; one with a username may log in."""

    __tablename__ = "coaches"
    __table_args__ = (CheckConstraint("age BETWEEN 18 AND 80", name="coach_age"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    age: Mapped[int]
    specialty: Mapped[str] = mapped_column(String(60))
    bio: Mapped[str] = mapped_column(String(280), default="")
    username: Mapped[str | None] = mapped_column(String(30), unique=True)
    password_hash: Mapped[str | None]

    schedules: Mapped[list[Schedule]] = relationship(back_populates="coach", cascade="all, delete-orphan")

    @validates("name")
    def _check_name(self, _key: str, name: str) -> str:
        if re.search(r"\d", name):
            raise FieldError({"name": ["A name has no digits in it."]})
        return name.strip()

    @validates("username")
    def _check_username(self, _key: str, username: str | None) -> str | None:
        if username is not None and not re.fullmatch(r"[a-z][a-z0-9._-]*", username):
            raise FieldError({"username": ["Use small letters, digits, dots and dashes."]})
        return username

    @property
    def password(self) -> None:
        """Nobody can read a password back."""
        return

    @password.setter
    def password(self, plain: str) -> None:
        self.password_hash = generate_password_hash(plain)

    def authenticate(self, plain: str) -> bool:
        """Tell whether this is the coach's password."""
        return self.password_hash is not None and check_password_hash(self.password_hash, plain)


class ExerciseMove(db.Model):
    """One exercise."""

    __tablename__ = "exercise_moves"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    focus: Mapped[str] = mapped_column(String(20))
    equipment: Mapped[str] = mapped_column(String(40), default="")
    cue: Mapped[str] = mapped_column(String(280), default="")

    workout_plans: Mapped[list[WorkoutPlan]] = relationship(secondary=plan_moves, back_populates="exercise_moves")

    @validates("focus")
    def _check_focus(self, _key: str, focus: str) -> str:
        if focus not in FOCUSES:
            raise FieldError({"focus": [f"Must be one of: {', '.join(FOCUSES)}."]})
        return focus


class WorkoutPlan(db.Model):
    """A class to teach: some moves in a given time."""

    __tablename__ = "workout_plans"
    __table_args__ = (CheckConstraint("minutes BETWEEN 10 AND 120", name="plan_minutes"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    difficulty: Mapped[str] = mapped_column(String(20))
    minutes: Mapped[int]
    description: Mapped[str] = mapped_column(String(280), default="")

    exercise_moves: Mapped[list[ExerciseMove]] = relationship(
        secondary=plan_moves, back_populates="workout_plans", order_by="ExerciseMove.id"
    )
    # The database refuses to delete a plan that is on the timetable.
    schedules: Mapped[list[Schedule]] = relationship(back_populates="workout_plan", passive_deletes="all")

    @validates("minutes")
    def _check_minutes(self, _key: str, minutes: int) -> int:
        if minutes % 5:
            raise FieldError({"minutes": ["Plan in steps of five minutes."]})
        return minutes


class Schedule(db.Model):
    """One class on the weekly timetable."""

    __tablename__ = "schedules"
    __table_args__ = (
        UniqueConstraint("coach_id", "day", "hour", name="coach_once_an_hour"),
        CheckConstraint(f"hour BETWEEN {OPENS} AND {CLOSES}", name="schedule_hour"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[str] = mapped_column(String(9))
    hour: Mapped[int]
    coach_id: Mapped[int] = mapped_column(ForeignKey("coaches.id", ondelete="CASCADE"))
    workout_plan_id: Mapped[int] = mapped_column(ForeignKey("workout_plans.id", ondelete="RESTRICT"))

    coach: Mapped[Coach] = relationship(back_populates="schedules")
    workout_plan: Mapped[WorkoutPlan] = relationship(back_populates="schedules")

    @validates("hour")
    def _check_hour(self, _key: str, hour: int) -> int:
        if not OPENS <= hour <= CLOSES:
            raise FieldError({"hour": [f"The studio is open from {OPENS}:00 to {CLOSES + 1}:00."]})
        return hour


def assign(row: Any, values: dict[str, Any]) -> None:
    """Set every value on the row, running the model's validations."""
    for key, value in values.items():
        setattr(row, key, value)
