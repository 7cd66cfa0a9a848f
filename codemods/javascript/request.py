"""Reads what a ``fetch`` call asks for: method, body and headers; whatever cannot be carried over is Left."""

from __future__ import annotations

import re

from msgspec import Struct, field
from tree_sitter import Node

from codemods import reasons
from codemods.javascript.choices import NOTHING, Assumed, chosen
from codemods.javascript.literals import key_of, string_value
from codemods.javascript.modules import Modules
from codemods.javascript.objects import Entry, Objects
from codemods.javascript.parser import Module, ancestors, arguments, bare, child, items
from codemods.results import Left

UPPERED = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})
_JSON = re.compile(r"application/json\s*(;\s*charset=utf-?8\s*)?", re.IGNORECASE)
_ACCEPTS = re.compile(r"\s*(application/json|\*/\*)\s*(,\s*(text/plain|\*/\*|application/json)\s*)*", re.IGNORECASE)
_CARRIED = frozenset(
    {
        "authorization",
        "accept-language",
        "content-language",
        "if-match",
        "if-none-match",
        "if-modified-since",
        "if-unmodified-since",
        "x-requested-with",
    }
)
_PREFIXES = ("x-csrf", "x-xsrf")
HARMLESS = {
    "credentials": {"include", "same-origin"},
    "cache": {"no-store", "default"},
    "mode": {"cors", "same-origin"},
    "redirect": {"follow"},
}


def is_json_type(text: str) -> bool:
    """True for a Content-Type that says JSON."""
    return _JSON.fullmatch(text) is not None


def accepts_json(text: str) -> bool:
    """True for an Accept header that asks for JSON or anything."""
    return _ACCEPTS.fullmatch(text) is not None


def is_carried(name: str) -> bool:
    """True for a header that an event may carry."""
    return name.lower() in _CARRIED or name.lower().startswith(_PREFIXES)


class Request(Struct, frozen=True):
    """What one call sends. ``body`` is the expression within ``JSON.stringify``; ``headers`` are (key, value) code.

    ``declaration`` is the statement of an options constant that only this call uses.
    """

    method: str
    url: Node
    body: Node | None = None
    headers: tuple[tuple[str, str], ...] = ()
    declaration: Node | None = None
    has_credentials: bool = False


class _Reader(Struct, eq=False):
    objects: Objects
    assumed: Assumed
    method: str = "GET"
    body: Node | None = None
    is_json: bool = False
    headers: list[tuple[str, str]] = field(default_factory=list)
    has_credentials: bool = False

    @property
    def module(self) -> Module:
        """The file of the call."""
        return self.objects.module

    # ---- options --------------------------------------------------------------------------

    def read_options(self, options: Node) -> None:
        for one in items(options):
            if one.type == "pair":
                key, value = key_of(self.module, child(one, "key")), child(one, "value")
            elif one.type == "shorthand_property_identifier":
                key, value = self.module.text(one), one
            else:
                self._spread(one)
                continue
            self._option(key, value)

    def _spread(self, one: Node) -> None:
        known = self.objects.literal(items(one)[0]) if one.type == "spread_element" else None
        if known is None:
            msg = f"The options contain {_short(self.module.text(one))}, which is not known here."
            raise Left(reasons.OPTIONS_NOT_CONSTANT, msg)
        self.read_options(known)

    def _option(self, key: str, value: Node) -> None:
        if key == "method":
            self.method = self._method(value)
        elif key == "body":
            self.body = self._body(value)
        elif key == "headers":
            self._headers(value)
        elif key == "signal":
            msg = "The call can be aborted by a signal; an emit cannot."
            raise Left(reasons.ABORT_SIGNAL, msg)
        elif not self._is_harmless(key, value):
            msg = f"The option {key}: {_short(self.module.text(value))} means nothing over a socket."
            raise Left(reasons.FETCH_OPTION, msg)
        self.has_credentials |= key == "credentials"

    def _is_harmless(self, key: str, value: Node) -> bool:
        return value.type == "string" and string_value(self.module, value) in HARMLESS.get(key, ())

    def _method(self, value: Node) -> str:
        constant = self._constant(value, self.module)
        if constant is None:
            msg = f"The method is {_short(self.module.text(value))}, which is known at run time only."
            raise Left(reasons.DYNAMIC_METHOD, msg)
        return constant.upper() if constant.upper() in UPPERED else constant

    def _constant(self, value: Node, module: Module) -> str | None:
        """Return the characters of a literal, or of a constant that is one."""
        value = chosen(module, value, self.assumed)
        if value.type == "string":
            return string_value(module, value)
        if value.type == "template_string" and not any(c.type == "template_substitution" for c in value.children):
            return module.text(value)[1:-1]
        if value.type in {"identifier", "shorthand_property_identifier"}:
            binding = self.objects.modules.scopes(module).binding(value)
            if binding is not None and binding.is_constant and binding.value is not None:
                return self._constant(binding.value, module)
        return None

    # ---- body -----------------------------------------------------------------------------

    def _body(self, value: Node) -> Node | None:
        value = chosen(self.module, self._text_of(value), self.assumed)
        if value.type in {"null", "undefined"}:
            return None
        given = arguments(value) if value.type == "call_expression" else []
        if not given or self.module.text(child(value, "function")) != "JSON.stringify":
            msg = f"The body is {_short(self.module.text(value))}, not JSON.stringify(...): it may be no JSON."
            raise Left(reasons.BODY_NOT_JSON, msg)
        if len(given) > 1 and given[1].type not in {"null", "undefined"}:
            msg = (
                f"JSON.stringify has the replacer {_short(self.module.text(given[1]))}, which an emit would pass over."
            )
            raise Left(reasons.JSON_REPLACER, msg)
        if given[0].type in {"spread_element", "null", "undefined"}:
            msg = f"JSON.stringify({self.module.text(given[0])}) has no twin: null stands for no body in an emit."
            raise Left(reasons.BODY_NOT_JSON, msg)
        return given[0]

    def _text_of(self, value: Node) -> Node:
        """Return the ``JSON.stringify(...)`` that a constant is, where it would give the same text at the call."""
        binding = None
        if value.type in {"identifier", "shorthand_property_identifier"}:
            binding = self.objects.modules.scopes(self.module).binding(value)
        if binding is None or not binding.is_constant or binding.value is None:
            return value
        return bare(binding.value) if self.objects.is_same_here(binding.value) else value

    # ---- headers --------------------------------------------------------------------------

    def _headers(self, value: Node) -> None:
        self.headers, self.is_json = [], False
        value = chosen(self.module, value, self.assumed)
        if value.type == "new_expression" and self.module.text(child(value, "constructor")) == "Headers":
            given = arguments(value)
            value = bare(given[0]) if given else value
        entries = self.objects.entries(value)
        if entries is None:
            msg = f"The headers are {_short(self.module.text(value))}, which is not known here."
            raise Left(reasons.OPTIONS_NOT_CONSTANT, msg)
        for one in entries:
            self._header(one)
        self._shorten(value, entries)

    def _header(self, one: Entry) -> None:
        lower = one.name.lower()
        if lower == "content-type":
            self._content_type(one)
        elif lower == "accept" and accepts_json(self._constant(one.value, one.module) or ""):
            pass
        elif is_carried(lower):
            self.headers += [] if (one.key, one.code) in self.headers else [(one.key, one.code)]
        else:
            msg = f"The header {one.name or one.key} is not among those that an event may carry."
            raise Left(reasons.HEADER_NOT_ALLOWED, msg)

    def _shorten(self, value: Node, entries: list[Entry]) -> None:
        """Hand an object on by its name where all that it holds is carried."""
        code = self.module.text(value)
        if value.type != "object" and self.headers and len(self.headers) == len(entries):
            is_read = all(entry.code.startswith((f"{code}.", f"{code}[")) for entry in entries)
            self.headers = [(f"...{code}", f"...{code}")] if is_read else self.headers

    def _content_type(self, one: Entry) -> None:
        if not one.is_certain:
            msg = f"{one.code} is there in some cases only; without it the server sees text, not JSON."
            raise Left(reasons.NO_JSON_CONTENT_TYPE, msg)
        constant = self._constant(one.value, one.module)
        if constant is None or not is_json_type(constant):
            msg = f"The body is sent as {constant or _short(one.code)}; an event carries JSON."
            raise Left(reasons.BODY_NOT_JSON, msg)
        self.is_json = True


def read_request(modules: Modules, module: Module, call: Node, assumed: Assumed = NOTHING) -> Request:
    """Return what a ``fetch`` call asks for, some conditions being known. Raises Left where it cannot be an emit."""
    if assumed:
        return _read(modules, module, call, assumed)
    return module.once("request", call, lambda: _read(modules, module, call, assumed))


def _read(modules: Modules, module: Module, call: Node, assumed: Assumed) -> Request:
    given = arguments(call)
    if not given or any(one.type == "spread_element" for one in given):
        msg = "The arguments of fetch are spread from a value that is not known here."
        raise Left(reasons.OPTIONS_NOT_CONSTANT, msg)
    if bare(given[0]).type == "new_expression" and module.text(bare(given[0])).startswith("new Request"):
        msg = "The call is made with a Request object."
        raise Left(reasons.OPTIONS_NOT_CONSTANT, msg)
    reader = _Reader(Objects(modules, module, call), assumed)
    declaration = None
    if len(given) > 1 and given[1].type not in {"undefined", "null"}:
        options, declaration = _options(reader, call, chosen(module, given[1], assumed))
        reader.read_options(options)
    _check_body(reader)
    return Request(reader.method, given[0], reader.body, tuple(reader.headers), declaration, reader.has_credentials)


def _check_body(reader: _Reader) -> None:
    if reader.body is None:
        return
    if reader.method in {"GET", "HEAD"}:
        msg = f"A {reader.method} with a body: fetch itself refuses this call."
        raise Left(reasons.BODY_ON_GET, msg)
    if not reader.is_json:
        msg = "The JSON body is sent without Content-Type: application/json, so the server sees text, not JSON."
        raise Left(reasons.NO_JSON_CONTENT_TYPE, msg)


def _options(reader: _Reader, call: Node, options: Node) -> tuple[Node, Node | None]:
    """Return the options object, and the statement that declares it where that stands just before the call."""
    declaration = _just_before(reader, call, options)
    if declaration is not None:
        return bare(child(items(declaration)[0], "value")), declaration
    known = reader.objects.literal(options)
    if known is None:
        msg = f"The options are {_short(reader.module.text(options))}, which is not known here."
        raise Left(reasons.OPTIONS_NOT_CONSTANT, msg)
    return known, None


def _just_before(reader: _Reader, call: Node, options: Node) -> Node | None:
    binding = reader.objects.modules.scopes(reader.module).binding(options) if options.type == "identifier" else None
    if binding is None or not binding.is_constant or binding.value is None or len(binding.references) != 1:
        return None
    statement = binding.declaration.parent
    is_alone = bare(binding.value).type == "object" and statement is not None and len(items(statement)) == 1
    return statement if is_alone and any(_previous(one) == statement for one in ancestors(call)) else None


def _previous(statement: Node) -> Node | None:
    previous = statement.prev_named_sibling
    while previous is not None and previous.type == "comment":
        previous = previous.prev_named_sibling
    return previous


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 50 else f"{line[:47]}..."
