"""What becomes of a response: each use of it is one that an answer has, or the call is left."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from msgspec import Struct

from codemods import reasons
from codemods.python.pyclient.calls import HTTPX, HTTPX_CLIENT, TEST_CLIENT, Found
from codemods.python.pyclient.scopes import Binding, Scopes
from codemods.python.pyclient.testers import Reader
from codemods.results import Left

_BYTES = {"content", "iter_content", "iter_lines", "raw", "iter_bytes", "iter_text", "stream", "read", "aread"}
_TEXTS = {"text", "data", "get_data"}
_WORDS = {"reason", "reason_phrase"}


class Change(Struct, frozen=True):
    """``response.x`` becomes ``response.text``; with ``whole``, all of that does: ``json.loads(response.x)``.

    ``node`` is the attribute, or the response itself where a helper was handed that.
    """

    node: ast.Attribute | ast.Name
    text: str
    whole: ast.expr | None = None
    note: str = ""


class Uses(Struct, frozen=True):
    """How a response is used: the changes, and the other calls whose response a variable may hold as well."""

    changes: tuple[Change, ...]
    together: frozenset[ast.Call] = frozenset()
    notes: tuple[str, ...] = ()


class Answers:
    """Follows the responses of one file; ``calls`` are all that were found in it."""

    def __init__(self, scopes: Scopes, calls: dict[ast.expr, Found], readers: Mapping[str, Reader]) -> None:
        self.scopes = scopes
        self.calls = calls
        self.readers = readers
        self._loads: dict[str, list[ast.Name]] = {}
        for node in ast.walk(scopes.tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                self._loads.setdefault(node.id, []).append(node)

    def uses(self, found: Found) -> Uses:
        """Return how the response of a call is used; raises Left where an answer cannot stand for it."""
        self._check_handlers(found)
        node: ast.expr = found.call
        outer = self.scopes.parents[node]
        if isinstance(outer, ast.Await):
            node, outer = outer, self.scopes.parents[outer]
        elif _is_async(found):
            msg = "The coroutine is passed on rather than awaited on the spot."
            raise Left(reasons.RESPONSE_ESCAPES, msg)
        if isinstance(outer, ast.Expr):
            return Uses(())
        if isinstance(outer, ast.Attribute):
            return Uses(tuple(self._member(found, outer)))
        if isinstance(outer, ast.Assign) and len(outer.targets) == 1 and isinstance(outer.targets[0], ast.Name):
            return self._named(found, outer, outer.targets[0])
        if isinstance(outer, ast.AnnAssign):
            raise Left(reasons.TYPED_RESPONSE, "The variable is declared to hold a Response.")
        raise Left(
            reasons.RESPONSE_ESCAPES, "The response is passed on as a whole, as it comes; an answer is no Response."
        )

    # ---- a variable ---------------------------------------------------------------------------

    def _named(self, found: Found, statement: ast.Assign, target: ast.Name) -> Uses:
        scope, every = self.scopes.bindings(target.id, target)
        own = next((one for one in every if one.node is statement), None)
        if own is None or isinstance(scope, ast.ClassDef):
            raise Left(
                reasons.RESPONSE_ESCAPES,
                "The response goes to a variable of another function; an answer is no Response.",
            )
        changes: list[Change] = []
        together: set[ast.Call] = set()
        for load in self._loads.get(target.id, ()):
            if self.scopes.bindings(target.id, load)[0] is not scope:
                continue
            reaching = self.scopes.reaching(load)
            if own in reaching:
                together |= set(self._others(reaching, own))
                changes += self._load(found, load)
        return Uses(tuple(changes), frozenset(together), tuple(one.note for one in changes if one.note))

    def _others(self, reaching: list[Binding], own: Binding) -> Iterator[ast.Call]:
        for one in reaching:
            value = one.value.value if isinstance(one.value, ast.Await) else one.value
            if one is own or (isinstance(value, ast.Constant) and value.value is None):
                continue
            if not isinstance(value, ast.Call) or value not in self.calls:
                msg = f"{own.name} may hold something else than this response."
                raise Left(reasons.RESPONSE_REASSIGNED, msg)
            yield value

    def _load(self, found: Found, load: ast.Name) -> Iterator[Change]:
        outer = self.scopes.parents[load]
        if isinstance(outer, ast.Call) and outer.args == [load] and found.kind == TEST_CLIENT:
            name = outer.func.attr if isinstance(outer.func, ast.Attribute) else getattr(outer.func, "id", "")
            reader = self.readers.get(name)
            if reader is not None and not outer.keywords:
                note = f"{name}() also asserts things that are no longer looked at" if reader.has_asserts else ""
                yield Change(load, reader.method, outer, note)
                return
        if not isinstance(outer, ast.Attribute):
            raise Left(
                reasons.RESPONSE_ESCAPES,
                f"The response is passed on as a whole, in {load.id}, line {load.lineno}; an answer is no Response.",
            )
        yield from self._member(found, outer)

    # ---- one attribute ------------------------------------------------------------------------

    def _member(self, found: Found, node: ast.Attribute) -> Iterator[Change]:
        outer = self.scopes.parents[node]
        call = outer if isinstance(outer, ast.Call) and outer.func is node else None
        loads = self._loaded(node, call)
        if loads is not None:
            yield Change(node, "json()", loads)
        elif node.attr == "status_code":
            self._check_redirect(found, node, outer)
            yield Change(node, "status")
        elif found.kind == TEST_CLIENT:
            yield from self._of_test_client(node, call)
        elif not self._is_kept(found, node, call):
            if found.kind in (HTTPX, HTTPX_CLIENT) and node.attr == "is_success":
                yield Change(node, "ok")
            else:
                raise _unreadable(node)

    def _is_kept(self, found: Found, node: ast.Attribute, call: ast.Call | None) -> bool:
        if call is not None:
            return node.attr in ("json", "raise_for_status") and not call.args and not call.keywords
        return node.attr == "ok" and found.kind not in (HTTPX, HTTPX_CLIENT)

    def _of_test_client(self, node: ast.Attribute, call: ast.Call | None) -> Iterator[Change]:
        if node.attr == "json" and call is None:
            yield Change(node, "get_json()")
        elif node.attr == "get_json" and call is not None and not call.args:
            options = {one.arg: one.value for one in call.keywords}
            force = options.pop("force", None)
            if set(options) - {"silent"} or not isinstance(force, ast.Constant | None):
                raise _unreadable(node)
            if force is not None and force.value:
                if options:
                    raise _unreadable(node)
                yield Change(node, "json()", call)
        else:
            raise _unreadable(node)

    def _loaded(self, node: ast.Attribute, call: ast.Call | None) -> ast.Call | None:
        """Return ``json.loads(response.text)`` around an attribute, which is what ``response.json()`` is."""
        if node.attr not in {"text", "content", "data", "get_data"} or (call is None) == (node.attr == "get_data"):
            return None
        inner: ast.AST = call or node
        outer = self.scopes.parents[inner]
        if isinstance(outer, ast.Attribute) and outer.attr == "decode":
            inner = self.scopes.parents[outer]
            outer = self.scopes.parents[inner]
        if not isinstance(outer, ast.Call) or outer.args != [inner] or outer.keywords:
            return None
        return outer if self.scopes.imported(outer.func) in ("json.loads", "flask.json.loads") else None

    # ---- what is not seen in an answer ----------------------------------------------------------

    def _check_redirect(self, found: Found, node: ast.Attribute, outer: ast.AST) -> None:
        """Raise Left where a client that follows no redirects is asked whether it met one."""
        if found.kind not in (TEST_CLIENT, HTTPX, HTTPX_CLIENT) or "follow_redirects" in found.options:
            return
        around = outer if isinstance(outer, ast.Compare | ast.Call) else None
        for one in ast.walk(around) if around is not None else ():
            if (
                isinstance(one, ast.Constant)
                and isinstance(one.value, int)
                and 300 <= one.value < 400
                and one.value != 304
            ):
                raise Left(
                    reasons.READS_REDIRECT, f"The status {one.value} of a redirect is expected; an event follows it."
                )

    def _check_handlers(self, found: Found) -> None:
        """Raise Left where an error that this call raises is asked for its response."""
        inner: ast.AST = found.call
        for outer in self.scopes.around(found.call):
            if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef):
                return
            if isinstance(outer, ast.Try) and inner in outer.body:
                for handler in outer.handlers:
                    _check_handler(handler)
            inner = outer


def _check_handler(handler: ast.ExceptHandler) -> None:
    for node in ast.walk(handler):
        is_read = isinstance(node, ast.Attribute) and node.attr in ("response", "request")
        if is_read and isinstance(node.value, ast.Name) and node.value.id == handler.name:  # type: ignore[attr-defined]
            msg = f"{handler.name}.{node.attr} is read where the error is caught."  # type: ignore[attr-defined]
            raise Left(reasons.READS_ERROR, msg)


def _is_async(found: Found) -> bool:
    return found.maker is not None and found.maker.is_async


def _unreadable(node: ast.Attribute) -> Left:
    name = node.attr
    if name in _BYTES:
        return Left(reasons.READS_BLOB, f"The answer is read as bytes ({name}).")
    if name in _TEXTS:
        return Left(reasons.READS_TEXT, f"The answer is read as text ({name}).")
    if name in _WORDS or name == "status":
        return Left(reasons.READS_STATUS_TEXT, f"The words of the status are read ({name}).")
    return Left(reasons.READS_HEADERS, f"{name} of the response is read, which an answer has not in this form.")
