"""Spreads work over processes: the answers come in any order, and a worker that dies takes only its task with it.

The standard library's pools give up all tasks when one worker is killed, and know no time limit for one task. Tasks
are given some at a time, as a message costs as much as a small file; if some fail, each is tried again by itself.
"""

from __future__ import annotations

import gc
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, TypeVar

from msgspec import Struct, field

Task = TypeVar("Task")
Answer = TypeVar("Answer")
Failed = Callable[[Task, str], Answer]
"""Makes the answer for a task that no worker could finish, of the task and what happened."""

# A fork starts in a millisecond and shares the event map; where it is not safe, workers start afresh.
if sys.platform == "linux":
    _CONTEXT = get_context("fork")
else:
    _CONTEXT = get_context("spawn")


_MOST_AT_ONCE = 64
"""Tasks that a worker is given at a time."""
_ALLOCATIONS = 20_000
"""After how many new objects garbage is looked for: there is next to none in what works on trees."""


class _Worker(Struct, Generic[Task], eq=False):
    """One process, our end of the pipe to it, and the tasks that it is at."""

    process: BaseProcess
    connection: Connection
    batch: list[Task] = field(default_factory=list)
    until: float = 0.0

    def give(self, batch: list[Task], seconds: float) -> None:
        self.batch = batch
        self.until = time.monotonic() + seconds
        with suppress(OSError):  # it has died meanwhile: its end of the pipe tells so when we listen to it
            self.connection.send(batch)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


class _Waiting(Generic[Task]):
    """The tasks that nobody is at yet, by what they have in common."""

    def __init__(self, tasks: Iterable[Task], kin: Callable[[Task], Hashable], jobs: int) -> None:
        self._kin = kin
        self._jobs = jobs
        self._groups: dict[Hashable, deque[Task]] = {}
        self._fresh: dict[Hashable, None] = {}
        self._again: deque[Task] = deque()
        self.add(tasks)

    def add(self, tasks: Iterable[Task]) -> None:
        """Let some tasks come after the others of their kin."""
        for task in tasks:
            kin = self._kin(task)
            if kin not in self._groups:
                self._groups[kin] = deque()
                self._fresh[kin] = None
            self._groups[kin].append(task)

    def next(self, last: list[Task] | None = None) -> list[Task]:
        """Return tasks like the last ones, else some that nobody has begun the like of, else some of the most."""
        if self._again:
            return [self._again.popleft()]
        if not self._groups:
            return []
        kin = self._kin(last[0]) if last else None
        if not last or kin not in self._groups:
            kin = next(iter(self._fresh), None) or max(self._groups, key=lambda one: len(self._groups[one]))
        self._fresh.pop(kin, None)
        group = self._groups[kin]
        # If these may be the last, half of them, and so on, so that no worker has many left when others have none.
        share = len(group) if len(self._fresh) >= self._jobs else (len(group) + 1) // 2
        found = [group.popleft() for _ in range(min(_MOST_AT_ONCE, share))]
        if not group:
            del self._groups[kin]
        return found

    def try_again(self, batch: list[Task]) -> None:
        """Let each of some tasks come again, by itself."""
        self._again += batch


def spread(
    tasks: Iterable[Task],
    work: Callable[[Task], Answer],
    failed: Failed[Task, Answer],
    jobs: int,
    seconds: Callable[[Task], float],
    kin: Callable[[Task], Hashable] = lambda task: "",
    after: Callable[[list[tuple[Task, Answer]]], Iterable[Task]] = lambda done: (),
) -> Iterator[tuple[Task, Answer]]:
    """Yield tasks and answers as they are done, by ``jobs`` processes; ``seconds`` returns how long a task may take.

    Tasks with one ``kin`` go to one worker as long as there are others for the rest: what it has worked out for one
    serves the next. ``after`` returns the tasks that come of some answers. Whatever ends the caller's loop, Ctrl-C
    too, ends the workers.
    """
    waiting = _Waiting(tasks, kin, jobs)
    busy: list[_Worker[Task]] = []
    idle: list[_Worker[Task]] = []
    done: list[tuple[Task, Answer]] = []
    try:
        while True:
            while len(busy) < jobs and (batch := waiting.next(idle[-1].batch if idle else None)):
                busy.append(_alive(idle) or _started(work, busy))
                busy[-1].give(batch, max(map(seconds, batch)))
            yield from done  # the workers go on meanwhile
            if not busy:
                return
            done = []
            for worker in _ready(busy):
                busy.remove(worker)
                answers, is_alive = _answered(worker, waiting, failed)
                done += zip(worker.batch, answers, strict=False)
                idle += [worker] if is_alive else []
            waiting.add(after(done))
    finally:
        for worker in (*busy, *idle):
            worker.end()


def _alive(idle: list[_Worker[Task]]) -> _Worker[Task] | None:
    """Take the worker that was the last to become idle, but none that has died since: its task would seem to fail."""
    while idle:
        worker = idle.pop()
        if worker.process.is_alive():
            return worker
        worker.end()
    return None


def _answered(
    worker: _Worker[Task], waiting: _Waiting[Task], failed: Failed[Task, Answer]
) -> tuple[list[Answer], bool]:
    """Return a worker's answers, and whether it lives; of several tasks the one at fault is found by trying again."""
    answers, problem = _answers(worker)
    if problem and len(worker.batch) > 1:
        waiting.try_again(worker.batch)
    elif problem:
        answers = [failed(worker.batch[0], problem)]
    return answers, not problem


def _started(work: Callable[[Task], Answer], others: list[_Worker[Task]]) -> _Worker[Task]:
    ours, theirs = _CONTEXT.Pipe()
    inherited = [ours, *(one.connection for one in others)] if _CONTEXT.get_start_method() == "fork" else []
    process = _CONTEXT.Process(target=_serve, args=(theirs, work, inherited), daemon=True)
    with _interrupted_later():
        process.start()
    theirs.close()
    return _Worker(process, ours)


@contextmanager
def _interrupted_later() -> Iterator[None]:
    """Hold Ctrl-C back: a process that is just being made would tell of it in a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(connection: Connection, work: Callable[[Task], Answer], inherited: list[Connection]) -> None:
    """Answer tasks until the other end is closed, or its process gone."""
    gc.freeze()  # what was there before is not looked through for garbage, which would copy its pages
    gc.set_threshold(_ALLOCATIONS)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends a worker without a traceback
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    for one in inherited:  # else the end of the parent would not be seen here
        one.close()
    with suppress(EOFError, OSError):
        while True:
            connection.send([work(task) for task in connection.recv()])


def _ready(busy: list[_Worker[Task]]) -> list[_Worker[Task]]:
    """Wait for workers that have answered, died or used up their time."""
    rest = min(one.until for one in busy) - time.monotonic()
    heard = wait([one.connection for one in busy], timeout=max(rest, 0))
    return [one for one in busy if one.connection in heard or one.until <= time.monotonic()]


def _answers(worker: _Worker[Task]) -> tuple[list[Any], str]:
    """Return the answers of a worker to its tasks, or none and what became of it, which ends it."""
    if not worker.connection.poll():
        worker.end()
        return [], "took too long"
    try:
        return worker.connection.recv(), ""
    except (EOFError, OSError):
        worker.end()
        return [], "ended its process"
