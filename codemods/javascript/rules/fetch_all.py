"""``Promise.all`` of calls whose Responses are read as JSON: all are rewritten, or none."""

from __future__ import annotations

from tree_sitter import Node

from codemods import reasons
from codemods.javascript.callbacks import parameter
from codemods.javascript.chain import Chain, chain_of
from codemods.javascript.emit import promised
from codemods.javascript.parser import FUNCTIONS, Module, around, bare, child, function_of, items
from codemods.javascript.response_use import is_promise_seen, is_unused
from codemods.javascript.rules.base import Job, Rule
from codemods.javascript.rules.responses import Responses
from codemods.results import Left

_WIDTH = 100
_OTHERS = {
    "Promise.allSettled": "each Response within a result of its own",
    "Promise.race": "the Response of whichever comes first",
    "Promise.any": "the Response of whichever comes first",
}


def all_of(module: Module, call: Node) -> Node | None:
    """Return the ``Promise.all(...)`` of whose array a call is an element, or what each item is mapped to."""
    name, whole = _combined(module, call)
    return whole if name == "Promise.all" else None


def elements(whole: Node) -> list[Node]:
    """Return the elements of the array that ``Promise.all`` gets; the one call that all items are mapped to."""
    given = items(child(whole, "arguments"))[0]
    return items(given) if given.type == "array" else [_mapped(given)]


def _combined(module: Module, call: Node) -> tuple[str, Node | None]:
    """Return the name and the call of ``Promise.all``, ``race`` and so on that a call is given to."""
    array = around(call)
    if array.type != "array":
        mapping = _mapping(module, call)
        if mapping is None:
            return "", None
        array = mapping
    outer = around(around(array)) if around(array).type == "arguments" else array
    function = outer.child_by_field_name("function")
    return (module.text(function), outer) if function is not None and outer != array else ("", None)


def _mapping(module: Module, call: Node) -> Node | None:
    """Return the ``ids.map((id) => fetch(...))`` whose callback returns a call."""
    outer = around(call)
    callback = around(around(outer)) if outer.type == "return_statement" else outer
    if callback.type != "arrow_function" or around(callback).type != "arguments":
        return None
    mapping = around(around(callback))
    function = mapping.child_by_field_name("function")
    is_map = function is not None and function.type == "member_expression" and function.children[-1].text == b"map"
    return mapping if is_map and _mapped(mapping) == call else None


def _mapped(mapping: Node) -> Node:
    """Return what the callback of ``.map(callback)`` gives for each item."""
    body = bare(child(items(child(mapping, "arguments"))[0], "body"))
    if body.type == "statement_block" and items(body) and items(items(body)[-1]):
        return items(items(body)[-1])[0]
    return body


def _applies(module: Module, chain: Chain) -> bool:
    name, whole = _combined(module, chain.call)
    return not chain.links and whole is not None and (name == "Promise.all" or name in _OTHERS)


def _rewrite(job: Job) -> None:
    name, whole = _combined(job.module, job.chain.call)
    assert whole is not None
    if name in _OTHERS:
        msg = f"{name} hands on {_OTHERS[name]}; an ack is not a Response."
        raise Left(reasons.PROMISE_ALL, msg)
    _consumer(job, whole)
    _write(job, items(child(whole, "arguments"))[0])


def _consumer(job: Job, whole: Node) -> None:
    """Rewrite what becomes of the Responses."""
    links = chain_of(job.module, whole).links
    if links:
        _callback(job, whole)
        return
    outer = around(whole)
    if is_unused(job.module, whole):
        return
    if outer.type != "await_expression":
        raise _escapes(job.module.text(outer))
    if is_unused(job.module, outer):
        return
    declarator = around(outer)
    if declarator.type != "variable_declarator":
        raise _escapes(job.module.text(declarator))
    function = function_of(whole)
    is_seen = is_promise_seen(job.module, job.scopes, function)
    job.retype(declarator.child_by_field_name("type"), job.module.text(child(declarator, "name")))
    _responses(job, whole, function, is_seen=is_seen).take_apart(child(declarator, "name"))


def _callback(job: Job, whole: Node) -> None:
    chain = chain_of(job.module, whole)
    first = chain.links[0]
    callback = first.handlers[0] if first.method == "then" and first.handlers else None
    if callback is None or callback.type not in FUNCTIONS:
        raise _escapes(job.module.text(chain.top))
    name = parameter(callback)
    if name is None and items(child(callback, "parameters")):
        raise _escapes(job.module.text(callback))
    if name is None:
        return
    is_seen = len(chain.links) > 1 or not is_unused(job.module, chain.top)
    _responses(job, whole, callback, is_seen=is_seen).take_apart(name)


def _responses(job: Job, whole: Node, container: Node | None, *, is_seen: bool) -> Responses:
    places = elements(whole)
    calls = [emit.call for emit in job.emits]
    indices = frozenset(index for index, one in enumerate(places) if one in calls)
    return Responses(job, container, indices, is_seen=is_seen, is_complete=len(indices) == len(places))


def _escapes(code: str) -> Left:
    line = " ".join(code.split())[:60]
    return Left(reasons.PROMISE_ALL, f"The Responses of Promise.all are passed on as a whole: {line}...")


def _write(job: Job, given: Node) -> None:
    """Write the calls where they stand, or one a line where the line would become too long."""
    codes = [promised(emit, job.draft, job.names) for emit in job.emits]
    at = given.start_byte
    is_short = b"\n" in (given.text or b"") or job.module.column(at) + len(", ".join(codes)) < _WIDTH
    if is_short or given.type != "array" or len(items(given)) != len(codes):
        for emit, code in zip(job.emits, codes, strict=True):
            job.draft.swap(emit.call, code)
        return
    gap = job.draft.newline(at, 1)
    job.draft.swap(given, f"[{gap}{f',{gap}'.join(codes)},{job.draft.newline(at)}]")


RULE = Rule("fetch_all", "Promise.all of calls whose answers are all read as JSON.", _applies, _rewrite)
