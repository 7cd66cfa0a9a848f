"""The packets of live collections, as text (docs/live.md has them all on one screen)."""

from __future__ import annotations

from collections.abc import Mapping

from bridge import wire
from bridge.live.rows import dumps

LOST = "bridge:lost"
BEAT = "bridge:live"


def change(name: str, epoch: str, prev: int, v: int, texts: Mapping[str, str]) -> str:
    """Return one delta; ``prev`` is the version that it changes."""
    return _event(name, {"epoch": dumps(epoch), "prev": str(prev), "v": str(v), **texts})


def snapshot(name: str, epoch: str, v: int, rows: str) -> str:
    """Return the whole state for a client that merges deltas; it has no ``prev``."""
    return _event(name, {"epoch": dumps(epoch), "v": str(v), "rows": rows})


def plain(name: str, rows: str) -> str:
    """Return the whole state for a client that does not: the rows and nothing else."""
    return f"{wire.EVENT}[{dumps(name)},{rows}]"


def lost(name: str, ack: str) -> str:
    """Return what says that a client may not see a collection any more; ``ack`` is what its GET is answered now."""
    return f"{wire.EVENT}[{dumps(LOST)},{dumps(name)},{ack}]"


def beat(versions: Mapping[str, tuple[str, int, int]]) -> str:
    """Return the heartbeat: epoch and version of each of a connection's collections, and how far it was looked."""
    return f"{wire.EVENT}[{dumps(BEAT)},{dumps(versions)}]"


def subscribed(rows: str, meta: Mapping[str, object]) -> str:
    """Return the ack of a subscription."""
    return f'{{"ok":true,"status":200,"data":{rows},"errors":null,"meta":{dumps(meta)}}}'


def _event(name: str, texts: Mapping[str, str]) -> str:
    body = ",".join(f"{dumps(key)}:{text}" for key, text in texts.items())
    return f"{wire.EVENT}[{dumps(name)},{{{body}}}]"
