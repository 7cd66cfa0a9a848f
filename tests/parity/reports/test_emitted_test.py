"""The test that a mismatch becomes: valid, formatted, and with the very steps."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

import pytest

from bridge.parity.reports.emitted_test import emit_test, name_of
from bridge.parity.result import Mismatch
from bridge.parity.steps import Earlier, Step
from tests.parity.reports.examples import COMMAND, EVIL, mismatch

LONG = Step(
    "update_coach",
    {"id": Earlier(0, ("rows", 0, "id"), 1), "q": "y" * 30 + "z" * 120},
    {
        "u": EVIL,
        'q"': 'it\'s "q"',
        "double": 'say "x"',
        "backslash": "a\\b\n\t",
        "run": "x" * 300,
        "numbers": [1, 1.5, -1e30, True, None, float("inf")],
        "deep": {
            "a": [{"b": "c" * 20 + "d" * 10, "d": "e" * 29 + "f"}, [], {}],
            "id": Earlier(0, ("a" * 40, "b" * 40), {"c": 1}),
        },
    },
    "A",
    {"If-Match": '"1"'},
)
SEQUENCES = [
    (Step("get_coaches"),),
    (Step("login", body=None, who="B"), Step("get_coach", {"id": 1})),
    (LONG, LONG),
    (),
]


class Player:
    """A fixture that keeps what it is asked to play."""

    def __init__(self) -> None:
        self.played: list[Step] = []

    def play(self, steps: Sequence[Step]) -> None:
        self.played += steps


@pytest.mark.parametrize("steps", SEQUENCES, ids=len)
def test_emitted_test_plays_the_steps(steps: tuple[Step, ...]) -> None:
    """Its one function gives the fixture the sequence, value by value; the module imports what it needs."""
    one, scope = mismatch(steps=steps), {"__name__": "emitted"}
    exec(compile(emit_test(one, "server.app:app"), "emitted", "exec"), scope)
    player = Player()
    scope[name_of(one)](player)  # type: ignore[operator]
    assert tuple(player.played) == steps


@pytest.mark.parametrize("width", [88, 120])
def test_emitted_test_is_formatted(width: int) -> None:
    """Ruff changes nothing, with its own line length and with a longer one, and finds no import too many."""
    for steps in SEQUENCES:
        text = emit_test(hostile(steps), "server.app:app")
        ruff = [sys.executable, "-m", "ruff"]
        done = subprocess.run(
            [*ruff, "format", "--isolated", f"--line-length={width}", "-"], input=text, capture_output=True, text=True
        )
        assert done.stdout == text, done.stderr
        subprocess.run(
            [*ruff, "check", "--isolated", "--select=F,I,W", "-"],
            input=text,
            check=True,
            text=True,
            capture_output=True,
        )


def hostile(steps: tuple[Step, ...]) -> Mismatch:
    return mismatch(f"$.data.{EVIL}", (EVIL, 'a\\ """'), steps=steps)


def test_docstring_says_what_differed() -> None:
    """The path, both values and the command are read where the test fails."""
    text = emit_test(mismatch(), "server.app:app")
    for line in (
        '"""POST /coaches = new_coach answers over HTTP and as an event alike.',
        "Run it with: pytest --parity-app server.app:app",
        "def test_new_coach_native_errors_name(parity):",
        '    """The native answer was another one at $.errors.name.',
        '    HTTP:   ["Shorter than minimum length 2."]',
        "    native: null",
        f"    Repeat: {COMMAND}",
    ):
        assert line in text.splitlines()


def test_lines_are_as_long_as_ruff_lets_them_be() -> None:
    """Around the limit of a line, ruff agrees on which one still fits."""
    for length in range(20, 40):
        steps = (Step("get_coaches", {"q": "ab" * length}), Step("get_coach", {"q": "ab" * 14 + "c" * length}, [1, 2]))
        text = emit_test(mismatch(steps=steps), "server.app:app")
        done = subprocess.run(
            [sys.executable, "-m", "ruff", "format", "--isolated", "-"], input=text, capture_output=True, text=True
        )
        assert done.stdout == text
