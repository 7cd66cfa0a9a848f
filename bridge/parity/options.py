"""What a run is told."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from bridge.errors import BridgeError
from bridge.events import Event, EventMap
from bridge.parity.ignoring import Ignore
from bridge.parity.sides import Login
from bridge.parity.steps import ABSENT, Step

_PARAMETER = re.compile(r"<(?:[^:<>]*:)?(\w+)>")
WHOS = ("A", "B")


@dataclass(frozen=True, slots=True)
class Options:
    """``surface``: bridge, native or all; ``budget``: seconds; ``steps``: ends the run too, where it is not 0.

    ``logins``: ``POST /login {"username": "ann"}``, for A and for B; ``bearer``: where the answer has a token.
    """

    source: str
    app_dir: str = "."
    surface: str = "all"
    only: tuple[str, ...] = ()
    budget: float = 30.0
    steps: int = 0
    seed: int = 0
    logins: tuple[str, ...] = ()
    bearer: str = ""
    ignores: tuple[Ignore, ...] = ()
    tapes: tuple[str, ...] = ()
    setup: str = ""
    environ: Mapping[str, str] = field(default_factory=dict, hash=False)
    stops_at_first: bool = False

    def wants(self, event: Event) -> bool:
        """Tell whether a route is among those that ``only`` names, by event or as ``POST /coaches``; ``*`` matches."""
        names = (event.event, f"{event.method} {event.rule}")
        return not self.only or any(fnmatchcase(name, one) for name in names for one in self.only)

    def command(self, event: str) -> str:
        """Return the command that asks one route again the same way."""
        more = [f"--app-dir {self.app_dir}"] if self.app_dir != "." else []
        more += [f"--login {shlex.quote(login)}" for login in self.logins]
        more += [f"--bearer {self.bearer}"] if self.bearer else []
        more += [f"--setup {self.setup}"] if self.setup else []
        return " ".join(["fetch2socket parity", self.source, f"--only {event}", f"--seed {self.seed}", *more])


def logins_of(options: Options, event_map: EventMap) -> list[Login]:
    """Return how A and B log in; raises BridgeError where that cannot be read, or is no route."""
    bearer = tuple(options.bearer.split(".")) if options.bearer else ()
    if len(options.logins) > len(WHOS):
        msg = "two logins at most: A and B"
        raise BridgeError(msg)
    return [Login(who, (step_of(text, event_map),), bearer) for who, text in zip(WHOS, options.logins, strict=False)]


def passwords_of(options: Options) -> tuple[str, ...]:
    """Return every text in the bodies of the logins: the passwords that a run is told are among them.

    Raises BridgeError as ``logins_of`` does.
    """
    bodies = [_written(login)[2] for login in options.logins]
    return tuple(dict.fromkeys(text for body in bodies for text in _texts(body)))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


def step_of(text: str, event_map: EventMap) -> Step:
    """Return the step of ``POST /login {"username": "ann"}``; raises BridgeError with one line."""
    return call_of(*_written(text), event_map)


def _written(text: str) -> tuple[str, str, object]:
    """Return the method, the path and the body, ABSENT where there is none."""
    match = re.fullmatch(r"\s*([A-Za-z]+)\s+(/\S*)\s*(\{.*)?", text, re.DOTALL)
    if match is None:
        msg = f'write METHOD /path {{"json": "body"}}, such as POST /login {{"username": "ann"}}, and not {text!r}'
        raise BridgeError(msg)
    method, path, body = match[1].upper(), match[2], match[3]
    try:
        value = json.loads(body) if body else ABSENT
    except ValueError as error:
        msg = f"the body of {method} {path} is no JSON: {error}"
        raise BridgeError(msg) from error
    return method, path, value


def call_of(method: str, path: str, body: object, event_map: EventMap) -> Step:
    """Return the step for a path, its values as text; raises BridgeError where no route of the map has it."""
    for event in event_map:
        params = _filled(event.rule, path) if event.method == method else None
        if params is not None:
            return Step(event.event, params, body)
    msg = f"there is no route {method} {path}"
    raise BridgeError(msg)


def _filled(rule: str, path: str) -> dict[str, str] | None:
    names: Sequence[str] = _PARAMETER.findall(rule)
    pieces = _PARAMETER.split(rule)[::2]
    match = re.fullmatch("([^/]+)".join(map(re.escape, pieces)), path)
    return dict(zip(names, match.groups(), strict=True)) if match else None
