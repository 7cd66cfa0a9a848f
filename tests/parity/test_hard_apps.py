"""Apps that make it hard: they print, end their process, keep state, or answer differently each time."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bridge.parity.ignoring import Ignore
from bridge.parity.options import Options
from bridge.parity.result import Result
from bridge.parity.run import run
from bridge.parity.side import Side

Compared = Callable[..., Result]


@pytest.fixture
def compared(tmp_path: Path) -> Compared:
    """Return a way to compare an app, whose views are given as text, over HTTP and by the bridge."""

    def compare(views: str, steps: int = 30, **told: Any) -> Result:
        head = "import itertools, os, sys, time\nfrom flask import Flask, jsonify, request, session\n"
        made = "app = Flask(__name__)\napp.secret_key = 'x'\n"
        (tmp_path / "hard_app.py").write_text(f"{head}{made}{views}", encoding="utf-8")
        told |= {"steps": steps, "budget": 200.0, "environ": dict(os.environ)}
        return run(Options("hard_app:app", app_dir=str(tmp_path), **told))

    return compare


def test_an_app_may_print(compared: Compared) -> None:
    """What goes to standard output, by Python or below it, is not taken for an answer."""
    result = compared("@app.get('/a')\ndef a():\n    print('hello')\n    os.write(1, b'{}\\n')\n    return 'a'\n")
    assert result.ok
    assert result.comparisons == 30


def test_a_process_that_ends_is_started_again(compared: Compared) -> None:
    """Where a view ends its process, that is what all sides do, and the other routes are still asked."""
    result = compared(
        "@app.get('/end')\ndef end():\n    os._exit(1)\n@app.get('/quit')\ndef quit():\n    sys.exit()\n"
        "@app.get('/a')\ndef a():\n    return 'a'\n"
    )
    assert result.ok
    assert {(cell.event, cell.status_class) for cell in result.cells} == {
        ("get_end", "none"),
        ("get_quit", "5xx"),
        ("get_a", "2xx"),
    }


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A side is given up after three seconds, where a busy machine still answers."""
    monkeypatch.setattr(Side.line, "__defaults__", (3.0,))


@pytest.mark.usefixtures("impatient")
def test_a_route_that_never_answers_is_given_up(compared: Compared) -> None:
    """Where all sides fall silent that is alike, and the other routes are still asked, each with its own answer."""
    result = compared(
        "@app.get('/hang')\ndef hang():\n    time.sleep(600)\n"
        "@app.get('/a')\ndef a():\n    return 'a'\n@app.get('/b')\ndef b():\n    return 'b', 201\n",
        steps=3,
    )
    assert result.ok
    assert {(cell.event, cell.status_class) for cell in result.cells} == {
        ("get_hang", "none"),
        ("get_a", "2xx"),
        ("get_b", "2xx"),
    }


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("does", "exception", "steps"),
    [("time.sleep(600)", "no answer within 3 s", 6), ("os._exit(3)", "the process ended", 60)],
)
def test_a_side_that_alone_falls_silent_differs(does: str, exception: str, steps: int, compared: Compared) -> None:
    """What hangs, or ends, behind an event only is a mismatch of its route, shown by that one step, and of no other."""
    result = compared(
        f"@app.get('/odd')\ndef odd():\n    'socketio' in app.extensions and {does}\n    return 'x'\n"
        "@app.get('/a')\ndef a():\n    return 'a'\n@app.get('/b')\ndef b():\n    return 'b'\n",
        steps=steps,
    )
    [found] = result.mismatches
    assert [step.event for step in found.steps] == ["get_odd"]
    assert found.candidate.exception == exception
    assert {cell.event for cell in result.cells if not cell.mismatched} == {"get_a", "get_b"}


def test_state_in_a_module_is_the_same_on_all_sides(compared: Compared) -> None:
    """A counter counts on each side, so that nothing differs."""
    result = compared("numbers = itertools.count()\n@app.get('/a')\ndef a():\n    return {'n': next(numbers)}\n")
    assert result.ok


def test_what_differs_by_itself_is_noise_and_is_told(compared: Compared) -> None:
    """A value from outside, the number of the process, is learned from two runs over HTTP; the rest is compared."""
    result = compared("@app.get('/a')\ndef a():\n    return {'pid': os.getpid(), 'fixed': 1}\n")
    assert result.ok
    assert [note.path for note in result.noise] == ["$.data.pid"]


def test_clocks_and_dice_are_no_noise(compared: Compared) -> None:
    """Time, random numbers and uuids are the same on all sides, whoever draws them."""
    result = compared(
        "import datetime, random, secrets, uuid\n@app.get('/a')\ndef a():\n"
        "    return {'a': str(uuid.uuid4()), 'b': random.random(), 'c': secrets.token_hex(), 'd': time.time(),\n"
        "            'e': str(datetime.datetime.now()), 'f': os.urandom(4).hex(), 'g': str(uuid.uuid1())}\n"
    )
    assert result.ok
    assert result.noise == ()


def test_a_difference_that_needs_two_steps_is_shown_in_two(compared: Compared) -> None:
    """What a view does only behind an event, and only after another call, is found with both."""
    views = (
        "@app.post('/first')\ndef first():\n    session['a'] = 1\n    return {}\n"
        "@app.get('/second')\ndef second():\n    has_sockets = 'socketio' in app.extensions\n"
        "    return {'a': session.get('a'), 'b': bool(session.get('a')) and has_sockets}\n"
    )
    [found] = compared(views, steps=400).mismatches
    assert found.difference.path == "$.data.b"
    assert [step.event for step in found.steps] == ["first", "get_second"]


def test_what_was_accepted_does_not_show_elsewhere(compared: Compared) -> None:
    """A row that is written behind an event only, and accepted, is put back; what follows in a sequence is not told."""
    views = (
        "import sqlite3\n"
        "def ask(sql):\n"
        "    database = sqlite3.connect('hard.db')\n"
        "    database.execute('CREATE TABLE IF NOT EXISTS visits (at TEXT)')\n"
        "    rows = database.execute(sql).fetchall()\n"
        "    database.commit()\n"
        "    database.close()\n"
        "    return rows\n"
        "ask('SELECT 1')\n"
        "@app.get('/a')\ndef a():\n"
        "    'socketio' in app.extensions and ask('INSERT INTO visits VALUES (1)')\n    return 'a'\n"
        "@app.get('/b/<int:n>')\ndef b(n):\n    return {'visits': ask('SELECT count(*) FROM visits')}\n"
    )
    accepted = Ignore("GET /a", "$.rows", "visits by events are counted")
    result = compared(views, steps=150, ignores=(accepted,))
    assert result.ok
    assert [(note.route.event, note.path) for note in result.ignored] == [("get_a", "$.rows.visits")]


def test_a_route_that_http_no_longer_has_is_left_out_and_told(compared: Compared) -> None:
    """There is no control for it; the others are compared as ever."""
    result = compared(
        "from flask_socketio import SocketIO\nfrom bridge import Bridge\n"
        "bridge = Bridge(app, SocketIO(app, async_mode='threading'))\n"
        "@bridge.event('get_old', replaces=('GET', '/old'), endpoint='old', resource=None)\ndef get_old():\n"
        "    return {'old': 1}\n@app.get('/a')\ndef a():\n    return 'a'\n"
    )
    assert result.ok
    assert [route.event for route in result.routes] == ["get_a"]
    assert [(note.route.event, "nothing to compare" in note.sentence) for note in result.warnings] == [
        ("get_old", True)
    ]
