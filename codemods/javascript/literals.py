"""Reads literals: the characters of a string, the members of an object."""

from __future__ import annotations

import re

from tree_sitter import Node

from codemods.javascript.parser import Module, bare, child, items

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\n": ""}


def properties(module: Module, node: Node) -> list[tuple[str, Node]]:
    """Return the ``key: value`` pairs of an object literal; other members are passed over."""
    found = []
    node = bare(node)
    for one in items(node) if node.type == "object" else ():
        if one.type == "pair":
            found.append((key_of(module, child(one, "key")), child(one, "value")))
        elif one.type == "shorthand_property_identifier":
            found.append((module.text(one), one))
    return found


def key_of(module: Module, key: Node) -> str:
    """Return the name of a property; "" where it is computed."""
    if key.type == "computed_property_name":
        return ""
    return string_value(module, key)


def string_value(module: Module, node: Node) -> str:
    """Return the characters that a string literal stands for, or the text of anything else."""
    text = module.text(node)
    return unescape(text[1:-1]) if node.type == "string" else text


def unescape(text: str) -> str:
    """Return the characters that the inside of a string literal or template stands for."""
    if "\\" not in text:
        return text
    return re.sub(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)", _unescape_one, text, flags=re.DOTALL)


def _unescape_one(found: re.Match[str]) -> str:
    code = found[1]
    if code[0] in "ux" and len(code) > 1:
        return chr(int(code[1:], 16))
    return _ESCAPES.get(code, code)
