"""The rewrite of Python clients as the command line runs it: over files, and call by call."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

from msgspec.structs import replace

from codemods.python.pyclient.targets import Server
from codemods.python.pyclient.testers import Testers, testers_below
from codemods.results import FileResult
from codemods.run import Run

_INTEREST = re.compile(rb"\b(?:requests|httpx|urllib|urllib2|urllib3|aiohttp|websockets?|pycurl)\b|\bhttp\.client\b")
_VERBS = re.compile(rb"\.\s*(?:get|post|put|patch|delete|head|options|open)\b")


class PyClients:
    """A Rewriter (codemods/python/running.py) and an Engine (codemods/interactive.py)."""

    noun = "call"

    def __init__(self, paths: Iterable[Path], server: Server) -> None:
        self.server = server
        self.testers: Testers = testers_below(paths)
        self._pattern = self.testers.pattern

    def is_of_interest(self, data: bytes) -> bool:
        """Tell by the bytes alone whether a file may hold a call."""
        if _INTEREST.search(data) is not None:
            return True
        return self._pattern.search(data) is not None and _VERBS.search(data) is not None

    def rewrite(self, data: bytes, name: str, chosen: frozenset[tuple[int, int]] | None = None) -> FileResult:
        """Rewrite a file: everything, or only what stands at the places that somebody chose."""
        from codemods.python.pyclient.rewrite import rewrite

        return rewrite(data, name, self.server, self.testers, chosen)

    def errors(self, data: bytes, name: str) -> int:
        """Count what does not parse: one error is all that Python tells of."""
        try:
            ast.parse(data, name)
        except (SyntaxError, ValueError):
            return 1
        return 0

    def finished(self, run: Run) -> Run:
        """Return a run with what is left to do by hand."""
        return replace(run, steps=tuple(_steps(run)) if run.changed else ())


def _steps(run: Run) -> Iterable[str]:
    if any(b"bridge.pyclient" in one.after for one in run.changed):
        yield "where these programs run: pip install 'fetch2socket[client]'"
        yield "start the server with the bridge: fetch2socket serve MODULE:APP, or mount it (docs/bridge.md)"
    rules = {site.rule for site in run.sites if site.outcome == "rewritten"}
    if "test_client_call" in rules:
        yield "the app that the tests make needs a Bridge: its test clients have call() then (docs/pyclient.md)"
