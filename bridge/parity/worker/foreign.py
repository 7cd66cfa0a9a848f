"""Databases that cannot be copied are not opened: nothing that parity did not make is ever written, unless told."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from bridge.errors import BridgeError


def refuse_other_databases(allowed: Collection[str]) -> None:
    """Refuse every connection that SQLAlchemy is about to make to anything but SQLite and URLs of ``allowed``."""
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    def check(dialect: Any, _record: Any, cargs: Any, cparams: dict[str, Any]) -> None:
        if dialect.name == "sqlite":
            return
        host, database = cparams.get("host", "localhost"), cparams.get("dbname") or cparams.get("database") or ""
        if f"{host}/{database}" in allowed:
            return
        msg = (
            f"the app uses {dialect.name} at {host}/{database}, which parity did not make and will not write to: set "
            f"its URL to a SQLite file for the run, or say --allow-database {host}/{database} if it may be written"
        )
        raise BridgeError(msg)

    event.listen(Engine, "do_connect", check)
