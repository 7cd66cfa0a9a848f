"""The order of the work on a front end's files."""

from __future__ import annotations

from codemods.javascript.planned import Planned
from codemods.results import Edit, FileResult
from codemods.work import Again, Agenda, Done, File, Planning, Work

FILES = [
    File(f"/{root}/{name}.js", f"/{root}", f"{root}/{name}.js") for root in "ab" for name in ("api", "list", "one")
]
NUMBERS = {root: {file.path: number for number, file in enumerate(FILES) if file.root == root} for root in ("/a", "/b")}
WORK = Work(FILES, {}, NUMBERS)
DONE = Done(FileResult("", b"", b""))
WAITS = Done()


def test_a_plan_comes_once_when_all_files_of_its_front_end_are_done() -> None:
    """It is about those that wait, whatever order they came in; another front end's files have no part in it."""
    agenda = Agenda(WORK, range(6))
    assert agenda.after([(2, WAITS), (4, DONE)]) == []
    assert agenda.after([(0, WAITS), (5, None)]) == []
    assert agenda.after([(1, None)]) == [Planning((0, 2))]
    assert agenda.after([(3, WAITS)]) == [Planning((3,))]


def test_a_front_end_without_a_helper_has_no_plan() -> None:
    """Nor is there anything to do when nothing was answered."""
    agenda = Agenda(WORK, [0, 1])
    assert agenda.after([]) == []
    assert agenda.after([(0, DONE), (1, None)]) == []


def test_what_waited_and_what_the_plan_changes_comes_again() -> None:
    """A caller comes with its edits, a file that the plan says nothing of without, and nothing comes of them."""
    agenda = Agenda(WORK, range(3))
    planned = Planned(edits=(Edit(0, 0, b"a"),))
    (plan,) = agenda.after([(0, WAITS), (2, WAITS), (1, None)])
    again = agenda.after([(plan, Done(plan={"/a/list.js": planned, "/a/one.js": planned}))])
    assert again == [Again(0, None), Again(1, planned), Again(2, planned)]
    assert agenda.after([(one, DONE) for one in again]) == []


def test_a_plan_has_time_for_all_that_waits_for_it() -> None:
    """What is one file's time would not be enough for hundreds."""
    assert WORK.seconds(Planning((0, 1, 2))) == WORK.seconds(0) + 3
    assert WORK.seconds(Again(0, None)) == WORK.seconds(0)
