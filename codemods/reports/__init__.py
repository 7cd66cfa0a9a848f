"""Writes what a run found: text for people, JSON and SARIF for programs, one HTML page for a review.

Each format is a module with ``render(run, screen)``, loaded when it is asked for: the others cost no start-up.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from codemods.reports.screen import PLAIN, Screen

if TYPE_CHECKING:
    from codemods.run import Run

_MODULES = {"text": "text", "json": "json_rows", "sarif": "sarif", "html": "html_page"}
FORMATS = tuple(_MODULES)


def render(run: Run, form: str, screen: Screen = PLAIN) -> str:
    """Return the report of a run in one of FORMATS. Any name or code can be in it; it encodes as UTF-8."""
    text: str = import_module(f"codemods.reports.{_MODULES[form]}").render(run, screen)
    return text
