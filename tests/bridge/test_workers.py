"""The pool: bounded, in order where it must be, and nothing that a job does stops it."""

from __future__ import annotations

import sys
import threading
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.workers import READS_AT_ONCE, Inline, Lane, ThreadRunner, WorkerPool


@pytest.fixture
def pool() -> WorkerPool:
    return WorkerPool(4, ThreadRunner())


def wait_for(condition: Any, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


class Meter:
    """Counts how many jobs run at once."""

    def __init__(self) -> None:
        self.lock, self.now, self.most, self.done = threading.Lock(), 0, 0, 0

    def job(self) -> None:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.001)
        with self.lock:
            self.now -= 1
            self.done += 1


def test_never_more_workers_than_size(pool: WorkerPool) -> None:
    """200 jobs are run by four workers, and all are run."""
    meter = Meter()
    for _ in range(200):
        pool.submit(meter.job)
    wait_for(lambda: meter.done == 200)
    assert meter.most <= pool.started == 4


def test_workers_start_as_they_are_needed(pool: WorkerPool) -> None:
    """Jobs that come one after another need one worker."""
    assert pool.started == 0
    done: list[int] = []
    for number in range(5):
        pool.submit(lambda number=number: done.append(number))  # type: ignore[misc]
        wait_for(lambda number=number: len(done) == number + 1)  # type: ignore[misc]
        wait_for(lambda: pool._outstanding == 0)
    assert pool.started == 1


@pytest.mark.parametrize("error", [ValueError, SystemExit, KeyboardInterrupt, RecursionError])
def test_a_job_that_raises(pool: WorkerPool, error: type[BaseException], caplog: pytest.LogCaptureFixture) -> None:
    """A worker outlives every job."""

    def bad() -> None:
        raise error

    done = threading.Event()
    for _ in range(20):
        pool.submit(bad)
    lane = Lane(pool)
    lane.write(bad)
    lane.read(bad)
    lane.write(done.set)
    assert done.wait(10)
    wait_for(lambda: pool._outstanding == 0)
    assert "a job raised" in caplog.text


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(["read", "write"]), max_size=60))
def test_writes_of_a_lane_keep_their_order(kinds: list[str]) -> None:
    """However reads and writes are mixed, writes run one at a time and in order, and every job runs once."""
    pool = WorkerPool(4, ThreadRunner())
    lane, writes, reads = Lane(pool), [], []
    inside = threading.Lock()

    def write(number: int) -> None:
        assert inside.acquire(blocking=False)
        writes.append(number)
        inside.release()

    for number, kind in enumerate(kinds):
        if kind == "write":
            lane.write(lambda number=number: write(number))  # type: ignore[misc]
        else:
            lane.read(lambda number=number: reads.append(number))  # type: ignore[misc]
    wait_for(lambda: len(writes) + len(reads) == len(kinds))
    assert writes == [number for number, kind in enumerate(kinds) if kind == "write"]
    assert sorted(reads) == [number for number, kind in enumerate(kinds) if kind == "read"]


def test_a_slow_write_does_not_hold_up_reads_or_other_lanes(pool: WorkerPool) -> None:
    """While a write takes its time, reads of its connection and writes of others run."""
    gate, done = threading.Event(), threading.Semaphore(0)
    lane, other = Lane(pool), Lane(pool)
    order: list[str] = []
    lane.write(lambda: gate.wait(10) and None)
    lane.write(lambda: order.append("second write"))
    lane.read(done.release)
    other.write(done.release)
    assert done.acquire(timeout=5)
    assert done.acquire(timeout=5)
    assert order == []
    gate.set()
    wait_for(lambda: order == ["second write"])


def test_reads_of_a_lane_are_bounded() -> None:
    """One connection never runs more than READS_AT_ONCE reads at once, so that it cannot take all workers."""
    pool, meter = WorkerPool(32, ThreadRunner()), Meter()
    lane = Lane(pool)
    for _ in range(100):
        lane.read(meter.job)
    wait_for(lambda: meter.done == 100)
    assert meter.most <= READS_AT_ONCE


def test_many_writers_at_once(pool: WorkerPool) -> None:
    """Jobs submitted from many threads at once are neither lost nor run twice."""
    lane, count, interval = Lane(pool), 2000, sys.getswitchinterval()
    ran: list[int] = []

    def submit(start: int) -> None:
        for number in range(start, start + count):
            (lane.write if number % 2 else lane.read)(lambda number=number: ran.append(number))  # type: ignore[misc]

    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=submit, args=[start * count]) for start in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wait_for(lambda: len(ran) >= 4 * count)
    finally:
        sys.setswitchinterval(interval)
    assert sorted(ran) == list(range(4 * count))


def test_inline_runs_at_once() -> None:
    """The test client's lane runs a job before it returns, and swallows what it raises."""
    ran: list[str] = []
    Inline().read(lambda: ran.append("read"))
    Inline().write(lambda: ran.append("write"))
    Inline().write(lambda: sys.exit(1))
    assert ran == ["read", "write"]
