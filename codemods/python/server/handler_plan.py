"""What a handler is made of, beside the text of its method."""

from __future__ import annotations

from msgspec import Struct

from codemods.python.server.json_body import Body
from codemods.python.server.own_self import OwnSelf


class Route(Struct, frozen=True):
    """One route by the event that stands for it."""

    event: str
    method: str
    rule: str


class Handler(Struct, frozen=True):
    """What a handler is made of, beside the method's own text.

    ``optional`` are parameters that not every route gives; ``hides_parameters`` has the bridge told that no body is
    taken, where decorators would keep it from seeing that.
    """

    name: str
    bridge: str
    routes: tuple[Route, ...]
    requests: frozenset[str]
    body: Body | None = None
    own_self: OwnSelf | None = None
    optional: frozenset[str] = frozenset()
    hides_parameters: bool = False
    quote: str = '"'
