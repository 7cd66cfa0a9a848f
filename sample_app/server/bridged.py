"""The app with the bridge mounted, for the event map with its live lists: ``sample_app.server.bridged:app``."""

from __future__ import annotations

from sample_app.server.app import create_app
from sample_app.server.mounting import mount

app = create_app()
mount(app)
