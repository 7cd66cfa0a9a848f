"""Finds the calls of ``fetch`` that may be a helper's: those that only the callers of their function can explain.

Asked of a file before it is rewritten, so that a plan, which keeps all that it looks at in memory, looks at few.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codemods import reasons
from codemods.javascript.chain import chain_of
from codemods.javascript.choices import NOTHING, Assumed, conditions
from codemods.javascript.fetch_calls import find_uses
from codemods.javascript.modules import Modules
from codemods.javascript.parser import Module, arguments
from codemods.javascript.request import read_request
from codemods.javascript.resolving import App, find_match, find_target
from codemods.javascript.wrappers.answers import handed_on, is_handed_on_whole
from codemods.results import Left


def may_hold_helper(app: App, path: str) -> bool:
    """True for a file that a plan must look at. The file stays parsed, for whoever rewrites it."""
    module = app.modules.module(path)
    return module is not None and next(helper_calls(app, app.modules, module), None) is not None


def helper_calls(app: App, modules: Modules, module: Module) -> Iterator[Node]:
    """Yield the calls of a file that may be a helper's."""
    if app.classic.why(module):
        return
    for use in find_uses(module, modules.scopes(module)):
        if use.call is not None and arguments(use.call) and _may_be_helper(app, modules, module, use.call):
            yield use.call


def _may_be_helper(app: App, modules: Modules, module: Module, call: Node) -> bool:
    """True for a call that its own file does not explain, or whose Response goes to the callers of its function."""
    chain = chain_of(module, call)
    if is_handed_on_whole(module, chain) or handed_on(modules.scopes(module), chain):
        return True
    reason = _reason(app, modules, module, call, NOTHING)
    if reason in {"", reasons.ABORT_SIGNAL, reasons.RELATIVE_URL}:
        return False
    either = ({text: value} for text in conditions(modules, module, call) for value in (True, False))
    return not any(_reason(app, modules, module, call, assumed) == "" for assumed in either)


def _reason(app: App, modules: Modules, module: Module, call: Node, assumed: Assumed) -> str:
    """Return why a call alone cannot be an emit; "" where it can. Pages are not looked up: they take long to find."""
    try:
        request = read_request(modules, module, call, assumed)
        find_match(app, request.method, find_target(app, module, call, assumed, pages=_unknown), lambda _: None)
    except Left as left:
        return left.reason
    return ""


def _unknown(module: Module, site: Node) -> list[str]:
    msg = "The URL is relative to a page."
    raise Left(reasons.RELATIVE_URL, msg)
