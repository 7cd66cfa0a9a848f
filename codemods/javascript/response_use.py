"""Says what a callback does with the Response it gets, and refuses what an ack cannot give."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codemods import reasons
from codemods.javascript.handing_on import KEPT, is_target, logged, only_asks_inside
from codemods.javascript.parser import (
    FUNCTIONS,
    Module,
    ancestors,
    arguments,
    around,
    child,
    function_of,
    is_within,
    items,
    walk,
)
from codemods.javascript.scope import Binding, Scopes
from codemods.results import Left

_REASONS = {
    "statusText": ("reads_status_text", "statusText, which an ack has not"),
    "text": ("reads_text", "the answer as text"),
    "blob": ("reads_blob", "the answer as a Blob"),
    "arrayBuffer": ("reads_blob", "the answer as bytes"),
    "bytes": ("reads_blob", "the answer as bytes"),
    "formData": ("reads_blob", "the answer as form data"),
    "headers": ("reads_headers", "the headers of the answer"),
    "redirected": ("reads_headers", "redirected, which an ack has not"),
    "url": ("reads_headers", "the URL of the answer"),
    "type": ("reads_headers", "the type of the Response"),
    "clone": ("reads_headers", "a clone of the Response"),
    "body": ("reads_headers", "the body as a stream"),
    "bodyUsed": ("reads_headers", "bodyUsed, which an ack has not"),
}


def json_calls(module: Module, scopes: Scopes, binding: Binding, handed: frozenset[int] = frozenset()) -> list[Node]:
    """Return every ``r.json()``; all other uses are ``r.ok`` and ``r.status``. Raises Left for any other use.

    A local function that gets the Response and does no more than that with it is such a use; so are those that
    start at the bytes in ``handed``, where the callers deal with what they get.
    """
    calls = []
    for reference in binding.references:
        if reference in binding.writes or reference.start_byte in handed:
            continue
        if logged(module, reference) or only_asks_inside(module, scopes, reference):
            continue
        call = _check(module, reference)
        if call is not None:
            calls.append(call)
    _check_twice(calls)
    return calls


def _check(module: Module, reference: Node) -> Node | None:
    """Return the ``json()`` call of a reference, or None where it reads ``ok`` or ``status``."""
    outer = around(reference)
    if outer.type == "member_expression" and outer.child_by_field_name("object") == reference:
        return check_member(module, outer)
    is_pattern = outer.type == "variable_declarator" and outer.child_by_field_name("value") == reference
    if is_pattern and reads_only_kept(module, outer.child_by_field_name("name")):
        return None
    if _only_asks(outer, reference):
        return None
    msg = f"The Response {module.text(reference)} is passed on as a whole; an ack is not a Response."
    raise Left(reasons.RESPONSE_ESCAPES, msg)


def _only_asks(outer: Node, reference: Node) -> bool:
    """True for ``if (r)`` and ``r && ...``: an ack is as true as a Response."""
    if outer.type == "binary_expression":
        return outer.child_by_field_name("left") == reference and outer.children[1].type in {"&&", "||"}
    if outer.type == "parenthesized_expression":
        return around(outer).type == "if_statement"
    return outer.type == "unary_expression" and outer.children[0].type == "!"


def check_member(module: Module, member: Node) -> Node | None:
    """Return the call of ``.json()``, or None for ``.ok`` and ``.status``. Raises Left for anything else."""
    name = module.text(child(member, "property"))
    call = around(member)
    is_called = call.type == "call_expression" and call.child_by_field_name("function") == member
    if name in KEPT and not is_called and not is_target(member):
        return None
    if name == "json" and is_called and not arguments(call):
        return call
    reason, what = _REASONS.get(name, ("response_escapes", f".{name}, which a Response has not, but an ack may have"))
    msg = f"The code reads {what}."
    raise Left(reason, msg)


def reads_only_kept(module: Module, pattern: Node | None) -> bool:
    """True for ``{ ok, status: code }``."""
    if pattern is None or pattern.type != "object_pattern":
        return False
    return all(_key(module, one) in KEPT for one in items(pattern))


def _key(module: Module, one: Node) -> str:
    if one.type == "shorthand_property_identifier_pattern":
        return module.text(one)
    return module.text(child(one, "key")) if one.type == "pair_pattern" else ""


# ---- twice ------------------------------------------------------------------------------------


def _check_twice(calls: list[Node]) -> None:
    for index, first in enumerate(calls):
        for second in calls[index + 1 :]:
            if not _are_exclusive(first, second):
                msg = "The body is read twice on one path: the second json() of a Response always fails."
                raise Left(reasons.JSON_READ_TWICE, msg)


def _are_exclusive(first: Node, second: Node) -> bool:
    meeting = next(one for one in ancestors(first) if is_within(second, one))
    if meeting.type in {"if_statement", "ternary_expression"}:
        return not any(is_within(one, child(meeting, "condition")) for one in (first, second))
    if meeting.type != "statement_block":
        return False
    statement = next(one for one in (first, *ancestors(first)) if one.parent == meeting)
    return exits(statement, first)


def exits(statement: Node, within: Node | None = None) -> bool:
    """True when control never runs past a statement (or past the branch of it that holds ``within``)."""
    if statement.type in {"return_statement", "throw_statement"}:
        return True
    if statement.type == "statement_block":
        return bool(items(statement)) and exits(items(statement)[-1])
    if statement.type == "else_clause":
        return exits(items(statement)[0])
    if statement.type != "if_statement":
        return False
    branches = [child(statement, "consequence"), statement.child_by_field_name("alternative")]
    if within is not None:
        branches = [one for one in branches if one is not None and is_within(within, one)]
    return bool(branches) and all(one is not None and exits(one) for one in branches)


# ---- guards -----------------------------------------------------------------------------------


def is_guarded(node: Node, binding: Binding, function: Node | None) -> bool:
    """True when ``ok`` or ``status`` was looked at on the way to a node within a function."""
    inner = node
    for outer in ancestors(node):
        if outer == function:
            return False
        if outer.type in {"if_statement", "ternary_expression"} and _asks(child(outer, "condition"), binding):
            return not is_within(node, child(outer, "condition"))
        if outer.type == "binary_expression" and outer.children[1].type == "&&" and inner == child(outer, "right"):
            if _asks(child(outer, "left"), binding):
                return True
        elif outer.type == "statement_block" and _guarded_above(outer, inner, binding):
            return True
        inner = outer
    return False


def _guarded_above(block: Node, inner: Node, binding: Binding) -> bool:
    for statement in items(block):
        if statement == inner:
            return False
        if (
            statement.type == "if_statement"
            and _asks(child(statement, "condition"), binding)
            and exits_first(statement)
        ):
            return True
    return False


def exits_first(statement: Node) -> bool:
    """True for ``if (...) return``."""
    return exits(child(statement, "consequence"))


def _asks(condition: Node, binding: Binding) -> bool:
    return any(is_within(one, condition) for one in binding.references)


def is_in_try(node: Node, function: Node | None) -> bool:
    """True when a ``catch`` of the same function would see a throw at a node."""
    for outer in ancestors(node):
        if outer == function:
            return False
        is_caught = outer.type == "try_statement" and outer.child_by_field_name("handler") is not None
        if is_caught and is_within(node, child(outer, "body")):
            return True
    return False


def is_promise_seen(module: Module, scopes: Scopes, function: Node | None) -> bool:
    """True unless it is certain that nobody looks at the promise of an async function."""
    if function is None:
        return False
    if function.type in {"arrow_function", "function_expression"} and not _is_named(function):
        return not is_result_ignored(module, function)
    name = _name_of(function)
    binding = scopes.binding(name) if name is not None else None
    if binding is None or function.type == "method_definition":
        return True
    is_exported = any(one.type == "export_statement" for one in ancestors(binding.declaration))
    return is_exported or not binding.references or not all(_is_ignored_use(module, one) for one in binding.references)


def _is_named(function: Node) -> bool:
    return around(function).type == "variable_declarator"


def _name_of(function: Node) -> Node | None:
    if _is_named(function):
        return around(function).child_by_field_name("name")
    return function.child_by_field_name("name")


def _is_ignored_use(module: Module, reference: Node) -> bool:
    outer = around(reference)
    if outer.type == "call_expression" and outer.child_by_field_name("function") == reference:
        return is_unused(module, outer)
    return _is_ignored_place(module, reference)


_EFFECTS = frozenset({"useEffect", "useLayoutEffect", "onBeforeMount", "onMounted", "onActivated", "watchEffect"})
_IGNORING = _EFFECTS | {"setTimeout", "setInterval", "forEach", "addEventListener"}


def is_result_ignored(module: Module, function: Node) -> bool:
    """True for a function whose result nobody looks at: an effect, a timer, a DOM event handler."""
    return _is_ignored_place(module, function)


def _is_ignored_place(module: Module, node: Node) -> bool:
    outer = around(node)
    if outer.type == "arguments":
        called = around(outer).child_by_field_name("function")
        return called is not None and module.text(called).rpartition(".")[2] in _IGNORING
    if outer.type == "jsx_expression" and around(outer).type == "jsx_attribute":
        attribute = around(outer)
        element = around(attribute).child_by_field_name("name")
        is_handler = module.text(items(attribute)[0]).startswith("on")
        return is_handler and element is not None and module.text(element)[:1].islower()
    return outer.type == "parenthesized_expression" and _is_ignored_place(module, outer)


def is_unused(module: Module, node: Node) -> bool:
    """True when the value of an expression goes nowhere."""
    outer = around(node)
    if outer.type == "expression_statement":
        return True
    if outer.type in {"parenthesized_expression", "unary_expression"}:
        return (outer.type[0] == "p" or outer.children[0].type == "void") and is_unused(module, outer)
    if outer.type == "binary_expression" and outer.children[1].type in {"&&", "||", "??"}:
        return outer.child_by_field_name("right") == node and is_unused(module, outer)
    if outer.type == "ternary_expression":
        return outer.child_by_field_name("condition") != node and is_unused(module, outer)
    if outer.type == "arrow_function":
        return outer.child_by_field_name("body") == node and is_result_ignored(module, outer)
    return False


def own_nodes(function: Node) -> Iterator[Node]:
    """Yield the nodes of a function that are not in a function within it."""
    stack = list(reversed(child(function, "body").children)) or [child(function, "body")]
    stack = [child(function, "body")]
    while stack:
        node = stack.pop()
        yield node
        if node.type not in FUNCTIONS or node == child(function, "body"):
            stack.extend(reversed(node.children))


def uses_this(function: Node) -> bool:
    """True when a ``function`` (not an arrow) uses its own ``this`` or ``arguments``."""
    if function.type == "arrow_function":
        return False
    return any(
        (node.type == "this" or node.text == b"arguments") and _owner(node) == function for node in walk(function)
    )


def _owner(node: Node) -> Node | None:
    owner = function_of(node)
    while owner is not None and owner.type == "arrow_function":
        owner = function_of(owner)
    return owner
