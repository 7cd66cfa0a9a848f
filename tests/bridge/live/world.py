"""An app with tables, routes and live collections, and a client that follows them as the client module does."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import socketio
from flask import Flask, jsonify, request, session
from flask_socketio import SocketIO
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Column, ForeignKey, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from bridge import Bridge
from tests.support.serving import serving


class World:
    """Coaches, their plans and tags. ``/plans`` shows those of who is logged in; each row says whose it is.

    ``/rosters`` nests tags in coaches, by name. ``live`` are the rules that are live, with their options, and
    ``bridge`` the options of the Bridge.
    """

    def __init__(
        self, folder: Path, bridge: dict[str, Any] | None = None, *, mode: str = "threading", **live: dict[str, Any]
    ) -> None:
        class Base(DeclarativeBase):
            pass

        self.db = SQLAlchemy(model_class=Base)
        db = self.db

        tagged = db.Table(
            "coach_tags",
            Column("coach_id", ForeignKey("coach.id", ondelete="CASCADE"), primary_key=True),
            Column("tag_id", ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True),
        )

        class Tag(db.Model):  # type: ignore[name-defined, misc]
            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str]

        class Coach(db.Model):  # type: ignore[name-defined, misc]
            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str]
            plans = relationship("Plan", back_populates="coach", cascade="all, delete-orphan", passive_deletes=True)
            tags = relationship(Tag, secondary=tagged, order_by=Tag.id, passive_deletes=True)

        class Plan(db.Model):  # type: ignore[name-defined, misc]
            id: Mapped[int] = mapped_column(primary_key=True)
            name: Mapped[str]
            coach_id: Mapped[int | None] = mapped_column(ForeignKey("coach.id", ondelete="CASCADE"))
            coach = relationship("Coach", back_populates="plans")

        self.Coach, self.Plan, self.Tag = Coach, Plan, Tag
        self.app = Flask(__name__)
        self.app.config.update(SECRET_KEY="x", SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'world.db'}")
        db.init_app(self.app)
        self.socketio = SocketIO(self.app, async_mode=mode)
        self.asked: list[str] = []
        self._routes()
        self.bridge = Bridge(self.app, self.socketio, db=db, **(bridge or {}))
        for rule, options in (live or {"coaches": {}, "plans": {}}).items():
            named = {key: getattr(self, value) if key == "model" else value for key, value in options.items()}
            self.bridge.live(f"/{rule}", **named)
        with self.app.app_context():
            event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys=ON"))
            db.create_all()

    def row(self, coach: Any) -> dict[str, Any]:
        """Return what /coaches says of a coach."""
        return {"id": coach.id, "name": coach.name}

    def _routes(self) -> None:  # noqa: C901 - as many routes as the tests need
        db, app = self.db, self.app

        @app.get("/coaches")
        def coaches() -> Any:
            self.asked.append("coaches")
            return jsonify([self.row(one) for one in db.session.query(self.Coach).order_by(self.Coach.id)])

        @app.post("/coaches")
        def new_coach() -> Any:
            coach = self.Coach(name=request.get_json()["name"])
            db.session.add(coach)
            db.session.commit()
            return jsonify(self.row(coach)), 201

        @app.patch("/coaches/<int:id>")
        def update_coach(id: int) -> Any:
            coach = db.session.get(self.Coach, id)
            coach.name = request.get_json()["name"]
            db.session.commit()
            return jsonify(self.row(coach))

        @app.delete("/coaches/<int:id>")
        def delete_coach(id: int) -> Any:
            db.session.delete(db.session.get(self.Coach, id))
            db.session.commit()
            return "", 204

        @app.get("/plans")
        def plans() -> Any:
            if "coach" not in session:
                return jsonify({"error": "log in"}), 401
            mine = db.session.query(self.Plan).filter_by(coach_id=session["coach"]).order_by(self.Plan.name)
            return jsonify([{"id": one.id, "name": one.name, "coach": one.coach.name} for one in mine])

        @app.get("/secrets")
        def secrets() -> Any:
            if "coach" not in session:
                return jsonify({"error": "log in"}), 401
            mine = db.session.query(self.Plan).filter_by(coach_id=session["coach"]).order_by(self.Plan.name)
            return jsonify([{"id": one.id, "name": one.name, "of": f"<secret of {one.coach_id}>"} for one in mine])

        @app.get("/rosters")
        def rosters() -> Any:
            everybody = db.session.query(self.Coach).order_by(self.Coach.name, self.Coach.id)
            return jsonify([self.row(one) | {"tags": [tag.name for tag in one.tags]} for one in everybody])

        @app.post("/login")
        def login() -> Any:
            session["coach"] = request.get_json()["coach"]
            return jsonify({})

        @app.delete("/logout")
        def logout() -> Any:
            session.clear()
            return "", 204

    def cookie(self, coach: int) -> str:
        """Return the session cookie of who is logged in."""
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return str(serializer.dumps({"coach": coach}))

    def fresh(self, name: str, coach: int | None) -> Any:
        """Return what a GET gives somebody now, None where it is refused."""
        client = self.app.test_client()
        if coach is not None:
            client.set_cookie("session", self.cookie(coach))
        answer = client.get(f"/{name}")
        return answer.get_json() if answer.status_code == 200 else None

    @contextmanager
    def write(self) -> Iterator[Any]:
        """Give a session that is committed at the end."""
        with self.app.app_context():
            yield self.db.session
            self.db.session.commit()

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve the app and give its URL."""
        with serving(self.app) as url:
            yield url


class Follower:
    """A client that keeps a list by snapshot and deltas; every packet that came for it is kept as well."""

    def __init__(self, url: str, *, login: int | None = None, **options: Any) -> None:
        self.rows: dict[str, Any] = {}
        self.v: dict[str, int] = {}
        self.epoch: dict[str, str] = {}
        self.key: dict[str, str] = {}
        self.packets: list[tuple[Any, ...]] = []
        self.gaps: list[str] = []
        self.lost: list[tuple[Any, ...]] = []
        self.early: list[tuple[str, Any]] = []
        self._ready: set[str] = set()
        self._lock = threading.Lock()
        self.socket = socketio.Client(reconnection=False)
        self.socket.on("*", self._heard)
        self.socket.connect(url, transports=["websocket"], wait_timeout=10, **options)
        if login is not None:
            assert self.emit("login", {"coach": login})["ok"]

    def emit(self, event: str, *args: Any) -> Any:
        """Emit and return the ack."""
        return self.socket.call(event, args or None, timeout=10)

    def subscribe(self, name: str, **options: Any) -> dict[str, Any]:
        """Subscribe, merging deltas; return the ack."""
        ack = self.emit("subscribe", name, {"deltas": True, **options})
        if ack["ok"]:
            meta = ack["meta"]
            self.epoch[name], self.key[name] = meta["epoch"], meta["key"]
            if not meta["resumed"]:
                self.rows[name], self.v[name] = ack["data"], meta["v"]
            with self._lock:
                for early, change in self.early:
                    self._merge(early, change)
                self.early.clear()
                self._ready.add(name)
        return dict(ack)

    def close(self) -> None:
        """Disconnect."""
        # Not waited for: websocket-client's close() and its reader may wait 3 s for the same frame.
        threading.Thread(target=self.socket.disconnect, daemon=True).start()

    def _heard(self, event: str, *args: Any) -> None:
        self.packets.append((event, *args))
        if event == "bridge:lost":
            self.lost.append(args)
        elif ":" not in event and event != "connected":
            with self._lock:
                if event not in self._ready and isinstance(args[0], dict):
                    self.early.append((event, args[0]))
                else:
                    self._merge(event, args[0])

    def _merge(self, name: str, change: Any) -> None:
        if not isinstance(change, dict):
            self.rows[name] = change
            return
        if "prev" in change and change["prev"] != self.v[name]:
            if change["prev"] > self.v[name]:
                self.gaps.append(name)
            return
        self.v[name], self.epoch[name] = change["v"], change["epoch"]
        self.rows[name] = change["rows"] if "rows" in change else merged(self.rows[name], change, self.key[name])


def merged(rows: list[Any], change: dict[str, Any], key: str) -> list[Any]:
    """Return rows with a delta merged in; the client module's way in Python."""
    by_key = {json.dumps(row[key]): row for row in rows} | {json.dumps(row[key]): row for row in change.get("put", ())}
    away = {json.dumps(one) for one in [*change.get("del", ()), *(one for one, _ in change.get("at", ()))]}
    order = [one for one in (json.dumps(row[key]) for row in rows) if one not in away]
    for one, after in change.get("at", ()):
        order.insert(0 if after is None else order.index(json.dumps(after)) + 1, json.dumps(one))
    return [by_key[one] for one in order]


def eventually(is_so: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Wait until something is so; False where it never was."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.01)
    return is_so()
