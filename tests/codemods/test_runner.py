"""A run over many files: in parallel, in one order, and whatever becomes of the workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bridge.events import Event, EventMap
from codemods import reasons, work
from codemods.front_end import Settings
from codemods.javascript.rewrite import rewrite
from codemods.pool import spread
from codemods.runner import run
from tests.codemods.cases import EVENTS, app_of

CALL = 'fetch("/coaches").then((r) => r.json()).then(setCoaches);\n'


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """A front end with more calls than one process is given."""
    src = tmp_path / "client" / "src"
    src.mkdir(parents=True)
    (tmp_path / "client" / "package.json").write_text("{}")
    filling = "".join(f"export const n{number} = {number};\n" for number in range(300))
    for number in range(40):
        (src / f"file{number:02}.js").write_text(f"{filling}{CALL}")
    return tmp_path / "client"


def test_the_number_of_jobs_changes_nothing(client: Path) -> None:
    """One process or four: the same results in the same order."""
    one = run([client], Settings(EVENTS, jobs=1))
    assert one == run([client], Settings(EVENTS, jobs=4))
    assert [Path(result.path).name for result in one.results] == [f"file{number:02}.js" for number in range(40)]
    assert len(one.changed) == 42


def test_few_files_start_no_process(client: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fork costs more than a file."""
    monkeypatch.setattr("codemods.pool.spread", lambda *args: pytest.fail("a worker was started"))
    run([client / "src" / "file00.js"], Settings(EVENTS, jobs=4))


def test_a_worker_that_dies_takes_its_file_only(client: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are done, by a new worker."""
    real = work.rewrite

    def dying(data: bytes, path: str, *args: object) -> object:
        if path.endswith("file07.js"):
            os.kill(os.getpid(), signal.SIGKILL)
        return real(data, path, *args)  # type: ignore[arg-type]

    monkeypatch.setattr("codemods.work.rewrite", dying)
    found = run([client], Settings(EVENTS, jobs=2))
    (site,) = [site for site in found.sites if site.outcome != "rewritten"]
    assert (Path(site.file).name, site.reason) == ("file07.js", "internal_error")
    assert "ended its process" in site.message
    assert len(found.changed) == 41


def test_a_file_that_takes_too_long_is_given_up(client: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are done."""
    real = work.rewrite

    def slow(data: bytes, path: str, *args: object) -> object:
        if path.endswith("file03.js"):
            time.sleep(60)
        return real(data, path, *args)  # type: ignore[arg-type]

    monkeypatch.setattr("codemods.work.rewrite", slow)
    monkeypatch.setattr("codemods.runner._SECONDS", 3)
    found = run([client], Settings(EVENTS, jobs=2))
    (site,) = [site for site in found.sites if site.outcome != "rewritten"]
    assert (Path(site.file).name, "took too long" in site.message) == ("file03.js", True)


def test_progress_counts_every_file(client: Path) -> None:
    """Up to the number of files, never back."""
    ticks: list[tuple[int, int]] = []
    run([client], Settings(EVENTS, jobs=2), lambda done, total: ticks.append((done, total)))
    assert ticks[-1] == (40, 40)
    assert ticks == sorted(ticks)


def test_a_file_is_seen_as_it_is_on_the_disk() -> None:
    """Other files find it as it was, not rewritten: results do not depend on the order of files."""
    data = CALL.encode()
    app = app_of("/app/src/a.js", data)
    assert rewrite(data, "/app/src/a.js", app).is_changed
    module = app.modules.module("/app/src/a.js")
    assert module is not None
    assert module.data == data


def test_a_loop_that_is_left_leaves_no_process() -> None:
    """Whatever ends it, Ctrl-C too."""

    def answers() -> Iterator[tuple[int, int]]:
        yield from spread(range(100), lambda task: os.getpid(), lambda task, what: 0, 2, 60)

    going = answers()
    _, pid = next(going)
    going.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_ctrl_c_ends_the_command_at_once(client: Path) -> None:
    """With its workers, and without a traceback."""
    # A shell that runs this suite in the background has its children ignore Ctrl-C.
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "import time, codemods.work as work\n"
        "from codemods.cli import main\n"
        "work.rewrite = lambda *args: (print('working', flush=True), time.sleep(60))\n"
        f"main(['scan', {str(client)!r}, '--events', {str(Path(__file__).parent / 'fixtures' / 'events.json')!r}])\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("working")
        os.killpg(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    assert process.returncode not in {0, None}
    assert "Traceback" not in errors
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


@pytest.mark.parametrize(
    ("env", "outcome"),
    [
        ("VERSION=v2\nVITE_API=/api/${VERSION}\n", ("rewritten", "")),
        ("VERSION=v2\nVITE_API=/api/$VERSION\n", ("rewritten", "")),
        ("VITE_API=/api/$VERSION\n", ("left", reasons.UNKNOWN_BASE)),
    ],
)
def test_variables_of_env_files_refer_to_each_other(tmp_path: Path, env: str, outcome: tuple[str, str]) -> None:
    """As Vite expands them; one that refers to what the files do not set is not known."""
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / ".env").write_text(env)
    (tmp_path / "a.js").write_text("fetch(`${import.meta.env.VITE_API}/coaches`);\n")
    rules = EventMap((Event("get_coaches", "GET", "/api/v2/coaches"),))
    (site,) = run([tmp_path], Settings(rules)).sites
    assert (site.outcome, site.reason) == outcome


def test_tasks_alike_go_to_one_worker() -> None:
    """Of two front ends and two workers, one worker at least reads no file of the other's front end."""

    def kin(task: tuple[str, int]) -> str:
        return task[0]

    def work(task: tuple[str, int]) -> tuple[str, int]:
        time.sleep(0.01)  # so that both workers are at it
        return kin(task), os.getpid()

    tasks = [(name, number) for number in range(20) for name in "ab"]
    pids: dict[str, set[int]] = {"a": set(), "b": set()}
    for _, (name, pid) in spread(tasks, work, lambda task, what: ("a", 0), 2, 60, kin):
        pids[name].add(pid)
    assert min(map(len, pids.values())) == 1
    assert len(pids["a"] | pids["b"]) == 2
