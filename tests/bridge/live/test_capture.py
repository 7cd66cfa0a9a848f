"""What a commit wrote: tables, and primary keys where they are known; told once, after it, and not after a rollback."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from bridge.live.capture import Capture, Followers
from bridge.live.sql import may_write, named_tables, one_word, words
from bridge.live.writes import Writes

METADATA = MetaData()
COACH = Table("coach", METADATA, Column("id", Integer, primary_key=True), Column("name", String))
PLAN = Table(
    "plan", METADATA, Column("id", Integer, primary_key=True), Column("c", ForeignKey(COACH.c.id, ondelete="CASCADE"))
)
STEP = Table(
    "step", METADATA, Column("id", Integer, primary_key=True), Column("p", ForeignKey(PLAN.c.id, ondelete="SET NULL"))
)
PAIR = Table("Order Items", METADATA, Column("a", Integer, primary_key=True), Column("b", Integer, primary_key=True))

Told = list[dict[str, Any]]


@pytest.fixture
def told() -> Told:
    return []


@pytest.fixture
def engine(tmp_path: Path, told: Told) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    METADATA.create_all(engine)
    with engine.begin() as connection:
        connection.execute(
            insert(COACH).values([{"id": 1, "name": "a"}, {"id": 2, "name": "b"}, {"id": 3, "name": "c"}])
        )
    tables = list(METADATA.tables.values())
    capture = Capture(lambda writes: told.append(dict(writes.tables)), Followers(lambda: tables))
    capture.attach(engine)
    capture.attach(engine)  # a second time does nothing
    yield engine
    engine.dispose()


WRITES: list[tuple[Any, Any, dict[str, Any]]] = [
    (insert(COACH), {"name": "x"}, {"coach": {(4,)}}),
    (insert(COACH), [{"name": "x"}, {"name": "y"}], {"coach": None}),
    (insert(COACH).values([{"name": "x"}, {"name": "y"}]), None, {"coach": None}),
    (insert(COACH).from_select(["name"], select(COACH.c.name)), None, {"coach": None}),
    (upsert(COACH).values(id=1, name="x").on_conflict_do_nothing(), None, {"coach": None}),
    (update(COACH).where(COACH.c.id == 1).values(name="x"), None, {"coach": {(1,)}}),
    (update(COACH).where(COACH.c.id.in_([1, 2]), COACH.c.name != "b").values(name="x"), None, {"coach": {(1,), (2,)}}),
    (update(COACH).where((COACH.c.id == 1) | (COACH.c.name == "b")).values(name="x"), None, {"coach": None}),
    (update(COACH).where(COACH.c.id == 1).values(id=9), None, {"coach": None}),
    (update(COACH).values(name="x"), None, {"coach": None}),
    (insert(PAIR), {"a": 1, "b": 2}, {"order": {(1, 2)}}),
    (update(PAIR).where(PAIR.c.a == 1).values(b=3), None, {"order": None}),
    (delete(COACH).where(COACH.c.id == 3), None, {"coach": {(3,)}, "plan": None, "step": None}),
    (text("UPDATE coach SET name = 'x' WHERE id = 1"), None, {"coach": None, "plan": None, "step": None}),
    (text("INSERT INTO [Order Items] VALUES (1, 2)"), None, {"order": None}),
    (text("WITH old AS (SELECT 1) DELETE FROM plan"), None, {"plan": None, "step": None}),
]


@pytest.mark.parametrize(("statement", "parameters", "wanted"), WRITES, ids=lambda value: str(value)[:40])
def test_a_commit_tells_what_it_wrote(engine: Engine, told: Told, statement: Any, parameters: Any, wanted: Any) -> None:
    """Of raw SQL words beside those of tables too, which do no harm; and what a DELETE would take along."""
    with engine.begin() as connection:
        connection.execute(statement, parameters) if parameters else connection.execute(statement)
        assert told == []
    (tables,) = told
    assert {name: keys for name, keys in tables.items() if name in ("coach", "plan", "step", "order")} == wanted


def test_a_rollback_tells_nothing(engine: Engine, told: Told) -> None:
    """Nor does what follows it tell of what it took back."""
    with engine.connect() as connection:
        connection.execute(insert(PLAN), {"id": 1})
        connection.rollback()
        connection.execute(select(COACH))
        connection.commit()
        connection.execute(insert(PLAN), {"id": 1})
    assert told == []


@pytest.mark.parametrize("way", ["connection", "engine"])
def test_autocommit_tells_at_once(tmp_path: Path, told: Told, way: str) -> None:
    """Whether the connection has it, or its engine."""
    level = {"isolation_level": "AUTOCOMMIT"}
    engine = create_engine(f"sqlite:///{tmp_path / 'b.db'}", **(level if way == "engine" else {}))
    METADATA.create_all(engine)
    Capture(lambda writes: told.append(dict(writes.tables))).attach(engine)
    with engine.connect().execution_options(**(level if way == "connection" else {})) as connection:
        connection.execute(update(COACH).where(COACH.c.id == 1).values(name="x"))
        assert told == [{"coach": {(1,)}}]
    engine.dispose()


def test_who_watches_never_makes_a_write_fail(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    """Neither where a statement cannot be read nor where a commit cannot be told."""

    def broken(_writes: Writes) -> None:
        msg = "out of order"
        raise RuntimeError(msg)

    capture = Capture(broken, lambda table, deletes: 1 / 0)  # type: ignore[arg-type, return-value]
    other = create_engine(engine.url)
    capture.attach(other)
    with caplog.at_level(logging.ERROR, "bridge"), other.begin() as connection:
        connection.execute(delete(COACH))
    assert "it counts as a write to any table" in caplog.text
    assert "a commit was not made known" in caplog.text
    with other.connect() as connection:
        assert connection.execute(select(COACH)).all() == []
    other.dispose()


READS = [
    "SELECT 'insert into coach' FROM plan",
    "  -- update\n SELECT replace(name, 'a', 'b') FROM coach",
    "PRAGMA foreign_keys=ON",
    "SAVEPOINT a",
    "EXPLAIN SELECT 1",
    "",
]


@pytest.mark.parametrize("statement", READS)
def test_what_only_reads_is_no_write(statement: str) -> None:
    """Words in quotes and comments, and functions, are none."""
    assert not may_write(statement)


TABLES = [
    ("TRUNCATE coach", {"coach"}),
    ("REPLACE coach SELECT * FROM other", {"coach"}),
    ("INSERT OR IGNORE INTO coach VALUES (1)", {"coach"}),
    ('UPDATE public."Coach" SET name = 1', {"coach"}),
    ("DELETE a FROM coach a JOIN plan ON 1", {"coach", "plan"}),
    ("MERGE INTO coach USING plan ON 1", {"coach", "plan"}),
    ("DO $$ BEGIN UPDATE coach SET a = 1; END $$", {"coach"}),
    ("SELECT * INTO coach FROM plan", {"coach", "plan"}),
]


@pytest.mark.parametrize(("statement", "tables"), TABLES)
def test_tables_of_raw_writes(statement: str, tables: set[str]) -> None:
    """All that may be written are among the names."""
    assert may_write(statement)
    assert tables <= named_tables(statement)


def test_a_procedure_may_write_anything() -> None:
    """Nothing says what."""
    assert may_write("CALL tidy_up()")
    assert named_tables("CALL tidy_up()") == set()


def test_words_of_a_reader() -> None:
    """Those in quotes too: a backslash may end them otherwise than SQL does."""
    assert "plan" in words(r"SELECT 1 FROM a WHERE x = 'it\'s' AND EXISTS (SELECT 1 FROM plan) AND y = 'z'")
    assert (one_word('"Order Items"'), one_word("%%"), one_word("2fa")) == ("order", "*", "fa")
    long = f"SELECT {', '.join(f'c{number}' for number in range(4000))} FROM coach"
    assert "coach" in words(long)
