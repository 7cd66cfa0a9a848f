"""Recognises ``r => r.json().then(data => ({ ok: r.ok, data }))``: code that makes an ack of a Response by hand."""

from __future__ import annotations

import re

from tree_sitter import Node

from codemods.javascript.callbacks import parameter
from codemods.javascript.parser import Module, child, items

_ADAPTOR = re.compile(
    r"(?:async)?\(?(?P<r>\w+)\)?=>(?P=r)\.json\(\)\.then\(\(?(?P<d>\w+)\)?=>\(\{(?P<pairs>[\w.,:]*?),?\}\)\)"
)
_ACK = frozenset({"ok", "status", "data"})


def reads_adapted(module: Module, first: Node, second: Node) -> bool:
    """True when ``first`` hands on ``{ ok, status, data }`` and ``second`` takes just that apart."""
    if second.type != "arrow_function" or not is_adaptor(module, first):
        return False
    pattern = parameter(second)
    if pattern is None or pattern.type != "object_pattern":
        return False
    return all(_key(module, one) in _keys(module, first) for one in items(pattern))


def is_adaptor(module: Module, callback: Node) -> bool:
    """True for a callback that makes ``{ ok, status, data }`` under these very names."""
    return bool(_keys(module, callback))


def _keys(module: Module, callback: Node) -> set[str]:
    found = _ADAPTOR.fullmatch("".join(module.text(callback).split()))
    if found is None:
        return set()
    wanted = {"ok": f"{found['r']}.ok", "status": f"{found['r']}.status", "data": found["d"]}
    keys = set()
    for pair in found["pairs"].split(","):
        key, _, value = pair.partition(":")
        if wanted.get(key) != (value or key):
            return set()
        keys.add(key)
    return keys & _ACK


def _key(module: Module, one: Node) -> str:
    if one.type == "shorthand_property_identifier_pattern":
        return module.text(one)
    return module.text(child(one, "key")) if one.type == "pair_pattern" else ""
