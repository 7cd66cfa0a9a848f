"""After any writes, logins, faults and reconnects, each client has what a fresh GET gives it, and no more ever came."""

from __future__ import annotations

import itertools
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import socketio
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import delete, insert, text, update

from tests.bridge.live.keeper import Keeper
from tests.bridge.live.module_client import ModuleClient
from tests.bridge.live.world import World, eventually
from tests.support.clients import Node
from tests.support.proxy import Proxy
from tests.support.serving import serving

STEPS = int(os.environ.get("LIVE_STEPS", "320"))
"""About as many are taken."""
_A_SEQUENCE = 80

LIVE: dict[str, dict[str, Any]] = {
    "coaches": {"model": "Coach", "schema": lambda coach: {"id": coach.id, "name": coach.name}, "scope": lambda: 0},
    "rosters": {"scope": lambda: 0},
    "secrets": {},
}
NAMES = st.sampled_from(["Ann", "Bob", "Cy", "Di", "Ümit", "x' OR 1"])
USERS = (1, 2)
_numbers = itertools.count(1)


class One:
    """A client behind a proxy of its own, which is the browser that keeps its cookie."""

    def __init__(self, kind: str, node: Node, world: World, url: str) -> None:
        self.proxy = Proxy(url)
        self.user: int | None = None
        self._world = world
        self.allowed: list[tuple[int, set[int]]] = [(0, set())]
        """From which frame on whose secrets may come."""
        self.client: Any = Keeper(self.proxy.url) if kind == "python" else ModuleClient(node, self.proxy.url)
        for name in LIVE:
            self.client.subscribe(name)

    def become(self, user: int | None) -> None:
        """Log in, or out; where the connection breaks meanwhile, by the cookie of the next one."""
        self.allowed.append((len(self.proxy.frames), {one for one in (self.user, user) if one}))
        event, args = ("login", [{"coach": user}]) if user is not None else ("delete_logout", [])
        is_told = self._says(event, *args)
        self.user = user
        self.proxy.cookie = f"session={self._world.cookie(user)}" if user is not None else ""
        if not is_told:
            self.proxy.cut()
        self.allowed.append((len(self.proxy.frames), {user} if user is not None else set()))

    def _says(self, event: str, *args: Any) -> bool:
        try:
            return bool(self.client.emit(event, *args)["ok"])
        except (socketio.exceptions.SocketIOError, AssertionError):
            return False

    def write(self, event: str, *args: Any) -> None:
        """Write by the socket; it may be cut meanwhile."""
        self._says(event, *args)

    def leaks(self) -> list[str]:
        """Return the frames that held what was not this client's to see."""
        ends = [start for start, _ in self.allowed[1:]] + [len(self.proxy.frames)]
        return [
            frame
            for (start, users), end in zip(self.allowed, ends, strict=True)
            for frame in self.proxy.frames[start:end]
            if any(f"<secret of {other}>" in frame for other in USERS if other not in users)
        ]

    def close(self) -> None:
        """End the client and its proxy."""
        self.client.close()
        self.proxy.close()


class Machine(RuleBasedStateMachine):
    """Four clients, two of each kind, and whatever writes."""

    node: Node

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.world = World(Path(self._folder.name), {"live_heartbeat": 0.4, "live_recheck": 1.0}, **LIVE)
        self._serving = serving(self.world.app)
        url = self._serving.__enter__()
        with self.world.write() as session:
            session.add_all([self.world.Coach(name=name) for name in ("Maya", "Theo", "Zoe")])
            session.add_all([self.world.Tag(name=name) for name in ("calm", "loud")])
        kinds = ("python", "javascript", "python", "javascript")
        self.ones = [One(kind, self.node, self.world, url) for kind in kinds]

    @initialize()
    def log_in(self) -> None:
        self.ones[0].become(1)
        self.ones[1].become(2)

    def teardown(self) -> None:
        try:
            for one in self.ones:
                one.proxy.lose, one.proxy.delay, one.proxy.is_hole = (lambda text: False), 0.0, False
            for number, one in enumerate(self.ones):
                for name in LIVE:
                    wanted = self.world.fresh(name, one.user)
                    assert eventually(lambda: one.client.rows(name) == wanted, 20), (  # noqa: B023 - used at once
                        number,
                        name,
                        one.user,
                        wanted,
                        one.client.rows(name),
                        one.proxy.frames[-12:],
                    )
                assert one.leaks() == []
        finally:
            for one in self.ones:
                one.close()
            self._serving.__exit__(None, None, None)
            self._folder.cleanup()

    def _coach(self, session: Any, place: int) -> Any:
        found = session.query(self.world.Coach).order_by(self.world.Coach.id).all()
        return found[place % len(found)] if found else None

    # -- writes -----------------------------------------------------------------------------------

    @rule(name=NAMES)
    def add(self, name: str) -> None:
        with self.world.write() as session:
            session.add(self.world.Coach(name=name))

    @rule(name=NAMES, place=st.integers(0, 9))
    def change(self, name: str, place: int) -> None:
        with self.world.write() as session:
            if coach := self._coach(session, place):
                coach.name = name

    @rule(place=st.integers(0, 9), cascades=st.booleans())
    def remove(self, place: int, cascades: bool) -> None:
        """By the ORM, or by the database alone, plans and tags included."""
        with self.world.write() as session:
            coach = self._coach(session, place)
            if coach is not None:
                where = delete(self.world.Coach).where(self.world.Coach.id == coach.id)
                session.execute(where) if cascades else session.delete(coach)

    @rule(owner=st.sampled_from(USERS), name=NAMES)
    def add_plan(self, owner: int, name: str) -> None:
        with self.world.write() as session:
            if session.get(self.world.Coach, owner) is not None:
                session.add(self.world.Plan(name=name, coach_id=owner))

    @rule(owner=st.sampled_from(USERS), place=st.integers(0, 5))
    def give_plan(self, owner: int, place: int) -> None:
        """A plan leaves one scope for another."""
        with self.world.write() as session:
            plans = session.query(self.world.Plan).all()
            if plans and session.get(self.world.Coach, owner) is not None:
                plans[place % len(plans)].coach_id = owner

    @rule(place=st.integers(0, 9), tag=st.integers(1, 2))
    def tag(self, place: int, tag: int) -> None:
        with self.world.write() as session:
            coach, one = self._coach(session, place), session.get(self.world.Tag, tag)
            if coach is not None:
                coach.tags.remove(one) if one in coach.tags else coach.tags.append(one)

    @rule(name=NAMES, way=st.integers(0, 5), place=st.integers(1, 5))
    def bulk(self, name: str, way: int, place: int) -> None:
        """Bulk, Core and raw writes."""
        coach, plan, tag = self.world.Coach, self.world.Plan, self.world.Tag
        statement = [
            update(coach).where(coach.name != name).where(coach.id > place).values(name=name),
            insert(coach).values([{"name": name}, {"name": "last"}]),
            delete(plan).where(plan.name == name),
            update(tag.__table__).where(tag.__table__.c.id == 1).values(name=name),
            text("UPDATE coach SET name = :name WHERE id IN (SELECT max(id) FROM coach)").bindparams(name=name),
            text("DELETE FROM coach WHERE id > 6"),
        ][way]
        with self.world.write() as session:
            session.execute(statement)

    @rule(name=NAMES)
    def take_back(self, name: str) -> None:
        with self.world.app.app_context():
            session = self.world.db.session
            session.add(self.world.Coach(name=name))
            session.execute(text("UPDATE plan SET name = 'never'"))
            session.flush()
            session.rollback()

    @rule(name=NAMES, keeps=st.booleans(), place=st.integers(0, 9))
    def savepoint(self, name: str, keeps: bool, place: int) -> None:
        with self.world.write() as session:
            if coach := self._coach(session, place):
                coach.name = name
            session.flush()
            inner = session.begin_nested()
            session.add(self.world.Coach(name="inner"))
            session.execute(text("UPDATE plan SET name = name || '+' WHERE length(name) < 9"))
            inner.commit() if keeps else inner.rollback()

    @rule(name=NAMES, which=st.integers(0, 3))
    def by_socket(self, name: str, which: int) -> None:
        self.ones[which].write("new_coach", {"name": name})

    @rule(name=NAMES)
    def by_http(self, name: str) -> None:
        answer = self.world.app.test_client().post("/coaches", json={"name": name})
        assert answer.status_code == 201

    # -- people and faults --------------------------------------------------------------------------

    @rule(which=st.integers(0, 3), user=st.sampled_from([None, *USERS]))
    def session(self, which: int, user: int | None) -> None:
        self.ones[which].become(user)

    @rule(which=st.integers(0, 3))
    def cut(self, which: int) -> None:
        self.ones[which].proxy.cut()

    @rule(which=st.integers(0, 3), what=st.sampled_from(['42["coaches"', '42["rosters"', '42["secrets"', "resumed"]))
    def lose_a_frame(self, which: int, what: str) -> None:
        proxy, left = self.ones[which].proxy, [1]

        def lose(frame: str) -> bool:
            if left[0] and what in frame:
                left[0] = 0
                return True
            return False

        proxy.lose = lose

    @rule(which=st.integers(0, 3), seconds=st.sampled_from([0.0, 0.02, 0.08]))
    def delay(self, which: int, seconds: float) -> None:
        self.ones[which].proxy.delay = seconds

    @rule(which=st.integers(0, 3))
    def hole(self, which: int) -> None:
        """Nothing comes through any more, either way, until the connection is given up."""
        proxy = self.ones[which].proxy
        proxy.is_hole = True
        with self.world.write() as session:
            session.add(self.world.Coach(name=f"unheard {next(_numbers)}"))
        proxy.cut()
        proxy.is_hole = False


def test_every_client_has_what_a_fresh_get_gives_it(live_node: Node) -> None:
    """Whoever writes and whatever breaks; nobody ever gets another's rows, on the wire either."""
    machine: Callable[[], Machine] = type("Machine", (Machine,), {"node": live_node})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=max(1, STEPS // _A_SEQUENCE),
            stateful_step_count=_A_SEQUENCE,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # what went wrong depends on time: shrinking would look for something else
            suppress_health_check=list(HealthCheck),
        ),
    )
