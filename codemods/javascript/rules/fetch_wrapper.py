"""``api("/coaches")`` becomes ``api("get_coaches")``, and the function ``api`` takes the event.

The work is in ``wrappers/``: a helper and its callers, in whatever files, are rewritten together before any other call.
"""

from __future__ import annotations

from codemods.javascript.chain import Chain
from codemods.javascript.parser import Module
from codemods.javascript.rules.base import Job, Rule


def _applies(module: Module, chain: Chain) -> bool:
    """Say no: one call alone does not tell."""
    return False


def _rewrite(job: Job) -> None:
    raise NotImplementedError


RULE = Rule("fetch_wrapper", "A function that wraps fetch, rewritten together with its callers.", _applies, _rewrite)
