"""Writes what a run of parity found: for a terminal, as JSON, as JUnit XML, as one HTML page.

Each format is a module with ``render(result)``, a pure function, loaded when it is asked for: others cost no start-up.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.parity.result import Result

_MODULES = {"text": "text", "json": "json_report", "junit": "junit", "html": "html_page"}
FORMATS = tuple(_MODULES)


def render(result: Result, form: str) -> str:
    """Return the report of a run in one of FORMATS. Any value can be in it; it encodes as UTF-8."""
    text: str = import_module(f"bridge.parity.reports.{_MODULES[form]}").render(result)
    return text
