"""``Promise.all([fetch(a), fetch(b)])`` whose Responses are all read as JSON: all are rewritten, or none."""

from __future__ import annotations

import re

from tree_sitter import Node

from codemods import reasons
from codemods.javascript.callbacks import parameter
from codemods.javascript.chain import Chain, chain_of
from codemods.javascript.emit import promised
from codemods.javascript.names import JSON
from codemods.javascript.parser import Module, around, child, items
from codemods.javascript.rules.base import Job, Rule
from codemods.results import Left

_WIDTH = 100
_READS_ALL = re.compile(r"Promise\.all\((?P<all>\w+)\.map\((?:\((?P<a>\w+)\)|(?P<b>\w+))=>(?P<c>\w+)\.json\(\)\)\)")


def all_of(module: Module, call: Node) -> Node | None:
    """Return the ``Promise.all(...)`` in whose array literal a call is an element."""
    array = around(call)
    if array.type != "array" or around(array).type != "arguments":
        return None
    outer = around(around(array))
    function = outer.child_by_field_name("function")
    return outer if function is not None and module.text(function) == "Promise.all" else None


def elements(whole: Node) -> list[Node]:
    """Return the elements of the array that ``Promise.all`` gets."""
    return items(items(child(whole, "arguments"))[0])


def _applies(module: Module, chain: Chain) -> bool:
    return not chain.links and all_of(module, chain.call) is not None


def _rewrite(job: Job) -> None:
    whole = all_of(job.module, job.chain.call)
    assert whole is not None
    links = chain_of(job.module, whole).links
    callback = links[0].handlers[0] if links and links[0].method == "then" and links[0].handlers else None
    body = _reading(job.module, callback) if callback is not None else None
    if callback is None or body is None or len(elements(whole)) != len(job.emits):
        msg = "The answers of Promise.all are not simply all read as JSON."
        raise Left(reasons.PROMISE_ALL, msg)
    name = parameter(callback)
    assert name is not None
    job.draft.swap(body, f"{job.module.text(name)}.map({job.names[JSON]})")
    _write(job, around(job.chain.call))


def _write(job: Job, array: Node) -> None:
    """Write the calls where they stand, or one a line where the line would become too long."""
    codes = [promised(emit, job.draft, job.names) for emit in job.emits]
    at = array.start_byte
    before = job.module.column(at)
    if b"\n" in (array.text or b"") or before + len(", ".join(codes)) < _WIDTH:
        for emit, code in zip(job.emits, codes, strict=True):
            job.draft.swap(emit.call, code)
        return
    gap = job.draft.newline(at, 1)
    job.draft.swap(array, f"[{gap}{f',{gap}'.join(codes)},{job.draft.newline(at)}]")


def _reading(module: Module, callback: Node) -> Node | None:
    """Return ``Promise.all(responses.map((r) => r.json()))`` where it is all that a callback returns."""
    if callback.type != "arrow_function":
        return None
    name, body = parameter(callback), child(callback, "body")
    if body.type == "statement_block" and len(body.named_children) == 1 and body.named_children[0].type[:6] == "return":
        body = items(body.named_children[0])[0] if items(body.named_children[0]) else body
    found = _READS_ALL.fullmatch("".join(module.text(body).split()))
    if name is None or name.type != "identifier" or found is None:
        return None
    is_same = found["all"] == module.text(name) and found["c"] == (found["a"] or found["b"])
    return body if is_same else None


RULE = Rule("fetch_all", "Promise.all of calls whose answers are all read as JSON.", _applies, _rewrite)
