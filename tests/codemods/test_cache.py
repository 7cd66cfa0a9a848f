"""What was found before answers only where nothing has changed that it depended on."""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from bridge.events import Event, EventMap
from codemods import cache, runner
from codemods.files import contents
from codemods.front_end import Settings
from codemods.gitignore import patterns
from codemods.run import Run
from codemods.runner import run

EVENTS = EventMap.of([Event("get_coaches", "GET", "/coaches"), Event("get_moves", "GET", "/moves")])
CALL = 'fetch("/coaches").then((r) => r.json()).then(setCoaches);\n'


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """A front end of enough files to be worth keeping, that lie there for a while already."""
    src = tmp_path / "client" / "src"
    src.mkdir(parents=True)
    (tmp_path / "client" / "package.json").write_text('{"dependencies": {}}')
    (tmp_path / "client" / ".env").write_text("VITE_API=/\n")
    for number in range(runner._WORTH_KEEPING):
        (src / f"file{number:02}.js").write_text(f"export const n{number} = {number};\n")
    (src / "App.js").write_text(CALL)
    (src / "other.js").write_text('import { URL } from "./url";\nfetch(URL).then((r) => r.json()).then(setRows);\n')
    (src / "url.js").write_text('export const URL = "/coaches";\n')
    settle()
    return tmp_path / "client"


def settle() -> None:
    """Wait until a change would show: times are kept in steps of some milliseconds."""
    time.sleep(cache._FINE / 1e9 + 0.02)


@pytest.fixture
def rewritten(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were read to be looked at."""
    seen: list[str] = []

    def counting(path: str) -> bytes:
        seen.append(path)
        return contents(path)

    monkeypatch.setattr("codemods.runner.contents", counting)
    return seen


def told(tmp_path: Path, **options: object) -> Settings:
    return Settings(EVENTS, cache=tmp_path / "cache", **options)  # type: ignore[arg-type]


def test_a_second_run_reads_nothing_and_finds_the_same(tmp_path: Path, client: Path, rewritten: list[str]) -> None:
    """As long as nothing changes."""
    first = run([client], told(tmp_path))
    assert rewritten
    rewritten.clear()
    assert run([client], told(tmp_path)) == first
    assert rewritten == []
    assert len(first.changed) == 5


def change_bytes(client: Path) -> None:
    """As many bytes as before, and the time of the file as it was."""
    path = client / "src" / "App.js"
    known = path.stat()
    path.write_text(CALL.replace("/coaches", "/COACHES"))
    os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file's bytes": change_bytes,
    "a constant in another file": lambda client: (client / "src" / "url.js").write_text('export const URL = "/moves";'),
    "a new file": lambda client: (client / "src" / "new.js").write_text(CALL),
    "a file that is gone": lambda client: (client / "src" / "App.js").unlink(),
    "package.json": lambda client: (client / "package.json").write_text('{"proxy": "http://localhost:5555"}'),
    "a new .env file": lambda client: (client / ".env.local").write_text("VITE_API=/api\n"),
    "a .env file": lambda client: (client / ".env").write_text("VITE_API=/api\n"),
    "a new proxy": lambda client: (client / "vite.config.mts").write_text("export default {}"),
    "what git ignores": lambda client: (client / ".gitignore").write_text("other.js\n"),
    "a new page": lambda client: (client / "index.html").write_text('<script src="/src/App.js"></script>'),
    "a client module of somebody else": lambda client: (client / "src" / "socket.ts").write_text("export {};\n"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_change_is_seen(
    tmp_path: Path, client: Path, rewritten: list[str], change: Callable[[Path], object]
) -> None:
    """Whatever it is: the run is made anew, and finds what a run without the cache finds."""
    run([client], told(tmp_path))
    change(client)
    settle()
    rewritten.clear()
    found = run([client], told(tmp_path))
    assert rewritten
    assert found == run([client], Settings(EVENTS))


def test_other_settings_are_another_run(tmp_path: Path, client: Path, rewritten: list[str]) -> None:
    """The event map, hosts, constants, rules, excludes, paths: each is part of the key."""
    run([client], told(tmp_path))
    others: list[tuple[list[Path], Settings]] = [
        ([client], Settings(EventMap.of(list(EVENTS)[:1]), cache=tmp_path / "cache")),
        ([client], told(tmp_path, hosts=frozenset({"example.com"}))),
        ([client], told(tmp_path, defines={"API": "/api"})),
        ([client], told(tmp_path, rules=frozenset({"fetch_await"}))),
        ([client], told(tmp_path, exclude=(patterns(client.as_posix(), ["url.js"]),))),
        ([client / "src"], told(tmp_path)),
    ]
    for paths, settings in others:
        rewritten.clear()
        assert run(paths, settings) == run(paths, replace(settings, cache=None))
        assert rewritten


def test_a_run_that_failed_inside_is_made_again(
    tmp_path: Path, client: Path, rewritten: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What went wrong may go well the next time; what stands in the cache stays until a file changes."""
    with monkeypatch.context() as failing:
        failing.setattr("codemods.work.rewrite", lambda *_: 1 / 0)
        run([client], told(tmp_path))
    rewritten.clear()
    assert run([client], told(tmp_path)) == run([client], Settings(EVENTS))
    assert rewritten


def test_another_version_of_the_tool_starts_afresh(
    tmp_path: Path, client: Path, rewritten: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own files are part of the key."""
    run([client], told(tmp_path))
    monkeypatch.setattr("codemods.cache._tool", lambda: iter([("parser.py", (1, 2, 3, 4))]))
    rewritten.clear()
    run([client], told(tmp_path))
    assert rewritten


def test_the_number_of_jobs_is_not_part_of_the_key(tmp_path: Path, client: Path, rewritten: list[str]) -> None:
    """It changes nothing that is found."""
    run([client], told(tmp_path))
    rewritten.clear()
    run([client], told(tmp_path, jobs=3))
    assert rewritten == []


def test_what_has_changed_just_now_is_not_kept(tmp_path: Path, client: Path, rewritten: list[str]) -> None:
    """The next change might have the same time and size."""
    (client / "src" / "App.js").write_text(CALL)
    run([client], told(tmp_path))
    rewritten.clear()
    run([client], told(tmp_path))
    assert rewritten


@pytest.mark.parametrize("data", [b"", b"nonsense", pickle.dumps(("x", {}, None)), pickle.dumps(os.system)])
def test_an_entry_that_is_not_ours_is_ignored(tmp_path: Path, client: Path, rewritten: list[str], data: bytes) -> None:
    """Whatever stands in it, nothing but results is made of it."""
    first = run([client], told(tmp_path))
    (entry,) = (tmp_path / "cache").iterdir()
    entry.write_bytes(data)
    rewritten.clear()
    assert run([client], told(tmp_path)) == first
    assert rewritten


def test_old_entries_go(tmp_path: Path, client: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder does not grow for ever."""
    monkeypatch.setattr("codemods.cache._KEPT", 2)
    for number in range(4):
        run([client], told(tmp_path, defines={"API": str(number)}))
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path, client: Path) -> None:
    """Then nothing is kept."""
    (tmp_path / "cache").write_text("a file")
    assert isinstance(run([client], told(tmp_path)), Run)
