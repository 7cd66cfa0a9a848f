"""What makes an app's test clients, once it has a Bridge; a server that runs no tests loads none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask


class Testers:
    """Stands where an app keeps the class of its test clients; ``made_before`` is what was there, if anything."""

    def __init__(self, made_before: Any) -> None:
        self._made_before = made_before

    def __call__(self, app: Flask, *args: Any, **options: Any) -> Any:
        """Make a test client, as calling the class does."""
        from bridge.testing import client_class

        return client_class(self._made_before)(app, *args, **options)
