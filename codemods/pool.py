"""Spreads work over processes: the answers come in any order, and a worker that dies takes only its task with it.

The standard library's pools give up all tasks when one worker is killed, and know no time limit for one task.
"""

from __future__ import annotations

import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Generic, TypeVar

Task = TypeVar("Task")
Answer = TypeVar("Answer")
Failed = Callable[[Task, str], Answer]
"""Makes the answer for a task that no worker could finish, of the task and what happened."""

# A fork starts in a millisecond and shares the event map; where it is not safe, workers start afresh.
if sys.platform == "linux":
    _CONTEXT = get_context("fork")
else:
    _CONTEXT = get_context("spawn")


@dataclass(eq=False)
class _Worker(Generic[Task]):
    """One process, our end of the pipe to it, and the task that it is at."""

    process: BaseProcess
    connection: Connection
    number: int = 0
    task: Task | None = None
    until: float = 0.0

    def give(self, number: int, task: Task, seconds: float) -> None:
        self.number, self.task = number, task
        self.until = time.monotonic() + seconds
        with suppress(OSError):  # it has died meanwhile: its end of the pipe tells so when we listen to it
            self.connection.send(task)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()


class _Waiting(Generic[Task]):
    """The tasks that nobody is at yet, by what they have in common."""

    def __init__(self, tasks: Iterable[Task], kin: Callable[[Task], Hashable]) -> None:
        self._kin = kin
        self._groups: dict[Hashable, deque[tuple[int, Task]]] = {}
        self._begun: set[Hashable] = set()
        for number, task in enumerate(tasks):
            self._groups.setdefault(kin(task), deque()).append((number, task))

    def next(self, last: Task | None = None) -> tuple[int, Task] | None:
        """Return a task like the last one, else one that nobody has begun the like of, else one of the most."""
        if not self._groups:
            return None
        kin = self._kin(last) if last is not None else None
        if last is None or kin not in self._groups:
            fresh = (one for one in self._groups if one not in self._begun)
            kin = next(fresh, None) or max(self._groups, key=lambda one: len(self._groups[one]))
        self._begun.add(kin)
        group = self._groups[kin]
        found = group.popleft()
        if not group:
            del self._groups[kin]
        return found


def spread(
    tasks: Iterable[Task],
    work: Callable[[Task], Answer],
    failed: Failed[Task, Answer],
    jobs: int,
    seconds: float,
    kin: Callable[[Task], Hashable] = lambda task: "",
) -> Iterator[tuple[int, Answer]]:
    """Yield (number of the task, its answer) as they are done, with ``jobs`` processes and so many seconds a task.

    Tasks with one ``kin`` go to one worker as long as there are others for the rest: what it has worked out for one
    serves the next. Whatever ends the caller's loop, Ctrl-C too, ends the workers.
    """
    waiting = _Waiting(tasks, kin)
    busy: list[_Worker[Task]] = []
    try:
        while len(busy) < jobs and (first := waiting.next()) is not None:
            worker = _started(work, busy)
            busy.append(worker)
            worker.give(*first, seconds)
        while busy:
            for worker in _ready(busy):
                busy.remove(worker)
                number, answer, is_alive = _answer(worker, failed)
                following = waiting.next(worker.task)
                if following is not None:
                    worker = worker if is_alive else _started(work, busy)
                    busy.append(worker)
                    worker.give(*following, seconds)
                elif is_alive:
                    worker.end()
                yield number, answer
    finally:
        for worker in busy:
            worker.end()


def _started(work: Callable[[Task], Answer], others: list[_Worker[Task]]) -> _Worker[Task]:
    ours, theirs = _CONTEXT.Pipe()
    inherited = [ours, *(one.connection for one in others)] if _CONTEXT.get_start_method() == "fork" else []
    process = _CONTEXT.Process(target=_serve, args=(theirs, work, inherited), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _serve(connection: Connection, work: Callable[[Task], Answer], inherited: list[Connection]) -> None:
    """Answer tasks until the other end is closed, or its process gone."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends a worker without a traceback
    for one in inherited:  # else the end of the parent would not be seen here
        one.close()
    with suppress(EOFError, OSError):
        while True:
            connection.send(work(connection.recv()))


def _ready(busy: list[_Worker[Task]]) -> list[_Worker[Task]]:
    """Wait for workers that have answered, died or used up their time."""
    rest = min(one.until for one in busy) - time.monotonic()
    heard = wait([one.connection for one in busy], timeout=max(rest, 0))
    return [one for one in busy if one.connection in heard or one.until <= time.monotonic()]


def _answer(worker: _Worker[Task], failed: Failed[Task, Answer]) -> tuple[int, Answer, bool]:
    assert worker.task is not None
    if not worker.connection.poll():
        worker.end()
        return worker.number, failed(worker.task, "took too long"), False
    try:
        return worker.number, worker.connection.recv(), True
    except (EOFError, OSError):
        worker.end()
        return worker.number, failed(worker.task, "ended its process"), False
