"""A client that does not read costs the server little, is sent everything anew when it reads, and delays nobody."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask

from tests.bridge.live.world import Follower, World, eventually
from tests.support.processes import served
from tests.support.raw_client import RawClient

WIDE = 800_000


def wide_app(mode: str) -> Flask:
    """Three coaches; POST /widen gives the first one a name of WIDE letters that ends with a number."""
    world = World(Path(tempfile.mkdtemp()), mode=mode, coaches={"scope": lambda: 0})
    with world.write() as db:
        db.add_all([world.Coach(name="x" * 1000) for _ in range(3)])

    @world.app.post("/widen/<int:number>")
    def widen(number: int) -> Any:
        world.db.session.get(world.Coach, 1).name = "x" * WIDE + str(number)
        world.db.session.commit()
        return "", 204

    return world.app


@pytest.mark.parametrize("mode", ["threading", "gevent"])
def test_a_client_that_does_not_read(mode: str, tmp_path: Path, raw: Callable[..., RawClient]) -> None:
    """50 changes of 800 kB: nobody waits for it; afterwards the list is there, by one resync."""
    with served(wide_app, mode, tmp_path) as server:
        reader, sleeper = raw(server.url), raw(server.url)
        for client in (reader, sleeper):
            assert client.call("subscribe", "coaches", {"deltas": True})["ok"]
        for number in range(5):
            widen(server.url, number, reader)
        before = server.peak_megabytes()
        for number in range(5, 50):
            widen(server.url, number, reader)
        assert server.peak_megabytes() - before < 25
        assert all("prev" in change for change in heard(reader))
        sleeper.wait(lambda: bool(heard(sleeper)) and last_name(sleeper).endswith("x49"))
        assert len([change for change in heard(sleeper) if "prev" not in change]) == 1
        assert len(heard(sleeper)) < 40
        widen(server.url, 50, sleeper)  # and it hears changes again


def heard(client: RawClient) -> list[dict[str, Any]]:
    """Return the changes that have come."""
    return [args[0] for event, *args in client.heard if event == "coaches"]


def last_name(client: RawClient) -> str:
    change = heard(client)[-1]
    return str((change.get("put") or change["rows"])[0]["name"])


def widen(url: str, number: int, reader: RawClient) -> None:
    """Write, and wait until a client has heard of it."""
    assert requests.post(f"{url}/widen/{number}", timeout=10).status_code == 204
    reader.wait(lambda: bool(heard(reader)) and last_name(reader).endswith(f"x{number}"))


def test_a_client_that_has_died_keeps_nothing_from_the_others(tmp_path: Path, follow: Callable[..., Follower]) -> None:
    """Engine.IO would end its connection in the midst of sending to all."""
    world = World(tmp_path, coaches={"scope": lambda: 0})
    with world.serving() as url:
        clients = [follow(url) for _ in range(4)]
        for client in clients:
            client.subscribe("coaches")
        engine = world.socketio.server.eio
        for socket in list(engine.sockets.values())[:3]:
            socket.last_ping = 1.0  # long ago, and not answered
        with world.write() as db:
            db.add(world.Coach(name="Maya"))
        assert eventually(lambda: clients[3].rows["coaches"] == [{"id": 1, "name": "Maya"}])
