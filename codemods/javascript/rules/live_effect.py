"""A GET that fills state when a component appears becomes ``subscribe("coaches", setCoaches)``, ended on clean-up.

Only with ``--live``: the state then follows every later change too.
"""

from __future__ import annotations

import re

from msgspec.structs import replace
from tree_sitter import Node

from codemods.javascript.chain import Chain
from codemods.javascript.emit import Emit
from codemods.javascript.live import EFFECT, SETUP, Feed, feed_of, rows_name
from codemods.javascript.names import SUBSCRIBE, fresh
from codemods.javascript.parser import Module, arguments, around, child, items, walk
from codemods.javascript.rules.base import Job, Rule

_OLD_VUE = re.compile(rb'"vue"\s*:\s*"[^"\d]*2\.')


def is_live_list(emit: Emit) -> bool:
    """True for the GET of a live collection, just as it is: no params, no query, no headers."""
    found, request = emit.match, emit.request
    return bool(found.event.live) and not (found.params or found.query or request.headers or emit.other)


def _applies(module: Module, chain: Chain) -> bool:
    feed = feed_of(module, chain)
    if feed is None:
        return False
    if feed.kind != SETUP:
        return feed.kind == EFFECT or not module.is_typed  # this.stop would have to be declared
    is_once = module.data.count(child(chain.call, "arguments").text or b"") == 1  # two would end by one name
    return is_once and _vue_import(module) is not None


def _rewrite(job: Job) -> None:
    feed = feed_of(job.module, job.chain)
    assert feed is not None
    live = job.emit.match.event.live
    job.notes.append(f"the state follows every later change of {live}")
    if feed.kind == EFFECT and feed.replaced == feed.hook and _is_long(job, feed):
        feed = replace(feed, replaced=job.chain.top)
    at = feed.replaced.start_byte
    quote = job.draft.style.quote
    code = f"{job.names[SUBSCRIBE]}({quote}{live}{quote}, {_receiver(job, feed, at)})"
    if feed.kind == EFFECT:
        _effect(job, feed, code)
        return
    stop = _name(job, feed, live)
    end = job.draft.style.semicolon
    if feed.replaced == feed.hook:
        job.draft.swap(child(feed.hook, "body"), _block(job, at, f"{stop} = {code}{end}"))
        _not_async(job, feed.hook)
    else:
        job.draft.swap(feed.replaced, f"{stop} = {code}")
    _clean_up(job, feed, stop)


def _is_long(job: Job, feed: Feed) -> bool:
    """True for a callback of several lines in an effect that is a block: it stays one."""
    is_block = child(feed.hook, "body").type == "statement_block"
    return is_block and feed.callback is not None and b"\n" in (feed.callback.text or b"") and not _setter(job, feed)


def _effect(job: Job, feed: Feed, code: str) -> None:
    if feed.replaced != feed.hook:
        job.draft.swap(feed.replaced, f"return {code}")
        return
    is_long = feed.callback is None and len(feed.steps) > 1
    body = _block(job, feed.hook.start_byte, f"return {code}{job.draft.style.semicolon}") if is_long else code
    job.draft.swap(feed.hook, f"() => {body}")


# ---- the callback -----------------------------------------------------------------------------


def _receiver(job: Job, feed: Feed, at: int) -> str:
    """Return the code that is called with the rows."""
    setter = _setter(job, feed)
    if setter:
        return setter
    if feed.callback is not None:
        return job.draft.reindented(feed.callback, at)
    name = rows_name(job.module, feed) or fresh(job.scopes, job.module, feed.replaced, ("rows",))
    steps = [_step(job, feed, one, name, at) for one in feed.steps]
    typed = job.module.text(feed.name).partition("=")[0].strip() if feed.name is not None else name
    if len(steps) == 1 and feed.kind == EFFECT:
        return f"({typed}) => {steps[0]}"
    indent = 2 if feed.replaced == feed.hook else 1
    gap, end = job.draft.newline(at, indent), job.draft.style.semicolon
    return f"({typed}) => {{{gap}{gap.join(f'{one}{end}' for one in steps)}{job.draft.newline(at, indent - 1)}}}"


def _setter(job: Job, feed: Feed) -> str:
    """Return ``setCoaches`` where all that is done is ``setCoaches(rows)``."""
    if feed.callback is not None and not feed.steps:
        return job.module.text(feed.callback)
    step = _bare(feed.steps[0])
    if len(feed.steps) > 1 or step.type != "call_expression":
        return ""
    given = arguments(step)[0]
    is_all = given == feed.reader or (feed.reader is None and job.module.text(given) == rows_name(job.module, feed))
    return job.module.text(child(step, "function")) if is_all else ""


def _step(job: Job, feed: Feed, step: Node, name: str, at: int) -> str:
    text = job.draft.reindented(_bare(step), at)
    return text.replace(job.module.text(feed.reader), name) if feed.reader is not None else text


def _bare(step: Node) -> Node:
    while step.type in {"expression_statement", "parenthesized_expression"}:
        step = items(step)[0]
    return step


# ---- Vue --------------------------------------------------------------------------------------


def _name(job: Job, feed: Feed, live: str) -> str:
    """Return what the function is called that ends the subscription."""
    word = "".join(part.capitalize() for part in live.split("_"))
    if feed.kind == SETUP:
        return fresh(job.scopes, job.module, job.module.root, (f"stop{word}",))
    return f"this.stop{word}"


def _block(job: Job, at: int, statement: str) -> str:
    return f"{{{job.draft.newline(at, 1)}{statement}{job.draft.newline(at)}}}"


def _not_async(job: Job, hook: Node) -> None:
    word = next((one for one in hook.children if one.type == "async"), None)
    if word is not None and word.next_sibling is not None:
        job.draft.delete(word.start_byte, word.next_sibling.start_byte)


def _clean_up(job: Job, feed: Feed, stop: str) -> None:
    draft, end = job.draft, job.draft.style.semicolon
    if feed.kind == SETUP:
        statement = around(around(around(feed.hook)))
        gap = draft.newline(statement.start_byte)
        kind = ": () => void" if job.module.is_typed else ""
        draft.insert(statement.start_byte, f"let {stop}{kind}{end}{gap}")
        draft.insert(statement.end_byte, f"{gap}onUnmounted(() => {stop}()){end}")
        _import(job)
        return
    package = job.modules.read(f"{job.modules.root}/package.json") or b""
    name = "beforeDestroy" if _OLD_VUE.search(package) else "beforeUnmount"
    at = feed.hook.start_byte
    draft.insert(feed.hook.end_byte, f",{draft.newline(at)}{name}() {_block(job, at, f'{stop}(){end}')}")


def _vue_import(module: Module) -> Node | None:
    """Return the last name imported from vue in the statement that imports ``onMounted``."""
    for one in module.statements:
        names = [two for two in walk(one) if two.type == "import_specifier"] if one.type == "import_statement" else []
        if SETUP in {module.text(name) for name in names}:
            return names[-1]
    return None


def _import(job: Job) -> None:
    last = _vue_import(job.module)
    assert last is not None
    if "onUnmounted" not in {job.module.text(one) for one in items(around(last))}:
        job.draft.insert(last.end_byte, ", onUnmounted")


RULE = Rule(
    "live_effect",
    "With --live, a GET of a live collection that fills state: a subscription with clean-up.",
    _applies,
    _rewrite,
    is_opt_in=True,
)
