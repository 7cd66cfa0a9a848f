"""``const r = await fetch(u)`` becomes ``const r = await socket.timeout(TIMEOUT).emitWithAck(...)``."""

from __future__ import annotations

from tree_sitter import Node

from codemods import reasons
from codemods.javascript.chain import Chain
from codemods.javascript.emit import promised
from codemods.javascript.flatten import Flattener
from codemods.javascript.handing_on import KEPT
from codemods.javascript.names import JSON
from codemods.javascript.parser import Module, around, child, function_of
from codemods.javascript.response_use import check_member, is_promise_seen, is_unused, reads_only_kept
from codemods.javascript.rules.base import Job, Rule
from codemods.javascript.scope import Binding
from codemods.results import Left


def _applies(module: Module, chain: Chain) -> bool:
    return not chain.links and around(chain.call).type == "await_expression"


def _rewrite(job: Job) -> None:
    call = job.chain.call
    waiting = around(call)
    outer = around(waiting)
    if outer.type == "arguments" and _is_await(job, around(outer)):
        _misread(job, around(outer))
        return
    if outer.type == "variable_declarator":
        _declared(job, outer)
    elif outer.type == "assignment_expression":
        _assigned(job, outer)
    elif outer.type == "parenthesized_expression" and around(outer).type == "member_expression":
        if _member(job, waiting, outer):
            return
    elif not is_unused(job.module, waiting):
        msg = "The Response is passed on as a whole; an ack is not a Response."
        raise Left(reasons.RESPONSE_ESCAPES, msg)
    job.draft.swap(call, promised(job.emit, job.draft, job.names))


def _is_await(job: Job, call: Node) -> bool:
    """True for ``await (...)``, which the JavaScript grammar takes for a call of a function named await."""
    return call.type == "call_expression" and job.module.text(child(call, "function")) == "await"


def _misread(job: Job, inner: Node) -> None:
    """Rewrite ``await (await fetch(u)).json()`` as the grammar reads it: ``.json()`` on a call of await."""
    member = around(inner)
    call = check_member(job.module, member) if member.type == "member_expression" else None
    if call is None:
        msg = "The Response is passed on as a whole; an ack is not a Response."
        raise Left(reasons.RESPONSE_ESCAPES, msg)
    _swap_json(job, call)


def _swap_json(job: Job, whole: Node) -> None:
    outer = around(whole)
    if outer.type == "parenthesized_expression" and around(outer).type == "member_expression":
        whole = outer
    job.draft.swap(whole, f"{job.names[JSON]}(await {promised(job.emit, job.draft, job.names)})")


def _declared(job: Job, declarator: Node) -> None:
    name = child(declarator, "name")
    job.retype(declarator.child_by_field_name("type"), job.module.text(name))
    if reads_only_kept(job.module, name):
        return
    if name.type != "identifier":
        msg = "The Response is taken apart into more than ok and status."
        raise Left(reasons.READS_HEADERS, msg)
    binding = job.binding(name)
    if binding.writes:
        msg = f"{binding.name} is assigned to more than once."
        raise Left(reasons.RESPONSE_REASSIGNED, msg)
    _flatten(job, binding)


def _assigned(job: Job, assignment: Node) -> None:
    left = child(assignment, "left")
    binding = job.scopes.binding(left) if left.type == "identifier" else None
    is_only = binding is not None and binding.writes == [left] and binding.value is None and binding.kind != "param"
    if binding is None or not is_only or not is_unused(job.module, assignment):
        msg = f"{job.module.text(left)} may hold another Response too."
        raise Left(reasons.RESPONSE_REASSIGNED, msg)
    job.retype(binding.declaration.child_by_field_name("type"), binding.name)
    _flatten(job, binding)


def _flatten(job: Job, binding: Binding) -> None:
    function = function_of(job.chain.call)
    flattener = Flattener(
        module=job.module,
        scopes=job.scopes,
        draft=job.draft,
        names=job.names,
        response=binding,
        name=binding.name,
        container=function,
        is_seen=is_promise_seen(job.module, job.scopes, function),
        has_result=True,
        note=job.notes.append,
        handed=job.handed,
    )
    flattener.rewrite()


def _member(job: Job, waiting: Node, wrapped: Node) -> bool:
    """Rewrite ``(await fetch(u)).json()``; True when that was all there is to do."""
    member = around(wrapped)
    call = check_member(job.module, member)
    if call is None:
        assert job.module.text(child(member, "property")) in KEPT
        return False
    whole = around(call) if around(call).type == "await_expression" else call
    if whole is call and around(call).type not in {"return_statement", "arrow_function"}:
        msg = "The promise of json() is passed on; an ack has no promise for its data."
        raise Left(reasons.JSON_PROMISE_ESCAPES, msg)
    _swap_json(job, whole)
    return True


RULE = Rule("fetch_await", "An awaited call: await emitWithAck.", _applies, _rewrite)
