"""A chain whose promise somebody uses becomes ``socket.timeout(TIMEOUT).emitWithAck(...)`` with the same chain."""

from __future__ import annotations

from tree_sitter import Node

from codemods import reasons
from codemods.javascript.callbacks import is_plain_name, parameter
from codemods.javascript.chain import Chain
from codemods.javascript.emit import promised
from codemods.javascript.flatten import Flattener
from codemods.javascript.named_handlers import function_behind
from codemods.javascript.names import JSON
from codemods.javascript.parser import FUNCTIONS, Module, around, child, items
from codemods.javascript.response_use import is_unused, reads_only_kept
from codemods.javascript.rules.base import Job, Rule, is_json_only, keep_effect_silent, rename_parameter
from codemods.results import Left


def _applies(module: Module, chain: Chain) -> bool:
    return bool(chain.links)


def _rewrite(job: Job) -> None:
    read_answer(job)
    job.draft.swap(job.chain.call, promised(job.emit, job.draft, job.names, _below(job)))
    keep_effect_silent(job)


def read_answer(job: Job) -> None:
    """Let the first callback of a chain take an ack."""
    first = job.chain.links[0]
    if first.method != "then" or not first.handlers:
        msg = f".{first.method}() stands before the first .then(), which may then get something else than the answer."
        raise Left(reasons.CATCH_BEFORE_THEN, msg)
    _callback(job, first.handlers[0])


def _below(job: Job) -> int:
    """Return where the chain goes on, if that is on a line of its own; else 0."""
    call = job.chain.call
    dot = next(one for one in around(call).children if one.type == ".")
    return dot.start_byte if dot.start_point[0] != call.end_point[0] else 0


def _callback(job: Job, callback: Node) -> None:
    handler, callback = callback, function_behind(job.module, callback)
    if is_json_only(job.module, callback):
        job.draft.swap(handler, job.names[JSON])
        return
    if is_plain_name(callback) or callback.type not in FUNCTIONS:
        line = " ".join(job.module.text(callback).split())[:40]
        msg = f"The Response goes to {line}, which may use all of it."
        raise Left(reasons.NAMED_HANDLER, msg)
    if not _parameters(callback):
        return
    name = parameter(callback)
    if name is not None and reads_only_kept(job.module, name):
        return
    if name is None or name.type != "identifier":
        raise _odd_parameter(job, name)
    _flatten(job, callback, name)


def _odd_parameter(job: Job, name: Node | None) -> Left:
    if name is not None and name.type == "required_parameter":
        msg = f"The parameter {job.module.text(name)} has a type, which an ack does not have."
        return Left(reasons.TYPED_RESPONSE, msg)
    msg = "The callback takes the Response apart; an ack has ok and status only."
    return Left(reasons.RESPONSE_ESCAPES, msg)


def _parameters(callback: Node) -> list[Node]:
    single = callback.child_by_field_name("parameter")
    return [single] if single is not None else items(child(callback, "parameters"))


def _flatten(job: Job, callback: Node, name: Node) -> None:
    is_used = not is_unused(job.module, job.chain.top)
    result = job.result_name(callback)
    response = job.binding(name)
    flattener = Flattener(
        module=job.module,
        scopes=job.scopes,
        draft=job.draft,
        names=job.names,
        response=response,
        name=result,
        container=callback,
        is_seen=is_used or len(job.chain.links) > 1,
        has_result=True,
        note=job.notes.append,
        handed=job.handed,
        has_more=len(job.chain.links) > 1 or is_used,
    )
    flattener.rewrite()
    is_typed = around(name).child_by_field_name("type") is not None
    rename_parameter(job, callback, job.typed(result) if is_typed else result)


RULE = Rule("fetch_chain", "A .then chain whose promise is used: emitWithAck with the same chain.", _applies, _rewrite)
