"""Adds the import of the client module to a file."""

from __future__ import annotations

import posixpath
import re

from tree_sitter import Node

from codemods.javascript.modules import Modules, source_of
from codemods.javascript.names import ACK, EXPORTS, ClientNames, client_import, imported_names
from codemods.javascript.parser import Module, walk
from codemods.javascript.style import Style
from codemods.javascript.vue import Block
from codemods.results import Edit

_SCRIPTS = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx")
_RELATIVE_IMPORT = re.compile(rb"""\nimport\b[^'"`;()]*["'](\.[^'"\n]*)["']""")
_ENOUGH = 100


def import_edit(modules: Modules, module: Module, names: ClientNames, style: Style, client: str) -> Edit | None:
    """Return the edit that imports the used names from the client module, or None if they all are."""
    known = {exported for exported, _ in imported_names(module, client)}
    missing = [name for name in EXPORTS if name in names.used and name not in known]
    if not missing:
        return None
    wanted = [_specifier(name, names.local(name)) for name in missing]
    statement = client_import(module, client)
    specifiers = [n for n in walk(statement) if n.type == "import_specifier"] if statement is not None else []
    if specifiers:
        end = specifiers[-1].end_byte
        return Edit(end, end, f", {', '.join(wanted)}".encode())
    source = f"{style.quote}{_source(modules, module, client)}{style.quote}"
    if _is_common_js(module):
        lines = [f"const {{ {', '.join(wanted).replace(' as ', ': ')} }} = require({source}){style.semicolon}"]
    else:
        lines = _lines(module, wanted, f"from {source}{style.semicolon}")
    return _placed(module, lines, style, _user(module, names, missing))


def _user(module: Module, names: ClientNames, missing: list[str]) -> Block:
    """Return the script block in which a name is used first; those of a Vue file share one scope."""
    if len(module.scripts) == 1:
        return module.scripts[0]
    wanted = {names.local(name) for name in missing}
    uses = (one.start_byte for one in walk(module.root) if "identifier" in one.type and module.text(one) in wanted)
    at = next(uses, 0)
    return next((block for block in module.scripts if at < block.end), module.scripts[0])


def _lines(module: Module, wanted: list[str], end: str) -> list[str]:
    """Return the import statements: one, or a second one for types where the file writes ``import type``."""
    types = [one.removeprefix("type ") for one in wanted if one.startswith("type ") and _imports_types(module)]
    values = [one for one in wanted if one.removeprefix("type ") not in types]
    lines = [("import", values), ("import type", types)]
    return [f"{word} {{ {', '.join(names)} }} {end}" for word, names in lines if names]


def _imports_types(module: Module) -> bool:
    statements = [one for one in module.statements if one.type == "import_statement"]
    return any(one.children[1].type == "type" for one in statements)


def _specifier(name: str, local: str) -> str:
    text = name if local == name else f"{name} as {local}"
    return f"type {text}" if name == ACK else text


def _source(modules: Modules, module: Module, client: str) -> str:
    folder = posixpath.dirname(module.path)
    if client.startswith(f"{folder}/"):
        path = f".{client.removeprefix(folder)}"
    else:
        path = posixpath.relpath(client, folder)
        path = path if path.startswith(".") else f"./{path}"
    return path if _names_endings(modules, module) else posixpath.splitext(path)[0]


def _names_endings(modules: Modules, module: Module) -> bool:
    """True when relative imports of scripts name their ending: in this file, else in most that tell."""
    own = _relative_scripts(module)
    if own:
        return any(own)
    if module.path.endswith(".mjs"):
        return True
    known = modules.memo.get("names_endings")
    if known is None:
        known = modules.memo["names_endings"] = _most_name_endings(modules)
    return bool(known)


def _most_name_endings(modules: Modules) -> bool:
    """Look at the first files that tell, as text: a front end has one way, and may have thousands of files."""
    others: list[bool] = []
    for path in modules.files:
        found = _RELATIVE_IMPORT.findall(b"\n" + (modules.read(path) or b""))
        others += _tell([one.decode(errors="replace") for one in found])
        if len(others) >= _ENOUGH:
            break
    return sum(others) * 2 > len(others)


def _relative_scripts(module: Module) -> list[bool]:
    statements = [one for one in module.statements if one.type == "import_statement"]
    return _tell([source_of(module, one) for one in statements])


def _tell(sources: list[str]) -> list[bool]:
    """Return, for each relative import of a script, whether it names the ending."""
    relative = [one for one in sources if one.startswith(".")]
    return [one.endswith(_SCRIPTS) for one in relative if one.endswith(_SCRIPTS) or not posixpath.splitext(one)[1]]


def _is_common_js(module: Module) -> bool:
    types = {one.type for one in module.statements}
    if types & {"import_statement", "export_statement"}:
        return False
    return b"require(" in module.data or b"module.exports" in module.data or module.path.endswith(".cjs")


def _placed(module: Module, lines: list[str], style: Style, block: Block) -> Edit:
    statements = [one for one in module.statements if block.start <= one.start_byte < block.end]
    last = _last_import(statements, is_common_js=_is_common_js(module))
    end = _end_of_line(last) if last is not None else _header_end(statements)
    if end:
        gap = style.newline + module.indent(end).decode()
        return Edit(end, end, "".join(f"{gap}{line}" for line in lines).encode())
    start = statements[0].start_byte if module.is_vue and statements else block.start
    if module.data.startswith(b"\xef\xbb\xbf", start):
        start += 3
    gap = style.newline + (module.indent(start).decode() if module.is_vue else "")
    blank = gap if module.data[start : block.end].strip() else ""
    return Edit(start, start, f"{gap.join(lines)}{style.newline}{blank}".encode())


def _last_import(statements: list[Node], *, is_common_js: bool) -> Node | None:
    found = None
    for one in statements:
        is_required = one.type in {"lexical_declaration", "variable_declaration"} and b"require(" in (one.text or b"")
        if one.type == "import_statement" or (is_required and is_common_js):
            found = one
    return found


def _end_of_line(node: Node) -> int:
    """Return the end of a statement, past a comment on the same line."""
    following = node.next_named_sibling
    if following is not None and following.type == "comment" and following.start_point[0] == node.end_point[0]:
        return following.end_byte
    return node.end_byte


def _header_end(statements: list[Node]) -> int:
    """Return the end of a shebang, of "use client" and of the comments before them; 0 where there are none."""
    end = 0
    for one in statements:
        is_directive = one.type == "expression_statement" and one.named_children[0].type == "string"
        if one.type == "hash_bang_line" or is_directive:
            end = one.end_byte
        elif one.type != "comment":
            break
    return end
