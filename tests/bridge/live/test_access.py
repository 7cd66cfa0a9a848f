"""Who shares a result, who may see it, and what becomes of one who may not any more."""

from __future__ import annotations

import asyncio
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import jsonify, request, session
from flask.sessions import SecureCookieSession, SessionInterface

from bridge.live.room import Room
from tests.bridge.live.world import Follower, World, eventually

Follow = Callable[..., Follower]
QUICK = {"live_heartbeat": 0.2, "live_recheck": 0.5}


def lists(world: World, rule: str, *, allowed: Callable[[], bool] = lambda: True) -> None:
    """Add a GET of all coaches, which counts who asks and refuses whom it must."""

    def view() -> Any:
        world.asked.append(rule)
        if not allowed():
            return jsonify({"error": "not for you"}), 403
        return jsonify([world.row(one) for one in world.db.session.query(world.Coach).order_by(world.Coach.id)])

    world.app.add_url_rule(f"/{rule}", rule, view)


def write(world: World, name: str) -> None:
    with world.write() as db:
        db.add(world.Coach(name=name))


def test_a_declared_scope_is_one_get_for_all(tmp_path: Path, follow: Follow) -> None:
    """Each subscriber is let in by a GET of its own; after a write one of them is asked."""
    world = World(tmp_path, team={"scope": lambda: "everybody"})
    lists(world, "team")
    with world.serving() as url:
        clients = [follow(url, login=1, headers={"Accept-Language": f"x-{number}"}) for number in range(6)]
        for client in clients:
            client.subscribe("team")
        assert len(world.asked) == 6
        write(world, "Maya")
        assert eventually(lambda: all(client.rows["team"] for client in clients))
        assert len(world.asked) == 7


@pytest.mark.parametrize(
    "headers",
    [{"X-Api-Key": "b"}, {"Accept-Language": "de"}, {"Cookie": "team=b"}, {"User-Agent": "other"}],
    ids=lambda headers: next(iter(headers)),
)
def test_without_a_scope_only_those_share_who_look_alike(
    tmp_path: Path, follow: Follow, headers: dict[str, str]
) -> None:
    """Anything that the app can see of a client may be what its rows depend on."""
    world = World(tmp_path, mine={})

    @world.app.get("/mine")
    def mine() -> Any:
        world.asked.append("mine")
        who = [request.headers.get(name) for name in ("X-Api-Key", "Accept-Language", "Cookie", "User-Agent")]
        return jsonify([world.row(one) | {"who": who} for one in world.db.session.query(world.Coach)])

    with world.serving() as url:
        one, same, other = follow(url), follow(url), follow(url, headers=headers)
        for client in (one, same, other):
            client.subscribe("mine")
        world.asked.clear()
        write(world, "Maya")
        assert eventually(lambda: all(client.rows["mine"] for client in (one, same, other)))
        assert len(world.asked) == 2
        assert one.rows == same.rows
        assert one.rows != other.rows


def test_who_loses_access_in_a_shared_scope_is_told_and_sent_nothing_more(tmp_path: Path, follow: Follow) -> None:
    """At the latest when it is asked again; the others go on."""
    banned: list[int] = []
    world = World(tmp_path, QUICK, team={"scope": lambda: "everybody"})
    lists(world, "team", allowed=lambda: session.get("coach") not in banned)
    with world.serving() as url:
        stays, goes = follow(url, login=1), follow(url, login=2)
        stays.subscribe("team")
        goes.subscribe("team")
        banned.append(2)
        assert eventually(lambda: bool(goes.lost))
        assert goes.lost[0][0] == "team"
        assert (goes.lost[0][1]["status"], goes.lost[0][1]["errors"]) == (403, "not for you")
        write(world, "unheard")
        assert eventually(lambda: bool(stays.rows["team"]))
        time.sleep(0.2)
        assert not any("unheard" in str(packet) for packet in goes.packets)
        assert stays.lost == []
        assert len(goes.lost) == 1  # told once, though it is asked again and again


def test_who_was_refused_is_let_in_by_a_login(tmp_path: Path, follow: Follow) -> None:
    """Without subscribing again, on this connection or in another tab of the same browser."""
    world = World(tmp_path)
    with world.write() as db:
        db.add(world.Coach(name="Maya", plans=[world.Plan(name="a")]))
    with world.serving() as url:
        client = follow(url)
        assert client.emit("subscribe", "plans")["status"] == 401
        client.emit("login", {"coach": 1})
        assert eventually(lambda: client.rows.get("plans") == [{"id": 1, "name": "a", "coach": "Maya"}])


def test_a_scope_that_changes_by_a_write_moves_who_is_in_it(
    tmp_path: Path, follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its rows go to nobody who stays behind, though it is the one that is asked."""
    team = {1: "red", 2: "red"}
    world = World(tmp_path, team={"scope": lambda: team[session["coach"]]})

    @world.app.get("/team")
    def mine() -> Any:
        colour = team[session["coach"]]
        rows = world.db.session.query(world.Coach).order_by(world.Coach.id)
        return jsonify([world.row(one) for one in rows if one.name.startswith(colour)])

    with world.serving() as url:
        clients = {number: follow(url, login=number) for number in team}
        for client in clients.values():
            client.subscribe("team")
        sid = clients[1].socket.get_sid()
        monkeypatch.setattr(
            Room, "anybody", lambda room: min(room.members, key=lambda one: one.connection.sid != sid, default=None)
        )
        team[1], team[2] = "blue", "red"
        write(world, "blue secret")
        assert eventually(lambda: [row["name"] for row in clients[1].rows["team"]] == ["blue secret"])
        write(world, "red")
        assert eventually(lambda: [row["name"] for row in clients[2].rows["team"]] == ["red"])
        assert not any("blue" in str(packet) for packet in clients[2].packets)


def test_a_login_while_a_look_is_under_way_shows_nobody_elses_rows(tmp_path: Path, follow: Follow) -> None:
    """The answer that was asked for as somebody else is thrown away."""
    world = World(tmp_path, slow={})
    begun, go_on = threading.Event(), threading.Event()
    go_on.set()

    @world.app.get("/slow")
    def slow() -> Any:
        begun.set()
        assert go_on.wait(5)
        mine = world.db.session.query(world.Plan).filter_by(coach_id=session.get("coach"))
        return jsonify([{"id": one.id, "name": one.name} for one in mine])

    with world.write() as db:
        db.add_all([world.Coach(name="Maya", plans=[world.Plan(name="of one")]), world.Coach(name="Theo")])
        db.add(world.Plan(name="of two", coach_id=2))
    with world.serving() as url:
        client, other = follow(url, login=1), follow(url, login=1)
        client.subscribe("slow")
        other.subscribe("slow")
        begun.clear()
        go_on.clear()
        with world.write() as db:
            db.get(world.Plan, 1).name = "still of one"
        assert begun.wait(5)
        client.emit("login", {"coach": 2})
        go_on.set()
        assert eventually(lambda: client.rows["slow"] == [{"id": 2, "name": "of two"}])
        assert eventually(lambda: other.rows["slow"] == [{"id": 1, "name": "still of one"}])
        assert not any("of two" in str(packet) for packet in other.packets)
        assert not any("still" in str(packet) for packet in client.packets)


def test_nothing_is_sent_until_it_is_known_who_is_logged_in_now(tmp_path: Path, follow: Follow) -> None:
    """Though a change is on its way for those who share the rows that it had before."""
    world = World(tmp_path, mine={})
    go_on = threading.Event()

    @world.app.get("/mine")
    def mine() -> Any:
        assert session["coach"] == 1 or go_on.wait(5)
        rows = world.db.session.query(world.Plan).filter_by(coach_id=session["coach"])
        return jsonify([{"id": one.id, "name": one.name} for one in rows])

    with world.write() as db:
        db.add_all([world.Coach(name="Maya"), world.Coach(name="Theo")])
    with world.serving() as url:
        client, other = follow(url, login=1), follow(url, login=1)
        client.subscribe("mine")
        other.subscribe("mine")
        client.emit("login", {"coach": 2})
        with world.write() as db:
            db.add(world.Plan(name="of one", coach_id=1))
        assert eventually(lambda: bool(other.rows["mine"]))
        client.emit("get_coaches")  # whatever was sent before has come by now
        go_on.set()
        assert not any("of one" in str(packet) for packet in client.packets)
        with world.write() as db:
            db.add(world.Plan(name="of two", coach_id=2))
        assert eventually(lambda: [row["name"] for row in client.rows["mine"]] == ["of two"])


class Kept(SessionInterface):
    """Sessions that the server keeps, under an id that a login does not change; as Flask-Session does."""

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, Any]] = {}

    def open_session(self, app: Any, request: Any) -> Any:
        sid = request.cookies.get("session") or secrets.token_hex(16)
        found = SecureCookieSession(self.kept.get(sid, {}))
        found.sid = sid  # type: ignore[attr-defined]
        return found

    def save_session(self, app: Any, session: Any, response: Any) -> None:
        self.kept[session.sid] = dict(session)
        response.set_cookie("session", session.sid)


def test_a_login_that_keeps_the_id_of_its_session_is_seen(tmp_path: Path, follow: Follow) -> None:
    """The cookie says nothing; that a write has set it is enough to ask again."""
    world = World(tmp_path)
    world.app.session_interface = Kept()
    with world.write() as db:
        db.add_all([world.Coach(name="Maya"), world.Coach(name="Theo")])
        db.flush()
        db.add_all([world.Plan(name="a", coach_id=1), world.Plan(name="b", coach_id=2)])
    with world.serving() as url:
        client = follow(url, login=1)
        assert [row["name"] for row in client.subscribe("plans")["data"]] == ["a"]
        client.emit("login", {"coach": 2})
        assert eventually(lambda: [row["name"] for row in client.rows["plans"]] == ["b"])
        client.emit("delete_logout")
        assert eventually(lambda: bool(client.lost))


def test_a_logout_while_a_subscription_is_under_way_ends_it(tmp_path: Path, follow: Follow) -> None:
    """Who has logged out is sent no change of the rows that it was about to see."""
    world = World(tmp_path, slow={})
    begun, go_on = threading.Event(), threading.Event()

    @world.app.get("/slow")
    def slow() -> Any:
        if "coach" not in session:
            return "", 401
        begun.set()
        assert go_on.wait(5)
        return jsonify([world.row(one) for one in world.db.session.query(world.Coach)])

    with world.serving() as url:
        client = follow(url, login=1)
        subscribing = threading.Thread(target=lambda: client.subscribe("slow"))
        subscribing.start()
        assert begun.wait(5)
        assert client.emit("delete_logout")["status"] == 204
        go_on.set()
        subscribing.join(5)
        assert eventually(lambda: bool(client.lost))
        write(world, "unheard")
        time.sleep(0.2)
        assert not any("unheard" in str(packet) for packet in client.packets)


def test_what_a_look_writes_leads_to_no_further_look(tmp_path: Path, follow: Follow) -> None:
    """A ``last_seen`` that each request writes, into a table that the list reads."""
    world = World(tmp_path)
    with world.write() as db:
        db.add(world.Coach(name="0"))

    @world.app.before_request
    def seen() -> None:
        coach = world.db.session.get(world.Coach, 1)
        coach.name = str(int(coach.name) + 1)
        world.db.session.commit()

    with world.serving() as url:
        client = follow(url)
        client.subscribe("coaches")
        assert eventually(lambda: len(world.asked) == 2)  # the GET of the subscription has written, too
        time.sleep(0.4)
        assert len(world.asked) == 2
        client.emit("new_coach", {"name": "Maya"})
        assert eventually(lambda: len(client.rows["coaches"]) == 2)
        time.sleep(0.2)
        assert len(world.asked) <= 4  # its hook and itself are two commits


def test_older_rows_never_come_last(tmp_path: Path, follow: Follow) -> None:
    """A look that takes long is not overtaken by the next one."""
    world = World(tmp_path, slow={"scope": lambda: 0})
    pauses = iter([0.0, 0.4, 0.0, 0.0, 0.0])
    with world.write() as db:
        db.add_all([world.Coach(name="of a list that is longer than a change") for _ in range(9)])

    @world.app.get("/slow")
    def slow() -> Any:
        rows = [world.row(one) for one in world.db.session.query(world.Coach)]
        time.sleep(next(pauses))
        return jsonify(rows)

    with world.serving() as url:
        client = follow(url)
        client.subscribe("slow")
        write(world, "first")
        time.sleep(0.1)
        write(world, "second")
        assert eventually(lambda: len(client.rows["slow"]) == 11)
        sizes = [len(packet[1]["put"]) for packet in client.packets if packet[0] == "slow"]
        assert sizes == [1, 1]
        assert not any("del" in packet[1] for packet in client.packets if packet[0] == "slow")


def test_a_write_while_the_first_client_subscribes_is_not_lost(tmp_path: Path, follow: Follow) -> None:
    """Between its GET and its joining nobody else is there to be asked."""
    world = World(tmp_path, slow={})
    read, go_on = threading.Event(), threading.Event()

    @world.app.get("/slow")
    def slow() -> Any:
        rows = [world.row(one) for one in world.db.session.query(world.Coach)]
        world.db.session.rollback()
        read.set()
        assert go_on.wait(5)
        return jsonify(rows)

    with world.serving() as url:
        client = follow(url)
        subscribing = threading.Thread(target=lambda: client.subscribe("slow"))
        subscribing.start()
        assert read.wait(5)
        write(world, "meanwhile")
        go_on.set()
        subscribing.join(5)
        assert eventually(lambda: [row["name"] for row in client.rows.get("slow", [])] == ["meanwhile"])


def test_a_get_that_fails_is_asked_again(tmp_path: Path, follow: Follow) -> None:
    """Nobody loses anything by a 500; the change comes when the app has recovered."""
    world = World(tmp_path, shaky={})
    statuses = iter([200, 500, 200])

    @world.app.get("/shaky")
    def shaky() -> Any:
        rows = [world.row(one) for one in world.db.session.query(world.Coach)]
        status = next(statuses, 200)
        return (jsonify(rows), status) if status == 200 else ("", status)

    with world.serving() as url:
        client = follow(url)
        client.subscribe("shaky")
        write(world, "Maya")
        assert eventually(lambda: bool(client.rows["shaky"]))
        assert client.lost == []


def test_an_async_view_can_be_live(tmp_path: Path, follow: Follow) -> None:
    """Watching a view leaves it what it is."""
    world = World(tmp_path, later={})
    # Flask's own way needs asgiref; this is how it is replaced.
    world.app.async_to_sync = lambda view: lambda: asyncio.run(view())  # type: ignore[method-assign]

    @world.app.get("/later")
    async def later() -> Any:
        return jsonify([{"id": 1}])

    with world.serving() as url:
        assert follow(url).subscribe("later")["data"] == [{"id": 1}]


def test_touch_is_for_writers_that_nobody_sees(tmp_path: Path, follow: Follow) -> None:
    """By a collection's name, or by the name of a table, that of ``reads=`` among them."""
    rows: list[dict[str, int]] = []
    world = World(tmp_path, outside={"reads": ["Some_View"]})
    world.app.add_url_rule("/outside", "outside", lambda: jsonify(rows))
    with world.serving() as url:
        client = follow(url)
        client.subscribe("outside")
        for number, name in enumerate(("outside", "some_view"), 1):
            rows.append({"id": number})
            world.bridge.touch(name)
            assert eventually(lambda: client.rows["outside"] == rows)
