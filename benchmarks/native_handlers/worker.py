"""Hosts one app in this process and answers calls, a line of JSON each: `python -m ....worker MODULE:APP alone|native`.

`alone` is the app as it is, asked by Flask's test client; `native` is the migrated one, asked by events. What a request
does beside answering goes along with each answer: its SQL in order, commits too, its session, the cookies it sets.
"""

from __future__ import annotations

import json
import os
import sys
import zlib
from collections.abc import Callable
from typing import Any

from benchmarks.native_handlers.handlers import Handlers

_HEADERS = {"User-Agent": "proof", "Accept": "*/*"}


class Observer:
    """Notes the effects of one request."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.session: dict[str, Any] = {}
        self.cookies: list[str] = []

    def watch(self, app: Any) -> None:
        """Listen to every engine, and to the end of each request."""
        from flask import session
        from sqlalchemy import event
        from sqlalchemy.engine import Engine

        def executed(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            # Whole statements of long lists would be most of what is compared.
            self.statements.append(f"{statement[:30]} {zlib.crc32(statement.encode()):08x}")

        def finished(_error: BaseException | None) -> None:
            self.session = json.loads(json.dumps(dict(session or {}), default=repr))

        processed = app.process_response

        def process(response: Any) -> Any:
            response = processed(response)
            self.cookies = [value.partition("=")[0] for value in response.headers.getlist("Set-Cookie")]
            return response

        event.listen(Engine, "before_cursor_execute", executed)
        event.listen(Engine, "commit", lambda _connection: self.statements.append("COMMIT"))
        event.listen(Engine, "rollback", lambda _connection: self.statements.append("ROLLBACK"))
        app.teardown_request(finished)
        app.process_response = process

    def start(self) -> None:
        """Forget the last request; a call that reaches no request has no effects."""
        self.statements, self.session, self.cookies = [], {}, []

    def effects(self) -> dict[str, Any]:
        """Return what was noted since the start."""
        return {"sql": self.statements, "session": self.session, "cookies": self.cookies}


class Alone:
    """The app without a bridge."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.open()

    def open(self) -> None:
        """Become a new browser."""
        self._client = self._app.test_client()

    def ask(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        """Return ``{status, text, type}``."""
        headers = {**_HEADERS, **more.pop("headers")}
        if "json" in more:  # Flask's client would sort the keys
            more |= {"data": json.dumps(more.pop("json")), "content_type": "application/json"}
        response = self._client.open(path, method=method, headers=headers, follow_redirects=True, **more)
        kind = response.headers.get("content-type", "")
        return {"status": response.status_code, "text": response.get_data(as_text=True), "type": kind}


class Native:
    """The migrated app, asked by Socket.IO events in this thread."""

    def __init__(self, app: Any, handlers: Handlers) -> None:
        self._app = app
        self._handlers = handlers
        self._socketio = app.extensions["socketio"]
        self.open()

    def open(self) -> None:
        """Become a new connection."""
        browser = self._app.test_client()
        self._client = self._socketio.test_client(self._app, headers=_HEADERS, flask_test_client=browser)

    def ask(self, event: str, arguments: list[Any]) -> Any:
        """Return the ack."""
        with self._handlers.tracing(event):
            return self._client.emit(event, *arguments, callback=True)


def serve(answer: Callable[[dict[str, Any]], Any]) -> None:
    """Answer each line of standard input; what the app prints goes elsewhere."""
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as out:
        os.dup2(2, 1)
        for line in sys.stdin:
            out.write(json.dumps(answer(json.loads(line))) + "\n")
            out.flush()


def hash_quickly() -> None:
    """Let bcrypt hash with the fewest rounds, on both sides: hundreds of sign-ups would be most of the time."""
    try:
        import bcrypt
    except ImportError:
        return
    gensalt = bcrypt.gensalt
    bcrypt.gensalt = lambda rounds=12, prefix=b"2b": gensalt(4, prefix)


def main() -> None:
    """Load the app and answer until standard input ends."""
    source, kind = sys.argv[1:]
    from bridge.discovery import load_app

    hash_quickly()
    handlers, observer = Handlers(), Observer()
    if kind == "native":
        handlers.watch()
    app: Any = load_app(source, ".")
    observer.watch(app)
    side: Any = Native(app, handlers) if kind == "native" else Alone(app)

    def answer(request: dict[str, Any]) -> Any:
        if request.get("ask") == "open":
            return side.open()
        if request.get("ask") == "known":
            events = [event.to_dict() for event in app.extensions["bridge"].event_map]
            return {"handlers": handlers.rows(), "events": events}
        observer.start()
        return {"answer": side.ask(**request), **observer.effects()}

    serve(answer)


if __name__ == "__main__":
    main()
