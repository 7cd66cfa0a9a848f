"""``fetch(u).then(r => ...)`` whose promise nobody uses becomes an emit with a callback.

Only where the callback looks at the answer: a broken connection calls it with status 0, where
``fetch`` rejected and did not call it. Everything else is fetch_chain's.
"""

from __future__ import annotations

from tree_sitter import Node

from codemods.javascript.callbacks import check_function, declaration, is_plain_name, parameter, put_first, substitute
from codemods.javascript.chain import Chain
from codemods.javascript.emit import plain
from codemods.javascript.flatten import Flattener
from codemods.javascript.named_handlers import known_function
from codemods.javascript.names import JSON
from codemods.javascript.offline import may_hear_of_no_answer
from codemods.javascript.parser import Module, items
from codemods.javascript.response_use import is_unused, reads_only_kept
from codemods.javascript.rules.adaptor import reads_adapted
from codemods.javascript.rules.base import RESULT, Job, Rule, is_json_only, keep_effect_silent, rename_parameter
from codemods.results import Left


def _applies(module: Module, chain: Chain) -> bool:
    if not chain.links or not chain.is_thens_only or not is_unused(module, chain.top):
        return False
    first = known_function(module, chain.links[0].handlers[0])
    if len(chain.links) == 1:
        return _looks_at_response(module, first)
    if len(chain.links) != 2:
        return False
    second = chain.links[1].handlers[0]
    if is_json_only(module, first):
        return _takes_data(second)
    return reads_adapted(module, first, second) and may_hear_of_no_answer(module, second, "")


def _looks_at_response(module: Module, callback: Node) -> bool:
    if not (callback.type == "function_declaration" or _is_movable(callback)) or is_json_only(module, callback):
        return False
    name = parameter(callback)
    if name is None:
        return False
    if name.type == "object_pattern":
        is_short = all(one.type == "shorthand_property_identifier_pattern" for one in items(name))
        return is_short and reads_only_kept(module, name) and may_hear_of_no_answer(module, callback, "")
    return name.type == "identifier" and may_hear_of_no_answer(module, callback, module.text(name))


def _takes_data(callback: Node) -> bool:
    return is_plain_name(callback) or (_is_movable(callback) and parameter(callback) is not None)


def _is_movable(callback: Node) -> bool:
    try:
        check_function(callback)
    except Left:
        return False
    return True


def _rewrite(job: Job) -> None:
    chain, draft = job.chain, job.draft
    first, last = known_function(job.module, chain.links[0].handlers[0]), chain.links[-1].handlers[0]
    draft.replace(chain.call.start_byte, last.start_byte, f"{plain(job.emit, draft, job.names)}, ")
    draft.replace(last.end_byte, chain.top.end_byte, ")")
    draft.shift_to(last, job.module.indent(chain.call.start_byte))
    if len(chain.links) == 1:
        _response(job, first)
    elif is_json_only(job.module, first):
        _data(job, last, first)
    else:
        _destructured(job, last)
    keep_effect_silent(job)


def _destructured(job: Job, callback: Node) -> None:
    name = parameter(callback)
    text = job.module.text(name) if name is not None else ""
    if job.typed(text) != text:
        rename_parameter(job, callback, job.typed(text))


def _response(job: Job, callback: Node) -> None:
    name = parameter(callback)
    if name is None or name.type != "identifier":
        _destructured(job, callback)
        return
    result = job.result_name(callback)
    rename_parameter(job, callback, job.typed(result))
    flattener = Flattener(
        module=job.module,
        scopes=job.scopes,
        draft=job.draft,
        names=job.names,
        response=job.binding(name),
        name=result,
        container=callback,
        is_seen=False,
        has_result=False,
        note=job.notes.append,
    )
    flattener.rewrite()


def _data(job: Job, callback: Node, reader: Node) -> None:
    result = job.result_name(callback)
    value = f"{job.names[JSON]}({result})"
    if is_plain_name(callback):
        parenthesis = "(", ")"
        if reader.type == "arrow_function" and reader.child_by_field_name("parameter") is not None:
            parenthesis = "", ""
        name = job.typed(result)
        name = f"({name})" if name != result else name.join(parenthesis)
        job.draft.insert(callback.start_byte, f"{name} => ")
        job.draft.insert(callback.end_byte, f"({value})")
        return
    reused = _reused_name(job, callback)
    if reused and substitute(
        job.draft, job.module, job.scopes, callback, f"{job.names[JSON]}({reused})", can_throw=True
    ):
        return
    rename_parameter(job, callback, job.typed(result))
    if not substitute(job.draft, job.module, job.scopes, callback, value, can_throw=True):
        first = declaration(job.draft, job.module, job.scopes, callback, value, can_throw=True)
        put_first(job.draft, job.module, callback, first, has_result=False)


def _reused_name(job: Job, callback: Node) -> str:
    """Return the data's own name where that is what the ack would be called, were it not taken by the data."""
    name = parameter(callback)
    is_same = job.typed("") == "" and name is not None and name.type == "identifier" and job.module.text(name) == RESULT
    return RESULT if is_same and callback.type == "arrow_function" else ""


RULE = Rule("fetch_then", "A .then chain whose promise nobody uses: emit with a callback.", _applies, _rewrite)
