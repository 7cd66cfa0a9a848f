"""Flask's test client with ``call``: what an event is answered, in the test's own process and context, no server.

An app with a Bridge gives such clients by ``app.test_client()``. The test client makes the request that the bridge
would make, so cookies, ``session_transaction()``, an app context that the test has pushed, and exceptions of the app
are what they are for ``client.get(...)``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask.testing import FlaskClient

from bridge.ack import Answer, ack_of, refusal
from bridge.call import Call, Refused
from bridge.errors import BridgeError
from bridge.pyclient.arguments import NOT_GIVEN, arguments
from bridge.pyclient.result import Result
from bridge.wire import Frame

if TYPE_CHECKING:
    from bridge.extension import Bridge


class SocketTestClient(FlaskClient):
    """A test client of an app with a Bridge: ``client.call("update_coach", {"id": 3}, {"name": "Ann"}).status``."""

    def call(self, event: str, *given: Any, params: Any = NOT_GIVEN, body: Any = NOT_GIVEN) -> Result:
        """Return the answer to an event; the arguments are those of ``bridge.pyclient.Client.call``."""
        bridge: Bridge | None = self.application.extensions.get("bridge")
        if bridge is None:
            msg = "this app has no Bridge: Bridge(app, socketio), or fetch2socket server --init"
            raise BridgeError(msg)
        text = self.application.json.dumps([event, *arguments(given, params, body)])
        return Result.of(json.loads(self._ack(bridge, event, text)), event)

    def _ack(self, bridge: Bridge, event: str, text: str) -> str:
        found = bridge.route_of(self.application, event)
        if found is None:
            return refusal(404, f"there is no event {event!r} in /")
        route, native = found
        try:
            call = route.call(Frame("/", "0", event, json.loads(text)[1:], f"20{text}"))
            return ack_of(self._answer(call, native))
        except Refused as refused:
            return refusal(refused.status, refused.sentence)

    def _answer(self, call: Call, native: object) -> Answer:
        is_json: dict[str, Any] = {} if call.body is None else {"content_type": "application/json"}
        response = self.open(
            call.path,
            method=call.method,
            query_string=call.query,
            data=call.body,
            headers=call.headers,
            follow_redirects=True,
            environ_overrides={} if native is None else {"bridge.native": native},
            **is_json,
        )
        return Answer(response.status_code, list(response.headers), response.get_data(), call.method)


def client_class(made_before: Any) -> Any:
    """Return what ``app.test_client()`` makes its clients with: the class that the app had, and ``call``."""
    if made_before is None or made_before is FlaskClient:
        return SocketTestClient
    if isinstance(made_before, type) and not issubclass(made_before, SocketTestClient):
        return type(made_before.__name__, (made_before, SocketTestClient), {})
    return made_before
