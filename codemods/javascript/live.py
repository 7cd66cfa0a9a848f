"""Recognises a GET that fills state once when a component appears, and does nothing else: what a subscription can do.

React: ``useEffect(..., [])``. Vue: ``onMounted(...)`` and ``mounted() {}``. Anything beside, such as a branch for
errors, is more than ``subscribe`` has, and is not recognised.
"""

from __future__ import annotations

import re

from msgspec import Struct
from tree_sitter import Node

from codemods.javascript.callbacks import parameter
from codemods.javascript.chain import Chain
from codemods.javascript.parser import (
    Module,
    arguments,
    around,
    bare,
    child,
    comments,
    function_of,
    is_async,
    is_within,
    items,
    walk,
)
from codemods.javascript.response_use import is_unused
from codemods.javascript.rules.base import is_json_only

EFFECT, SETUP, METHOD = "useEffect", "onMounted", "mounted"
_METHODS = frozenset({METHOD, "created", "beforeMount"})
_CLEANING = frozenset({"beforeUnmount", "unmounted", "beforeDestroy", "destroyed"})
_SETTER = re.compile(r"set[A-Z]\w*")
_OF_LISTS = frozenset(
    {"at", "concat", "every", "filter", "find", "findIndex", "flatMap", "includes", "join", "length", "map", "reduce"}
    | {"slice", "some", "toReversed", "toSorted"}
)
"""What may be read of the rows; ``sort`` and the like would change them for other subscribers."""
_GUARD = re.compile(r"\(?(\w+)\.ok\)?")
_REFUSAL = re.compile(r"\(?!(\w+)\.ok\)?")


class Feed(Struct, frozen=True):
    """Where the rows go.

    ``hook`` is the function that runs when the component appears, of the ``kind``; ``replaced`` what the subscription
    takes the place of; ``name`` declares the rows where there is a name for them; ``steps`` put them into state, and
    ``reader`` within them, if there, is ``await r.json()``. ``callback`` is the code that does all this, if it is a
    function already.
    """

    kind: str
    hook: Node
    replaced: Node
    name: Node | None = None
    steps: tuple[Node, ...] = ()
    reader: Node | None = None
    callback: Node | None = None


def feed_of(module: Module, chain: Chain) -> Feed | None:
    """Return where the rows of a call go, or None where that is not all that is done with its answer."""
    feed = _of_chain(module, chain) if chain.links else _of_await(module, chain.call)
    if feed is None or any(not is_within(one, feed.callback or chain.call) for one in comments(feed.replaced)):
        return None
    is_list = all(_reads_list(module, one, feed) for one in feed.steps)
    return feed if is_list and all(_is_setting(module, one, feed.kind) for one in feed.steps) else None


# ---- where it stands --------------------------------------------------------------------------


def _placed(module: Module, function: Node) -> str:
    """Return the kind of a function that runs once, when its component appears; else ""."""
    if function.type == "method_definition":
        names = {module.text(child(one, "name")) for one in _methods(function)}
        name = module.text(child(function, "name"))
        return METHOD if name in _METHODS and _is_component(module, function) and not names & _CLEANING else ""
    outer = around(function)
    if outer.type != "arguments" or items(child(function, "parameters")) or outer.named_children[0] != function:
        return ""
    given, called = items(outer), module.text(child(around(outer), "function"))
    if called == SETUP and len(given) == 1 and around(around(outer)).type == "expression_statement":
        return SETUP
    is_once = len(given) == 2 and given[1].type == "array" and not items(given[1])
    return EFFECT if called.rpartition(".")[2] == EFFECT and is_once else ""


def _methods(method: Node) -> list[Node]:
    return [one for one in items(around(method)) if one.type == "method_definition"]


def _is_component(module: Module, method: Node) -> bool:
    """True for the options object of a Vue component."""
    return (
        module.is_vue
        and around(method).type == "object"
        and around(around(method)).type
        in {
            "export_statement",
            "arguments",
        }
    )


# ---- fetch(u).then(r => r.json()).then(...) ---------------------------------------------------


def _of_chain(module: Module, chain: Chain) -> Feed | None:
    hook = function_of(chain.call)
    kind = _placed(module, hook) if hook is not None and not is_async(hook) else ""
    if hook is None or not kind or not chain.is_thens_only:
        return None
    callback = _receiver(module, chain)
    if callback is None:
        return None
    name, steps = _steps_of(callback)
    if not steps and not _SETTER.fullmatch(module.text(callback)):
        return None
    body = child(hook, "body")
    if body == chain.top or (kind == EFFECT and _is_only(body, chain.top)):
        return Feed(kind, hook, hook if kind == EFFECT else chain.top, name, steps, callback=callback)
    is_own = around(chain.top).type == "expression_statement" and around(around(chain.top)) == body
    if not is_own or (kind == EFFECT and (items(body)[-1] != around(chain.top) or _returns(hook))):
        return None
    return Feed(kind, hook, chain.top, name, steps, callback=callback) if is_unused(module, chain.top) else None


def _receiver(module: Module, chain: Chain) -> Node | None:
    """Return what takes the rows: what follows ``r => r.json()``, or stands in ``if (r.ok) r.json().then(...)``."""
    first = chain.links[0].handlers[0]
    if len(chain.links) == 2 and is_json_only(module, first):
        return chain.links[1].handlers[0]
    name = parameter(first) if first.type == "arrow_function" and len(chain.links) == 1 else None
    body = _only(child(first, "body")) if name is not None else None
    if name is None or body is None or body.type != "if_statement" or body.child_by_field_name("alternative"):
        return None
    guard = _GUARD.fullmatch(module.text(child(body, "condition")))
    read = _expression(_only(child(body, "consequence")))
    if guard is None or guard[1] != module.text(name) or read is None or read.type != "call_expression":
        return None
    is_read = module.text(child(read, "function")) == f"{guard[1]}.json().then"
    return arguments(read)[0] if is_read and len(arguments(read)) == 1 else None


def _steps_of(callback: Node) -> tuple[Node | None, tuple[Node, ...]]:
    """Return the parameter of a callback and what it does; nothing for what is no plain arrow function."""
    name = parameter(callback) if callback.type == "arrow_function" and not is_async(callback) else None
    if name is None or name.type not in {"identifier", "required_parameter"}:
        return None, ()
    body = child(callback, "body")
    return name, tuple(items(body)) if body.type == "statement_block" else (body,)


# ---- await fetch(u) ---------------------------------------------------------------------------


def _of_await(module: Module, call: Node) -> Feed | None:
    inner = function_of(call)
    declarator = around(around(call)) if around(call).type == "await_expression" else None
    if inner is None or declarator is None or declarator.type != "variable_declarator":
        return None
    hook = inner if _placed(module, inner) else _calling(module, inner)
    kind = _placed(module, hook) if hook is not None else ""
    body = child(inner, "body")
    if hook is None or not kind or body.type != "statement_block" or around(declarator) != items(body)[0]:
        return None
    response = module.text(child(declarator, "name"))
    rest = _unguarded(module, items(body)[1:], response)
    reader = next((one for step in rest for one in walk(step) if _is_reader(module, one, response)), None)
    if reader is None or sum(module.text(step).count(response) for step in rest) != module.text(reader).count(response):
        return None
    name, steps = _named(rest, reader)
    return Feed(kind, hook, hook, name, steps, None if name is not None else reader) if steps else None


def _calling(module: Module, inner: Node) -> Node | None:
    """Return the function whose whole body is to declare another and to call it, or to call it on the spot."""
    outer = function_of(inner)
    if outer is None or child(outer, "body").type != "statement_block" or _parameters(inner):
        return None
    statements = items(child(outer, "body"))
    last = _expression(statements[-1])
    if last is None or last.type != "call_expression" or arguments(last):
        return None
    called = child(last, "function")
    if len(statements) == 1:
        return outer if bare(called) == inner else None
    own = inner.child_by_field_name("name") or around(inner).child_by_field_name("name")
    is_own = own is not None and module.text(own) == module.text(called) and is_within(inner, statements[0])
    return outer if is_own and len(statements) == 2 else None


def _parameters(function: Node) -> list[Node]:
    """Return the parameters of a function."""
    parameters = function.child_by_field_name("parameters")
    return items(parameters) if parameters is not None else [function]


def _unguarded(module: Module, statements: list[Node], response: str) -> list[Node]:
    """Return what is done where ``r.ok``, if that is asked and nothing is done otherwise."""
    first = statements[0] if statements else None
    if first is None or first.type != "if_statement" or first.child_by_field_name("alternative") is not None:
        return statements
    condition, consequence = module.text(child(first, "condition")), child(first, "consequence")
    guard, refusal = _GUARD.fullmatch(condition), _REFUSAL.fullmatch(condition)
    if guard is not None and guard[1] == response and len(statements) == 1:
        return items(consequence) if consequence.type == "statement_block" else [consequence]
    left = _only(consequence)
    is_return = left is not None and left.type == "return_statement" and not items(left)
    return statements[1:] if refusal is not None and refusal[1] == response and is_return else statements


def _is_reader(module: Module, node: Node, response: str) -> bool:
    return node.type == "await_expression" and module.text(items(node)[0]) == f"{response}.json()"


def _named(rest: list[Node], reader: Node) -> tuple[Node | None, tuple[Node, ...]]:
    """Return the declarator of ``const rows = await r.json()`` and what follows it, or just the steps."""
    declarator = around(reader)
    if declarator.type != "variable_declarator":
        return None, tuple(rest)
    is_first = around(declarator) == rest[0] and len(items(around(declarator))) == 1
    return (declarator, tuple(rest[1:])) if is_first else (None, ())


# ---- state ------------------------------------------------------------------------------------


def _is_setting(module: Module, step: Node, kind: str) -> bool:
    """True for ``setCoaches(...)``, in Vue for ``coaches.value = ...`` and ``this.coaches = ...``."""
    node = _expression(step)
    if node is None or any(one.type == "await_expression" and "json" not in module.text(one) for one in walk(node)):
        return False
    if node.type == "call_expression":
        given = arguments(node)
        is_update = len(given) == 1 and given[0].type in {"arrow_function", "function_expression"}
        is_setter = _SETTER.fullmatch(module.text(child(node, "function"))) is not None
        return kind == EFFECT and is_setter and len(given) == 1 and not is_update
    if node.type != "assignment_expression" or kind == EFFECT:
        return False
    target = child(node, "left")
    wanted = (
        child(target, "property").text == b"value" if kind == SETUP and target.type == "member_expression" else True
    )
    owner = target.child_by_field_name("object")
    is_state = owner is not None and wanted and owner.type == ("this" if kind == METHOD else "identifier")
    return is_state and module.text(target) not in module.text(child(node, "right"))


def _reads_list(module: Module, step: Node, feed: Feed) -> bool:
    """True when the answer is used as the list that a subscription gives, and left as it is."""
    name = rows_name(module, feed)
    members = (one for one in walk(step) if one.type == "member_expression")
    of_rows = (one for one in members if _is_rows(module, bare(child(one, "object")), feed, name))
    return all(module.text(child(one, "property")) in _OF_LISTS for one in of_rows)


def _is_rows(module: Module, node: Node, feed: Feed, name: str) -> bool:
    return node == feed.reader or (node.type == "identifier" and module.text(node) == name)


def rows_name(module: Module, feed: Feed) -> str:
    """Return what the rows are called, or ""."""
    node = feed.name
    if node is None:
        return ""
    return module.text(node.child_by_field_name("name") or node.child_by_field_name("pattern") or node)


def _expression(node: Node | None) -> Node | None:
    """Return the expression that a statement, or a pair of parentheses, is."""
    while node is not None and node.type in {"expression_statement", "parenthesized_expression"}:
        node = items(node)[0] if items(node) else None
    return node


def _only(node: Node) -> Node | None:
    """Return the only statement of a block, or a statement that stands without a block."""
    if node.type != "statement_block":
        return node
    return items(node)[0] if len(items(node)) == 1 else None


def _is_only(body: Node, expression: Node) -> bool:
    return body.type == "statement_block" and _expression(_only(body)) == expression


def _returns(hook: Node) -> bool:
    returned = (one for one in walk(hook) if one.type == "return_statement")
    return any(function_of(one) == hook for one in returned)
