"""Runs the rewrite over folders: finds the files, passes over those without a call, spreads the others over workers."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from codemods import reasons
from codemods.discovery import Script, package_root, scripts, why_by_content
from codemods.files import contents
from codemods.front_end import FrontEnd, Settings
from codemods.javascript.interest import is_of_interest, may_wrap
from codemods.results import LEFT, FileResult, Site
from codemods.run import Run, Tick, current_folder, shown

if TYPE_CHECKING:
    from codemods.javascript.planned import Planned
    from codemods.javascript.resolving import App

_SECONDS = 60
"""How long one file may take before it is given up."""
_WORTH_KEEPING = 20
"""Files from which on what is found is kept for the next run."""
_WORTH_WORKERS = 200_000
"""Bytes of files with calls from which on workers are started: a file that could take long is always among those."""


class _Task(Struct, frozen=True):
    """A file with something to look at; ``number`` is its place in the report."""

    number: int
    path: str
    root: str
    size: int


class _Done(Struct, frozen=True):
    """What the work on a file gave, None where it waits for the plan; and the paths that were read for it."""

    result: FileResult | None
    asked: frozenset[str] = frozenset()


def run(paths: Iterable[Path], settings: Settings, tick: Tick = lambda done, total: None) -> Run:
    """Rewrite every script below the paths in memory; nothing is written but the cache that the settings name."""
    started = time.time_ns()
    given = [path.absolute().as_posix() for path in paths]
    groups = _by_root(given, settings)
    front_ends = {root: FrontEnd(root, settings, _known(root, given, groups)) for root in groups}
    count = sum(len(found) for found in groups.values())
    if settings.cache is None or count < _WORTH_KEEPING:
        return _run(groups, front_ends, settings, tick)
    from codemods.cache import Cache, key_of, stamp

    stamps = [stamp(script.path) for found in groups.values() for script in found]
    surroundings = [front_end.surroundings for front_end in front_ends.values()]
    told = replace(settings, jobs=0, cache=None)  # neither changes what is found
    cache = Cache(settings.cache, key_of(told, groups, stamps, surroundings), started)
    outcome = cache.load()
    if outcome is None:
        outcome = _run(groups, front_ends, settings, tick)
        cache.store(stamps, set().union(*(one.asked for one in front_ends.values())), outcome)
    tick(count, count)
    return outcome


def _run(groups: dict[str, list[Script]], front_ends: dict[str, FrontEnd], settings: Settings, tick: Tick) -> Run:
    results: list[FileResult] = []
    tasks: list[_Task] = []
    start = current_folder()
    for root, found in groups.items():
        for script in found:
            results.append(_sifted(script, root, shown(script.path, start), tasks, len(results)))
    unfinished = {task.number for task in tasks}
    tick(len(results) - len(unfinished), len(results))
    for task, result in _finished(groups, front_ends, tasks, settings.jobs):
        results[task.number] = result
        unfinished.discard(task.number)
        tick(len(results) - len(unfinished), len(results))
    changed = {task.root for task in tasks if results[task.number].is_changed}
    urls: dict[str, list[str]] = {}
    for task in tasks:
        urls.setdefault(task.root, []).extend(results[task.number].urls)
    outcome = _with_client([one for one in front_ends.values() if one.root in changed], results, urls)
    planned = (one for front_end in front_ends.values() for one in front_end.plan.values() if one.edits)
    return replace(outcome, together=tuple({frozenset(map(shown, one.group)): None for one in planned}))


def _finished(
    groups: dict[str, list[Script]], front_ends: dict[str, FrontEnd], tasks: list[_Task], jobs: int
) -> Iterator[tuple[_Task, FileResult]]:
    """Yield the results of the tasks, in any order, and those of the tasks that the plan adds.

    Most files have no helper around fetch, so they are not parsed to look for one before they are parsed to be
    rewritten: a file that has one says so, and waits for the plan. A file that the plan changes beside comes twice.
    """
    waiting: list[_Task] = []
    for task, result in _answers(tasks, front_ends, jobs):
        if result is None:
            waiting.append(task)
        else:
            yield task, result
    for task, result in _answers(_plan(groups, front_ends, tasks, waiting), front_ends, jobs):
        assert result is not None  # nothing waits for a plan that is made
        yield task, result


def _plan(
    groups: dict[str, list[Script]], front_ends: dict[str, FrontEnd], tasks: list[_Task], waiting: list[_Task]
) -> list[_Task]:
    """Plan helpers around fetch with their callers, and return the tasks that waited for it or that it changes.

    Files that hold no more than a caller become tasks too.
    """
    known = {task.path: task for task in tasks}
    numbers = {script.path: at for at, script in enumerate(one for found in groups.values() for one in found)}
    again = {task.number: task for task in waiting}
    for root, front_end in front_ends.items():
        front_end.is_planned = True
        paths = [again[number].path for number in sorted(again) if again[number].root == root]
        if not paths:
            continue
        front_end.plan.update(_planned(front_end, paths, numbers))
        new = sorted(path for path in front_end.plan if path not in known)
        tasks += (_Task(numbers[path], path, root, len(front_end.read(path) or b"")) for path in new)
        again |= {numbers[path]: known[path] for path in front_end.plan if path in known}
        again |= {task.number: task for task in tasks[len(tasks) - len(new) :]}
    return [again[number] for number in sorted(again)]


def _planned(front_end: FrontEnd, paths: list[str], numbers: dict[str, int]) -> dict[str, Planned]:
    """Return the plan of a front end; whatever goes wrong is a finding, and its helpers are left."""
    from codemods.javascript.planned import Planned
    from codemods.javascript.wrappers.plan import plan_wrappers

    try:
        return plan_wrappers(front_end.app, paths, numbers)
    except Exception as error:
        msg = f"fetch2socket failed on the helpers around fetch ({type(error).__name__}: {error}); please report it."
        return {paths[0]: Planned(sites=(Site(paths[0], 1, 1, LEFT, reasons.INTERNAL_ERROR, msg),))}


def _known(root: str, given: list[str], groups: dict[str, list[Script]]) -> tuple[str, ...] | None:
    """Return the scripts of a front end, if it lies in a folder that was walked."""
    if not any(root == one or root.startswith(f"{one.rstrip('/')}/") for one in given):
        return None
    return tuple(script.path for script in groups[root] if not script.passed_over)


def _by_root(paths: Iterable[str], settings: Settings) -> dict[str, list[Script]]:
    """Return the files to read, by the front end that they belong to."""
    groups: dict[str, list[Script]] = {}
    seen: set[str] = set()
    for absolute in paths:
        is_folder = os.path.isdir(absolute)
        fallback = absolute if is_folder else os.path.dirname(absolute)
        # A file that is named is read, also where a walk would pass over it.
        for script in scripts(absolute, settings.exclude) if is_folder else [Script(absolute)]:
            if script.path not in seen:
                seen.add(script.path)
                groups.setdefault(package_root(script.path.rpartition("/")[0]) or fallback, []).append(script)
    return groups


def _sifted(script: Script, root: str, name: str, tasks: list[_Task], number: int) -> FileResult:
    """Return the result of a file without calls, or note the task that will give it."""
    try:
        data = contents(script.path)
    except OSError as error:
        return FileResult(name, b"", b"", (), script.passed_over or f"cannot be read: {error.strerror}")
    if not is_of_interest(data):
        return FileResult(name, b"", b"")
    passed_over = script.passed_over or why_by_content(data)
    if passed_over:
        return FileResult(name, b"", b"", (), passed_over)
    tasks.append(_Task(number, script.path, root, len(data)))
    return FileResult(name, b"", b"")


# ---- work -------------------------------------------------------------------------------------


def _answers(
    tasks: list[_Task], front_ends: dict[str, FrontEnd], jobs: int
) -> Iterator[tuple[_Task, FileResult | None]]:
    """Yield the results of the tasks, in any order; None for a file that waits for the plan."""
    for number, answer in _worked(tasks, _Work(front_ends), jobs):
        front_ends[tasks[number].root].asked |= answer.asked
        yield tasks[number], answer.result


def _worked(tasks: list[_Task], work: Callable[[_Task], _Done], jobs: int) -> Iterator[tuple[int, _Done]]:
    """Yield what the work on the tasks gave by their number, in any order."""
    if sum(task.size for task in tasks) < _WORTH_WORKERS:
        return enumerate(map(work, tasks))
    # Loaded once, not in each of the workers.
    import codemods.javascript.rewrite
    import codemods.javascript.wrappers.finding  # noqa: F401
    from codemods.pool import spread

    return spread(tasks, work, _gave_up, jobs or _cores(), _SECONDS, lambda task: task.root)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Work(Struct, eq=False):
    """The work of one process: whatever goes wrong in a file is a finding and leaves the others alone."""

    front_ends: dict[str, FrontEnd]
    last: str = ""

    def __call__(self, task: _Task) -> _Done:
        """Rewrite one file; the front end that the last one was of gives its memory back."""
        if self.last not in {"", task.root}:
            self.front_ends[self.last].rest()
        self.last = task.root
        front_end = self.front_ends[task.root]
        result = None if _waits(front_end, task.path) else _result(front_end, task.path, shown(task.path))
        asked, front_end.asked = front_end.asked, set()
        return _Done(result, frozenset(asked))


def _waits(front_end: FrontEnd, path: str) -> bool:
    """True for a file that the plan must look at first; also where that fails, for the plan will say how."""
    if front_end.is_planned:
        return False
    data = front_end.read(path) or b""
    if not may_wrap(data):
        return False
    from codemods.javascript.wrappers.finding import may_hold_helper

    try:
        return may_hold_helper(front_end.app, path)
    except Exception:
        return True


def _result(front_end: FrontEnd, path: str, name: str) -> FileResult:
    data = b""
    try:
        known = front_end.read(path)
        data = contents(path) if known is None else known
        return rewrite(data, path, front_end.app, name)
    except OSError as error:
        return FileResult(name, b"", b"", (), f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        return FileResult(name, data, data, (), f"is not UTF-8 at byte {error.start}")
    except RecursionError:
        return FileResult(name, data, data, (), "is nested too deeply, or what it needs is")
    except Exception as error:
        return _failed(name, f"{type(error).__name__}: {error}")


def rewrite(data: bytes, path: str, app: App, name: str) -> FileResult:
    """Rewrite a file; what does it is loaded for the first file that needs it, for it takes longer than most files."""
    from codemods.javascript.rewrite import rewrite as rewritten

    return rewritten(data, path, app, name)


def _gave_up(task: _Task, what: str) -> _Done:
    return _Done(_failed(shown(task.path), f"the work on it {what}"))


def _failed(name: str, what: str) -> FileResult:
    msg = f"fetch2socket failed on this file ({what}); please report it."
    return FileResult(name, b"", b"", (Site(name, 1, 1, LEFT, reasons.INTERNAL_ERROR, msg),), "failed inside")


# ---- the client module ------------------------------------------------------------------------


def _with_client(changed: list[FrontEnd], results: list[FileResult], urls: dict[str, list[str]]) -> Run:
    """Add the client module and its dependency to the front ends that will use it; ``urls`` are what each asked for."""
    added: list[FileResult] = []
    steps: list[str] = []
    for front_end in changed:
        files, left_to_do = _client(front_end, urls.get(front_end.root, []))
        added += files
        steps += left_to_do
    return Run(tuple(results), tuple(added), tuple(dict.fromkeys(steps)))


def _client(front_end: FrontEnd, urls: list[str]) -> tuple[list[FileResult], list[str]]:
    """Return the files that a front end needs, and what is left to do in it by hand."""
    from codemods.connection import connect
    from codemods.install import client_files, package_edit
    from codemods.next_steps import is_polling_first, next_steps

    root, read, proxies = front_end.root, front_end.read, front_end.proxies
    app = front_end.app
    connection = connect(urls, app.server, front_end.sources(), app.defines)
    package = package_edit(root, read, shown(f"{root}/package.json"))
    module = client_files(
        app.client, read, shown(app.client), connection.url, is_polling_first=is_polling_first(connection, proxies)
    )
    folder = "" if shown(f"{root}/package.json") == "package.json" else shown(root)
    steps = next_steps(root, read, proxies, connection, folder=folder, is_package_changed=package is not None)
    if front_end.settings.is_live and not app.is_live:
        steps.append(f"{shown(app.client)}: the client module has no subscribe; delete it, and run with --live again")
    if connection.origin and not module and not connection.is_named_in(read(app.client) or b""):
        steps.append(f"{shown(app.client)}: the calls went to {connection.origin}, so let it connect there")
    return [*([package] if package is not None else []), *module], steps
