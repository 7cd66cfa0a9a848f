"""Looks at a callback of one parameter: can its code be moved, and what takes its parameter's place."""

from __future__ import annotations

import re

from tree_sitter import Node

from codemods import reasons
from codemods.javascript.declarations import names_of
from codemods.javascript.parser import (
    Module,
    around,
    child,
    function_of,
    items,
    walk,
)
from codemods.javascript.response_use import uses_this
from codemods.javascript.scope import Scopes
from codemods.javascript.writing import Draft
from codemods.results import Left

_TYPES = re.compile(r":[\w\s|,\[\]]+")


def is_plain_name(node: Node) -> bool:
    """True for ``setCoaches`` and ``this.props.onAdd``: what can be called later as well as now."""
    if node.type == "member_expression":
        return is_plain_name(child(node, "object"))
    return node.type in {"identifier", "this"}


def parameter(function: Node) -> Node | None:
    """Return the only parameter of a function, or None."""
    single = function.child_by_field_name("parameter")
    if single is not None:
        return single
    parameters = items(child(function, "parameters"))
    return untyped(parameters[0]) if len(parameters) == 1 else None


def untyped(node: Node) -> Node:
    """Return the pattern of a TypeScript parameter that has neither a default nor a type but ``Response``."""
    if node.type != "required_parameter":
        return node
    kind = node.child_by_field_name("type")
    is_alone = len(node.named_children) == (1 if kind is None else 2)
    return node.named_children[0] if is_alone and (kind is None or is_response_type(kind)) else node


def is_response_type(annotation: Node) -> bool:
    """True for ``: Response``, one of many or none: where an ack's type takes its place."""
    found = _TYPES.fullmatch((annotation.text or b"").decode())
    names = set(re.findall(r"\w+", found[0])) if found else set()
    return "Response" in names and names <= {"Response", "null", "undefined"}


def check_function(callback: Node) -> None:
    """Raise Left for a callback whose code cannot be moved."""
    if callback.type not in {"arrow_function", "function_expression"}:
        msg = "The callback is made by an expression that would be evaluated later than before."
        raise Left(reasons.HANDLER_NOT_INLINE, msg)
    if uses_this(callback):
        msg = "The callback is a function with a this of its own, which would change."
        raise Left(reasons.UNBOUND_THIS, msg)
    given = callback.child_by_field_name("parameter")
    parameters = [given] if given is not None else items(child(callback, "parameters"))
    is_odd = len(parameters) > 1 or any(one is not None and _has_default(one) for one in parameters)
    if is_odd or (callback.type == "function_expression" and callback.child_by_field_name("name") is not None):
        msg = "The callback has a default, a second parameter or a name of its own."
        raise Left(reasons.HANDLER_NOT_INLINE, msg)


def _has_default(node: Node) -> bool:
    is_default = node.type in {"assignment_pattern", "rest_pattern"}
    return is_default or node.child_by_field_name("value") is not None or node.type == "optional_parameter"


def substitute(draft: Draft, module: Module, scopes: Scopes, callback: Node, value: str, *, can_throw: bool) -> bool:
    """Put ``value`` where the callback's parameter is used, if that is once and means the same; True if done."""
    name = parameter(callback)
    if name is None:
        return not can_throw
    if name.type != "identifier":
        return False
    binding = scopes.binding(name)
    if binding is None or binding.writes or len(binding.references) > 1:
        return False
    if not binding.references:
        return not can_throw
    use = binding.references[0]
    if function_of(use) != callback or (can_throw and not _is_first(callback, use)) or _is_in_loop(use, callback):
        return False
    if use.type == "shorthand_property_identifier":
        draft.swap(use, f"{module.text(use)}: {value}")
    elif use.type == "identifier":
        draft.swap(use, value)
    else:
        return False
    return True


def _is_in_loop(use: Node, callback: Node) -> bool:
    node = use
    while node != callback:
        node = around(node)
        if node.type in {"for_statement", "for_in_statement", "while_statement", "do_statement"}:
            return True
    return False


def _is_first(callback: Node, use: Node) -> bool:
    """True when nothing with an effect is evaluated before the use of a name, and the use is certain."""
    node = use
    while True:
        outer = around(node)
        if outer == callback:
            return True
        if outer.type in {"ternary_expression", "if_statement"} and outer.child_by_field_name("condition") != node:
            return False
        is_choice = outer.type == "binary_expression" and outer.children[1].type in {"&&", "||", "??"}
        if is_choice and outer.child_by_field_name("left") != node:
            return False
        if outer.type in {"try_statement", "switch_case", "catch_clause", "template_substitution"}:
            return False
        if not _is_quiet_before(outer, node):
            return False
        node = outer


def _is_quiet_before(outer: Node, node: Node) -> bool:
    before = [one for one in outer.named_children if one.end_byte <= node.start_byte and one.type != "comment"]
    if outer.type == "statement_block":
        return not before
    noisy = {"call_expression", "new_expression", "await_expression", "yield_expression", "update_expression"}
    noisy |= {"assignment_expression", "augmented_assignment_expression"}
    return not any(one.type in noisy for earlier in before for one in walk(earlier))


def declaration(draft: Draft, module: Module, scopes: Scopes, callback: Node, value: str, *, can_throw: bool) -> str:
    """Return ``const data = value;`` for a callback's parameter; only what may throw where it has none."""
    name = parameter(callback)
    end = draft.style.semicolon
    if name is None:
        return f"{value}{end}" if can_throw else ""
    bindings = [scopes.binding(one) for one in names_of(name)]
    word = "let" if any(binding is not None and binding.writes for binding in bindings) else "const"
    if name.type == "identifier" and bindings[0] is not None and not bindings[0].references:
        return f"{value}{end}" if can_throw else ""
    return f"{word} {module.text(name)} = {value}{end}"


def break_before(draft: Draft, module: Module, block: Node) -> str:
    """Return what goes between ``{`` and a new first statement."""
    contents = block.named_children
    if contents and module.line(contents[0].start_byte) == module.line(block.start_byte):
        return " "
    return draft.newline(contents[0].start_byte) if contents else " "


_NO_STATEMENT = re.compile(r"\{|(function|class|async|let)\b")


def unwrapped(module: Module, expression: Node) -> Node:
    """Return what stands within parentheses that it does not need as a statement of its own."""
    inner = expression
    while inner.type == "parenthesized_expression" and not _NO_STATEMENT.match(module.text(items(inner)[0])):
        inner = items(inner)[0]
    return inner


def put_first(draft: Draft, module: Module, callback: Node, statement: str, *, has_result: bool) -> None:
    """Make ``statement`` the first of a function, whose expression body becomes a block where needed."""
    body = child(callback, "body")
    if body.type == "statement_block":
        draft.insert(body.start_byte + 1, break_before(draft, module, body) + statement)
        return
    at = callback.start_byte
    keyword = "return " if has_result else ""
    inner = body if has_result else unwrapped(module, body)
    draft.replace(
        body.start_byte, inner.start_byte, f"{{{draft.newline(at, 1)}{statement}{draft.newline(at, 1)}{keyword}"
    )
    draft.replace(inner.end_byte, body.end_byte, f"{draft.style.semicolon}{draft.newline(at)}}}")
