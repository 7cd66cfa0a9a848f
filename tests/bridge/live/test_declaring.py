"""What cannot be live is an error that says what to write, before the first client is let in."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import socketio
from click.testing import CliRunner
from flask import Flask
from flask_socketio import SocketIO

from bridge import Bridge, BridgeError
from codemods.cli import main
from tests.bridge.live.world import World
from tests.support.serving import serving

WRONG = [
    ("/coach", {}, "there is no GET /coach; the nearest is '/coaches'"),
    ("/nothing/like/it", {}, "there is no GET /nothing/like/it; there are /coaches, /plans, /rosters, /secrets"),
    ("/coaches/<int:id>", {}, "a GET with parameters (id) is many lists"),
    ("/plans", {"name": "coaches"}, "/coaches and /plans are both live as 'coaches'; give one a name=..."),
    ("/plans", {"name": "get_plans"}, "'get_plans' is an event name already; choose one: name='get_plans_live'"),
    ("/plans", {"name": "connect"}, "'connect' is an event name already"),
]


@pytest.mark.parametrize(("rule", "options", "sentence"), WRONG, ids=[sentence[-30:] for _, _, sentence in WRONG])
def test_what_the_routes_decide_is_told_when_all_are_there(
    tmp_path: Path, rule: str, options: dict[str, Any], sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    """By ``event_map``, and in the log of a server that lets nobody in."""
    world = World(tmp_path)
    world.app.add_url_rule("/coaches/<int:id>", "one_coach", lambda id: {"id": id})
    world.bridge.live(rule, **options)  # the route may still come
    with pytest.raises(BridgeError) as caught:
        _ = world.bridge.event_map
    assert sentence in str(caught.value)
    with serving(world.app) as url, pytest.raises(socketio.exceptions.ConnectionError):
        socketio.Client(reconnection=False).connect(url, transports=["websocket"], wait_timeout=5)
    assert sentence in caplog.text


def test_a_route_that_comes_later(tmp_path: Path) -> None:
    """The order of ``live()`` and its route does not matter."""
    world = World(tmp_path)
    world.bridge.live("/later")
    world.app.add_url_rule("/later", "later", list)
    assert world.bridge.event_map.get("get_later").live == "later"  # type: ignore[union-attr]


AT_ONCE = [
    ({"key": ["id"]}, "key=['id'] is no name of a field that tells rows apart; write key='id'"),
    ({"key": None}, "key=None is no name"),
    ({"scope": "user"}, "scope is a function that says who shares a result: scope=lambda: 'everybody'"),
    ({"model": World}, "model needs schema beside it"),
    ({"schema": print}, "schema needs model beside it"),
    ({"model": "Coach", "schema": print}, "model='Coach' has no table; write the class of your model: model=Coach"),
    ({"reads": "coach"}, "reads is a list of tables: reads=['coach']"),
]


@pytest.mark.parametrize(("options", "sentence"), AT_ONCE, ids=[sentence[:20] for _, sentence in AT_ONCE])
def test_what_needs_no_route_is_told_at_once(tmp_path: Path, options: dict[str, Any], sentence: str) -> None:
    """Where the declaration stands."""
    with pytest.raises(BridgeError) as caught:
        World(tmp_path).bridge.live("/plans", **options)
    assert sentence in str(caught.value)


def test_an_app_without_a_database() -> None:
    """It is told to give the bridge its db."""
    app = Flask(__name__)
    app.add_url_rule("/coaches", "coaches", list)
    bridge = Bridge(app, SocketIO(app, async_mode="threading"))
    bridge.live("/coaches")
    with pytest.raises(BridgeError, match=r"give the bridge your db, Bridge\(\.\.\., db=db\)"):
        _ = bridge.event_map


APP = """
from flask import Flask
from flask_socketio import SocketIO
from flask_sqlalchemy import SQLAlchemy
from bridge import Bridge

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
db = SQLAlchemy(app)
app.add_url_rule("/coaches", "coaches", list)
bridge = Bridge(app, SocketIO(app, async_mode="threading"))
bridge.live("/coach")
"""


def test_events_says_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``fetch2socket events module:app`` ends with the sentence and status 2."""
    (tmp_path / "wrongly_live.py").write_text(APP)
    monkeypatch.syspath_prepend(str(tmp_path))
    done = CliRunner().invoke(main, ["events", "wrongly_live:app", "--app-dir", str(tmp_path)])
    assert done.exit_code == 2
    assert "there is no GET /coach; the nearest is '/coaches'" in done.output


def test_an_app_with_nothing_live_loads_no_sqlalchemy() -> None:
    """Its import takes longer than all of the bridge's own."""
    code = "import sys, bridge.extension; sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
