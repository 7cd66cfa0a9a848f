"""Databases of a worker are copies, whatever way the app takes to them, and are put back exactly."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bridge.errors import BridgeError
from bridge.parity.worker.foreign import refuse_other_databases
from bridge.parity.worker.sqlite_copies import SqliteCopies

_NOW = "2026-03-04 10:30:00"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with one table and two rows."""
    path = tmp_path / "app.db"
    with sqlite3.connect(path) as database:
        database.executescript("CREATE TABLE coaches (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);"
                               "INSERT INTO coaches (name) VALUES ('Maya'), ('Tomasz')")  # fmt: skip
    return path


@pytest.fixture
def copies(tmp_path: Path) -> Iterator[SqliteCopies]:
    """Copies that are in place of ``sqlite3.connect`` until the test ends."""
    connect = sqlite3.connect
    (tmp_path / "originals").mkdir()
    (tmp_path / "own").mkdir()
    made = SqliteCopies(tmp_path / "originals", tmp_path / "own", lambda: _NOW)
    made.install()
    yield made
    sqlite3.connect = sqlite3.dbapi2.connect = connect


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_writes_never_reach_the_file(file: Path, copies: SqliteCopies, journal: str) -> None:
    """Rows, tables and pragmas that the app writes are in the copy; the file keeps its bytes."""
    before = digest(file)
    app = sqlite3.connect(file)
    app.execute(f"PRAGMA journal_mode = {journal}")
    app.execute("INSERT INTO coaches (name) VALUES ('Noor')")
    app.execute("CREATE TABLE more (id INTEGER)")
    app.commit()
    assert copies.rows() == {"coaches": [(1, "Maya"), (2, "Tomasz"), (3, "Noor")], "more": []}
    assert digest(file) == before


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
def test_rows_and_counters_are_put_back(file: Path, copies: SqliteCopies, journal: str) -> None:
    """After ``restore`` the app's own connection reads the old rows, and the next id is the first time's."""
    app = sqlite3.connect(file)
    app.execute(f"PRAGMA journal_mode = {journal}")
    copies.mark()
    for _ in range(3):
        app.execute("INSERT INTO coaches (name) VALUES ('Noor')")
        app.execute("DELETE FROM coaches WHERE id = 1")
        app.commit()
        assert app.execute("SELECT max(id) FROM coaches").fetchone() == (3,)
        copies.restore()
        assert app.execute("SELECT id, name FROM coaches").fetchall() == [(1, "Maya"), (2, "Tomasz")]
        assert copies.rows() == {"coaches": [(1, "Maya"), (2, "Tomasz")]}


def test_a_database_that_is_opened_late_is_put_back_to_what_it_was(file: Path, copies: SqliteCopies) -> None:
    """An app that connects with its first request has its rows put back too."""
    copies.mark()
    app = sqlite3.connect(file)
    app.execute("DELETE FROM coaches")
    app.commit()
    copies.restore()
    assert copies.rows() == {"coaches": [(1, "Maya"), (2, "Tomasz")]}


def test_sqlalchemy_and_raw_connections_meet_in_one_copy(file: Path, copies: SqliteCopies) -> None:
    """What one way writes, the other reads; URIs and paths name the same file."""
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        connection.execute(text("UPDATE coaches SET name = 'Ann' WHERE id = 1"))
    assert sqlite3.connect(f"file:{file}", uri=True).execute("SELECT name FROM coaches").fetchall() == [
        ("Ann",),
        ("Tomasz",),
    ]
    assert copies.columns() == {"coaches": ["id", "name"], "sqlite_sequence": ["name", "seq"]}


def test_a_database_in_memory_is_put_back_too(copies: SqliteCopies) -> None:
    """It lives in the app's own connection, and is read and restored through that."""
    app = sqlite3.connect(":memory:")
    app.execute("CREATE TABLE coaches (id INTEGER)")
    app.execute("INSERT INTO coaches VALUES (1)")
    app.commit()
    copies.mark()
    app.execute("DELETE FROM coaches")
    app.commit()
    assert copies.rows() == {"coaches": []}
    copies.restore()
    assert copies.rows() == {"coaches": [(1,)]}


def test_the_clock_of_sqlite_stands_still(file: Path, copies: SqliteCopies) -> None:
    """CURRENT_TIMESTAMP, in a query and as a default, is what the worker says."""
    del copies
    app = sqlite3.connect(file)
    app.execute("CREATE TABLE notes (at TEXT DEFAULT CURRENT_TIMESTAMP, day TEXT DEFAULT CURRENT_DATE, id INTEGER)")
    app.execute("INSERT INTO notes (id) VALUES (1)")
    assert app.execute("SELECT at, day, CURRENT_TIME FROM notes").fetchone() == (_NOW, "2026-03-04", "10:30:00")


def test_another_kind_of_database_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that parity did not make is written: the connection is refused before it is made, in one line."""
    refuse_other_databases()
    engine = create_engine("sqlite://")
    with engine.connect():
        pass
    other = create_engine("sqlite://")
    monkeypatch.setattr(other.dialect, "name", "postgresql")
    with pytest.raises(BridgeError, match="the app uses postgresql"):
        other.connect()
