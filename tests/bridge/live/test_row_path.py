"""With model= and schema= single rows are read, as long as that gives what the GET gives."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Response, jsonify, session
from sqlalchemy import text

from bridge.live.sql import lists_all
from tests.bridge.live.world import Follower, World, eventually

Follow = Callable[..., Follower]


def row(coach: Any) -> dict[str, Any]:
    return {"id": coach.id, "name": coach.name}


def a_world(folder: Path, **live: Any) -> World:
    world = World(folder, **(live or {"coaches": {"model": "Coach", "schema": row}}))
    with world.write() as one:
        one.add_all([world.Coach(name=name) for name in ("Maya", "Theo", "Zoe")])
    return world


def rename(world: World, db: Any) -> None:
    db.get(world.Coach, 2).name = "other"


def add(world: World, db: Any) -> None:
    db.add_all([world.Coach(name="four"), world.Coach(name="five")])


def remove(world: World, db: Any) -> None:
    db.delete(db.get(world.Coach, 3))


def replace(world: World, db: Any) -> None:
    """SQLite gives the last id anew."""
    db.delete(db.get(world.Coach, 3))
    db.flush()
    db.add(world.Coach(name="again"))


def several(world: World, db: Any) -> None:
    rename(world, db)
    remove(world, db)
    db.add(world.Coach(name="four"))


def beside(world: World, db: Any) -> None:
    """A table that the list does not read is written in the same transaction."""
    db.add(world.Tag(name="new"))
    rename(world, db)


@pytest.mark.parametrize("write", [rename, add, remove, replace, several, beside], ids=lambda write: write.__name__)
def test_rows_that_are_known_are_read_alone(
    tmp_path: Path, follow: Follow, write: Callable[[World, Any], None]
) -> None:
    """The list is what a GET gives, and no GET was asked."""
    world = a_world(tmp_path)
    with world.serving() as url:
        client = follow(url)
        client.subscribe("coaches")
        world.asked.clear()
        with world.write() as db:
            write(world, db)
        assert eventually(lambda: bool(client.packets) and client.packets[-1][0] == "coaches")
        assert world.asked == []
        assert client.rows["coaches"] == world.fresh("coaches", None)


def bulk(world: World, db: Any) -> None:
    db.query(world.Coach).filter(world.Coach.name > "M").update({"name": "all"})


def raw(world: World, db: Any) -> None:
    db.execute(text("UPDATE coach SET name = 'raw' WHERE id = 2"))


def early(world: World, db: Any) -> None:
    """A row whose place is not the last."""
    db.add(world.Coach(id=-5, name="first"))


def another_key(world: World, db: Any) -> None:
    db.query(world.Coach).filter_by(id=1).update({"id": 9})


@pytest.mark.parametrize("write", [bulk, raw, early, another_key], ids=lambda write: write.__name__)
def test_where_rows_or_places_are_not_known_the_get_is_asked(
    tmp_path: Path, follow: Follow, write: Callable[[World, Any], None]
) -> None:
    """And the list is right."""
    world = a_world(tmp_path)
    with world.serving() as url:
        client = follow(url)
        client.subscribe("coaches")
        world.asked.clear()
        with world.write() as db:
            write(world, db)
        wanted = world.fresh("coaches", None)
        world.asked.remove("coaches")
        assert eventually(lambda: client.rows["coaches"] == wanted)
        assert world.asked == ["coaches"]


def test_a_nested_table_is_read_by_the_get(tmp_path: Path, follow: Follow) -> None:
    """A schema that nests tags is used for changes of coaches alone."""
    world = a_world(tmp_path, nested={"model": "Coach", "schema": lambda one: row(one) | {"tags": len(one.tags)}})

    @world.app.get("/nested")
    def nested() -> Any:
        world.asked.append("nested")
        everybody = world.db.session.query(world.Coach).order_by(world.Coach.id)
        return jsonify([row(one) | {"tags": len(one.tags)} for one in everybody])

    with world.serving() as url:
        client = follow(url)
        client.subscribe("nested")
        world.asked.clear()
        with world.write() as db:
            rename(world, db)
        assert eventually(lambda: client.rows["nested"][1]["name"] == "other")
        assert world.asked == []
        with world.write() as db:
            coach = db.get(world.Coach, 1)
            coach.tags.append(world.Tag(name="calm"))
        assert eventually(lambda: client.rows["nested"][0]["tags"] == 1)
        assert world.asked == ["nested"]


def filtered(world: World) -> Any:
    return world.db.session.query(world.Coach).filter(world.Coach.name != "hidden").order_by(world.Coach.id)


def by_name(world: World) -> Any:
    return world.db.session.query(world.Coach).order_by(world.Coach.name)


def first_ten(world: World) -> Any:
    return world.db.session.query(world.Coach).order_by(world.Coach.id).limit(10)


def chosen_in_python(world: World) -> Any:
    return [one for one in world.db.session.query(world.Coach) if one.id != 2]


def other_words(world: World) -> Any:
    return [type("Row", (), {"id": one.id, "name": one.name.upper()}) for one in world.db.session.query(world.Coach)]


def backwards(world: World) -> Any:
    return world.db.session.query(world.Coach).order_by(world.Coach.id.desc())


GETS = [filtered, by_name, first_ten, chosen_in_python, other_words, backwards]


@pytest.mark.parametrize("get", GETS, ids=lambda get: get.__name__)
def test_a_get_that_gives_other_rows_is_asked_each_time_and_that_is_logged_once(
    tmp_path: Path, follow: Follow, get: Callable[[World], Any], caplog: pytest.LogCaptureFixture
) -> None:
    """Also where it gives the same ones by chance, when the first client subscribes: its SQL says more."""
    world = a_world(tmp_path, some={"model": "Coach", "schema": row})
    world.app.add_url_rule("/some", "some", lambda: jsonify([row(one) for one in get(world)]))
    with caplog.at_level(logging.WARNING, "bridge"), world.serving() as url:
        for _ in range(2):
            follow(url, headers={"Accept-Language": str(_)}).subscribe("some")
        client = follow(url)
        client.subscribe("some")
        with world.write() as db:
            db.get(world.Coach, 1).name = "hidden"
            db.add(world.Coach(name="Abe"))
        assert eventually(lambda: client.rows["some"] == world.fresh("some", None))
        assert len(client.packets) == 2  # "connected", and the change
    warned = [one.getMessage() for one in caplog.records if "model and schema are not used" in one.getMessage()]
    assert len(warned) == 1
    assert warned[0].startswith("live some: model and schema are not used, for ")


def test_who_is_logged_in_may_be_of_the_same_table(tmp_path: Path, follow: Follow) -> None:
    """The one row that says who asks is no choice among the rows."""
    world = a_world(tmp_path, mine={"model": "Coach", "schema": row})

    @world.app.get("/mine")
    def mine() -> Any:
        world.asked.append("mine")
        if world.db.session.get(world.Coach, session.get("coach", 0)) is None:
            return "", 401
        return jsonify([row(one) for one in world.db.session.query(world.Coach)])

    with world.serving() as url:
        client = follow(url, login=1)
        client.subscribe("mine")
        world.asked.clear()
        with world.write() as db:
            rename(world, db)
        assert eventually(lambda: client.rows["mine"][1]["name"] == "other")
        assert world.asked == []


def test_a_schema_that_fails_alone_leaves_it_to_the_get(
    tmp_path: Path, follow: Follow, caplog: pytest.LogCaptureFixture
) -> None:
    """It is told why, once."""

    def failing(coach: Any) -> Any:
        msg = "no request"
        raise RuntimeError(msg)

    world = a_world(tmp_path, coaches={"model": "Coach", "schema": failing})
    with caplog.at_level(logging.WARNING, "bridge"), world.serving() as url:
        client = follow(url)
        assert client.subscribe("coaches")["ok"]
        with world.write() as db:
            rename(world, db)
        assert eventually(lambda: client.rows["coaches"][1]["name"] == "other")
    assert caplog.text.count("model and schema are not used") == 1
    assert "no request" in caplog.text


def test_a_write_during_the_first_get_is_no_reason_against_it(
    tmp_path: Path, follow: Follow, caplog: pytest.LogCaptureFixture
) -> None:
    """The rows differ for that alone; the next look finds that they agree."""
    world = a_world(tmp_path, busy={"model": "Coach", "schema": row})
    writes = iter(["meanwhile"])

    @world.app.get("/busy")
    def busy() -> Any:
        world.asked.append("busy")
        rows = [row(one) for one in world.db.session.query(world.Coach)]
        world.db.session.rollback()
        for name in writes:
            world.app.test_client().patch("/coaches/1", json={"name": name})
        return jsonify(rows)

    with caplog.at_level(logging.WARNING, "bridge"), world.serving() as url:
        client = follow(url)
        client.subscribe("busy")
        assert eventually(lambda: client.rows["busy"][0]["name"] == "meanwhile")
        world.asked.clear()
        with world.write() as db:
            rename(world, db)
        assert eventually(lambda: client.rows["busy"][1]["name"] == "other")
        assert world.asked == []
    assert "not used" not in caplog.text


PLAIN = "SELECT coach.id AS coach_id, coach.name FROM coach"
SQL = [
    (True, [PLAIN]),
    (True, [f"{PLAIN} ORDER BY coach.id"]),
    (True, [f'{PLAIN} ORDER BY "coach"."id" ASC', f"{PLAIN} \nWHERE coach.id = ?"]),
    (True, [f"{PLAIN} LEFT OUTER JOIN plan ON coach.id = plan.coach_id ORDER BY coach.id"]),
    (True, [PLAIN, "SELECT plan.id FROM plan WHERE plan.name = ? LIMIT ?"]),
    (False, []),
    (False, ["SELECT plan.id FROM plan"]),
    (False, [f"{PLAIN} WHERE coach.id = ?"]),
    (False, [f"{PLAIN} WHERE coach.id = ? OR coach.name = ?"]),
    (False, [f"{PLAIN} ORDER BY coach.id DESC"]),
    (False, [f"{PLAIN} ORDER BY coach.id, coach.name"]),
    (False, [f"{PLAIN} ORDER BY coach.name"]),
    (False, [f"{PLAIN} JOIN plan ON coach.id = plan.coach_id"]),
    (False, ["SELECT coach.id FROM coach, plan"]),
    (False, ["SELECT coach.id FROM coach AS c, plan"]),
    (False, [f"{PLAIN}\n LIMIT ? OFFSET ?"]),
    (False, ["SELECT DISTINCT coach.id FROM coach"]),
    (False, [f"{PLAIN} UNION SELECT 1, 2"]),
]


@pytest.mark.parametrize(("lists", "statements"), SQL)
def test_which_sql_lists_all_rows_by_key(lists: bool, statements: list[str]) -> None:
    """All of the table, by its key or as they come; a row by its key says nothing."""
    assert lists_all(statements, "coach", "id") is lists


@pytest.mark.parametrize("is_sorted", [True, False])
def test_keys_stand_in_the_order_of_the_get(tmp_path: Path, follow: Follow, is_sorted: bool) -> None:
    """Flask's jsonify sorts the keys of a row, Flask-RESTful leaves them; either way rows are read alone."""
    world = a_world(tmp_path, coaches={"model": "Coach", "schema": lambda one: {"name": one.name, "id": one.id}})

    def as_flask_restful_does() -> Any:
        world.asked.append("coaches")
        rows = world.db.session.query(world.Coach).order_by(world.Coach.id)
        text = json.dumps([{"name": one.name, "id": one.id} for one in rows])
        return Response(text, mimetype="application/json")

    if not is_sorted:
        world.app.view_functions["coaches"] = as_flask_restful_does
    with world.serving() as url:
        client = follow(url)
        assert list(client.subscribe("coaches")["data"][0]) == (["id", "name"] if is_sorted else ["name", "id"])
        world.asked.clear()
        with world.write() as db:
            rename(world, db)
        assert eventually(lambda: client.rows["coaches"][1]["name"] == "other")
        assert world.asked == []
