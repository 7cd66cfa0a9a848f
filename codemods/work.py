"""The work on the files of front ends, in whatever process: look at one, rewrite it, plan what several need together.

Most files have no helper around fetch, so they are not parsed to look for one before they are parsed to be rewritten: a
file that has one waits for the plan of its front end, which is made when all the others are done. A file that the plan
changes beside is rewritten again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field

from codemods import reasons
from codemods.discovery import why_by_content
from codemods.front_end import FrontEnd
from codemods.javascript.interest import is_of_interest, may_wrap
from codemods.results import LEFT, FileResult, Site

if TYPE_CHECKING:
    from codemods.javascript.planned import Planned
    from codemods.javascript.resolving import App


_SECONDS = 60
"""How long one file may take before it is given up; a plan has a second more for each file that waits for it."""


class File(Struct, frozen=True):
    """A script of the front end in ``root``; ``name`` is the path that reports show.

    ``passed_over`` says why it is not for us, or is empty.
    """

    path: str
    root: str
    name: str
    passed_over: str = ""


class Planning(Struct, frozen=True):
    """The plan of one front end is to be made; the files with these numbers wait for it."""

    waiting: tuple[int, ...]


class Again(Struct, frozen=True):
    """A file whose front end's plan is made, with what that does to it, if anything."""

    number: int
    planned: Planned | None


Task = int | Planning | Again
"""What is to be done next; a number is a file that nobody has looked at."""


class Done(Struct, frozen=True):
    """What a task gave: the result of a file, none where it waits for the plan; or a plan, by path.

    ``asked`` are the paths that were read for it.
    """

    result: FileResult | None = None
    plan: dict[str, Planned] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()


Answer = Done | None
"""None for a file without a call, as most are."""


class Work(Struct, eq=False):
    """The work of one process: whatever goes wrong in a file is a finding and leaves the others alone.

    ``numbers`` are those of the files, by front end and path.
    """

    files: Sequence[File]
    front_ends: dict[str, FrontEnd]
    numbers: dict[str, dict[str, int]]
    last: str = ""

    def __call__(self, task: Task) -> Answer:
        """Do a task; the front end that the last one was of gives its memory back."""
        root = self.root_of(task)
        if self.last not in {"", root}:
            self.front_ends[self.last].rest()
        self.last = root
        front_end = self.front_ends[root]
        if isinstance(task, Planning):
            return _noted(Done(plan=self._plan(front_end, task)), front_end)
        if isinstance(task, Again):
            return _noted(Done(self._again(front_end, task)), front_end)
        file = self.files[task]
        data, why = look(file, front_end.contents)
        if why:
            return Done(FileResult(file.name, b"", b"", (), why))
        return _noted(_first(file, front_end), front_end) if data else None

    def root_of(self, task: Task) -> str:
        """Return the folder of the front end that a task is of."""
        return self.files[self.number_of(task)].root

    def number_of(self, task: Task) -> int:
        """Return the number of the file that a task is of, or of the first of them."""
        if isinstance(task, Planning):
            return task.waiting[0]
        return task.number if isinstance(task, Again) else task

    def seconds(self, task: Task) -> float:
        """Return how long a task may take before it is given up."""
        return _SECONDS + (len(task.waiting) if isinstance(task, Planning) else 0)

    def gave_up(self, task: Task, what: str) -> Done:
        """Return what stands for a task that no process could finish."""
        file = self.files[self.number_of(task)]
        if isinstance(task, Planning):
            return Done(plan={file.path: _unplanned(file.path, f"the work on them {what}")})
        return Done(_failed(file, f"the work on it {what}"))

    def _plan(self, front_end: FrontEnd, task: Planning) -> dict[str, Planned]:
        """Return the plan of a front end; whatever goes wrong is a finding, and its helpers are left."""
        from codemods.javascript.wrappers.plan import plan_wrappers

        paths = [self.files[number].path for number in task.waiting]
        try:
            # Not those of a package within it: another worker may be at them, and none tells the other what it plans.
            return plan_wrappers(front_end.app, paths, self.numbers[front_end.root])
        except Exception as error:
            return {paths[0]: _unplanned(paths[0], f"{type(error).__name__}: {error}")}

    def _again(self, front_end: FrontEnd, task: Again) -> FileResult:
        file = self.files[task.number]
        if task.planned is not None:
            front_end.plan[file.path] = task.planned
        return _result(file, front_end)


class Agenda:
    """What is left to do: the plan of a front end when all its files are done, and then the files that it is about."""

    def __init__(self, work: Work, tasks: Iterable[int]) -> None:
        self._work = work
        self._left = Counter(work.files[number].root for number in tasks)
        self._waiting: dict[str, list[int]] = {}

    def after(self, done: Iterable[tuple[Task, Answer]]) -> list[Task]:
        """Return what is to be done now that some tasks are done."""
        new: list[Task] = []
        for task, answer in done:
            if isinstance(task, int):
                root = self._work.files[task].root
                if answer is not None and answer.result is None:
                    self._waiting.setdefault(root, []).append(task)
                self._left[root] -= 1
                if not self._left[root] and root in self._waiting:
                    new.append(Planning(tuple(sorted(self._waiting[root]))))
            elif isinstance(task, Planning) and answer is not None:
                new += self._planned(task, answer.plan)
        return new

    def _planned(self, task: Planning, plan: dict[str, Planned]) -> list[Task]:
        """Return the files that waited for a plan or that it changes, as ones that hold no more than a caller."""
        known = self._work.numbers[self._work.root_of(task)]
        numbers = {*task.waiting, *(known[path] for path in plan)}
        return [Again(number, plan.get(self._work.files[number].path)) for number in sorted(numbers)]


# ---- one file ---------------------------------------------------------------------------------


def look(file: File, contents: Callable[[str], bytes]) -> tuple[bytes, str]:
    """Return the bytes of a file that may have a call, else none; and why it is passed over, if it is."""
    try:
        data = contents(file.path)
    except OSError as error:
        return b"", file.passed_over or f"cannot be read: {error.strerror}"
    if not is_of_interest(data):
        return b"", ""
    why = file.passed_over or why_by_content(data)
    return (b"", why) if why else (data, "")


def _noted(done: Done, front_end: FrontEnd) -> Done:
    """Return what was done with the paths that were read for it."""
    asked, front_end.asked = front_end.asked, set()
    return Done(done.result, done.plan, frozenset(asked))


def _first(file: File, front_end: FrontEnd) -> Done:
    return Done(None if _waits(front_end, file.path) else _result(file, front_end))


def _waits(front_end: FrontEnd, path: str) -> bool:
    """True for a file that the plan must look at first; also where that fails, for the plan will say how."""
    if not may_wrap(front_end.read(path) or b""):
        return False
    from codemods.javascript.wrappers.finding import may_hold_helper

    try:
        return may_hold_helper(front_end.app, path)
    except Exception:
        return True


def _result(file: File, front_end: FrontEnd) -> FileResult:
    data = b""
    try:
        front_end.asked.add(file.path)
        data = front_end.contents(file.path)
        return rewrite(data, file.path, front_end.app, file.name)
    except OSError as error:
        return FileResult(file.name, b"", b"", (), f"cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        return FileResult(file.name, data, data, (), f"is not UTF-8 at byte {error.start}")
    except RecursionError:
        return FileResult(file.name, data, data, (), "is nested too deeply, or what it needs is")
    except Exception as error:
        return _failed(file, f"{type(error).__name__}: {error}")


def rewrite(data: bytes, path: str, app: App, name: str) -> FileResult:
    """Rewrite a file; what does it is loaded for the first file that needs it, for it takes longer than most files."""
    from codemods.javascript.rewrite import rewrite as rewritten

    return rewritten(data, path, app, name)


def _failed(file: File, what: str) -> FileResult:
    msg = f"fetch2socket failed on this file ({what}); please report it."
    site = Site(file.name, 1, 1, LEFT, reasons.INTERNAL_ERROR, msg)
    return FileResult(file.name, b"", b"", (site,), "failed inside")


def _unplanned(path: str, what: str) -> Planned:
    from codemods.javascript.planned import Planned

    msg = f"fetch2socket failed on the helpers around fetch ({what}); please report it."
    return Planned(sites=(Site(path, 1, 1, LEFT, reasons.INTERNAL_ERROR, msg),))
