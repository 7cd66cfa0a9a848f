"""Executes a program as it is before or after its rewrite, and tells what it did."""

from __future__ import annotations

import contextlib
import io
import sys
import unittest
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from tests.codemods.pyclient.server import Server


@dataclass(frozen=True)
class Seen:
    """What the server was asked, what was printed, and which errors went out, each with the names of its classes."""

    asked: list[Any]
    printed: str
    errors: list[tuple[str, frozenset[str]]]

    def agrees_with(self, other: Seen) -> bool:
        """True where the other is this one: its errors are caught by what catches these."""
        pairs = list(zip(self.errors, other.errors, strict=False))
        is_caught = len(self.errors) == len(other.errors) and all(one[0] in two[1] for one, two in pairs)
        return is_caught and (self.asked, self.printed) == (other.asked, other.printed)


def run(text: str, server: Server, mode: str) -> Seen:
    """Run a program against a server in a mode; in the mode ``dead`` nobody listens."""
    host = "127.0.0.1:9" if mode == "dead" else server.url.partition("://")[2]
    code = compile(text.replace("localhost:5555", host), "fixture.py", "exec")
    printed = io.StringIO()
    errors: list[tuple[str, frozenset[str]]] = []
    with server.told(mode), _module("shop", app=server.app), contextlib.redirect_stdout(printed):
        names: dict[str, Any] = {"__name__": "__main__", "__file__": "fixture.py"}
        with _noted(errors):
            _in_a_thread(lambda: exec(code, names))
        for test in _tests(names):
            with _noted(errors):
                test(server)
        return Seen(list(server.seen), printed.getvalue(), errors)


def _in_a_thread(work: Callable[[], None]) -> None:
    """Do something where no event loop runs: Playwright keeps one in the thread of the tests."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


def _tests(names: dict[str, Any]) -> Iterator[Any]:
    """Yield the tests in a program, functions with a client and unittest's classes."""
    for name, value in names.items():
        if name.startswith("test_") and callable(value):
            yield lambda server, test=value: test(server.app.test_client())
        elif isinstance(value, type) and issubclass(value, unittest.TestCase):
            for case in unittest.defaultTestLoader.loadTestsFromTestCase(value):
                yield lambda _, case=case: case.debug()


@contextlib.contextmanager
def _noted(errors: list[tuple[str, frozenset[str]]]) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        names = frozenset(one.__name__ for one in type(error).__mro__)
        errors.append((type(error).__name__, names))


@contextlib.contextmanager
def _module(name: str, **values: Any) -> Iterator[None]:
    module = ModuleType(name)
    vars(module).update(values)
    sys.modules[name] = module
    try:
        yield
    finally:
        del sys.modules[name]
