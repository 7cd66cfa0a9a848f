"""The client module's live collections, in Node, against a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import request
from sqlalchemy import text

from tests.bridge.live.module_client import ModuleClient
from tests.bridge.live.world import World, eventually
from tests.support.proxy import Proxy

Module = Callable[[str], ModuleClient]
SHARED = {"coaches": {"scope": lambda: 0}, "plans": {}, "shaky": {"scope": lambda: 0}}


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path, {"live_heartbeat": 0.3}, **SHARED)
    with world.write() as db:
        db.add_all([world.Coach(name=name) for name in ("Maya", "Theo", "Zoe")])

    @world.app.get("/shaky")
    def shaky() -> Any:
        world.asked.append("shaky")
        status = 503 if len(world.asked) in (2, 3) else 200
        return [world.row(one) for one in world.db.session.query(world.Coach)] if status == 200 else [], status

    @world.app.patch("/coaches/<int:id>/same")
    def same(id: int) -> Any:
        world.db.session.execute(text("UPDATE coach SET name = name WHERE id = :id"), {"id": id})
        world.db.session.commit()
        return request.get_json(silent=True) or {}

    return world


@pytest.fixture
def url(world: World) -> Iterator[str]:
    with world.serving() as url:
        yield url


@pytest.fixture
def proxy(url: str) -> Iterator[Proxy]:
    proxy = Proxy(url)
    yield proxy
    proxy.close()


def rename(world: World, number: int, name: str) -> None:
    with world.write() as db:
        db.get(world.Coach, number).name = name


def names(client: ModuleClient, who: str = "coaches") -> list[str]:
    return [row["name"] for row in client.rows(who) or []]


def test_callers_share_one_subscription(world: World, url: str, module: Module) -> None:
    """One GET, one listener of the socket's, until the last caller has ended."""
    client = module(url)
    for who in ("one", "two", "three"):
        client.subscribe("coaches", who=who)
    assert eventually(lambda: all(len(names(client, who)) == 3 for who in ("one", "two", "three")))
    assert world.asked == ["coaches"]
    client.do("end", who="one")
    client.do("end", who="one")
    rename(world, 1, "Mia")
    assert eventually(lambda: names(client, "two")[0] == "Mia")
    assert names(client, "one")[0] == "Maya"
    client.do("end", who="two")
    client.do("end", who="three")
    world.asked.clear()
    rename(world, 1, "Moa")
    client.subscribe("coaches", who="late")
    assert eventually(lambda: names(client, "late")[:1] == ["Moa"])
    assert world.asked == ["coaches"]  # that of the new subscription: nobody was looked after


def test_rows_that_did_not_change_are_the_same_objects(world: World, url: str, module: Module) -> None:
    """By a delta, by a move, and by a snapshot; the list is another one only where something is new."""
    client = module(url)
    client.subscribe("coaches")
    assert eventually(lambda: len(names(client)) == 3)
    rename(world, 2, "Tea")
    assert eventually(lambda: names(client)[1] == "Tea")
    assert client.do("state")["calls"][-1]["kept"] == [True, False, True]
    with world.write() as db:
        db.delete(db.get(world.Coach, 1))
        db.add(world.Coach(name="new"))
    assert eventually(lambda: len(names(client)) == 3 and names(client)[-1] == "new")
    assert client.do("state")["calls"][-1]["kept"] == [True, True, False]
    rows, epoch = client.rows("coaches"), "another"
    count = len(client.do("state")["calls"])
    client.do("push", name="coaches", value={"epoch": epoch, "v": 7, "rows": rows})
    assert len(client.do("state")["calls"]) == count  # nothing is new: nobody is called
    changed = [{**rows[0], "name": "pushed"}, *rows[1:]]
    client.do("push", name="coaches", value={"epoch": epoch, "v": 8, "rows": changed})
    assert client.do("state")["calls"][-1]["kept"] == [False, True, True]


def test_a_plain_push_of_rows_is_taken(url: str, module: Module) -> None:
    """A handler of one's own that emits the list, as in the blog."""
    client = module(url)
    client.subscribe("coaches")
    assert eventually(lambda: len(names(client)) == 3)
    rows = client.rows("coaches")
    client.do("push", name="coaches", value=[*rows, {"id": 9, "name": "pushed"}])
    call = client.do("state")["calls"][-1]
    assert [row["name"] for row in call["rows"]] == ["Maya", "Theo", "Zoe", "pushed"]
    assert call["kept"] == [True, True, True, False]


def once(what: str) -> Callable[[str], bool]:
    """Return a loss of the first frame that contains something."""
    left = [1]

    def lose(frame: str) -> bool:
        left[0] -= (found := what in frame and left[0])
        return bool(found)

    return lose


def test_a_gap_is_noticed_by_the_next_change(world: World, proxy: Proxy, module: Module) -> None:
    """What was lost is asked for, and comes by the changes alone."""
    client = module(proxy.url)
    client.subscribe("coaches")
    assert eventually(lambda: len(names(client)) == 3)
    proxy.lose = lambda frame: "lost" in frame and '"resumed"' not in frame and "heard" not in frame
    rename(world, 1, "lost")
    assert eventually(lambda: world.fresh("coaches", None)[0]["name"] == "lost")
    rename(world, 2, "heard")
    proxy.lose = once("never")
    assert eventually(lambda: names(client)[:2] == ["lost", "heard"])


def test_a_last_change_that_was_lost_is_missed_at_the_heartbeat(world: World, proxy: Proxy, module: Module) -> None:
    """Nothing follows it that would tell."""
    client = module(proxy.url)
    client.subscribe("coaches")
    assert eventually(lambda: len(names(client)) == 3)
    proxy.lose = once("lost")
    rename(world, 1, "lost")
    assert eventually(lambda: names(client)[0] == "lost")
    assert any('"resumed":true' in frame for frame in proxy.frames)


def test_an_answer_to_the_subscription_that_was_lost_is_asked_for_again(proxy: Proxy, module: Module) -> None:
    """Though the connection stands."""
    client = module(proxy.url)
    proxy.lose = once('"resumed"')
    client.subscribe("coaches")
    assert eventually(lambda: len(names(client)) == 3)


def test_a_cut_connection_comes_back_with_what_was_missed(world: World, proxy: Proxy, module: Module) -> None:
    """By a new connection, without a call of the user's."""
    client = module(proxy.url)
    client.subscribe("coaches")
    assert eventually(lambda: len(names(client)) == 3)
    proxy.cut()
    rename(world, 1, "missed")
    assert eventually(lambda: names(client)[0] == "missed")


def test_settled(world: World, url: str, module: Module) -> None:
    """It resolves when the rows show a write of one's own, at once where it changed nothing or nobody looks."""
    client, stranger = module(url), module(url)
    client.subscribe("coaches")
    assert eventually(lambda: len(names(client)) == 3)
    done = client.do("settled", ack=client.emit("update_coach", {"id": 1}, {"name": "Own"}), who="coaches")
    assert done["rows"][0]["name"] == "Own"
    assert done["seconds"] < 2
    assert client.do("settled", ack=client.emit("same_coach", {"id": 1}, None), who="coaches")["seconds"] < 2
    assert client.do("settled", ack=client.emit("get_coaches"), who="coaches")["seconds"] < 0.2
    other = stranger.emit("update_coach", {"id": 1}, {"name": "Other"})
    assert "meta" not in other
    assert stranger.do("settled", ack=other, who="coaches")["seconds"] < 0.2
    assert stranger.do("settled", ack={"meta": {"versions": {"coaches": 99}}}, who="x")["seconds"] < 0.2


def test_settled_ends_though_the_server_never_says_so(url: str, module: Module) -> None:
    """A version of another room, say: after having asked some times."""
    client = module(url)
    client.subscribe("coaches")
    assert eventually(lambda: len(names(client)) == 3)
    done = client.do("settled", ack={"meta": {"versions": {"coaches": 10_000}}}, who="coaches")
    assert 1 < done["seconds"] < 8


def test_a_refusal_is_told_and_a_login_brings_the_rows(world: World, url: str, module: Module) -> None:
    """At first, after a logout, and as somebody else."""
    with world.write() as db:
        db.add_all([world.Plan(name="a", coach_id=1), world.Plan(name="b", coach_id=2)])
    client = module(url)
    client.subscribe("plans")
    assert eventually(lambda: client.do("state")["lost"] == [["plans", 401]])
    client.emit("login", {"coach": 1})
    assert eventually(lambda: names(client, "plans") == ["a"])
    client.emit("delete_logout")
    assert eventually(lambda: client.do("state")["lost"] == [["plans", 401]] * 2)
    client.emit("login", {"coach": 2})
    assert eventually(lambda: names(client, "plans") == ["b"])


def test_the_rows_that_come_with_a_login_may_be_lost(world: World, proxy: Proxy, module: Module) -> None:
    """The heartbeat tells who has none that there are some; a refusal is told once."""
    with world.write() as db:
        db.add(world.Plan(name="a", coach_id=1))
    client = module(proxy.url)
    client.subscribe("plans")
    assert eventually(lambda: client.do("state")["lost"] == [["plans", 401]])
    proxy.lose = once('42["plans"')
    client.emit("login", {"coach": 1})
    assert eventually(lambda: names(client, "plans") == ["a"])
    assert client.do("state")["lost"] == [["plans", 401]]


def test_a_server_that_fails_is_asked_later(world: World, proxy: Proxy, module: Module) -> None:
    """The rows that are there stay until it answers again."""
    client = module(proxy.url)
    client.subscribe("shaky")
    assert eventually(lambda: len(names(client, "shaky")) == 3)
    proxy.cut()
    rename(world, 1, "missed")
    assert eventually(lambda: names(client, "shaky")[0] == "missed")
    state = client.do("state")
    assert state["lost"] == []
    assert len(state["calls"]) == 2
    assert world.asked == ["shaky"] * 4
