"""What a call raises. Each error is also that of ``requests`` and ``httpx``, where the program has loaded them.

So ``except requests.RequestException`` around a function whose calls became events, in whatever file, goes on catching.
"""

from __future__ import annotations

import json
import sys
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from bridge.pyclient.result import Result


class CallError(Exception):
    """A call that has no answer, or one that was asked to raise; ``response`` is the answer, if there is one."""

    response: Result | None = None

    def __init__(self, message: str, response: Result | None = None) -> None:
        # Not super(): the other libraries' errors below want arguments of their own.
        BaseException.__init__(self, message)
        self.__dict__["response"] = response
        self.__dict__["_request"] = None


class ConnectionFailed(CallError):  # noqa: N818 - requests calls it ConnectionError, which is Python's own
    """There is no server, or the connection broke before the answer came."""


class CallTimeout(CallError, TimeoutError):  # noqa: N818 - as requests.Timeout
    """No answer in time; the server may have carried the call out all the same."""


class StatusError(CallError):
    """An answer with a status of 400 or more, by ``raise_for_status()``."""


class NotJSONError(CallError, json.JSONDecodeError):
    """The answer is not JSON: ``response.json()`` would have failed too."""

    def __init__(self, message: str, response: Result | None = None) -> None:
        CallError.__init__(self, message, response)
        data = response.data if response is not None else None
        self.msg, self.doc, self.pos = message, data if isinstance(data, str) else "", 0
        self.lineno = self.colno = 1

    def __reduce__(self) -> Any:
        return NotJSONError, (self.msg, self.response)


_TWINS = {
    ConnectionFailed: {"requests": "ConnectionError", "httpx": "ConnectError"},
    CallTimeout: {"requests": "ReadTimeout", "httpx": "ReadTimeout"},
    StatusError: {"requests": "HTTPError", "httpx": "HTTPStatusError"},
    NotJSONError: {"requests": "JSONDecodeError"},
}
_Error = TypeVar("_Error", bound=CallError)


def error(kind: type[_Error], message: str, response: Result | None = None) -> _Error:
    """Return an error of this kind that those see too who look for another library's."""
    given: Any = kind
    made: type[_Error] = _class(given, tuple(name for name in ("requests", "httpx") if name in sys.modules))
    return made(message, response)


@cache
def _class(kind: Any, loaded: tuple[str, ...]) -> Any:
    names = _TWINS.get(kind, {})
    twins = [_twin(library, names[library]) for library in loaded if library in names]
    bases = (kind, *(one for one in twins if one is not None))
    if len(bases) == 1:
        return kind
    return type(kind.__name__, bases, {"__module__": kind.__module__, "response": None})


def _twin(library: str, name: str) -> type[BaseException] | None:
    module = sys.modules[library]
    found = getattr(getattr(module, "exceptions", module), name, None) or getattr(module, name, None)
    return found if isinstance(found, type) and issubclass(found, BaseException) else None
