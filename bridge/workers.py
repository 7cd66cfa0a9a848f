"""A bounded pool that answers events: reads of a connection side by side, its writes one after another.

Flask-SocketIO starts a thread for each event, unbounded and unordered (stack-facts 14).
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Protocol

Job = Callable[[], None]

#: As many as browsers open connections to one host, so a page's fetch calls never had more.
READS_AT_ONCE = 6

_logger = logging.getLogger("bridge")


class Runner(Protocol):
    """How workers are started and fed: threads, or greenlets in gevent mode."""

    def start(self, work: Callable[[], None], name: str) -> None:
        """Start one worker."""

    def queue(self) -> Any:
        """Return an unbounded queue with ``put`` and a blocking ``get``."""


class ThreadRunner:
    """Workers are daemon threads: a Resource that never returns must not keep the process alive."""

    def start(self, work: Callable[[], None], name: str) -> None:
        """Start one daemon thread."""
        threading.Thread(target=work, name=name, daemon=True).start()

    def queue(self) -> SimpleQueue[Any]:
        """Return the queue that is written in C."""
        return SimpleQueue()


class GeventRunner:
    """Workers are greenlets; gevent is imported only when it is used."""

    def start(self, work: Callable[[], None], name: str) -> None:
        """Start one greenlet."""
        import gevent

        gevent.spawn(work)

    def queue(self) -> Any:
        """Return a queue that lets other greenlets run while it waits."""
        from gevent.queue import SimpleQueue as GeventQueue

        return GeventQueue()


def runner_for(async_mode: str) -> Runner:
    """Return what starts workers in an async mode of Engine.IO."""
    return GeventRunner() if async_mode == "gevent" else ThreadRunner()


class WorkerPool:
    """At most ``size`` workers, started as they are needed."""

    def __init__(self, size: int, runner: Runner) -> None:
        self.size = size
        self._runner = runner
        self._jobs = runner.queue()
        self._lock = threading.Lock()
        self._started = 0
        self._outstanding = 0

    @property
    def started(self) -> int:
        """The number of workers that have been started; they stay."""
        return self._started

    def submit(self, job: Job) -> None:
        """Run ``job`` on a worker, after all jobs submitted before it have been taken up."""
        with self._lock:
            self._outstanding += 1
            grow = self._started < min(self._outstanding, self.size)
            self._started += grow
            number = self._started
        self._jobs.put(job)
        if grow:
            self._runner.start(self._work, f"bridge-{number}")

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            try:
                run_safely(job)
            finally:
                with self._lock:
                    self._outstanding -= 1


def run_safely(job: Job) -> None:
    """Run a job; whatever it raises is logged, since a worker outlives every job."""
    try:
        job()
    except BaseException as error:
        if type(error).__name__ == "GreenletExit":
            raise
        _logger.critical("a job raised past its own handling", exc_info=error)


class Lane:
    """The order of one connection: its writes go first-in-first-out, one at a time, and do not block reads.

    At most READS_AT_ONCE of its reads run at once: one client with many slow reads must not take all
    workers, and more threads would only wait for each other's turn with the interpreter.
    """

    def __init__(self, pool: WorkerPool, congested: Callable[[], bool] = lambda: False) -> None:
        """No further job is started while ``congested()``; call ``resume`` when that ends."""
        self._submit = pool.submit
        self._congested = congested
        self._lock = threading.Lock()
        self._reads = _Track(READS_AT_ONCE)
        self._writes = _Track(1)

    def read(self, job: Job) -> None:
        """Run a job as soon as a worker is free."""
        self._add(self._reads, job)

    def write(self, job: Job) -> None:
        """Run a job after all writes submitted before it have ended."""
        self._add(self._writes, job)

    def resume(self) -> None:
        """Start what waited for the congestion to end."""
        for track in (self._reads, self._writes):
            while self._start(track):
                pass

    def _add(self, track: _Track, job: Job) -> None:
        with self._lock:
            track.waiting.append(job)
        self._start(track)

    def _start(self, track: _Track) -> bool:
        """Start the next job of a track, if it may run now."""
        with self._lock:
            if not track.waiting or track.running >= track.limit or self._congested():
                return False
            track.running += 1
            job = track.waiting.popleft()
        self._submit(lambda: self._run(track, job))
        return True

    def _run(self, track: _Track, job: Job) -> None:
        run_safely(job)
        with self._lock:
            track.running -= 1
        # By the queue, not in a loop: a connection with many events must not keep a worker for itself.
        self._start(track)


class _Track:
    """The jobs of one kind on a lane: how many run, and which wait. Guarded by the lane's lock."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.running = 0
        self.waiting: deque[Job] = deque()


class Inline:
    """Runs everything at once in the caller: for Flask-SocketIO's test client, which is synchronous."""

    def read(self, job: Job) -> None:
        """Run the job now."""
        run_safely(job)

    write = read

    def resume(self) -> None:
        """Nothing ever waits."""
