"""A client that is subscribed to a collection has, after each commit, what a fresh GET would give it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from sqlalchemy import delete, insert, text, update

from tests.bridge.live.world import Follower, World, eventually


@pytest.fixture
def world(tmp_path: Path) -> Iterator[tuple[World, str]]:
    world = World(tmp_path)
    with world.write() as session:
        session.add_all([world.Coach(name="Maya"), world.Coach(name="Ümit")])

    @world.app.patch("/coaches/<int:id>/again")
    def update_coach_again(id: int) -> Any:
        world.db.session.execute(text("UPDATE coach SET name = name WHERE id = :id"), {"id": id})
        world.db.session.commit()
        return {}

    with world.serving() as url:
        yield world, url


def add(world: World, session: Any) -> None:
    session.add(world.Coach(name="new"))


def change(world: World, session: Any) -> None:
    session.get(world.Coach, 1).name = "other"


def remove(world: World, session: Any) -> None:
    session.delete(session.get(world.Coach, 2))


def bulk_update(world: World, session: Any) -> None:
    session.query(world.Coach).filter(world.Coach.name != "x").update({"name": "all"})


def bulk_delete(world: World, session: Any) -> None:
    session.execute(delete(world.Coach).where(world.Coach.name == "Maya"))


def bulk_insert(world: World, session: Any) -> None:
    session.execute(insert(world.Coach), [{"name": f"n{number}"} for number in range(3)])


def core(world: World, session: Any) -> None:
    session.connection().execute(update(world.Coach.__table__).where(world.Coach.id == 2).values(name="core"))


def raw(world: World, session: Any) -> None:
    session.execute(text("UPDATE coach SET name = 'raw' WHERE id = 1"))


def driver(world: World, session: Any) -> None:
    session.connection().exec_driver_sql("INSERT INTO coach (name) VALUES ('driver')")


def before_a_savepoint(world: World, session: Any) -> None:
    session.get(world.Coach, 1).name = "kept"
    session.flush()
    inner = session.begin_nested()
    session.add(world.Coach(name="never"))
    session.flush()
    inner.rollback()


WRITES = [add, change, remove, bulk_update, bulk_delete, bulk_insert, core, raw, driver, before_a_savepoint]


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.__name__)
def test_every_kind_of_write_arrives(
    world: tuple[World, str], follow: Callable[..., Follower], write: Callable[[World, Any], None]
) -> None:
    """ORM, bulk, Core, raw SQL; by one delta."""
    app, url = world
    client = follow(url)
    assert client.subscribe("coaches")["data"] == requests.get(f"{url}/coaches", timeout=5).json()
    with app.write() as session:
        write(app, session)
    fresh = requests.get(f"{url}/coaches", timeout=5).json()
    assert eventually(lambda: client.rows["coaches"] == fresh), client.packets
    assert len([one for one in client.packets if one[0] == "coaches"]) == 1
    assert client.gaps == []


def test_a_plain_client_is_sent_all_rows(world: tuple[World, str], follow: Callable[..., Follower]) -> None:
    """As in the blog: ``emit("subscribe", "coaches", ack)``, then ``on("coaches", rows => ...)``."""
    app, url = world
    client = follow(url)
    assert client.emit("subscribe", "coaches")["data"] == requests.get(f"{url}/coaches", timeout=5).json()
    with app.write() as session:
        add(app, session)
    fresh = requests.get(f"{url}/coaches", timeout=5).json()
    assert eventually(lambda: client.rows.get("coaches") == fresh)


def test_nothing_is_sent_before_the_commit_or_after_a_rollback(
    world: tuple[World, str], follow: Callable[..., Follower]
) -> None:
    """Neither by a flush nor by what is taken back."""
    app, url = world
    client = follow(url)
    client.subscribe("coaches")
    with app.app.app_context():
        app.db.session.add(app.Coach(name="never"))
        app.db.session.flush()
        client.emit("get_coach_that_is_not_there")
        app.db.session.rollback()
    with app.write() as session:
        session.get(app.Coach, 1).name = "Maya"  # the same value
        session.execute(text("UPDATE coach SET name = 'Maya' WHERE id = 1"))
    app.asked.clear()
    with app.write() as session:
        change(app, session)
    assert eventually(lambda: client.rows["coaches"][0]["name"] == "other")
    assert [one[1].get("put") for one in client.packets if one[0] == "coaches"] == [[{"id": 1, "name": "other"}]]


def test_an_ack_tells_the_version_that_its_write_led_to(
    world: tuple[World, str], follow: Callable[..., Follower]
) -> None:
    """So that a client can wait for its own write."""
    _, url = world
    client = follow(url)
    client.subscribe("coaches")
    ack = client.emit("new_coach", {"name": "Own"})
    version = ack["meta"]["versions"]["coaches"]
    assert eventually(lambda: client.v["coaches"] >= version)
    assert client.rows["coaches"][-1]["name"] == "Own"
    other = follow(url)
    assert "meta" not in other.emit("new_coach", {"name": "Unsubscribed"})


def test_who_wrote_what_changes_nothing_is_told_so(world: tuple[World, str], follow: Callable[..., Follower]) -> None:
    """At once, by a heartbeat, if the ack named a version; the others are sent nothing."""
    app, url = world
    gate, row = threading.Event(), app.row
    gate.set()
    app.row = lambda coach: row(coach) if gate.wait(5) else {}  # type: ignore[method-assign]
    client, other = follow(url), follow(url)
    client.subscribe("coaches")
    other.subscribe("coaches")
    gate.clear()  # the ack comes before the look has ended
    version = client.emit("update_coach_again", {"id": 1}, None)["meta"]["versions"]["coaches"]
    gate.set()
    assert eventually(lambda: any(event == "bridge:live" for event, *_ in client.packets))
    (said,) = [args[0]["coaches"] for event, *args in client.packets if event == "bridge:live"]
    assert said[:2] == [client.epoch["coaches"], client.v["coaches"]]
    assert said[2] >= version > client.v["coaches"]
    assert [event for event, *_ in other.packets] == ["connected"]


def test_private_rows_reach_their_owner_only(world: tuple[World, str], follow: Callable[..., Follower]) -> None:
    """On the wire as well as in the list; nobody is refused a look at his own."""
    app, url = world
    with app.write() as session:
        session.add_all([app.Plan(name=name, coach_id=1) for name in ("a", "z", "y", "x")])
        session.add(app.Plan(name="b", coach_id=2))
    one, two, nobody = follow(url, login=1), follow(url, login=2), follow(url)
    assert one.subscribe("plans")["data"][0] == {"id": 1, "name": "a", "coach": "Maya"}
    two.subscribe("plans")
    assert nobody.subscribe("plans")["status"] == 401
    with app.write() as session:
        session.get(app.Plan, 1).name = "secret"
    assert eventually(lambda: "secret" in [row["name"] for row in one.rows["plans"]])
    with app.write() as session:  # nested: a coach's name stands in the plans
        session.get(app.Coach, 2).name = "Zoe"
    assert eventually(lambda: two.rows["plans"][0]["coach"] == "Zoe")
    with app.write() as session:  # it leaves one scope for the other
        session.get(app.Plan, 1).coach_id = 2
    assert eventually(lambda: len(one.rows["plans"]) == 3 and len(two.rows["plans"]) == 2)
    assert [packet[1]["del"] for packet in one.packets if packet[0] == "plans" and "del" in packet[1]] == [[1]]
    assert not any("Zoe" in str(packet) for packet in one.packets)
    assert not any(packet[0] == "plans" for packet in nobody.packets)


def test_who_logs_out_is_told_and_sent_nothing_more(world: tuple[World, str], follow: Callable[..., Follower]) -> None:
    """And who logs in again as somebody else is sent that one's rows."""
    app, url = world
    with app.write() as session:
        session.add_all([app.Plan(name="a", coach_id=1), app.Plan(name="b", coach_id=2)])
    client = follow(url, login=1)
    client.subscribe("plans")
    client.emit("delete_logout")
    assert eventually(lambda: bool(client.lost))
    assert client.lost[0][0] == "plans"
    assert client.lost[0][1]["status"] == 401
    with app.write() as session:
        session.get(app.Plan, 1).name = "secret"
    client.emit("login", {"coach": 2})
    assert eventually(lambda: client.rows["plans"] == [{"id": 2, "name": "b", "coach": "Ümit"}])
    assert not any("secret" in str(packet) for packet in client.packets)


def test_a_client_that_comes_back_is_sent_what_it_missed(
    world: tuple[World, str], follow: Callable[..., Follower]
) -> None:
    """By the changes alone, where they are still there; else by all rows."""
    app, url = world
    first = follow(url)
    first.subscribe("coaches")
    first.close()
    with app.write() as session:
        change(app, session)
    stays = follow(url)
    stays.subscribe("coaches")
    with app.write() as session:
        add(app, session)
    assert eventually(lambda: len(stays.rows["coaches"]) == 3)
    again = follow(url)
    again.rows, again.v = dict(first.rows), dict(first.v)
    ack = again.subscribe("coaches", epoch=first.epoch["coaches"], v=first.v["coaches"])
    assert ack["data"] is None
    assert eventually(lambda: again.rows["coaches"] == stays.rows["coaches"])
    stranger = follow(url)
    assert stranger.subscribe("coaches", epoch="another", v=1)["data"] == stays.rows["coaches"]


def test_unsubscribed_is_unsubscribed(world: tuple[World, str], follow: Callable[..., Follower]) -> None:
    """No packet comes after the ack."""
    app, url = world
    client, other = follow(url), follow(url)
    client.subscribe("coaches")
    other.subscribe("coaches")
    assert client.emit("unsubscribe", "coaches")["ok"]
    with app.write() as session:
        add(app, session)
    assert eventually(lambda: len(other.rows["coaches"]) == 3)
    assert not [one for one in client.packets if one[0] == "coaches"]
