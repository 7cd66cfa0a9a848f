"""Work that is spread over processes."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from codemods.pool import spread


def limit(task: object) -> float:
    """Give every task a minute."""
    return 60


def test_a_loop_that_is_left_leaves_no_process() -> None:
    """Whatever ends it, Ctrl-C too."""

    def answers() -> Iterator[tuple[int, int]]:
        yield from spread(range(100), lambda task: os.getpid(), lambda task, what: 0, 2, limit)

    going = answers()
    _, pid = next(going)
    going.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_tasks_alike_go_to_one_worker() -> None:
    """Of two front ends and two workers, one worker at least reads no file of the other's front end."""

    def kin(task: tuple[str, int]) -> str:
        return task[0]

    def work(task: tuple[str, int]) -> tuple[str, int]:
        time.sleep(0.01)  # so that both workers are at it
        return kin(task), os.getpid()

    tasks = [(name, number) for number in range(20) for name in "ab"]
    pids: dict[str, set[int]] = {"a": set(), "b": set()}
    for _, (name, pid) in spread(tasks, work, lambda task, what: ("a", 0), 2, limit, kin):
        pids[name].add(pid)
    assert min(map(len, pids.values())) == 1
    assert len(pids["a"] | pids["b"]) == 2


def test_a_task_that_comes_of_an_answer_goes_to_the_worker_that_gave_it() -> None:
    """What it has worked out for the one serves the other."""

    def work(task: tuple[str, int]) -> int:
        time.sleep(0.01)
        return os.getpid()

    def after(done: list[tuple[tuple[str, int], int]]) -> list[tuple[str, int]]:
        return [(name, number + 1) for (name, number), _ in done if number < 5]

    tasks = [("a", 0), ("b", 0)]
    found = list(spread(tasks, work, lambda task, what: 0, 2, limit, lambda task: task[0], after))
    assert sorted(task for task, _ in found) == [(name, number) for name in "ab" for number in range(6)]
    assert len({(name, pid) for (name, _), pid in found}) == 2


def test_a_worker_without_work_takes_what_comes_of_anothers() -> None:
    """It waits, as one answer may give rise to much; no process is started beside it."""

    def work(task: int) -> int:
        time.sleep(0.2 if task == 1 else 0.02)
        return os.getpid()

    def after(done: list[tuple[int, int]]) -> list[int]:
        return list(range(10, 30)) if 1 in {task for task, _ in done} else []

    found = dict(spread([0, 1], work, lambda task, what: 0, 2, limit, lambda task: task if task < 2 else "", after))
    assert sorted(found) == [0, 1, *range(10, 30)]
    assert found[0] != found[1]
    assert {found[task] for task in range(10, 30)} == {found[0], found[1]}


def test_a_task_that_came_of_an_answer_may_end_its_process() -> None:
    """Its answer says so, and the tasks beside it are done."""

    def work(task: int) -> str:
        if task == 7:
            os._exit(1)
        return "done"

    def after(done: list[tuple[int, str]]) -> list[int]:
        return list(range(5, 10)) if (0, "done") in done else []

    found = dict(spread([0], work, lambda task, what: what, 2, limit, after=after))
    assert found == {0: "done", 5: "done", 6: "done", 7: "ended its process", 8: "done", 9: "done"}


def test_a_worker_that_died_while_it_was_idle_fails_no_task() -> None:
    """The next task is another process's."""
    mine = os.getpid()

    def work(task: int) -> int:
        time.sleep(0.3 if task == 1 else 0)
        return os.getpid()

    def after(done: list[tuple[int, int]]) -> list[int]:
        found.update(done)
        if dict(done).get(1) is None:
            return []
        os.kill(found[0], signal.SIGKILL)
        time.sleep(0.1)
        return [2, 3]

    found: dict[int, int] = {}
    tasks = spread([0, 1], work, lambda task, what: mine, 2, limit, lambda task: task, after)
    assert mine not in dict(tasks).values()
    assert found[2] != found[0] != found[3]


def test_no_worker_is_given_what_another_could_do() -> None:
    """Where there are fewer kinds of tasks than workers, each takes some of them."""

    def work(task: int) -> int:
        time.sleep(0.05)
        return os.getpid()

    found = list(spread(range(40), work, lambda task, what: 0, 4, limit, lambda task: task % 2))
    assert all(len({pid for task, pid in found if task % 2 == kind}) > 1 for kind in (0, 1))
