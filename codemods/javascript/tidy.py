"""Takes out the imports and constants that only rewritten calls used, so that no linter complains of them.

Only what became unused by the rewrite, and only where nothing else can notice: no exports, no initialiser with an
effect, no import of a module that does something when it loads.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codemods.javascript.modules import Modules, source_of
from codemods.javascript.parser import FUNCTIONS, Module, ancestors, arguments, around, child, comments, items, walk
from codemods.javascript.scope import Binding
from codemods.javascript.style import Style
from codemods.javascript.used_less import Key, key_of
from codemods.results import Edit

_PURE = frozenset(
    {
        "string",
        "string_fragment",
        "escape_sequence",
        "number",
        "true",
        "false",
        "null",
        "undefined",
        "regex",
        "regex_pattern",
        "regex_flags",
        "template_string",
        "template_substitution",
        "identifier",
        "this",
        "meta_property",
        "property_identifier",
        "shorthand_property_identifier",
        "member_expression",
        "optional_chain",
        "object",
        "pair",
        "array",
        "spread_element",
        "binary_expression",
        "unary_expression",
        "ternary_expression",
        "parenthesized_expression",
        "as_expression",
        "satisfies_expression",
        "non_null_expression",
        "comment",
    }
)
_PURE_CALLS = frozenset(
    {"JSON.stringify", "encodeURIComponent", "String", "localStorage.getItem", "sessionStorage.getItem"}
)
_PURE_CLASSES = frozenset({"URLSearchParams", "Headers", "AbortController"})
_DECLARING = frozenset(
    {
        "comment",
        "lexical_declaration",
        "variable_declaration",
        "function_declaration",
        "interface_declaration",
        "type_alias_declaration",
    }
)
_BLOCKS = frozenset({"program", "statement_block", "switch_case", "switch_default"})


def tidy_edits(modules: Modules, module: Module, style: Style, used_before: frozenset[Key]) -> list[Edit]:
    """Return the edits that take out what is unused now and was used before. More may follow when they are made."""
    scopes = modules.scopes(module)
    names = sorted({name for name, _, _ in used_before})
    unused = [
        one
        for name in names
        for one in scopes.declared(name)
        if not one.references and key_of(module, one) in used_before and not _is_type(module, name)
    ]
    edits: list[Edit] = []
    for statement, bindings in _by_statement(module, unused):
        edits += _edits(modules, module, style, statement, bindings)
    return edits


def _is_type(module: Module, name: str) -> bool:
    return any(one.type == "type_identifier" for one in module.words(name))


def _by_statement(module: Module, bindings: list[Binding]) -> Iterator[tuple[Node, list[Binding]]]:
    groups: dict[int, tuple[Node, list[Binding]]] = {}
    for binding in bindings:
        statement = _statement(binding)
        is_template_name = module.is_vue and around(statement).type == "program" if statement is not None else False
        if statement is not None and not is_template_name:
            groups.setdefault(statement.start_byte, (statement, []))[1].append(binding)
    yield from groups.values()


def _statement(binding: Binding) -> Node | None:
    """Return the import or declaration that can be taken out, or None for parameters, patterns and exports."""
    declaration = binding.declaration
    if binding.kind == "import":
        return next((one for one in ancestors(binding.node) if one.type == "import_statement"), None)
    if declaration.type == "function_declaration":
        return None if around(declaration).type == "export_statement" else declaration
    statement = around(declaration)
    is_plain = binding.value is not None and binding.is_constant and binding.kind in {"const", "let", "var"}
    is_own = statement.type in _DECLARING and around(statement).type in _BLOCKS
    return statement if is_plain and is_own else None


def _edits(modules: Modules, module: Module, style: Style, statement: Node, unused: list[Binding]) -> list[Edit]:
    if statement.type == "import_statement":
        return _import_edits(modules, module, style, statement, unused)
    pure = [one for one in unused if one.value is None or is_pure(module, one.value)]
    names = {one.declaration.start_byte for one in pure}
    declared = [statement] if statement.type == "function_declaration" else items(statement)
    if all(one.start_byte in names for one in declared):
        return [_without(module, style, statement)]
    return _without_some(declared, [one for one in declared if one.start_byte in names])


def is_pure(module: Module, value: Node) -> bool:
    """True for an expression that nobody misses when it is not evaluated."""
    stack = [value]
    while stack:
        node = stack.pop()
        if node.type in FUNCTIONS:
            continue
        if node.type == "call_expression":
            function = child(node, "function")
            shows = function.type == "member_expression" and function.children[-1].text == b"toString"
            if not shows and module.text(function) not in _PURE_CALLS and not _freezes(module, node):
                return False
            stack += [child(function, "object")] if shows else []
            stack += items(child(node, "arguments"))
        elif node.type == "new_expression" and module.text(child(node, "constructor")) in _PURE_CLASSES:
            stack += arguments(node)
        elif (node.is_named and node.type not in _PURE) or node.children[:1] and node.children[0].type == "delete":
            return False
        else:
            stack += node.children
    return True


def _freezes(module: Module, call: Node) -> bool:
    """True for ``Object.freeze({ ... })`` of what is made on the spot."""
    given = arguments(call)
    return module.text(child(call, "function")) == "Object.freeze" and [one.type for one in given] == ["object"]


# ---- imports ----------------------------------------------------------------------------------


def _import_edits(modules: Modules, module: Module, style: Style, statement: Node, unused: list[Binding]) -> list[Edit]:
    clause = next((one for one in items(statement) if one.type == "import_clause"), None)
    parts = list(_imported(clause)) if clause is not None else []
    gone = {one.node.start_byte for one in unused}
    removed = [one for one in parts if any(name.start_byte in gone for name in walk(one))]
    is_quiet = _is_quiet(modules, module, source_of(module, statement))
    if len(removed) == len(parts):
        return [_without(module, style, statement)] if is_quiet else _effect_alone(statement, clause)
    named = [one for one in parts if one.type == "import_specifier"]
    if len(named) < len(parts):  # a default or a namespace beside the names: the commas between them differ
        return []
    edits = _without_some(named, removed)
    kept = [one for one in named if one not in removed]
    if module.is_typed and not is_quiet and not any(_is_value(modules, module, one) for one in kept):
        edits.append(_effect_beside(module, style, statement))
    return edits


def _effect_alone(statement: Node, clause: Node | None) -> list[Edit]:
    """Make ``import "./noisy"`` of an import of which only the loading matters: compilers drop one of unused names."""
    if clause is None or comments(statement):
        return []
    return [Edit(clause.start_byte, child(statement, "source").start_byte, b"")]


def _effect_beside(module: Module, style: Style, statement: Node) -> Edit:
    """Return the edit that loads a file beside an import of its types, which loads nothing."""
    start = statement.start_byte
    line = f"import {module.text(child(statement, 'source'))}{style.semicolon}{style.newline}".encode()
    return Edit(start, start, line + module.indent(start))


def _is_value(modules: Modules, module: Module, specifier: Node) -> bool:
    """True for an imported name that is used as more than a type."""
    name = specifier.child_by_field_name("alias") or child(specifier, "name")
    binding = modules.scopes(module).binding(name)
    return binding is None or bool(binding.references)


def _imported(clause: Node) -> Iterator[Node]:
    for one in items(clause):
        if one.type == "named_imports":
            yield from items(one)
        else:
            yield one


def _is_quiet(modules: Modules, module: Module, source: str) -> bool:
    """True for a file of the project that only declares: nothing is missed when it is not loaded."""
    if source.endswith(".json"):
        return True
    target = modules.resolve(module.path, source)
    if target is None or target.is_broken:
        return False
    return all(_only_declares(target, one) for one in target.statements)


def _only_declares(module: Module, statement: Node) -> bool:
    if statement.type == "export_statement":
        inner = statement.child_by_field_name("declaration") or statement.child_by_field_name("value")
        if inner is None:
            return statement.child_by_field_name("source") is None
        return _only_declares(module, inner) if inner.type in _DECLARING else is_pure(module, inner)
    if statement.type == "expression_statement":
        return _only_exports(module, items(statement)[0])
    if statement.type not in _DECLARING:
        return False
    values = [one.child_by_field_name("value") for one in items(statement) if one.type == "variable_declarator"]
    return all(value is None or is_pure(module, value) for value in values)


def _only_exports(module: Module, expression: Node) -> bool:
    """True for ``module.exports = value`` and ``exports.name = value``."""
    if expression.type != "assignment_expression":
        return False
    target = module.text(child(expression, "left"))
    is_export = target == "module.exports" or target.startswith(("module.exports.", "exports."))
    return is_export and is_pure(module, child(expression, "right"))


# ---- taking out -------------------------------------------------------------------------------


def _without_some(all_of: list[Node], removed: list[Node]) -> list[Edit]:
    """Return the edits that take elements out of a list with commas."""
    edits = []
    for one in removed:
        index = all_of.index(one)
        later = [other for other in all_of[index + 1 :] if other not in removed]
        if later or index + 1 < len(all_of):
            edits.append(Edit(one.start_byte, all_of[index + 1].start_byte, b""))
        else:
            kept = [other for other in all_of[:index] if other not in removed]
            edits.append(Edit(kept[-1].end_byte, one.end_byte, b""))
    return edits


def _without(module: Module, style: Style, statement: Node) -> Edit:
    """Return the edit that takes a statement out with its line; comments in it or behind it stay."""
    data = module.data
    start, end = module.line_start(statement.start_byte), data.find(b"\n", statement.end_byte)
    end = len(data) if end < 0 else end
    behind = data[statement.end_byte : end].strip()
    is_comment = behind.startswith((b"//", b"/*"))
    if data[start : statement.start_byte].strip() or (behind and not is_comment):
        return Edit(statement.start_byte, statement.end_byte, b"")
    kept = [*((one.text or b"") for one in comments(statement)), *([behind] if is_comment else [])]
    if kept:
        gap = style.newline.encode() + module.indent(start)
        return Edit(
            statement.start_byte, statement.start_byte + len(data[statement.start_byte : end].rstrip()), gap.join(kept)
        )
    end = min(end + 1, len(data))
    return Edit(start, _past_blank_line(data, start, end), b"")


def _past_blank_line(data: bytes, start: int, end: int) -> int:
    """Return where to cut so that no two blank lines meet, nor one follow an opening brace."""
    before = data[:start].rstrip(b" \t\r")
    above = before[:-1].rsplit(b"\n", 1)[-1].strip() if before else b"{"
    following = data.find(b"\n", end)
    is_blank = following >= 0 and not data[end:following].strip()
    return following + 1 if is_blank and (not above or above.endswith(b"{")) else end
