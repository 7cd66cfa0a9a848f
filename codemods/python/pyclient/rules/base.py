"""What a rule is."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from codemods.python.pyclient.calls import Found
    from codemods.python.pyclient.connections import Connections
    from codemods.python.pyclient.evaluating import Evaluator
    from codemods.python.pyclient.targets import Target


class Job(Struct, frozen=True):
    """One call that is to be rewritten, with what is known of its file."""

    found: Found
    target: Target
    evaluator: Evaluator
    connections: Connections


class Rule(Struct, frozen=True):
    """A rewrite: ``function`` gives the code that is called in place of ``requests.get``."""

    name: str
    sentence: str
    kinds: frozenset[str]
    function: Callable[[Job], str]


def of_receiver(job: Job) -> str:
    """Return ``client.call``: the object stays, and is a connection."""
    receiver = job.found.receiver
    assert isinstance(receiver, ast.expr)
    return f"{job.evaluator.code(receiver)}.call"


def of_module(job: Job) -> str:
    """Return ``sio.call``, by the module's own connection."""
    return f"{job.connections.plain(job.target).name}.call"
