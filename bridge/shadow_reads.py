"""Keeps a shadow read from leaving traces: its SQL may only read, its session is not saved.

Both are done where the app's own requests come by too, and act only in a dispatch whose environ asks for it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bridge.dispatch import current
from bridge.live.sql import may_write

if TYPE_CHECKING:
    from flask import Flask

WATCH = "bridge.watch"
"""The key of an environ under which a dispatch has its ``Watch``."""
SHADOW = "bridge.shadow"
"""The key that only shadow reads have: for an app that does not want to count, limit or log them."""

_MARK = "_forgets_shadows"
_SQLALCHEMY = "sqlalchemy.engine"


class WouldWrite(Exception):  # noqa: N818 - not an error of the app's
    """Raised within a shadow read in place of a statement that would write."""


@dataclass(slots=True)
class Watch:
    """Whether a dispatch has written, or would have: a shadow read's statement ``is_refused`` before it is executed."""

    is_refused: bool
    wrote: bool = False


def watch_sql() -> None:
    """Look at each statement of every engine of this process from now on; SQLAlchemy is not loaded for that."""
    if _SQLALCHEMY not in sys.modules:
        return
    from sqlalchemy import event
    from sqlalchemy.engine import Engine

    if not event.contains(Engine, "before_cursor_execute", _before):
        event.listen(Engine, "before_cursor_execute", _before)


def _before(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    environ = current.get(None)
    watch = environ.get(WATCH) if environ is not None else None
    if watch is None or not may_write(statement):
        return
    watch.wrote = True
    if watch.is_refused:
        msg = "a shadow read (Bridge(shadow=...)) may not write; this route is not compared any more"
        raise WouldWrite(msg)


def forget_sessions(app: Flask) -> None:
    """Keep the session of a shadow read from being saved, whatever the app keeps its sessions in."""
    interface: Any = app.session_interface
    if getattr(interface.save_session, _MARK, False):
        return
    save = interface.save_session

    def save_session(*args: Any, **kwargs: Any) -> Any:
        environ = current.get(None)
        return save(*args, **kwargs) if environ is None or SHADOW not in environ else None

    setattr(save_session, _MARK, True)
    interface.save_session = save_session
