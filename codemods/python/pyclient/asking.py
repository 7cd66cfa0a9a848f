"""What a call asks for, as the arguments of an event: ``sio.call(event, params, body)``."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from urllib.parse import parse_qsl

from msgspec import Struct

from bridge.events import BODILESS, Event
from codemods import reasons
from codemods.matching import Match
from codemods.python.pyclient.calls import HTTPX, HTTPX_CLIENT, TEST_CLIENT, Found
from codemods.python.pyclient.evaluating import Evaluator
from codemods.results import Left
from codemods.urls import SPREAD, Hole, Part, Text

_CARRIED = frozenset(
    [
        "accept",
        "accept-language",
        "authorization",
        "content-language",
        "idempotency-key",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-unmodified-since",
        "x-requested-with",
    ]
)
_PREFIXES = ("x-csrf", "x-xsrf")
_FOLLOW = {"allow_redirects", "follow_redirects"}
_QUERY = {"params", "query_string"}
_BODY = {"json", "data", "content", "files", "content_type", "mimetype"}


class Argument(Struct, frozen=True):
    """One argument of the new call: its code, and the place where that stood, for what spans lines."""

    code: str
    keyword: str = ""
    node: ast.expr | None = None

    @property
    def text(self) -> str:
        """The argument as it is written."""
        return f"{self.keyword}={self.code}" if self.keyword else self.code


class Asked(Struct, frozen=True):
    """The arguments behind the event, and what to look at in them."""

    arguments: tuple[Argument, ...]
    notes: tuple[str, ...]


class Asking:
    """Reads the options of one call."""

    def __init__(self, evaluator: Evaluator, found: Found, matched: Match, quote: str) -> None:
        self.evaluator = evaluator
        self.found = found
        self.matched = matched
        self.quote = quote
        self.notes: list[str] = []

    def asked(self) -> Asked:
        """Return what the call asks for; raises Left where an event cannot ask for it."""
        if not self.found.is_plain:
            msg = "Options that are put together elsewhere (**options) are not known here."
            raise Left(reasons.OPTIONS_NOT_CONSTANT, msg)
        event = self.matched.event
        timeout = list(self._others())
        body = self._body()
        if body is not None and event.method in ("GET", "HEAD"):
            msg = f"A {event.method} with a body; an event that stands for one has none."
            raise Left(reasons.BODY_ON_GET, msg)
        arguments = [*self._arguments(event, body), *timeout]
        return Asked(tuple(arguments), tuple(dict.fromkeys(self.notes)))

    def _arguments(self, event: Event, body: ast.expr | None) -> list[Argument]:
        path = [self._entry(name, value) for name, value in self.matched.params]
        more = [*self._query(), *self._headers()]
        params = _object([*path, *more])
        if body is not None:
            sent = Argument(self._code(body), "", body)
            has_one = event.method not in BODILESS and not params
            return [sent] if has_one else [Argument(params or "{}"), sent]
        if not params:
            return []
        is_positional = not more and event.method in BODILESS and "<float" not in event.rule
        return [Argument(params, "" if is_positional else "params")]

    # ---- params -------------------------------------------------------------------------------

    def _entry(self, name: str, value: Part) -> str:
        return f"{self._text(name)}: {self._part(name, value)}"

    def _part(self, name: str, value: Part) -> str:
        if isinstance(value, Text):
            return value.value if f"<int:{name}>" in self.matched.event.rule else self._text(value.value)
        assert isinstance(value, Hole)
        return value.code

    def _text(self, value: str) -> str:
        text = json.dumps(value, ensure_ascii=False)
        return "'" + text[1:-1] + "'" if self.quote == "'" and "'" not in text and "\\" not in text else text

    def _query(self) -> Iterator[str]:
        for name, value in self.matched.query:
            if name == SPREAD:
                msg = "The query string is put together elsewhere."
                raise Left(reasons.QUERY_UNRESOLVED, msg)
            if isinstance(value, Hole):
                self.notes.append("None in the query string is left out, where the URL said None")
            yield self._entry(name, value)
        taken = {name for name, _ in (*self.matched.params, *self.matched.query)}
        for option in _QUERY & set(self.found.options):
            yield from self._more_query(self.found.options[option], taken)

    def _more_query(self, node: ast.expr, taken: set[str]) -> Iterator[str]:
        if isinstance(node, ast.Constant) and node.value is None:
            return
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            pairs = parse_qsl(node.value, keep_blank_values=True)
            if len(dict(pairs)) < len(pairs) or "%" in node.value:
                raise Left(reasons.QUERY_UNRESOLVED, "The query string repeats a key.")
            self._check_keys({name for name, _ in pairs}, taken)
            yield from (f"{self._text(name)}: {self._text(value)}" for name, value in pairs)
            return
        items = _items(node)
        if items is None:
            yield from self._spread_query(node, taken)
            return
        self._check_keys({key for key, _ in items}, taken)
        for key, value in items:
            self._check_value(value)
            yield f"{self._text(key)}: {self._code(value)}"

    def _spread_query(self, node: ast.expr, taken: set[str]) -> Iterator[str]:
        items = _items(self._literal(node))
        if items is None:
            self.notes.append(f"{self._code(node)} is taken for a dict, whose keys are no path parameters")
        else:
            self._check_keys({key for key, _ in items}, taken)
            for _, value in items:
                self._check_value(value)
        yield f"**{self._code(node)}"

    def _check_keys(self, keys: set[str], taken: set[str]) -> None:
        clash = sorted(keys & taken) or sorted(key for key in keys if key.startswith("$"))
        if clash:
            msg = f"The query string has {clash[0]}, which stands for something else."
            raise Left(reasons.QUERY_UNRESOLVED, msg)

    def _check_value(self, value: ast.expr) -> None:
        """Note what httpx writes otherwise than requests and werkzeug do, whose ways an event follows."""
        is_plain = (
            isinstance(value, ast.Constant) and isinstance(value.value, str | int) and value.value not in (True, False)
        )
        if self.found.kind in (HTTPX, HTTPX_CLIENT) and not is_plain:
            self.notes.append(
                "httpx writes True as true and None as nothing in a query string; here it is True, left out"
            )
        if isinstance(value, ast.Dict):
            raise Left(reasons.QUERY_UNRESOLVED, "A value of the query string is an object.")

    # ---- headers ------------------------------------------------------------------------------

    def _headers(self) -> Iterator[str]:
        node = self.found.options.get("headers")
        if node is None or (isinstance(node, ast.Constant) and node.value is None):
            return
        literal = self._literal(node)
        items = _items(literal)
        if items is None:
            msg = f"The headers {self._code(node)} are not all known here."
            raise Left(reasons.OPTIONS_NOT_CONSTANT, msg)
        for key, _ in items:
            self.check_header(key)
        carried = [(key, value) for key, value in items if not self._says_json(key, value)]
        if not carried:
            return
        if literal is not node:
            yield f"{self._text('$headers')}: {self._code(node)}"
            return
        inner = ", ".join(f"{self._text(key)}: {self._code(value)}" for key, value in carried)
        yield f"{self._text('$headers')}: {{{inner}}}"

    def check_header(self, name: str) -> None:
        """Raise Left for a header that an event may not carry."""
        lower = name.lower()
        if lower not in _CARRIED | {"content-type"} and not lower.startswith(_PREFIXES):
            msg = f"An event may not carry the header {name}."
            raise Left(reasons.HEADER_NOT_ALLOWED, msg)

    def _says_json(self, key: str, value: ast.expr) -> bool:
        """True for headers that say no more than an event does anyway. Raises Left for another content type."""
        text = (self.evaluator.text(value) or "").partition(";")[0].strip().lower()
        if key.lower() == "content-type" and text != "application/json":
            msg = f"The body is sent as {text or self._code(value)}, not as JSON."
            raise Left(reasons.BODY_NOT_JSON, msg)
        return key.lower() == "content-type" or (key.lower() == "accept" and text == "*/*")

    # ---- body ---------------------------------------------------------------------------------

    def _body(self) -> ast.expr | None:
        options = self.found.options
        if not _is_none(options.get("files")):
            raise Left(reasons.BODY_NOT_JSON, "Files are sent.")
        if not _is_none(options.get("json")):
            self._check_type()
            return options["json"]
        raw = options.get("data", options.get("content"))
        if _is_none(raw) or (isinstance(raw, ast.Constant) and raw.value in ("", b"")):
            return None
        assert raw is not None
        dumped = self._dumped(raw)
        if dumped is None:
            raise Left(reasons.BODY_NOT_JSON, "The body is a form or text, not json= or json.dumps(...).")
        if not self._check_type():
            msg = "json.dumps(...) is sent without Content-Type: application/json, so the server sees text."
            raise Left(reasons.NO_JSON_CONTENT_TYPE, msg)
        return dumped

    def _dumped(self, node: ast.expr) -> ast.expr | None:
        """Return x of ``json.dumps(x)``."""
        literal = self._literal(node)
        if not isinstance(literal, ast.Call) or self.evaluator.scopes.imported(literal.func) != "json.dumps":
            return None
        if literal is not node or len(literal.args) != 1 or literal.keywords:
            return None
        return literal.args[0]

    def _check_type(self) -> bool:
        """True where the call says that its body is JSON; raises Left where it says something else."""
        options = self.found.options
        types = [options[name] for name in ("content_type", "mimetype") if name in options]
        items = _items(self._literal(options["headers"])) if "headers" in options else None
        types += [value for key, value in items or [] if key.lower() == "content-type"]
        for one in types:
            text = self.evaluator.text(one)
            if text is None or text.partition(";")[0].strip().lower() != "application/json":
                msg = f"The body is sent as {text or self._code(one)}, not as JSON."
                raise Left(reasons.BODY_NOT_JSON, msg)
        return bool(types)

    # ---- the rest -----------------------------------------------------------------------------

    def _others(self) -> Iterator[Argument]:
        for name, value in self.found.options.items():
            if name in _QUERY | _BODY | {"headers"} or _is_none(value):
                continue
            if name == "timeout" and self.found.kind != TEST_CLIENT and not isinstance(value, ast.Tuple | ast.Call):
                yield Argument(self._code(value), "timeout")
            elif not self._is_harmless(name, value):
                msg = f"{name}= means nothing over a socket."
                raise Left(reasons.CLIENT_OPTION, msg)

    def _is_harmless(self, name: str, value: ast.expr) -> bool:
        if name in _FOLLOW:
            return isinstance(value, ast.Constant) and value.value is True
        if name == "verify":
            return isinstance(value, ast.Constant) and value.value is True
        return False

    def _literal(self, node: ast.expr) -> ast.expr:
        """Return the value of a name that is given one once, else the expression itself."""
        if isinstance(node, ast.Name):
            scopes = self.evaluator.scopes
            _, every = scopes.bindings(node.id, node)
            found = scopes.reaching(node)
            value = found[0].value if len(found) == len(every) == 1 and found[0].kind == "assign" else None
            if value is not None and not _is_changed(scopes.tree, node.id):
                return value
        return node

    def _code(self, node: ast.expr) -> str:
        text = self.evaluator.code(node)
        return (
            f"({text})" if isinstance(node, ast.NamedExpr | ast.Yield | ast.GeneratorExp) and text[:1] != "(" else text
        )


def _is_changed(tree: ast.Module, name: str) -> bool:
    """True where something in the file sets an item of a name, or calls a method on it that may."""
    for node in ast.walk(tree):
        inner = node.value if isinstance(node, ast.Subscript | ast.Attribute) else None
        if isinstance(inner, ast.Name) and inner.id == name:
            if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
                return True
            if isinstance(node, ast.Attribute) and node.attr in ("update", "setdefault", "pop", "clear"):
                return True
    return False


def _object(entries: list[str]) -> str:
    """Return entries as a dict; one that is only spread into it stands for itself."""
    if len(entries) == 1 and entries[0].startswith("**"):
        return entries[0][2:]
    return f"{{{', '.join(entries)}}}" if entries else ""


def _items(node: ast.expr) -> list[tuple[str, ast.expr]] | None:
    """Return the entries of a dict that is written out, None for anything else."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict" and not node.args:
        return [(one.arg, one.value) for one in node.keywords if one.arg] if all(k.arg for k in node.keywords) else None
    if not isinstance(node, ast.Dict):
        return None
    found = []
    for key, value in zip(node.keys, node.values, strict=True):
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            return None
        found.append((key.value, value))
    return found


def _is_none(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)
