"""Databases that cannot be copied are not opened: nothing that parity did not make is ever written."""

from __future__ import annotations

from typing import Any

from bridge.errors import BridgeError


def refuse_other_databases() -> None:
    """Refuse every connection that SQLAlchemy is about to make to anything but SQLite, which is copied."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    def check(dialect: Any, _record: Any, _cargs: Any, cparams: dict[str, Any]) -> None:
        if dialect.name != "sqlite":
            database = cparams.get("dbname") or cparams.get("database") or "a database"
            msg = (
                f"the app uses {dialect.name} ({database}); parity copies SQLite databases only, and never writes to "
                "another: set the app's database URL to a SQLite file with the same tables for this run"
            )
            raise BridgeError(msg)

    event.listen(Engine, "do_connect", check)
