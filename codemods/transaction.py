"""Writes what a run found, so that no file and no group of files is ever left half-written.

A file that cannot be written is a finding and the others are done. Files that only work together, the client module
and package.json first, are written together or not at all. Ctrl-C puts everything back; after a ``kill -9`` the
journal is there, and ``undo`` puts it back.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from codemods import reasons
from codemods.files import write
from codemods.journal import Entry, Journal, begin, choose_root, digest, finish, forget, locked
from codemods.results import LEFT, REWRITTEN, FileResult, Site
from codemods.run import Run
from codemods.undo import put_back, remove_folders

_CHANGED = "It changed while fetch2socket ran"
_EXISTS = "It was created while fetch2socket ran"


class CannotWriteError(Exception):
    """Nothing was written; the message says why, in one line."""


class _Plan(Struct, frozen=True):
    """A file to write: its result, where that really is, and why it cannot be written, if that is so."""

    result: FileResult
    entry: Entry
    problem: str = ""


def write_run(run: Run) -> Run:
    """Write the changed files of a run; return it with those that could not be written left as they were.

    Raises CannotWriteError where nothing can be written, JournalError and OSError where there can be no journal.
    """
    added, units = _plans(run.added), _units(run)
    _refuse(added)
    if not any(_is_free(unit) for unit in units):
        return _told(run, [one for unit in units for one in unit])
    plans = [*added, *(plan for unit in units if _is_free(unit) for plan in unit)]
    root = choose_root([plan.entry.path for plan in plans])
    with locked(root):
        journal = begin(root, [plan.entry for plan in plans], _missing_folders(plans))
        done = _Writing(journal).write(added, units)
    return _told(run, done)


# ---- plans ------------------------------------------------------------------------------------


def _plans(results: Iterable[FileResult]) -> list[_Plan]:
    plans: dict[Path, _Plan] = {}
    twice: list[_Plan] = []
    for result in results:
        if result.is_changed:
            plan = _plan(result)
            first = plans.setdefault(plan.entry.path, plan)
            if first.entry.after != plan.entry.after:
                twice.append(replace(plan, problem=f"It is the same file as {first.result.path}, which was rewritten"))
    return [*plans.values(), *twice]


def _plan(result: FileResult) -> _Plan:
    path = Path(os.path.realpath(result.path))
    try:
        mode = path.stat().st_mode & 0o7777
        entry = Entry(path, path.read_bytes(), mode, digest(result.after))
    except FileNotFoundError:
        is_new = not result.before
        return _Plan(result, Entry(path, None, None, digest(result.after)), "" if is_new else _CHANGED)
    except OSError as error:
        return _Plan(result, Entry(path, result.before, None, ""), _sentence(error))
    if entry.before != result.before:
        return _Plan(result, entry, _CHANGED if result.before else _EXISTS)
    return _Plan(result, entry, "" if os.access(path, os.W_OK) else "There is no permission to write it")


def _sentence(error: OSError) -> str:
    return error.strerror or str(error)


def _units(run: Run) -> list[list[_Plan]]:
    """Return the files of the run's results, those together that only work together."""
    units = [[plan] for plan in _plans(run.results)]
    for group in run.together:
        joined = [unit for unit in units if any(plan.result.path in group for plan in unit)]
        others = [unit for unit in units if all(plan.result.path not in group for plan in unit)]
        units = [*others, [plan for unit in joined for plan in unit]]
    return [_closed(unit) for unit in units if unit]


def _closed(unit: list[_Plan]) -> list[_Plan]:
    """Pass a problem of one file on to those that it belongs together with."""
    first = next((plan for plan in unit if plan.problem), None)
    if first is None:
        return unit
    because = f"It belongs together with {first.result.path}, which cannot be written: {_lower(first.problem)}"
    return [plan if plan.problem else replace(plan, problem=because) for plan in unit]


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _is_free(unit: list[_Plan]) -> bool:
    return not any(plan.problem for plan in unit)


def _refuse(added: list[_Plan]) -> None:
    """All rewritten files need the added ones."""
    for plan in added:
        if plan.problem:
            msg = f"{plan.result.path} cannot be written, so nothing was: {_lower(plan.problem)}"
            raise CannotWriteError(msg)


def _missing_folders(plans: list[_Plan]) -> list[Path]:
    missing = {
        one for plan in plans if plan.entry.before is None for one in plan.entry.path.parents if not one.exists()
    }
    return sorted(missing, key=lambda one: len(one.parts), reverse=True)


# ---- writing ----------------------------------------------------------------------------------


class _Writing:
    """The files that were begun, so that they can be put back."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.begun: list[_Plan] = []

    def write(self, added: list[_Plan], units: list[list[_Plan]]) -> list[_Plan]:
        """Write the added files, then the others; return the others, with a problem where one came up."""
        try:
            self._added(added)
            done = [plan for unit in units for plan in (self._unit(unit) if _is_free(unit) else unit)]
            if all(plan.problem for plan in done):
                self._put_back(added)
        except KeyboardInterrupt as error:
            self._cancel()
            msg = "Interrupted while writing; all files are as they were."
            raise KeyboardInterrupt(msg) from error
        except BaseException:
            self._cancel()
            raise
        self._close()
        return done

    def _added(self, added: list[_Plan]) -> None:
        for plan in added:
            self.begun.append(plan)
            _refuse([replace(plan, problem=_write(plan))])

    def _unit(self, unit: list[_Plan]) -> list[_Plan]:
        first = len(self.begun)
        for plan in unit:
            self.begun.append(plan)
            problem = _write(plan)
            if problem:
                self._put_back(self.begun[first:])
                return _closed([replace(one, problem=problem) if one is plan else one for one in unit])
        return unit

    def _put_back(self, plans: list[_Plan]) -> None:
        for plan in reversed(plans):
            put_back(plan.entry)
        self.begun = [one for one in self.begun if one not in plans]

    def _cancel(self) -> None:
        self._put_back(self.begun)
        self._close()

    def _close(self) -> None:
        # The files are done by now. A journal that still says otherwise takes them back all the same.
        with contextlib.suppress(OSError):
            if self.begun:
                finish(self.journal, [plan.entry for plan in self.begun])
            else:
                remove_folders(self.journal)
                forget(self.journal)


def _write(plan: _Plan) -> str:
    """Write a file unless it is another by now; return why it was not written."""
    entry = plan.entry
    try:
        if entry.before is None and entry.path.exists():
            return _EXISTS
        if entry.before is not None and entry.path.read_bytes() != entry.before:
            return _CHANGED
        write(entry.path, plan.result.after)
    except FileNotFoundError:
        return _CHANGED
    except OSError as error:
        return _sentence(error)
    return ""


# ---- findings ---------------------------------------------------------------------------------


def _told(run: Run, plans: list[_Plan]) -> Run:
    """Return the run with a finding for each file that was not written."""
    problems = {plan.result.path: plan.problem for plan in plans if plan.problem}
    results = tuple(_left(one, problems[one.path]) if one.path in problems else one for one in run.results)
    told = replace(run, results=results)
    return told if any(one.is_changed for one in results) else replace(told, added=(), steps=())


def _left(result: FileResult, problem: str) -> FileResult:
    message = f"{problem}; the file is as it was."
    sites = [one.left(reasons.NOT_WRITTEN, message) if one.outcome == REWRITTEN else one for one in result.sites]
    if not any(one.reason == reasons.NOT_WRITTEN for one in sites):
        sites.append(Site(result.path, 1, 1, LEFT, reasons.NOT_WRITTEN, message))
    return replace(result, after=result.before, sites=tuple(sites))
