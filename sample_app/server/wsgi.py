"""The app as WSGI servers want it: ``sample_app.server.wsgi:app``."""

from __future__ import annotations

from sample_app.server.app import create_app

app = create_app()
