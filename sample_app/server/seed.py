"""The studio's first week, written by hand: ``python -m sample_app.server.seed`` starts afresh with it."""

from __future__ import annotations

import sys

from flask import Flask

from sample_app.server.app import create_app
from sample_app.server.db import db
from sample_app.server.models import Coach, ExerciseMove, Schedule, WorkoutPlan

# Three coaches may log in, all with this password.
PASSWORD = "chalk-and-iron"

COACHES = [
    (
        "Maya Lindqvist",
        34,
        "Strength",
        "Former rower. Will ask about your hips, and then about your sleep.",
        "maya",
    ),
    (
        "Tomasz Baran",
        41,
        "Olympic lifting",
        "Spent ten years learning to stand up with a bar. Patient with both.",
        "tomasz",
    ),
    (
        "Adaeze Obi",
        29,
        "Conditioning",
        "Runs the lunchtime class that people schedule meetings around.",
        "adaeze",
    ),
    (
        "Henrik Dahl",
        52,
        "Mobility",
        "Started stretching at forty. Touches his toes, and is smug about it.",
        None,
    ),
    (
        "Priya Raman",
        37,
        "Core and balance",
        "A dancer first. Counts to eight, always, even when it is ten.",
        None,
    ),
    ("Lucía Fuentes", 31, "Kettlebells", "Two bells, one floor, no mirrors. Bring chalk.", None),
    ("Ben Okafor", 45, "Beginners", "Believes that nobody is bad at squats, only new to them.", None),
    ("Noor Haddad", 26, "Endurance", "Ran home from her first marathon. It was a short way, she says.", None),
]

MOVES = [
    ("Back squat", "Legs", "Barbell", "Push the floor away and keep the chest tall."),
    ("Walking lunge", "Legs", "Dumbbells", "Long steps; let the back knee kiss the floor."),
    ("Step-up", "Legs", "Box", "Whole foot on the box, no push from below."),
    ("Goblet squat", "Legs", "Kettlebell", "Elbows inside the knees at the bottom."),
    ("Deadlift", "Back", "Barbell", "Bar over the laces. Hips and shoulders rise together."),
    ("Pull-up", "Back", "Bar", "Chest to the bar, then all the way down."),
    ("Bent-over row", "Back", "Dumbbells", "Pull to the hip, not to the shoulder."),
    ("Bench press", "Chest", "Barbell", "Feet planted, shoulder blades in your back pockets."),
    ("Press-up", "Chest", "", "One straight line from heels to head."),
    ("Dumbbell fly", "Chest", "Dumbbells", "Hug a barrel; stop when the elbows pass the bench."),
    ("Overhead press", "Shoulders", "Barbell", "Squeeze everything below the ribs, then press."),
    ("Lateral raise", "Shoulders", "Dumbbells", "Lead with the elbows, lighter than you think."),
    ("Hammer curl", "Arms", "Dumbbells", "Thumbs up, elbows pinned to the ribs."),
    ("Bench dip", "Arms", "Box", "Shoulders away from the ears all the way down."),
    ("Plank", "Core", "", "Breathe. If you can't, the plank is over."),
    ("Dead bug", "Core", "", "Lower back stays on the floor, whatever the legs do."),
    ("Farmer's carry", "Core", "Kettlebells", "Walk as if someone were watching."),
    ("Kettlebell swing", "Full body", "Kettlebell", "It is a hip snap. The arms are ropes."),
    ("Burpee", "Full body", "", "Slow is fine. Skipping the jump is not."),
    ("Clean and press", "Full body", "Barbell", "Three quiet movements rather than one loud one."),
]

PLANS = [
    ("First barbell", "Beginner", 45, "The four lifts all others rest on, with an empty bar.", (1, 5, 8, 11)),
    ("Heavy Monday", "Advanced", 60, "Low reps, long rests, and no talking during a set.", (1, 5, 6, 20)),
    ("Lunch burner", "Intermediate", 30, "In, out and back at your desk, slightly pink.", (2, 9, 18, 19)),
    ("Bells only", "Intermediate", 45, "One hour of work in forty-five minutes.", (4, 17, 18)),
    ("Steady core", "Beginner", 30, "Slow holds for backs that sit all day.", (15, 16, 17)),
    ("Push and pull", "Intermediate", 50, "Every press is paid for with a row.", (6, 7, 8, 11, 12)),
    ("Legs and lungs", "Advanced", 55, "Stairs will be a topic of conversation tomorrow.", (1, 2, 3, 19)),
    ("Sunday reset", "Beginner", 40, "Carries, planks and a long cool-down.", (3, 15, 16, 17)),
]  # fmt: skip

# Coach and plan by their position above.
SCHEDULES = [
    ("Monday", 7, 1, 2), ("Monday", 12, 3, 3), ("Monday", 18, 7, 1),
    ("Tuesday", 7, 6, 4), ("Tuesday", 12, 5, 5), ("Tuesday", 18, 1, 6),
    ("Wednesday", 7, 8, 7), ("Wednesday", 12, 3, 3), ("Wednesday", 19, 2, 2),
    ("Thursday", 7, 6, 4), ("Thursday", 12, 5, 5), ("Thursday", 18, 7, 1),
    ("Friday", 7, 1, 6), ("Friday", 12, 3, 3), ("Friday", 17, 8, 7),
    ("Saturday", 9, 2, 1), ("Saturday", 11, 6, 4),
    ("Sunday", 10, 4, 8),
]  # fmt: skip


def seed(app: Flask) -> None:
    """Throw all data away and write the first week; ids count from 1, the same every time."""
    with app.app_context():
        db.drop_all()
        db.create_all()
        coaches = [
            Coach(name=name, age=age, specialty=specialty, bio=bio, username=username)
            for name, age, specialty, bio, username in COACHES
        ]
        for coach in coaches:
            if coach.username:
                coach.password = PASSWORD
        moves = [ExerciseMove(name=n, focus=focus, equipment=equipment, cue=cue) for n, focus, equipment, cue in MOVES]
        db.session.add_all([*coaches, *moves])
        db.session.flush()
        plans = [
            WorkoutPlan(
                name=name,
                difficulty=difficulty,
                minutes=minutes,
                description=description,
                exercise_moves=[moves[number - 1] for number in numbers],
            )
            for name, difficulty, minutes, description, numbers in PLANS
        ]
        db.session.add_all(plans)
        db.session.flush()
        db.session.add_all(
            Schedule(day=day, hour=hour, coach_id=coach, workout_plan_id=plan) for day, hour, coach, plan in SCHEDULES
        )
        db.session.commit()


if __name__ == "__main__":
    seed(create_app())
    counts = f"{len(COACHES)} coaches, {len(MOVES)} moves, {len(PLANS)} plans, {len(SCHEDULES)} classes"
    sys.stdout.write(f"Seeded {counts}.\n")
