"""Runs the rewrite over folders: finds the files, has them worked on here or by workers, collects what comes of it."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec.structs import replace

from codemods import reasons
from codemods.discovery import Script, package_root, scripts
from codemods.files import contents
from codemods.front_end import FrontEnd, Settings
from codemods.results import FileResult
from codemods.run import Run, Tick, current_folder, shown
from codemods.work import Agenda, Answer, File, Task, Work, look

_WORTH_KEEPING = 20
"""Files from which on what is found is kept for the next run."""
_WORTH_WORKERS = 200_000
"""Bytes of files with calls from which on workers are started: a file that could take long is always among those."""


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
        if not any(one.reason == reasons.INTERNAL_ERROR for one in outcome.sites):  # which may not fail again
            cache.store(stamps, set().union(*(one.asked for one in front_ends.values())), outcome)
    tick(count, count)
    return outcome


def _run(groups: dict[str, list[Script]], front_ends: dict[str, FrontEnd], settings: Settings, tick: Tick) -> Run:
    start = current_folder()
    files = [
        File(one.path, root, shown(one.path, start), one.passed_over) for root, found in groups.items() for one in found
    ]
    numbers: dict[str, dict[str, int]] = {root: {} for root in groups}
    for number, one in enumerate(files):
        numbers[one.root][one.path] = number
    work = Work(files, front_ends, numbers)
    found = _found(work, settings.jobs, tick)
    urls: dict[str, list[str]] = {}
    for number in sorted(found):
        urls.setdefault(files[number].root, []).extend(found[number].urls)
    changed = {files[number].root for number, result in found.items() if result.is_changed}
    results = [found.get(number) or FileResult(one.name, b"", b"") for number, one in enumerate(files)]
    outcome = _with_client([one for one in front_ends.values() if one.root in changed], results, urls)
    planned = (one for front_end in front_ends.values() for one in front_end.plan.values() if one.edits)
    return replace(outcome, together=tuple({frozenset(map(shown, one.group)): None for one in planned}))


def _found(work: Work, jobs: int, tick: Tick) -> dict[int, FileResult]:
    """Return what was found in the files that there is something to say of, by their number."""
    found: dict[int, FileResult] = {}
    tasks, is_long = _tasks(work)
    count, unfinished = len(work.files), set[Task](tasks)
    tick(count - len(unfinished), count)
    for task, answer in _worked(tasks, work, jobs) if is_long else _in_turn(tasks, work):
        if answer is None:
            unfinished.discard(task)
            continue
        front_end = work.front_ends[work.root_of(task)]
        front_end.asked |= answer.asked
        front_end.plan.update(answer.plan)
        if answer.result is not None:
            number = work.number_of(task)
            found[number] = answer.result
            unfinished.discard(number)
            tick(count - len(unfinished), count)
    tick(count, count)
    return found


def _tasks(work: Work) -> tuple[list[int], bool]:
    """Return the files to work on, and whether it takes long: then the rest of them is looked at by the workers."""
    tasks: list[int] = []
    size = 0
    for number, file in enumerate(work.files):
        if size >= _WORTH_WORKERS:
            return [*tasks, *range(number, len(work.files))], True
        data, why = look(file, contents)
        size += len(data)
        if data or why:
            tasks.append(number)
    return tasks, size >= _WORTH_WORKERS


def _in_turn(tasks: Iterable[int], work: Work) -> Iterator[tuple[Task, Answer]]:
    """Yield the tasks, and those that come of them, with what they gave."""
    agenda = Agenda(work, tasks)
    waiting: deque[Task] = deque(tasks)
    while waiting:
        task = waiting.popleft()
        answer = work(task)
        waiting += agenda.after([(task, answer)])
        yield task, answer


def _worked(tasks: Iterable[int], work: Work, jobs: int) -> Iterator[tuple[Task, Answer]]:
    """Yield the tasks, and those that come of them, with what they gave, in any order."""
    # Loaded once, not in each of the workers.
    import codemods.install
    import codemods.javascript.rewrite
    import codemods.javascript.wrappers.plan  # noqa: F401
    from codemods.pool import spread

    agenda = Agenda(work, tasks)
    return spread(tasks, work, work.gave_up, jobs or _cores(), work.seconds, work.root_of, agenda.after)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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
