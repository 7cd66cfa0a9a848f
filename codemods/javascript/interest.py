"""Says by its bytes alone whether a file may hold a call to a server, so that the others need not be parsed.

Only plain searches that cost next to nothing: this is asked of every file (stack fact 33).
"""

from __future__ import annotations

import re

from codemods.javascript.words import Words

MARK = b"put here by `fetch2socket"
"""Stands at the top of our client module, edited or not."""
_WORD = re.compile(rb"fetch(?<![\w$]fetch)(?![\w$])")
_FETCH = re.compile(
    _WORD.pattern
    + rb"(?:(?<![\w$)\]]\.fetch)|(?<=window\.fetch)|(?<=globalThis\.fetch)|(?<=self\.fetch)|(?<=global\.fetch))"
)
"""The word, but not as a method of something else (``collection.fetch()``), which no scope can make the browser's.

Its constant start comes first, without which a search takes ten times as long.
"""
_CLIENTS = (b"axios", b"EventSource", b"sendBeacon", b"superagent", b"XMLHttpRequest", b"useSWR")
_DOLLARS = (b"$http", b"$.ajax(", b"$.get(", b"$.post(", b"$.getJSON(")
_VERBS = (b"get", b"post", b"put", b"patch", b"delete")
_ASKING = tuple(b".%b(%c" % (verb, one) for verb in _VERBS for one in b"'\"` \t\n\r\f\v")
"""How a call starts whose first argument is a string: what is called so of a Map or a form has a name there, mostly."""
_NAMED_CLIENTS, _CALLED_CLIENTS = Words(*_CLIENTS), Words(*_DOLLARS, *_ASKING)
_ANY_CALL = Words(b"fetch", *_CLIENTS, *_DOLLARS, *_ASKING)
_DOLLAR = re.compile(rb"\$(?:http\b|\.(?:ajax|get|post|getJSON)\()")
_VERB = re.compile(rb"\.(?:%b)\(\s*[`'\"]" % b"|".join(_VERBS))
_METHODS = (*_VERBS, b"del", b"head", b"options", b"request")
_METHOD = re.compile(rb"\.(?:%b)\(" % b"|".join(_METHODS))
_ANY_METHOD = Words(*(b".%b(" % one for one in _METHODS))
_OWNER = re.compile(rb"[\w$]+\Z")
_LONGEST_NAME = 120
_PERHAPS = Words(
    b"jQuery",
    *(quote + name + quote for quote in (b"'", b'"') for name in (b"ky", b"got", b"wretch", b"ofetch")),
)
_IMPORT = re.compile(
    rb"(?:from|require\()\s*['\"][.@~][^'\"\n]*(?:api|http|client|request|agent|service)[^'\"\n]*['\"]", re.IGNORECASE
)
"""Where a configured client is imported from, as most projects call that module."""

_HELPERS = (
    re.compile(rb"fetch\s*\((?:\s*(?:[A-Za-z_$(\[]|`[^`]*\$\{|`[^`]*`\s*,\s*[A-Za-z_$])|[^{}()]*,\s*[A-Za-z_$])"),
    re.compile(rb"return\s*\(?\s*(?:await\s+)?(?:window\.|globalThis\.)?fetch\b"),
    re.compile(rb"=>\s*\(?\s*(?:await\s+)?(?:window\.|globalThis\.)?fetch\b"),
)
"""Code in which a ``fetch`` may be a helper's: its URL or its options hold a name, or its Response is returned.

One search for each start, as a search for something constant at its start is many times as fast.
"""
_KEPT = re.compile(rb"=\s*(?:await\s+)?(?:window\.|globalThis\.)?fetch\b")
_NAMED = re.compile(rb"(\w+)(?:\s*:\s*[\w<>]+)?\s*\Z")


def is_of_interest(data: bytes) -> bool:
    """True for a file that may have a call; looked at before anything is parsed."""
    if not _ANY_CALL.any_in(data):  # as in most files
        return False
    has_word = _WORD.search(data) is not None
    is_named = has_fetch(data) or may_have_other_client(data) if has_word else _has_other_client(data)
    return is_named and MARK not in data[:400]


def has_fetch(data: bytes) -> bool:
    """True for a file in which ``fetch`` may be the browser's."""
    return _FETCH.search(data) is not None


def may_have_other_client(data: bytes) -> bool:
    """True for a file, read anyway, whose nodes are worth a look for calls of other clients than ``fetch``."""
    return _PERHAPS.any_in(data) or _asks_somebody(data) or _has_other_client(data)


def _asks_somebody(data: bytes) -> bool:
    """True for a file that calls ``get`` or the like of something that it has not made by ``new``, as a Map is."""
    if not _ANY_METHOD.any_in(data):
        return False
    owners = {_owner(data, call.start()) for call in _METHOD.finditer(data)}
    return any(not owner or not _is_made_here(data, owner) for owner in owners)


def _owner(data: bytes, end: int) -> bytes:
    """Return the name that stands right before a byte, empty where none does."""
    found = _OWNER.search(data, max(0, end - _LONGEST_NAME), end)
    return found[0] if found is not None else b""


def _is_made_here(data: bytes, name: bytes) -> bool:
    """True for a name that stands for something made by ``new`` wherever the file gives it a value."""
    made = data.count(b" %b = new " % name)
    is_import = re.compile(rb"import\b[^'\"`;()]*(?<![\w$])%b(?![\w$])" % re.escape(name))
    return made > 0 and made == data.count(b" %b = " % name) and is_import.search(data) is None


def _has_other_client(data: bytes) -> bool:
    if _NAMED_CLIENTS.any_in(data):
        return True
    if not _CALLED_CLIENTS.any_in(data):
        return False
    if _DOLLAR.search(data):
        return True
    return _VERB.search(data) is not None and _IMPORT.search(data) is not None


def may_wrap(data: bytes) -> bool:
    """True for a file whose ``fetch`` may be a helper's; looked at before anything is parsed."""
    if not has_fetch(data) or MARK in data[:400]:
        return False
    if any(helper.search(data) for helper in _HELPERS):
        return True
    return any(_is_returned(data, kept.start(), kept.end()) for kept in _KEPT.finditer(data))


def _is_returned(data: bytes, start: int, end: int) -> bool:
    """True where what stands before a ``=`` is a name that is returned further down."""
    name = _NAMED.search(data, max(0, start - _LONGEST_NAME), start)
    return name is not None and re.compile(rb"return\s+%b\b" % re.escape(name[1])).search(data, end) is not None
