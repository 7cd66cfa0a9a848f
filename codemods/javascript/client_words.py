"""Says from their text which files may get at another client than ``fetch``: themselves, or by what they import.

Most front ends have no other client anywhere, so that none of the hundreds of names that are called need be looked up.
"""

from __future__ import annotations

import re

from codemods.javascript.importers import imported_by
from codemods.javascript.modules import Modules
from codemods.javascript.words import Words

_WORDS = (b"axios", b"jquery", b"jQuery", b"superagent", b"wretch", b"ofetch", b"$http")
_SHORT = (b"ky", b"got", b"swr")
_NAMES = Words(*_WORDS, *(quote + name + quote for name in _SHORT for quote in (b"'", b'"')))
_DOLLAR = re.compile(rb"""\$(?![\w${|'"]|/[^*/])""")
"""jQuery's name: not the start of a longer one, a part of a template, the end of a regular expression or string."""


def may_name_client(modules: Modules, path: str, data: bytes) -> bool:
    """True for a file in which some expression may be a client that a package or the page provides."""
    if _has_word(data):
        return True
    known = modules.memo.setdefault("client_words", {})
    assert isinstance(known, dict)
    seen, waiting = {path}, [path]
    while waiting:
        new = imported_by(modules, waiting.pop()) - seen
        seen |= new
        waiting += new
        for one in new:
            if one not in known:
                known[one] = _has_word(modules.read(one) or b"")
            if known[one]:
                return True
    return False


def _has_word(data: bytes) -> bool:
    """True for a file that names a package, or what the page provides, itself."""
    if _NAMES.any_in(data):
        return True
    return b"$" in data and _DOLLAR.search(data) is not None
