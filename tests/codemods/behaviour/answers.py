"""What the server answers, or how it fails to: each fixture goes through all of these."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

_COACH = {"id": 9, "name": "Ada", "error": "E", "errors": {"name": ["short"]}, "message": "M"}
_PLAIN = {"id": 9, "name": "Ada"}
_OBJECTS = (json.dumps(_COACH), json.dumps(_PLAIN))


@dataclass(frozen=True)
class Circumstance:
    """One way for the server to behave.

    ``mode`` is "answered", "cut" (dies in the middle of an answer) or "refused" (nobody listens); ``order``
    tells which of several waiting calls is answered next; ``leaves`` takes the page away before any answer.
    """

    status: int = 200
    body: str = ""
    type: str = "application/json"
    mode: str = "answered"
    order: str = "first first"
    leaves: bool = False

    @property
    def is_json(self) -> bool:
        """True where ``response.json()`` resolves."""
        return self.mode == "answered" and self.type == "application/json" and bool(self.body)

    @property
    def is_object(self) -> bool:
        """True for answers that come with several statuses: what differs then, the status alone decides on."""
        return self.mode == "answered" and self.body in _OBJECTS

    @property
    def is_ok(self) -> bool:
        """As ``Response.ok``."""
        return self.mode == "answered" and 200 <= self.status < 300

    def to_task(self) -> dict[str, Any]:
        """Return what the driver needs."""
        answer = {"status": self.status, "body": self.body, "type": self.type, "dies": self.mode == "cut"}
        return {"mode": self.mode, "order": self.order, "leaves": self.leaves, "answer": answer}


def _json(status: int, value: object, **options: Any) -> Circumstance:
    return Circumstance(status, json.dumps(value), **options)


_PAGE = "<!doctype html>\n<title>App</title>"

CIRCUMSTANCES = {
    "200 object": _json(200, _COACH),
    "200 plain": _json(200, _PLAIN),
    "200 list": _json(200, [_COACH, {"id": 10}]),
    "200 null": _json(200, None),
    "200 page": Circumstance(200, _PAGE, "text/html"),
    "201": _json(201, _COACH),
    "204": Circumstance(204, "", "text/html"),
    "400": _json(400, {"message": {"name": "Name is required"}}),
    "401": _json(401, {"error": "Log in"}),
    "404": _json(404, {"error": "No coach"}),
    "422": _json(422, {"errors": {"name": ["short"]}}),
    "500 object": _json(500, _COACH),
    "500 plain": _json(500, _PLAIN),
    "500 page": Circumstance(500, "<h1>Internal Server Error</h1>", "text/html"),
    "last first": _json(200, _COACH, order="last first"),
    "left meanwhile": _json(200, _COACH, leaves=True),
    "dies": Circumstance(mode="cut"),
    "dead": Circumstance(mode="refused"),
}
