"""Puts an ignore flag in place of an AbortController, so that a GET in an effect needs no signal any more.

The flag does what aborting is for: an answer that comes after the clean-up changes nothing.
"""

from __future__ import annotations

from msgspec import Struct
from tree_sitter import Node

from codemods.javascript.callbacks import break_before, is_plain_name
from codemods.javascript.chain import Link, chain_of
from codemods.javascript.names import fresh
from codemods.javascript.parser import (
    FUNCTIONS,
    Module,
    ancestors,
    arguments,
    around,
    bare,
    child,
    function_of,
    items,
    walk,
)
from codemods.javascript.rules.base import is_json_only, statement_around
from codemods.javascript.scope import Binding, Scopes
from codemods.javascript.style import Style
from codemods.javascript.writing import Draft
from codemods.results import Edit

NOTE = "an answer after the clean-up is ignored; the call itself is not aborted any more"
_EFFECTS = frozenset({"useEffect", "useLayoutEffect"})
_FLAGS = ("ignore", "isIgnored")
_QUIET = frozenset({"json", "Error"})


class _Controller(Struct, frozen=True):
    """The controller of one call: its declaration, the one ``signal`` that the call gets, and its ``abort()``."""

    binding: Binding
    signal: Node
    alias: Binding | None
    abort: Node
    asked: tuple[Node, ...]


def ignoring_edits(module: Module, scopes: Scopes, style: Style, call: Node) -> list[Edit]:
    """Return the edits that put a flag in place of the controller of a call; none where that would change more."""
    pair = _signal_pair(module, call)
    controller = _controller(module, scopes, pair) if pair is not None else None
    if pair is None or controller is None:
        return []
    draft = Draft(module, style)
    flag = fresh(scopes, module, function_of(controller.binding.node) or module.root, _FLAGS)
    if not _guards(draft, module, call, flag):
        return []
    _drop_option(draft, module, call, pair)
    _replace_controller(draft, module, controller, flag)
    return draft.edits(statement_around(call))


# ---- finding ----------------------------------------------------------------------------------


def _signal_pair(module: Module, call: Node) -> Node | None:
    """Return the ``signal`` among the options of a GET."""
    given = arguments(call)
    options = bare(given[1]) if len(given) == 2 else call
    if options.type != "object":
        return None
    named = {_key(module, one): one for one in items(options)}
    method = named.get("method")
    is_get = method is None or module.text(child(method, "value"))[1:-1].upper() == "GET"
    return named.get("signal") if is_get else None


def _key(module: Module, one: Node) -> str:
    return module.text(child(one, "key")) if one.type == "pair" else module.text(one)


def _controller(module: Module, scopes: Scopes, pair: Node) -> _Controller | None:
    value = bare(child(pair, "value")) if pair.type == "pair" else pair
    alias = None
    if value.type != "member_expression":
        alias = scopes.binding(value)
        value = _aliased(module, alias) if alias is not None else value
    owner = child(value, "object") if value.type == "member_expression" else value
    binding = scopes.binding(owner) if owner.type == "identifier" else None
    if binding is None or binding.value is None or module.text(binding.value) != "new AbortController()":
        return None
    if not _is_effect(module, function_of(binding.node)):
        return None
    signal = child(pair, "value") if pair.type == "pair" else pair
    return _uses(module, binding, signal, alias)


def _is_effect(module: Module, function: Node | None) -> bool:
    """True for the function that ``useEffect`` gets, whose clean-up comes when the answer is no longer wanted."""
    if function is None or around(function).type != "arguments":
        return False
    called = around(around(function)).child_by_field_name("function")
    return called is not None and module.text(called).rpartition(".")[2] in _EFFECTS


def _aliased(module: Module, alias: Binding) -> Node:
    """Return what a name stands for: ``controller.signal``, or ``controller`` for ``const { signal } = controller``."""
    declaration = alias.declaration
    value = declaration.child_by_field_name("value") if declaration.type == "variable_declarator" else None
    is_signal = value is not None and module.text(child(declaration, "name")) in {alias.name, "{ signal }", "{signal}"}
    return value if value is not None and is_signal else alias.node


def _uses(module: Module, binding: Binding, signal: Node, alias: Binding | None) -> _Controller | None:
    """Return the controller if all that is done with it is understood."""
    aborts, asked = [], []
    others = [*binding.references, *(alias.references if alias is not None else [])]
    for reference in others:
        outer = around(reference)
        top = outer if outer.type == "member_expression" else reference
        name = module.text(child(top, "property")) if top.type == "member_expression" else ""
        if _is_alias(reference, alias) or reference == signal or top == signal:
            continue
        if name == "abort" and around(top).type == "call_expression":
            aborts.append(around(top))
        elif name == "aborted" or (name == "signal" and module.text(around(top)).endswith(".aborted")):
            asked.append(top if name == "aborted" else around(top))
        else:
            return None
    if len(aborts) != 1 or not _is_in_cleanup(aborts[0], function_of(binding.node)):
        return None
    return _Controller(binding, signal, alias, aborts[0], tuple(asked))


def _is_alias(reference: Node, alias: Binding | None) -> bool:
    return alias is not None and any(one == alias.declaration for one in ancestors(reference))


def _is_in_cleanup(abort: Node, effect: Node | None) -> bool:
    """True for what the function does that the effect returns."""
    cleanup = function_of(abort)
    if cleanup is None or around(cleanup).type != "return_statement" or function_of(around(cleanup)) != effect:
        return False
    outer = around(abort)
    return outer == cleanup or (outer.type == "expression_statement" and around(around(outer)) == cleanup)


# ---- rewriting ----------------------------------------------------------------------------------


def _drop_option(draft: Draft, module: Module, call: Node, pair: Node) -> None:
    url, options = arguments(call)
    others = [one for one in items(options) if one != pair]
    if not others:
        draft.delete(url.end_byte, options.end_byte)
    elif pair.start_byte > others[-1].start_byte:
        draft.delete(others[-1].end_byte, pair.end_byte)
    else:
        draft.delete(pair.start_byte, next(one for one in others if one.start_byte > pair.start_byte).start_byte)


def _replace_controller(draft: Draft, module: Module, controller: _Controller, flag: str) -> None:
    end = draft.style.semicolon
    declaration = around(controller.binding.declaration)
    draft.swap(declaration, f"let {flag} = false{';' if module.text(declaration).endswith(';') else ''}")
    if controller.alias is not None:
        statement = around(controller.alias.declaration)
        following = module.data.find(b"\n", statement.end_byte) + 1
        draft.delete(module.line_start(statement.start_byte), following)
    for one in controller.asked:
        draft.swap(one, flag)
    abort = controller.abort
    if around(abort).type == "expression_statement":
        draft.swap(abort, f"{flag} = true")
    else:
        at = abort.start_byte
        draft.swap(abort, f"{{{draft.newline(at, 1)}{flag} = true{end}{draft.newline(at)}}}")


def _guards(draft: Draft, module: Module, call: Node, flag: str) -> bool:
    """Let nothing happen with an answer when the flag is set; False where that cannot be seen to."""
    chain = chain_of(module, call)
    waiting = around(chain.top)
    if waiting.type == "await_expression":
        return _guard_after(draft, module, waiting, flag)
    return all(_guard_link(draft, module, link, flag, is_last=link is chain.links[-1]) for link in chain.links)


def _guard_after(draft: Draft, module: Module, waiting: Node, flag: str) -> bool:
    statement = statement_around(waiting)
    if around(statement).type != "statement_block" or around(waiting).type == "return_statement":
        return False
    end = draft.style.semicolon
    draft.insert(statement.end_byte, f"{draft.newline(statement.start_byte)}if ({flag}) return{end}")
    function = function_of(waiting)
    for outer in ancestors(waiting):
        if outer == function:
            break
        handler = outer.child_by_field_name("handler") if outer.type == "try_statement" else None
        if handler is not None:
            _guard_block(draft, module, child(handler, "body"), flag)
    return True


def _guard_block(draft: Draft, module: Module, block: Node, flag: str) -> None:
    guard = f"if ({flag}) return{draft.style.semicolon}"
    draft.insert(block.start_byte + 1, f"{break_before(draft, module, block)}{guard}")


def _guard_link(draft: Draft, module: Module, link: Link, flag: str, *, is_last: bool) -> bool:
    if link.method == "finally":
        return True
    return all(_guard_handler(draft, module, one, link.method, flag, is_last=is_last) for one in link.handlers)


def _guard_handler(draft: Draft, module: Module, handler: Node, method: str, flag: str, *, is_last: bool) -> bool:
    at, end = handler.start_byte, draft.style.semicolon
    if is_plain_name(handler):
        name = "error" if method == "catch" else "data"
        called = f"if (!{flag}) {module.text(handler)}({name}){end}"
        draft.swap(handler, f"({name}) => {{{draft.newline(at, 1)}{called}{draft.newline(at)}}}")
        return True
    if handler.type not in FUNCTIONS:
        return False
    if is_json_only(module, handler) or _is_quiet(module, handler):
        return True
    body = child(handler, "body")
    if body.type == "statement_block":
        _guard_block(draft, module, body, flag)
        return True
    kept = f"if (!{flag}) " if is_last or method == "catch" else f"if ({flag}) return{end}{draft.newline(at, 1)}return "
    draft.insert(body.start_byte, f"{{{draft.newline(at, 1)}{kept}")
    draft.insert(body.end_byte, f"{end}{draft.newline(at)}}}")
    return True


def _is_quiet(module: Module, handler: Node) -> bool:
    """True for ``(r) => { if (!r.ok) throw new Error(r.status); return r.json(); }``: nothing outside hears of it."""
    for node in walk(child(handler, "body")):
        if node.type in {"assignment_expression", "augmented_assignment_expression", "update_expression"}:
            return False
        if node.type in {"call_expression", "new_expression"}:
            called = node.child_by_field_name("function") or child(node, "constructor")
            if module.text(called).rpartition(".")[2] not in _QUIET:
                return False
    return True
