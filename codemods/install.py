"""Puts the client module and its dependency into a front end: ``socket.js`` and a line in package.json."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tree_sitter import Node

import bridge
from codemods.javascript.interest import MARK
from codemods.javascript.modules import Read
from codemods.javascript.parser import Module, child, items, parse
from codemods.results import Edit, FileResult, apply

PACKAGE, VERSION = "socket.io-client", "^4.8.1"
_WEBSOCKET_FIRST = b'  transports: ["websocket", "polling"],'
_POLLING_FIRST = b"""  // Polling first: the "proxy" of package.json lets WebSockets of some browsers wait for ever.
  transports: ["polling", "websocket"],"""
_NAMES = ("socket", "fetchSocket")
_ENDINGS = (".js", ".jsx", ".ts", ".tsx", ".mjs", "/index.js", "/index.ts", "/index.tsx")
_ENTRY = re.compile(rb"""<script[^>]+src=["']/?([^"':]+\.[jt]sx?)["']""")


def client_path(root: str, read: Read, *, has_src: bool) -> str:
    """Return where the client module goes: ``src``, else the entry file's folder, else the root.

    A ``socket.js`` that is not ours is never touched: ours is then called ``fetchSocket.js``.
    """
    folder = f"{root}/src" if has_src else _entry_folder(root, read)
    for name in _NAMES:
        if not any(_is_foreign(read(f"{folder}/{name}{ending}")) for ending in _ENDINGS):
            return f"{folder}/{name}.js"
    return f"{folder}/{_NAMES[-1]}.js"


def _is_foreign(data: bytes | None) -> bool:
    return data is not None and MARK not in data[:400]


def _entry_folder(root: str, read: Read) -> str:
    found = _ENTRY.search(read(f"{root}/index.html") or b"")
    if found is not None:
        folder = found[1].decode(errors="replace").rpartition("/")[0]
        return f"{root}/{folder}" if folder else root
    return root


def client_files(
    path: str, read: Read, shown: str, url: str = "", *, is_polling_first: bool = False
) -> list[FileResult]:
    """Return the client module and its types where they are missing; a copy that was edited stays as it is.

    ``url`` is the JavaScript for where it connects, "" for the page's own origin.
    """
    source = Path(bridge.__file__).parent / "client"
    files = []
    for ending in (".js", ".d.ts"):
        target = path.removesuffix(".js") + ending
        if read(target) is None:
            data = (source / f"socket{ending}").read_bytes()
            if url:
                data = data.replace(b" = io({", f" = io({url}, {{".encode())
            if is_polling_first:
                data = data.replace(_WEBSOCKET_FIRST, _POLLING_FIRST)
            files.append(FileResult(shown.removesuffix(".js") + ending, b"", data))
    return files


def package_edit(root: str, read: Read, shown: str) -> FileResult | None:
    """Return package.json with the dependency added, its formatting kept; None where nothing is to do."""
    data = read(f"{root}/package.json")
    if data is None:
        return None
    try:
        package = json.loads(data)
        known = {**package.get("dependencies", {}), **package.get("devDependencies", {})}
    except (ValueError, AttributeError, TypeError):
        return None
    if PACKAGE in known:
        return None
    after = _with_dependency(data)
    wanted = {**package.get("dependencies", {}), PACKAGE: VERSION}
    if after is None or json.loads(after) != {**package, "dependencies": wanted}:
        return None
    return FileResult(shown, data, after)


def _with_dependency(data: bytes) -> bytes | None:
    """Insert the dependency at its alphabetical place, parsing JSON as the JavaScript that it is."""
    module = parse(b"(" + data + b")", "package.js")
    objects = [one for one in items(items(module.root)[0])[0].named_children if one.type == "object"]
    if not objects:
        return None
    pairs = {module.text(child(one, "key")).strip('"'): one for one in items(objects[0])}
    line = f'"{PACKAGE}": "{VERSION}"'.encode()
    if "dependencies" not in pairs:
        edit = _after(module, list(pairs.values())[-1].end_byte, b'"dependencies": {' + line + b"}") if pairs else None
    else:
        edit = _into(module, items(child(pairs["dependencies"], "value")), pairs["dependencies"].end_byte - 1, line)
    return apply(module.data, [edit])[1:-1] if edit is not None else None


def _into(module: Module, nodes: list[Node], end: int, line: bytes) -> Edit:
    if not nodes:
        return Edit(end, end, line)
    later = next((one for one in nodes if module.text(child(one, "key")).strip('"') > PACKAGE), None)
    if later is None:
        return _after(module, nodes[-1].end_byte, line)
    gap = _gap(module, later.start_byte)
    return Edit(later.start_byte, later.start_byte, line + b"," + gap)


def _after(module: Module, end: int, line: bytes) -> Edit:
    return Edit(end, end, b"," + _gap(module, end) + line)


def _gap(module: Module, at: int) -> bytes:
    """Return what separates two entries on the line of a byte: a line break and its indentation, or a space."""
    start = module.line_start(at)
    indent = module.indent(at)
    if start == 0 or b"{" in module.data[start : start + len(indent) + 1]:
        return b" "
    newline = b"\r\n" if module.data[start - 2 : start] == b"\r\n" else b"\n"
    return newline + indent
