"""Small apps as source, and both ways to their event map: imported and run, or only read."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

from bridge.discovery import discover
from bridge.events import EventMap
from codemods.python.routes import Reading, read_routes

Files = Mapping[str, str]
HEAD = """
from flask import Flask, Blueprint, make_response, jsonify
from flask.views import MethodView, View
from flask_restful import Api, Resource
"""


def source(text: str) -> str:
    """Return a file with the imports that nearly all need on top."""
    return HEAD + dedent(text)


def read(files: Files, entry: str = "") -> Reading:
    """Read an app from its source."""
    return read_routes({path: text.encode() for path, text in files.items()}, ("somewhere",), entry)


def booted(files: Files, folder: Path, module: str = "app", attribute: str = "app") -> EventMap:
    """Import an app from a folder and ask it."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    with imports_from(folder):
        found = getattr(importlib.import_module(module), attribute)
        app = found() if attribute == "create_app" else found
        bridge = app.extensions.get("bridge")
        return bridge.event_map if bridge else discover(app)


@contextmanager
def imports_from(folder: Path) -> Iterator[None]:
    """Let modules of a folder be imported, and forget them afterwards."""
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            if str(folder) in str(getattr(sys.modules[name], "__file__", "")):
                del sys.modules[name]
