"""Turns ``r.json()``, and the callback that waits for it, into the data of an ack that is there already."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tree_sitter import Node

from codemods import reasons
from codemods.javascript.chain import chain_of
from codemods.javascript.names import JSON, ClientNames
from codemods.javascript.parser import (
    FUNCTIONS,
    Module,
    around,
    bare,
    child,
    function_of,
    is_async,
    is_within,
    items,
    walk,
)
from codemods.javascript.response_use import exits, is_guarded, is_in_try, json_calls, uses_this
from codemods.javascript.scope import Binding, Scopes, names_of
from codemods.javascript.writing import Draft
from codemods.results import Left

_BLOCKS = frozenset({"statement_block", "program", "switch_case", "switch_default"})


@dataclass(eq=False)
class Flattener:
    """Rewrites the ``json()`` calls of one Response.

    ``name`` is what the ack is called; ``container`` the function in which it is used; ``is_seen`` is true
    where somebody looks at that function's promise; ``has_result`` where its return value goes somewhere;
    ``has_more`` where more of the chain runs after it.
    """

    module: Module
    scopes: Scopes
    draft: Draft
    names: ClientNames
    response: Binding
    name: str
    container: Node | None
    is_seen: bool
    has_result: bool
    note: Callable[[str], None]
    has_more: bool = False

    def rewrite(self) -> None:
        """Rewrite every use of the Response."""
        for call in json_calls(self.module, self.response):
            self._json(call)
        if self.name != self.response.name:
            for reference in self.response.references:
                self.draft.swap(reference, self.name)

    def _throwing(self) -> str:
        return f"{self.names[JSON]}({self.name})"

    def _json(self, call: Node) -> None:
        outer = around(call)
        if outer.type == "await_expression":
            self._awaited(call, outer)
        elif _is_returned(call):
            self._check_own_function(call)
            self.draft.swap(call, self._throwing())
        elif outer.type == "member_expression" and chain_of(self.module, call).links:
            self._callback(call)
        else:
            msg = "The promise of json() is passed on; an ack has no promise for its data."
            raise Left(reasons.JSON_PROMISE_ESCAPES, msg)

    def _check_own_function(self, call: Node) -> None:
        if function_of(call) != self.container:
            msg = "json() is called in a function within the callback, which may run later or never."
            raise Left(reasons.JSON_PROMISE_ESCAPES, msg)

    def _awaited(self, call: Node, waiting: Node) -> None:
        is_thrown_away = function_of(call) == self.container and not self.is_seen
        is_safe = is_thrown_away and is_guarded(call, self.response, self.container)
        value = f"{self.name}.data" if is_safe and not is_in_try(call, self.container) else self._throwing()
        whole = around(waiting)
        is_wrapped = whole.type == "parenthesized_expression" and around(whole).type in {
            "member_expression",
            "subscript_expression",
            "variable_declarator",
            "arguments",
        }
        self.draft.swap(whole if is_wrapped else waiting, value)

    # ---- r.json().then(callback) --------------------------------------------------------------

    def _callback(self, call: Node) -> None:
        self._check_own_function(call)
        links = chain_of(self.module, call).links
        if len(links) > 1 or links[0].method != "then" or len(links[0].handlers) != 1:
            is_caught = any(link.method == "catch" for link in links)
            reason = reasons.JSON_CAUGHT if is_caught else reasons.NESTED_CHAIN
            what = "catches where json() fails" if is_caught else "is a longer chain within a callback"
            msg = f"json().{links[-1].method}(...) {what}: an ack has no promise for its data."
            raise Left(reason, msg)
        spot = self._spot(links[0].call)
        is_safe = not spot.is_result and is_guarded(call, self.response, self.container)
        inlined = Inlined(self.draft, self.module, self.scopes, links[0].handlers[0], spot)
        inlined.write(f"{self.name}.data" if is_safe else self._throwing(), can_throw=not is_safe)
        if not spot.is_result and (self.has_more or not spot.is_tail):
            self.note("what follows json().then(...) now runs after its callback")
        if inlined.is_async:
            self._make_async(spot)

    def _spot(self, node: Node) -> Spot:
        outer = around(node)
        container = self.container
        if outer.type == "arrow_function" and outer == container:
            return Spot(node, node, "body", self.has_result, True)
        if outer.type == "return_statement":
            return Spot(node, outer, "statement", True, _is_tail(outer, container))
        if outer.type == "expression_statement":
            return Spot(node, outer, "statement", False, _is_tail(outer, container))
        msg = "The promise of json().then(...) is used as a value; an ack has no promise for its data."
        raise Left(reasons.NESTED_CHAIN, msg)

    def _make_async(self, spot: Spot) -> None:
        container = self.container
        if container is None or not spot.is_tail or (self.has_result and not spot.is_result):
            msg = "An async callback within the callback is not waited for; rewritten it would be."
            raise Left(reasons.NESTED_CHAIN, msg)
        if not is_async(container):
            self.draft.insert(container.start_byte, "async ")


def _is_returned(node: Node) -> bool:
    """True for ``return r.json()`` and ``r => r.json()``, also as a branch of ``?:`` or behind ``&&``."""
    outer = around(node)
    if outer.type == "ternary_expression":
        return child(outer, "condition") != node and _is_returned(outer)
    if outer.type == "binary_expression" and outer.children[1].type in {"&&", "||", "??"}:
        return child(outer, "right") == node and _is_returned(outer)
    if outer.type == "parenthesized_expression":
        return _is_returned(outer)
    return outer.type == "return_statement" or (outer.type == "arrow_function" and child(outer, "body") == node)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a flattened callback goes: in place of ``whole``, of which ``node`` is the expression.

    ``kind`` is "statement" or "body" (of an arrow function); ``is_result`` tells that its value is returned.
    """

    node: Node
    whole: Node
    kind: str
    is_result: bool
    is_tail: bool


def _is_tail(statement: Node, container: Node | None) -> bool:
    """True when nothing of the container runs after a statement."""
    node = statement
    while True:
        outer = around(node)
        if outer == container:
            return True
        if outer.type == "statement_block":
            if items(outer)[-1] != node:
                return False
        elif outer.type not in {"if_statement", "else_clause"}:
            return False
        node = outer


@dataclass(eq=False)
class Inlined:
    """A callback of one parameter whose code takes the place of the call that it was given to."""

    draft: Draft
    module: Module
    scopes: Scopes
    callback: Node
    spot: Spot

    def __post_init__(self) -> None:
        self.callback = bare(self.callback)

    @property
    def is_async(self) -> bool:
        """True for an async callback."""
        return self.callback.type in FUNCTIONS and is_async(self.callback)

    def write(self, value: str, *, can_throw: bool) -> None:
        """Put the callback's code in place, with ``value`` for its parameter."""
        if is_plain_name(self.callback):
            self.draft.delete(self.spot.node.start_byte, self.callback.start_byte)
            self.draft.replace(self.callback.end_byte, self.spot.node.end_byte, f"({value})")
            return
        check_function(self.callback)
        if substitute(self.draft, self.module, self.scopes, self.callback, value, can_throw=can_throw):
            self._place("")
            return
        self._place(declaration(self.draft, self.module, self.scopes, self.callback, value, can_throw=can_throw))

    def _place(self, first: str) -> None:
        body = child(self.callback, "body")
        if body.type == "statement_block":
            self._place_block(body, first)
        else:
            self._place_expression(body, first)

    # ---- expression bodies ----------------------------------------------------------------

    def _place_expression(self, body: Node, first: str) -> None:
        spot, draft = self.spot, self.draft
        at = spot.whole.start_byte
        end = draft.style.semicolon
        keyword = "return " if spot.is_result else ""
        if not first:
            draft.delete(spot.node.start_byte, body.start_byte)
            draft.delete(body.end_byte, spot.node.end_byte)
            self._check_fits(body)
            return
        if spot.kind == "statement" and self._can_share_block(first, body):
            draft.replace(at, body.start_byte, f"{first}{draft.newline(at)}{keyword}")
            draft.replace(body.end_byte, spot.whole.end_byte, end)
            return
        opening = f"{{{draft.newline(at, 1)}{first}{draft.newline(at, 1)}{keyword}"
        draft.replace(at, body.start_byte, opening)
        draft.replace(body.end_byte, spot.whole.end_byte, f"{end}{draft.newline(at)}}}")

    def _check_fits(self, body: Node) -> None:
        """An object literal or function that starts a statement would be read as something else."""
        is_start = self.spot.kind == "statement" and not self.spot.is_result
        if is_start and body.type in {"object", "function_expression", "class"}:
            msg = "The callback is an expression that cannot stand alone as a statement."
            raise Left(reasons.NESTED_CHAIN, msg)

    # ---- blocks ---------------------------------------------------------------------------

    def _place_block(self, body: Node, first: str) -> None:
        spot, draft = self.spot, self.draft
        contents = body.named_children
        self._check_returns(body)
        if not contents:
            draft.swap(spot.whole, first if spot.kind == "statement" and first else "{}")
            return
        if spot.kind == "body" or not self._can_share_block(first, body):
            draft.delete(spot.whole.start_byte, body.start_byte)
            if first:
                draft.insert(body.start_byte + 1, _break_before(draft, self.module, body) + first)
            draft.delete(body.end_byte, spot.whole.end_byte)
            return
        self._spill(contents, body, first)

    def _spill(self, contents: list[Node], body: Node, first: str) -> None:
        """Put the statements of a block where the call stood."""
        spot, draft = self.spot, self.draft
        at = spot.whole.start_byte
        head, last = contents[0], contents[-1]
        is_own_line = self.module.line(head.start_byte) != self.module.line(body.start_byte)
        if is_own_line:
            draft.shift(body, self.module.indent(head.start_byte), self.module.indent(at))
        gap = draft.newline(at) if is_own_line else " "
        draft.replace(at, head.start_byte, f"{first}{gap}" if first else "")
        tail = f"{draft.newline(at)}return{draft.style.semicolon}" if self._falls_through(last) else ""
        draft.replace(last.end_byte, spot.whole.end_byte, tail)

    def _falls_through(self, last: Node) -> bool:
        return self.spot.is_result and not self.spot.is_tail and not exits(last)

    def _check_returns(self, body: Node) -> None:
        own = [node for node in walk(body) if function_of(node) == self.callback]
        if any(node.type == "variable_declaration" for node in own):
            msg = "The callback declares a var, which would reach further than before."
            raise Left(reasons.NESTED_CHAIN, msg)
        if self.spot.is_tail or self.spot.is_result:
            return
        if any(node.type == "return_statement" for node in own):
            msg = "The callback returns early, and more follows after it."
            raise Left(reasons.NESTED_CHAIN, msg)

    def _can_share_block(self, first: str, body: Node) -> bool:
        """True when the names that the callback declares are free in the block around the call."""
        block = around(self.spot.whole)
        if block.type not in _BLOCKS:
            return not first and body.type == "statement_block" and False
        declared = {self.module.text(name) for name in _declared(self.callback, body, with_parameter=bool(first))}
        others = (node for node in walk(block) if "identifier" in node.type and not is_within(node, self.callback))
        return not any(self.module.text(node) in declared for node in others if not node.type.startswith("property"))


def _declared(callback: Node, body: Node, *, with_parameter: bool) -> list[Node]:
    found = list(names_of(parameter(callback))) if with_parameter else []
    for statement in items(body) if body.type == "statement_block" else ():
        for one in items(statement) if statement.type == "lexical_declaration" else ():
            found.extend(names_of(one.child_by_field_name("name")))
        name = statement.child_by_field_name("name") if statement.type.endswith("declaration") else None
        found.extend([name] if name is not None else [])
    return found


# ---- pieces that the rules use too --------------------------------------------------------------


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
    """Return the pattern of a TypeScript parameter that has neither a type nor a default."""
    is_bare = node.type == "required_parameter" and len(node.named_children) == 1
    return node.named_children[0] if is_bare else node


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


def _break_before(draft: Draft, module: Module, block: Node) -> str:
    """Return what goes between ``{`` and a new first statement."""
    contents = block.named_children
    if contents and module.line(contents[0].start_byte) == module.line(block.start_byte):
        return " "
    return draft.newline(contents[0].start_byte) if contents else " "


def put_first(draft: Draft, module: Module, callback: Node, statement: str, *, has_result: bool) -> None:
    """Make ``statement`` the first of a function, whose expression body becomes a block where needed."""
    body = child(callback, "body")
    if body.type == "statement_block":
        draft.insert(body.start_byte + 1, _break_before(draft, module, body) + statement)
        return
    at = callback.start_byte
    keyword = "return " if has_result else ""
    inner = body
    while inner.type == "parenthesized_expression" and not has_result and items(inner)[0].type != "object":
        inner = items(inner)[0]
    draft.replace(
        body.start_byte, inner.start_byte, f"{{{draft.newline(at, 1)}{statement}{draft.newline(at, 1)}{keyword}"
    )
    draft.replace(inner.end_byte, body.end_byte, f"{draft.style.semicolon}{draft.newline(at)}}}")
