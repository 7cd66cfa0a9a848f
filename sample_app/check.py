"""Asks HTTP and the socket the same things, on equal databases, and compares what they say and leave behind."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import socketio
from sqlalchemy import create_engine, inspect, text

from bridge.events import Event
from sample_app.cases import Case
from sample_app.serving import Served, serve_sample

_PARAM = re.compile(r"<(?:[^:<>]*:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Observation:
    """What one side answered: the status, and the JSON or the text of the body (None if it is empty)."""

    status: int
    data: Any


@dataclass(frozen=True, slots=True)
class Compared:
    """One case with both observations."""

    event: Event
    case: Case
    control: Observation
    candidate: Observation

    @property
    def equal(self) -> bool:
        """True where both say the same, type for type."""
        return _typed(self.control) == _typed(self.candidate)


@dataclass(frozen=True, slots=True)
class Verdict:
    """All comparisons, in order, the events that no case asked, and the tables that differ afterwards."""

    compared: tuple[Compared, ...]
    unasked: tuple[str, ...]
    differing_tables: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """True where nothing differs and nothing was left out."""
        return all(c.equal for c in self.compared) and not self.unasked and not self.differing_tables


def check(cases: Sequence[Case], progress: Callable[[int], None] = lambda _done: None) -> Verdict:
    """Run all cases over HTTP on one server and over the socket on another one that starts equal."""
    with tempfile.TemporaryDirectory() as folder, _pair(Path(folder)) as (control, candidate):
        events = {event.event: event for event in control.event_map}
        http, client = requests.Session(), socketio.Client(reconnection=False)
        client.connect(candidate.url, transports=["websocket"])
        compared = []
        for number, case in enumerate(cases, 1):
            event = events[case.event]
            compared.append(Compared(event, case, _by_http(http, control.url, event, case), _by_socket(client, case)))
            progress(number)
        client.eio.disconnect()
        unasked = tuple(sorted(set(events) - {case.event for case in cases}))
        return Verdict(tuple(compared), unasked, _differing_tables(control.database, candidate.database))


@contextmanager
def _pair(folder: Path) -> Iterator[tuple[Served, Served]]:
    with serve_sample(folder / "control.db") as control, serve_sample(folder / "candidate.db") as candidate:
        yield control, candidate


def _by_http(http: requests.Session, url: str, event: Event, case: Case) -> Observation:
    """Ask as a front end's fetch would."""
    path = _PARAM.sub(lambda match: str(case.params[match[1]]), event.rule)
    query = {key: value for key, value in case.params.items() if key not in event.params}
    body = {} if case.body is None else {"json": case.body}
    answer = http.request(event.method, url + path, params=query, timeout=10, **body)
    try:
        return Observation(answer.status_code, answer.json() if answer.content else None)
    except ValueError:
        return Observation(answer.status_code, answer.text)


def _by_socket(client: socketio.Client, case: Case) -> Observation:
    """Emit by the wire convention: params and body, or nothing at all."""
    args = (case.params, case.body) if case.body is not None else (case.params,)
    ack = client.call(case.event, args if case.params or case.body is not None else None, timeout=10)
    return Observation(ack["status"], ack["data"])


def _typed(observation: Observation) -> str:
    """Return a text that tells 1, 1.0 and True apart, and keeps lists in order."""
    return json.dumps([observation.status, observation.data], sort_keys=True)


def _differing_tables(first: Path, second: Path) -> tuple[str, ...]:
    one, other = _rows(first), _rows(second)
    return tuple(table for table in one if one[table] != other[table])


def _rows(database: Path) -> dict[str, list[Any]]:
    """Return all rows of all tables; password hashes are salted, so only their presence counts."""
    engine = create_engine(f"sqlite:///{database}")
    with engine.connect() as connection:
        tables = {
            name: [dict(row._mapping) for row in connection.execute(text(f'SELECT * FROM "{name}"'))]
            for name in inspect(engine).get_table_names()
        }
    engine.dispose()
    for rows in tables.values():
        for row in rows:
            row.update({key: bool(value) for key, value in row.items() if "password" in key})
    return {name: sorted(rows, key=repr) for name, rows in tables.items()}
