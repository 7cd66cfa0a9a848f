"""How a native handler wants its arguments: whether it takes the body, and by which parameter (docs/bridge.md)."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bridge.errors import BridgeError

Handler = Callable[..., Any]
#: What ``@bridge.event(..., takes_data=...)`` may say; None leaves it to the signature.
TakesData = bool | Literal["optional"] | None

#: Names by which a parameter below a decorator is known to be the body; a decorator may add others of its own.
BODY_NAMES = frozenset({"data", "body", "payload"})
_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


@dataclass(frozen=True, slots=True)
class Body:
    """The parameter that takes the body: ``name`` is "" where it goes first; ``is_optional`` if it has a default."""

    name: str = ""
    is_optional: bool = False


class Unclear(Exception):  # noqa: N818 - a question, not an error
    """A signature that does not say whether the handler takes the body."""


def body_of(handler: Handler, takes_data: TakesData, path_parameters: Collection[str]) -> Body | None:
    """Return how a handler takes the body, or None if it does not; raises Unclear where nobody can know.

    The body's is the first positional parameter that is no path parameter. ``(*args, **kwargs)`` says nothing,
    so what ``functools.wraps`` names is looked at in its place, step by step; there a parameter may be one
    that a decorator fills, so that only BODY_NAMES are the body's for certain.
    """
    if takes_data is not None:
        return Body(is_optional=takes_data == "optional") if takes_data else None
    for depth, parameters in enumerate(_layers(handler)):
        is_open = any(one.kind is one.VAR_POSITIONAL for one in parameters)
        positional = [one for one in parameters if one.kind in _POSITIONAL]
        first = next((one for one in positional if one.name not in path_parameters), None)
        if first is None and is_open:
            continue
        if first is None:
            return None
        if first.name in BODY_NAMES or (depth == 0 and not is_open):
            is_first = positional[0] is first
            return Body("" if is_first else first.name, first.default is not first.empty)
        break
    raise Unclear


def _layers(handler: Handler) -> Iterator[list[inspect.Parameter]]:
    """Yield the parameters of a handler, then those of what it wraps, and so on."""
    layer: Any = handler
    seen: set[int] = set()
    while layer is not None and id(layer) not in seen:
        seen.add(id(layer))
        yield parameters_of(layer)
        layer = getattr(layer, "__wrapped__", None)


def parameters_of(function: Handler) -> list[inspect.Parameter]:
    """Return a callable's own parameters, whatever it wraps; those of ``(*args, **kwargs)`` if it has none to show."""
    try:
        return list(inspect.signature(function, follow_wrapped=False).parameters.values())
    except (ValueError, TypeError):
        kinds = {"args": inspect.Parameter.VAR_POSITIONAL, "kwargs": inspect.Parameter.VAR_KEYWORD}
        return [inspect.Parameter(name, kind) for name, kind in kinds.items()]


def check_call(function: Handler, body: Body | None, path_parameters: Iterable[str], *, may_lack: bool) -> None:
    """Raise TypeError where the outermost function cannot be called; what a decorator does inside is its own.

    ``may_lack`` allows for arguments that a Resource's ``method_decorators`` add.
    """
    args, kwargs = arguments(body, None, dict.fromkeys(path_parameters))
    signature = inspect.Signature(parameters_of(function))
    if may_lack:
        signature.bind_partial(*args, **kwargs)
    else:
        signature.bind(*args, **kwargs)


def arguments(body: Body | None, data: Any, kwargs: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """Return what a handler is called with."""
    if body is None:
        return [], dict(kwargs)
    return ([], {**kwargs, body.name: data}) if body.name else ([data], dict(kwargs))


def checked_takes_data(value: Any) -> TakesData:
    """Return ``takes_data=...`` as it was given; raises BridgeError for anything that has no meaning."""
    if value is None or isinstance(value, bool) or value == "optional":
        return value  # type: ignore[no-any-return]
    msg = f'takes_data is True, False or "optional" (where the body has a default), not {value!r}'
    raise BridgeError(msg)
