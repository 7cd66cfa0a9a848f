"""Rewrites what becomes of the answer of a call in or of a helper, and says whether it is handed on."""

from __future__ import annotations

from tree_sitter import Node

from codemods import reasons
from codemods.javascript.chain import Chain, chain_of
from codemods.javascript.emit import promised
from codemods.javascript.parser import FUNCTIONS, Module, around, child, function_of, items
from codemods.javascript.rules.base import Job
from codemods.javascript.rules.catalogue import RULES
from codemods.javascript.rules.fetch_await import RULE as FETCH_AWAIT
from codemods.javascript.rules.fetch_chain import read_answer
from codemods.javascript.rules.fetch_then import RULE as FETCH_THEN
from codemods.javascript.rules.live_effect import RULE as LIVE_EFFECT
from codemods.javascript.scope import Scopes
from codemods.results import Left


def use_answer(job: Job) -> bool:
    """Write the call anew, and what is done with its answer; True when its function hands the ack on to its callers.

    Raises Left where the answer is used in a way that an ack does not allow.
    """
    chain = job.chain
    if is_handed_on_whole(job.module, chain):
        job.draft.swap(chain.call, promised(job.emit, job.draft, job.names))
        return True
    stored = _stored(job.module, job.scopes, chain)
    if stored is not None:
        job.draft.swap(chain.call, promised(job.emit, job.draft, job.names))
        job.chain = stored
        read_answer(job)
        return False
    handed = handed_on(job.scopes, chain)
    job.handed = frozenset(one.start_byte for one in handed)
    is_helper_call = bool(job.emit.callee)
    rules = [one for one in RULES if one is not LIVE_EFFECT and not (one is FETCH_THEN and (is_helper_call or handed))]
    rule = next((one for one in rules if one.applies(job.module, chain)), None)
    if rule is None:
        msg = "The Response promise is stored or passed on; an ack is not a Response."
        raise Left(reasons.RESPONSE_ESCAPES, msg)
    rule.rewrite(job)
    return bool(handed)


def _stored(module: Module, scopes: Scopes, chain: Chain) -> Chain | None:
    """Return the chain of ``const promise = api(...); promise.then(...)``, where that is all that is done with it."""
    declarator = around(chain.call)
    if chain.links or declarator.type != "variable_declarator":
        return None
    name = child(declarator, "name")
    binding = scopes.binding(name) if name.type == "identifier" else None
    if binding is None or binding.writes or len(binding.references) != 1:
        return None
    found = chain_of(module, binding.references[0])
    return found if found.links else None


def is_handed_on_whole(module: Module, chain: Chain) -> bool:
    """True for a call that is returned as it is, and that no rule understands where it stands."""
    if chain.links or not _is_returned(chain.call):
        return False
    return not any(one.applies(module, chain) for one in RULES if one is not FETCH_AWAIT)


def handed_on(scopes: Scopes, chain: Chain) -> list[Node]:
    """Return the uses of a Response in which the function around the call hands it on as it is."""
    if chain.links:
        return _through_callback(scopes, chain)
    waiting = around(chain.call)
    outer = around(waiting)
    if waiting.type != "await_expression" or outer.type not in {"variable_declarator", "assignment_expression"}:
        return []
    name = outer.child_by_field_name("name") or outer.child_by_field_name("left")
    binding = scopes.binding(name) if name is not None and name.type == "identifier" else None
    function = function_of(chain.call)
    found = binding.references if binding is not None else []
    return [one for one in found if around(one).type == "return_statement" and function_of(one) == function]


def _through_callback(scopes: Scopes, chain: Chain) -> list[Node]:
    link = chain.links[0]
    if len(chain.links) > 1 or link.method != "then" or not link.handlers or not _is_returned(chain.top):
        return []
    callback = link.handlers[0]
    single = callback.child_by_field_name("parameter") if callback.type in FUNCTIONS else None
    given = [single] if single is not None else []
    if callback.type in FUNCTIONS and single is None:
        given = items(child(callback, "parameters"))
    binding = scopes.binding(given[0]) if given and given[0].type == "identifier" else None
    found = binding.references if binding is not None else []
    return [one for one in found if function_of(one) == callback and _is_result(one)]


def _is_result(node: Node) -> bool:
    outer = around(node)
    return outer.type == "return_statement" or (outer.type == "arrow_function" and child(outer, "body") == node)


def _is_returned(node: Node) -> bool:
    """True for ``return call``, ``return await call`` and ``() => call``."""
    outer = around(node)
    if outer.type in {"await_expression", "parenthesized_expression"}:
        return _is_returned(outer)
    return _is_result(node)
