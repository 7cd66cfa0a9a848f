"""WSGI middleware that writes down what an app is asked, without credentials, and leaves every answer as it is.

Around the whole stack: ``app.wsgi_app = Recorder(app.wsgi_app, bridge.event_map, TapeFile("monday.tape"))``.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from bridge.events import EventMap
from bridge.parity.steps import ABSENT
from bridge.parity.tapes.ids import found_in, leaves, name_of
from bridge.parity.tapes.request import MAX_BODY, Asked, Environ, Unrecordable, asked
from bridge.parity.tapes.routing import Routing
from bridge.parity.tapes.scrub import Scrubber
from bridge.parity.tapes.tape import Recorded
from bridge.parity.tapes.visitors import Visitors, cookie_values, credential_in, set_value

WSGIApp = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]

_NAMES = 200
_SCHEMES = frozenset({"bearer", "basic", "token", "jwt", "digest", "negotiate"})
_logger = logging.getLogger("bridge")


class Recorder:
    """Records the calls of an event map's routes; whatever goes wrong with that is counted, never the app's trouble.

    ``write(line)`` is given each line, without its end; it may be called by any thread, by one at a time.
    ``recorded`` counts lines, ``passed_over`` by reason what is in none.
    """

    def __init__(
        self, app: WSGIApp, event_map: EventMap, write: Callable[[str], object], scrubber: Scrubber | None = None
    ) -> None:
        self.recorded = 0
        self.passed_over: Counter[str] = Counter()
        self._app = app
        self._routing = Routing(event_map)
        self._write = write
        self._scrubber = scrubber or Scrubber()
        self._visitors = Visitors()
        self._lock = threading.Lock()
        self._count = 0
        self._run, self._process = secrets.token_hex(4), os.getpid()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            request = asked(environ, self._routing)
            with self._lock:
                number, who = self._arrived(request)
        except Unrecordable as why:
            self._pass_over(str(why))
            return self._app(environ, start_response)
        except Exception:
            self._pass_over("could not be recorded", is_failure=True)
            return self._app(environ, start_response)
        return self._watched(environ, start_response, lambda answer: self._answered(request, number, who, answer))

    def _watched(
        self, environ: Environ, start_response: Callable[..., Any], done: Callable[[_Answer], None]
    ) -> Iterable[bytes]:
        answer = _Answer()

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            answer.status, answer.headers = int(status.split(" ", 1)[0]), list(headers)
            return start_response(status, headers, *rest)

        try:
            return _Watched(self._app(environ, start), answer, done)
        except Exception:
            self._pass_over("left the app with an exception")
            raise

    # -- under the lock -------------------------------------------------------------------------

    def _arrived(self, request: Asked) -> tuple[int, int]:
        """Return the number of a request, and who sends it."""
        if self._process != os.getpid():  # a server that forks: another process goes on with the same numbers
            self._run, self._process = secrets.token_hex(4), os.getpid()
        self._count += 1
        authorization = request.headers.get("Authorization", "")
        return self._count, self._visitors.who([credential_in(authorization), *cookie_values(request.cookies)])

    def _answered(self, request: Asked, number: int, who: int, answer: _Answer) -> None:
        try:
            if answer.status in (301, 308):
                self._pass_over(f"redirected: {request.event.method} {request.event.rule}")
                return
            with self._lock:
                self._write(self._line(request, number, who, answer))
                self.recorded += 1
        except Exception:
            self._pass_over("could not be recorded", is_failure=True)

    def _line(self, request: Asked, number: int, who: int, answer: _Answer) -> str:
        data = answer.json()
        who = self._visitors.given(who, [*answer.cookies(), *self._tokens(request, data)])
        body = None if request.body is ABSENT else request.body
        scheme, headers = _without_scheme(request.headers)
        params, body, headers, data = self._scrubber.scrubbed(dict(request.params), body, headers, data)
        if scheme:
            headers["Authorization"] = f"{scheme} {headers['Authorization']}"
        event = request.event
        return Recorded(
            run=self._run,
            number=number,
            who=who,
            event=event.event,
            method=event.method,
            rule=event.rule,
            status=answer.status,
            params=params,
            body=ABSENT if request.body is ABSENT else body,
            headers=headers,
            found=found_in(data),
        ).to_line()

    def _tokens(self, request: Asked, data: Any) -> Iterator[str]:
        """Yield the tokens that an answer gives to who asked: those of a login, not those that a list shows."""
        if request.event.method == "GET":
            return
        for path, value in leaves(data):
            if isinstance(value, str) and self._scrubber.is_credential(name_of(path)):
                yield value

    def _pass_over(self, why: str, *, is_failure: bool = False) -> None:
        if is_failure:
            _logger.exception("a call was not recorded")
        with self._lock:
            why = self._scrubber.text(why)
            has_room = why in self.passed_over or len(self.passed_over) < _NAMES
            self.passed_over[why if has_room else "others"] += 1


def _without_scheme(headers: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Return the scheme of an Authorization header, and the headers without it: a token is then the one in a body."""
    scheme, _, credential = headers.get("Authorization", "").partition(" ")
    if scheme.lower() not in _SCHEMES or not credential:
        return "", dict(headers)
    return scheme, {**headers, "Authorization": credential.strip()}


class _Answer:
    """What is seen of an answer while it goes by."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: list[tuple[str, str]] = []
        self.chunks: list[bytes] = []
        self.size = 0

    def take(self, chunk: bytes) -> None:
        """Keep a part of the body, unless the answer is too large, or no JSON."""
        self.size += len(chunk)
        if self.size <= MAX_BODY and "json" in self._header("content-type"):
            self.chunks.append(chunk)

    def json(self) -> Any:
        """Return the body, None where it is no JSON."""
        if self.size > MAX_BODY or self._header("content-encoding") not in ("", "identity"):
            return None
        try:
            return json.loads(b"".join(self.chunks))
        except (ValueError, RecursionError):
            return None

    def cookies(self) -> list[str]:
        """Return the values of the cookies that it sets."""
        return [set_value(value) for name, value in self.headers if name.lower() == "set-cookie"]

    def _header(self, name: str) -> str:
        return next((value.lower() for key, value in self.headers if key.lower() == name), "")


class _Watched:
    """An answer's body, passed on part by part; ``done`` is called at its end, or where it is closed before."""

    def __init__(self, chunks: Iterable[bytes], answer: _Answer, done: Callable[[_Answer], None]) -> None:
        self._chunks = chunks
        self._parts = iter(chunks)
        self._answer = answer
        self._done: Callable[[_Answer], None] | None = done

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            chunk = next(self._parts)
        except StopIteration:
            self._finish()
            raise
        self._answer.take(chunk)
        return chunk

    def close(self) -> None:
        """Close the app's answer, and write down what it was."""
        try:
            close = getattr(self._chunks, "close", None)
            if close is not None:
                close()
        finally:
            self._finish()

    def _finish(self) -> None:
        done, self._done = self._done, None
        if done is not None:
            done(self._answer)
