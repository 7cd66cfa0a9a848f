"""``await client.get("/coaches")`` becomes ``await client.call("get_coaches")``; so do Client and httpx.get()."""

from __future__ import annotations

from codemods.python.pyclient.calls import HTTPX, HTTPX_CLIENT
from codemods.python.pyclient.rules.base import Job, Rule, of_module, of_receiver


def _function(job: Job) -> str:
    return of_receiver(job) if job.found.kind == HTTPX_CLIENT else of_module(job)


RULE = Rule(
    "httpx_call",
    "httpx.get(...), httpx.Client and httpx.AsyncClient with all their calls: call(event, ...).",
    frozenset({HTTPX, HTTPX_CLIENT}),
    _function,
)
