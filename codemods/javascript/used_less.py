"""Says which names of a file may be out of use after a rewrite, by its text: mostly none, so nothing is looked up."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter

from codemods.javascript.parser import Module
from codemods.javascript.scope import Binding, Scopes
from codemods.javascript.words import places

Key = tuple[str, str, str]
"""A declaration by name, kind and text without white space: edits move it, but leave it as it is."""

_WORD = re.compile(rb"[\w$\x80-\xff]+")
_VARIABLES = (b"const", b"let", b"var")
_DECLARED = tuple(re.compile(rb"%b[\s*]+([\w$\x80-\xff]+)" % one) for one in (*_VARIABLES, b"function"))
_SEVERAL = (
    *(re.compile(rb"%b\s[^\n]*,\s*(?:\n|[\w$]+\s*=)" % one) for one in _VARIABLES),
    # Behind a value of several lines; one search for each bracket, as a constant start takes a fifth of the time.
    *(re.compile(rb"\%b,\s*[\w$]+\s*=(?![=>])" % one) for one in (b"}", b"]", b")")),
)
_IMPORTED = re.compile(rb"import\b([^'\"`;()]+)")
"""What may be out of use afterwards is told by its text: most words of a call are declared nowhere in the file."""


def names_used_less(before: Module, scopes: Scopes, after: bytes) -> frozenset[Key]:
    """Return the declarations that something referred to, of names that stand less often in the file now.

    What is out of use by the rewrite is among them; mostly there are none, and no scope of the new file is needed.
    """
    fewer = _fewer(before, after)
    used = (one for name in fewer for one in scopes.declared(name) if one.references and one.kind != "param")
    return frozenset(key_of(before, one) for one in used)


def _fewer(before: Module, after: bytes) -> list[str]:
    """Return the names that stand less often in a text than they did, but do."""
    gone, come = _between(before.data, after)
    old = _WORD.findall(gone)
    declared = before.once("declared words", before.root, lambda: _declared(before.data))
    names = set(old) if declared is None else declared.intersection(old)
    if not names:
        return []
    had, has = (Counter(filter(names.__contains__, words)) for words in (old, _WORD.findall(come)))
    fewer = [word for word, count in had.items() if has[word] < count]
    return [word.decode() for word in fewer if has[word] or places(after, word)]


def _declared(data: bytes) -> frozenset[bytes] | None:
    """Return the words after an import, a variable's keyword or a function's; None where one declares several."""
    if any(several.search(data) for several in _SEVERAL):
        return None
    declared = {name for search in _DECLARED for name in search.findall(data)}
    return frozenset(declared.union(*(_WORD.findall(names) for names in _IMPORTED.findall(data))))


def _between(before: bytes, after: bytes) -> tuple[bytes, bytes]:
    """Return the lines of two texts without those that both start with, and those that both end with."""
    most = range(1, min(len(before), len(after)) + 1)
    same = bisect_left(most, True, key=lambda size: before[:size] != after[:size])
    start = before.rfind(b"\n", 0, same) + 1
    before, after = before[start:], after[start:]
    most = range(1, min(len(before), len(after)) + 1)
    same = bisect_left(most, True, key=lambda size: before[-size:] != after[-size:])
    end = before.find(b"\n", len(before) - same)
    kept = len(before) - end if end >= 0 else 0
    return before[: len(before) - kept], after[: len(after) - kept]


def key_of(module: Module, binding: Binding) -> Key:
    """Return what a declaration is known by in two versions of a file."""
    return binding.name, binding.kind, "".join(module.text(binding.declaration).split())
