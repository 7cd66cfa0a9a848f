"""Calls functions after some seconds, all of them by one background task.

A thread for each would let a client start threads with every answer that sets a cookie.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from bridge.workers import Job, run_safely


class Later:
    """Waits for one fixed number of seconds, so that what was asked for first is due first."""

    def __init__(self, seconds: float, engine: Any) -> None:
        """``engine`` is the Engine.IO server, whose tasks and sleep fit its async mode."""
        self._seconds = seconds
        self._engine = engine
        self._lock = threading.Lock()
        self._waiting: deque[tuple[float, Job]] = deque()
        self._running = False

    def __call__(self, job: Callable[[], None]) -> None:
        """Run ``job`` when the seconds are over."""
        with self._lock:
            self._waiting.append((time.monotonic() + self._seconds, job))
            start, self._running = not self._running, True
        if start:
            self._engine.start_background_task(self._run)

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._running = False
                    return
                due, job = self._waiting[0]
                wait = due - time.monotonic()
                if wait <= 0:
                    self._waiting.popleft()
            if wait > 0:
                self._engine.sleep(wait)
            else:
                run_safely(job)
