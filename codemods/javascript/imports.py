"""Adds the import of the client module to a file."""

from __future__ import annotations

import posixpath

from tree_sitter import Node

from codemods.javascript.modules import Modules, source_of
from codemods.javascript.names import ACK, JSON, SOCKET, TIMEOUT, ClientNames, client_import, imported_names
from codemods.javascript.parser import Module, walk
from codemods.javascript.writing import Style
from codemods.results import Edit

_ORDER = (SOCKET, TIMEOUT, JSON, ACK)
_SCRIPTS = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx")


def import_edit(modules: Modules, module: Module, names: ClientNames, style: Style, client: str) -> Edit | None:
    """Return the edit that imports the used names from the client module, or None if they all are."""
    known = {exported for exported, _ in imported_names(module, client, modules)}
    missing = [name for name in _ORDER if name in names.used and name not in known]
    if not missing:
        return None
    wanted = [_specifier(name, names.local[name]) for name in missing]
    statement = client_import(module, client, modules)
    specifiers = [n for n in walk(statement) if n.type == "import_specifier"] if statement is not None else []
    if specifiers:
        end = specifiers[-1].end_byte
        return Edit(end, end, f", {', '.join(wanted)}".encode())
    source = f"{style.quote}{_source(modules, module, client)}{style.quote}"
    if _is_common_js(module):
        line = f"const {{ {', '.join(wanted).replace(' as ', ': ')} }} = require({source}){style.semicolon}"
    else:
        line = style.newline.join(_lines(module, wanted, f"from {source}{style.semicolon}"))
    return _placed(module, line, style)


def _lines(module: Module, wanted: list[str], end: str) -> list[str]:
    """Return the import statements: one, or a second one for types where the file writes ``import type``."""
    types = [one.removeprefix("type ") for one in wanted if one.startswith("type ") and _imports_types(module)]
    values = [one for one in wanted if one.removeprefix("type ") not in types]
    lines = [("import", values), ("import type", types)]
    return [f"{word} {{ {', '.join(names)} }} {end}" for word, names in lines if names]


def _imports_types(module: Module) -> bool:
    statements = [one for one in module.root.named_children if one.type == "import_statement"]
    return any(one.children[1].type == "type" for one in statements)


def _specifier(name: str, local: str) -> str:
    text = name if local == name else f"{name} as {local}"
    return f"type {text}" if name == ACK else text


def _source(modules: Modules, module: Module, client: str) -> str:
    path = posixpath.relpath(client, posixpath.dirname(module.path))
    path = path if path.startswith(".") else f"./{path}"
    return path if _names_endings(modules, module) else posixpath.splitext(path)[0]


def _names_endings(modules: Modules, module: Module) -> bool:
    """True when relative imports of scripts name their ending: in this file, else in most that tell."""
    own = _relative_scripts(module)
    if own:
        return any(own)
    if module.path.endswith(".mjs"):
        return True
    others = [one for path in modules.files if (other := modules.module(path)) for one in _relative_scripts(other)]
    return sum(others) * 2 > len(others)


def _relative_scripts(module: Module) -> list[bool]:
    """Return, for each relative import of a script, whether it names the ending."""
    sources = [source_of(module, one) for one in module.root.named_children if one.type == "import_statement"]
    relative = [one for one in sources if one.startswith(".")]
    return [one.endswith(_SCRIPTS) for one in relative if one.endswith(_SCRIPTS) or not posixpath.splitext(one)[1]]


def _is_common_js(module: Module) -> bool:
    types = {one.type for one in module.root.named_children}
    if types & {"import_statement", "export_statement"}:
        return False
    return b"require(" in module.data or b"module.exports" in module.data or module.path.endswith(".cjs")


def _placed(module: Module, line: str, style: Style) -> Edit:
    last = _last_import(module)
    if last is not None:
        end = _end_of_line(module, last)
        return Edit(end, end, f"{style.newline}{line}".encode())
    head = _header_end(module)
    blank = style.newline if module.data[head:].strip() else ""
    if head:
        return Edit(head, head, f"{style.newline}{line}".encode())
    start = 3 if module.data.startswith(b"\xef\xbb\xbf") else 0
    return Edit(start, start, f"{line}{style.newline}{blank}".encode())


def _last_import(module: Module) -> Node | None:
    found = None
    for one in module.root.named_children:
        is_required = one.type in {"lexical_declaration", "variable_declaration"} and b"require(" in (one.text or b"")
        if one.type == "import_statement" or (is_required and _is_common_js(module)):
            found = one
    return found


def _end_of_line(module: Module, node: Node) -> int:
    """Return the end of a statement, past a comment on the same line."""
    following = node.next_named_sibling
    if following is not None and following.type == "comment" and following.start_point[0] == node.end_point[0]:
        return following.end_byte
    return node.end_byte


def _header_end(module: Module) -> int:
    """Return the end of a shebang, of "use client" and of the comments before them; 0 where there are none."""
    end = 0
    for one in module.root.named_children:
        is_directive = one.type == "expression_statement" and one.named_children[0].type == "string"
        if one.type == "hash_bang_line" or is_directive:
            end = one.end_byte
        elif one.type != "comment":
            break
    return end
