"""A run over many files: in parallel, in one order, and whatever becomes of the workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from multiprocessing import get_context
from pathlib import Path

import pytest

from bridge.events import Event, EventMap
from codemods import reasons, work
from codemods.front_end import Settings
from codemods.javascript.rewrite import rewrite
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


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    """Two front ends of all kinds of files: helpers with callers, what is passed over, what nobody can read."""
    for name in "ab":
        src = tmp_path / name / "src"
        (src / "vendor").mkdir(parents=True)
        (tmp_path / name / "package.json").write_text("{}")
        (src / "api.js").write_text(
            "export const api = (path, options) => fetch(path, options).then((r) => r.json());\n"
        )
        (src / "caller.js").write_text('import { api } from "./api";\napi("/coaches").then(setCoaches);\n')
        (src / "both.js").write_text(f'import {{ api }} from "./api";\napi("/coaches").then(setCoaches);\n{CALL}')
        (src / "plain.js").write_text(CALL)
        (src / "nothing.js").write_text("export const a = 1;\n")
        (src / "dangling.js").symlink_to("gone.js")
        (src / "latin.js").write_bytes(b"// \xe9\n" + CALL.encode())
        (src / "made.js").write_text(f"// @generated\n{CALL}")
        (src / "long.js").write_text(CALL + "a" * 6000)
        (src / "vendor" / "lib.js").write_text(CALL)
    return tmp_path


@pytest.mark.parametrize(("jobs", "start"), [(1, "fork"), (2, "fork"), (3, "fork"), (2, "spawn")])
def test_workers_find_what_is_found_without_them(
    mixed: Path, monkeypatch: pytest.MonkeyPatch, jobs: int, start: str
) -> None:
    """They look at the files themselves, and plan what helpers and their callers need together."""
    here = run([mixed], Settings(EVENTS))
    monkeypatch.setattr("codemods.runner._WORTH_WORKERS", 0)
    monkeypatch.setattr("codemods.pool._CONTEXT", get_context(start))
    assert run([mixed], Settings(EVENTS, jobs=jobs)) == here
    assert {Path(one.path).name for one in here.changed} >= {"api.js", "caller.js", "both.js", "plain.js"}
    assert len(here.together) == 2
    assert {Path(one["file"]).name: one["reason"] for one in here.unparsable} == {
        "dangling.js": "cannot be read: No such file or directory",
        "latin.js": "is not UTF-8 at byte 3",
        "made.js": "is generated",
        "long.js": "is minified",
        "lib.js": "is vendored",
    }


@pytest.mark.parametrize("worth", [0, 10**9])
def test_a_helper_is_left_where_another_package_calls_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, worth: int
) -> None:
    """Each package is rewritten by itself, in any order."""
    monkeypatch.setattr("codemods.runner._WORTH_WORKERS", worth)
    inner = tmp_path / "packages" / "inner" / "src"
    outer = tmp_path / "src"
    for src in (inner, outer):
        src.mkdir(parents=True)
        (src.parent / "package.json").write_text("{}")
    (outer / "api.js").write_text("export const api = (path) => fetch(path).then((r) => r.json());\n")
    (inner / "caller.js").write_text(f'import {{ api }} from "../../../src/api";\napi("/coaches").then(show);\n{CALL}')
    found = run([outer, inner], Settings(EVENTS, jobs=2))
    (site,) = [one for one in found.sites if one.outcome != "rewritten"]
    assert (Path(site.file).name, site.reason) == ("api.js", reasons.URL_IS_PARAMETER)
    assert "caller.js:2:1 is not among this front end's files in this run." in site.message
    (caller,) = [one for one in found.results if one.path.endswith("caller.js")]
    assert b'api("/coaches").then(show);' in caller.after
    assert b'socket.emit("get_coaches", ' in caller.after


@pytest.mark.parametrize("is_long", [False, True])
def test_a_plan_that_fails_is_a_finding(mixed: Path, monkeypatch: pytest.MonkeyPatch, is_long: bool) -> None:
    """Its helpers are left, and all else is done; also where it takes its process along."""

    def failing(*_: object) -> None:
        if is_long:
            os.kill(os.getpid(), signal.SIGKILL)
        raise ValueError

    monkeypatch.setattr("codemods.javascript.wrappers.plan.plan_wrappers", failing)
    if is_long:
        monkeypatch.setattr("codemods.runner._WORTH_WORKERS", 0)
    found = run([mixed], Settings(EVENTS, jobs=2))
    told = [one for one in found.sites if one.reason == reasons.INTERNAL_ERROR]
    assert [Path(one.file).name for one in told] == ["api.js", "api.js"]
    assert all(("ended its process" if is_long else "ValueError") in one.message for one in told)
    assert {Path(one.path).name for one in found.changed} == {"both.js", "plain.js", "socket.js", "socket.d.ts"}


def test_a_file_without_a_call_is_not_kept_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There may be tens of thousands."""
    kept: list[str] = []
    monkeypatch.setattr("codemods.front_end.FrontEnd._kept", lambda _, path, data: kept.append(path) or data)
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "nothing.js").write_text("export const a = 1;\n")
    assert len(run([tmp_path], Settings(EVENTS)).results) == 1
    assert not [one for one in kept if one.endswith("nothing.js")]
    (tmp_path / "call.js").write_text(CALL)
    run([tmp_path], Settings(EVENTS))
    assert [one for one in kept if one.endswith("call.js")]


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
    monkeypatch.setattr("codemods.work._SECONDS", 3)
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


def test_a_file_is_seen_as_it_is_where_its_rewriting_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody sees it half rewritten, as a plan would that is made afterwards."""
    monkeypatch.setattr("codemods.javascript.rewrite._Rewriting._try_again", lambda *_: 1 / 0)
    data = f'import x from "./x";\nfetch(x).then(y);\n{CALL}'.encode()
    app = app_of("/app/src/a.js", data)
    with pytest.raises(ZeroDivisionError):
        rewrite(data, "/app/src/a.js", app)
    module = app.modules.module("/app/src/a.js")
    assert module is not None
    assert module.data == data


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
