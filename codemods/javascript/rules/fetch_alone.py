"""``fetch("/x", { method: "DELETE" })`` that nobody waits for becomes ``socket.emit("delete_x")``."""

from __future__ import annotations

from codemods.javascript.chain import Chain
from codemods.javascript.emit import plain
from codemods.javascript.parser import Module
from codemods.javascript.response_use import is_unused
from codemods.javascript.rules.base import Job, Rule, keep_effect_silent


def _applies(module: Module, chain: Chain) -> bool:
    return not chain.links and is_unused(module, chain.call)


def _rewrite(job: Job) -> None:
    job.draft.swap(job.chain.call, f"{plain(job.emit, job.draft, job.names)})")
    keep_effect_silent(job)


RULE = Rule("fetch_alone", "A call whose answer nobody waits for: emit without a callback.", _applies, _rewrite)
