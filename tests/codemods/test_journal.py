"""--write and undo: nothing is ever half-written, and everything can be taken back."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from codemods import files, journal, transaction, undo
from codemods.cli import main
from codemods.results import FileResult
from codemods.run import Run
from codemods.runner import Settings, run
from tests.codemods.cases import EVENTS, FIXTURES

MAP = str(FIXTURES / "events.json")
SOURCE = b'fetch("/coaches").then((r) => r.json()).then(setCoaches);\n'
FRONT_END = {
    "package.json": b'{\n  "dependencies": {}\n}\n',
    "src/App.jsx": SOURCE,
    "src/Crlf.jsx": SOURCE.replace(b"\n", b"\r\n"),
    "src/deep/Old.js": b"// no call\n",
    "src/deep/Tool.js": SOURCE,
}
Tree = dict[str, bytes]


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fsync guards against, a power cut, is not tried here; the hundreds of runs would take a minute."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small front end outside git, which is the current folder."""
    root = tmp_path / "client"
    _lay(root)
    monkeypatch.chdir(root)
    return root


def _lay(root: Path, source: Path | None = None) -> None:
    """Fill a folder, which stays the current one, with the files of the front end, or of another folder."""
    for old in root.iterdir() if root.exists() else ():
        shutil.rmtree(old) if old.is_dir() else old.unlink()
    if source is not None:
        shutil.copytree(source, root, dirs_exist_ok=True)
        return
    for name, data in FRONT_END.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    (root / "src" / "deep" / "Tool.js").chmod(0o750)


def tree(root: Path) -> Tree:
    """All files of a folder but the journal, temporary ones too."""
    found = (path for path in root.rglob("*") if path.is_file() and ".fetch2socket" not in path.relative_to(root).parts)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


def call(*args: object) -> Result:
    """Run fetch2socket."""
    return CliRunner().invoke(main, [str(arg) for arg in args])


def write(*args: object) -> Result:
    """Run client --write over the current folder."""
    return call("client", ".", "--events", MAP, "--write", *args)


def sites_of(result: Result) -> dict[str, tuple[str, str]]:
    """The reason and the message for each file."""
    return {row["file"]: (row["reason"], row["message"]) for row in json.loads(result.stdout)["sites"]}


# ---- undo -------------------------------------------------------------------------------------


def test_undo_takes_the_last_write_back_byte_for_byte(client: Path) -> None:
    """Contents, modes and files that were not there are as before, from any folder of the project."""
    assert write().exit_code == 0
    assert set(tree(client)) - set(FRONT_END) == {"src/socket.js", "src/socket.d.ts"}
    os.chdir(client / "src" / "deep")
    result = call("undo")
    assert result.exit_code == 0, result.output
    assert result.output.startswith("6 files as before the --write of ")
    assert tree(client) == FRONT_END
    assert (client / "src" / "deep" / "Tool.js").stat().st_mode & 0o777 == 0o750
    assert not (client / ".fetch2socket").exists()


def test_undo_again_takes_back_the_one_before(client: Path) -> None:
    """Each undo goes one --write further back; --list shows them, the last first."""
    write()
    once = tree(client)
    (client / "src" / "More.jsx").write_bytes(SOURCE)
    write()
    listed = call("undo", "--list").output.splitlines()
    assert [line.split("  ")[0] for line in listed] == ["2", "1"]
    assert "1 file: src/More.jsx" in listed[0]
    call("undo")
    assert tree(client) == {**once, "src/More.jsx": SOURCE}
    call("undo")
    assert tree(client) == {**FRONT_END, "src/More.jsx": SOURCE}
    assert call("undo", "--list").output == "Nothing to take back.\n"
    assert call("undo").exit_code == 2


def test_undo_refuses_where_a_file_was_edited_since(client: Path) -> None:
    """Work that came after the --write is not thrown away unless that is asked for."""
    write()
    app = client / "src" / "App.jsx"
    app.write_bytes(app.read_bytes() + b"// mine\n")
    after = tree(client)
    result = call("undo")
    assert result.exit_code == 2
    assert "edited since the --write: src/App.jsx; nothing was taken back" in result.stderr
    assert tree(client) == after
    assert call("undo", "--force").exit_code == 0
    assert tree(client) == FRONT_END


def test_undo_of_a_file_that_is_gone(client: Path) -> None:
    """A created file that was deleted since is no matter; a rewritten one is."""
    write()
    (client / "src" / "socket.d.ts").unlink()
    (client / "src" / "App.jsx").unlink()
    assert "src/App.jsx;" in call("undo").stderr
    (client / "src" / "App.jsx").write_bytes(SOURCE)
    assert call("undo").exit_code == 0
    assert tree(client) == FRONT_END


def test_a_moved_project_can_be_taken_back(client: Path) -> None:
    """The journal names files by where they are within the project."""
    write()
    moved = client.rename(client.parent / "moved")
    assert call("undo", moved).exit_code == 0
    assert tree(moved) == FRONT_END


def test_journal_does_not_dirty_the_git_tree(client: Path) -> None:
    """In git the journal lies at the top, where git does not see it."""
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.com", "-C", str(client.parent)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "first"], check=True)
    assert write().exit_code == 0
    assert (client.parent / ".fetch2socket").is_dir()
    status = subprocess.run([*git, "status", "--porcelain"], check=True, capture_output=True, text=True).stdout
    assert ".fetch2socket" not in status
    assert call("undo").exit_code == 0
    assert subprocess.run([*git, "status", "--porcelain"], check=True, capture_output=True, text=True).stdout == ""


def test_only_the_last_runs_are_kept(client: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal does not grow for ever."""
    monkeypatch.setattr(journal, "_KEPT", 2)
    for number in range(4):
        (client / "src" / f"More{number}.jsx").write_bytes(SOURCE)
        write()
    assert [line[0] for line in call("undo", "--list").output.splitlines()] == ["4", "3"]


def test_damaged_journal_is_a_line(client: Path) -> None:
    """A journal that cannot be read is named, without a traceback."""
    write()
    (client / ".fetch2socket" / "journal" / "1" / "index.json").write_text("{")
    result = call("undo")
    assert result.exit_code == 2
    assert "cannot be read as a journal" in result.stderr


@pytest.mark.parametrize("name", ["{outside}", "../outside.txt", "link/outside.txt", ".git/hooks/pre-commit", "."])
def test_a_journal_of_somebody_else_reaches_no_file_outside(client: Path, name: str) -> None:
    """Neither by its path, nor through a link, nor git's own files: undo says so and touches nothing."""
    outside = client.parent / "outside.txt"
    outside.write_bytes(b"known")
    (client / "link").symlink_to(client.parent)
    (client / ".git" / "hooks").mkdir(parents=True)
    (client / ".git" / "hooks" / "pre-commit").write_bytes(b"known")
    folder = client / ".fetch2socket" / "journal" / "1"
    folder.mkdir(parents=True)
    row = {"path": name.format(outside=outside), "size": 4, "mode": 0o755, "after": journal.digest(b"known")}
    (folder / "index.json").write_text(json.dumps({"version": 1, "time": "x", "files": [row], "folders": []}))
    (folder / "originals").write_bytes(b"evil")
    result = call("undo", "--force")
    assert (result.exit_code, "is no file of this project" in result.stderr) == (2, True), result.stderr
    assert {outside.read_bytes(), (client / ".git" / "hooks" / "pre-commit").read_bytes()} == {b"known"}


def test_no_journal_is_kept_behind_a_link(client: Path) -> None:
    """A repository that brings such a link along would have a folder of somebody else written to."""
    (client.parent / "elsewhere").mkdir()
    (client / ".fetch2socket").symlink_to(client.parent / "elsewhere")
    result = write()
    assert (result.exit_code, "leads elsewhere by a link" in result.stderr) == (2, True), result.stderr
    assert list((client.parent / "elsewhere").iterdir()) == []
    assert tree(client) == FRONT_END


def test_odd_names_are_shown_as_escapes(client: Path) -> None:
    """A file name moves no cursor."""
    Path("src/a\x1b[31m.js").write_bytes(SOURCE)
    assert write().exit_code == 0
    for path in client.glob("src/*.js"):
        path.write_bytes(b"// mine\n")
    message = call("undo").stderr
    assert "src/a\\x1b[31m.js" in message
    assert call("undo", "--list").exit_code == call("undo", "--force").exit_code == 0
    assert {path.read_bytes() for path in client.glob("src/*.js")} == {SOURCE}


def test_another_run_that_writes_is_not_disturbed(client: Path) -> None:
    """Two runs do not write in one project at a time."""
    with journal.locked(client):
        result = write()
    assert (result.exit_code, tree(client)) == (2, FRONT_END)
    assert "another fetch2socket is writing" in result.stderr


# ---- files that cannot be written -------------------------------------------------------------


def _failing(name: str, number: int) -> Callable[..., None]:
    def replace_or_fail(source: Path, target: Path) -> None:
        if target.name == name:
            raise OSError(number, os.strerror(number), str(target))
        os.rename(source, target)

    return replace_or_fail


def test_file_that_cannot_be_written_is_a_finding(client: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are done, and undo does not speak of it."""
    monkeypatch.setattr("codemods.files.os.replace", _failing("App.jsx", errno.EACCES))
    result = write("--format", "json")
    assert result.exit_code == 1
    assert sites_of(result)["src/App.jsx"] == ("not_written", "Permission denied; the file is as it was.")
    assert (client / "src" / "App.jsx").read_bytes() == SOURCE
    assert b"socket.emit" in (client / "src" / "Crlf.jsx").read_bytes()
    monkeypatch.undo()
    os.chdir(client)
    (client / "src" / "App.jsx").write_bytes(b"// mine\n")
    assert call("undo").exit_code == 0
    assert tree(client) == {**FRONT_END, "src/App.jsx": b"// mine\n"}


def test_read_only_files_and_folders(client: Path) -> None:
    """No write permission: a finding for the file, the others are done. Run as a user who is not root."""
    (client / "src" / "App.jsx").chmod(0o444)
    (client / "src" / "deep").chmod(0o555)
    code = (
        "import os, sys\n"
        "from codemods.cli import main\n"
        "import codemods.git_tree, codemods.transaction\n"
        "from click.testing import CliRunner\n"
        # What the command imports is loaded while it may be read.
        f"CliRunner().invoke(main, ['client', '.', '--events', {MAP!r}, '--check', '--format', 'json'])\n"
        "if os.getuid() == 0:\n    os.setgid(65534)\n    os.setuid(65534)\n"
        f"main(['client', '.', '--events', {MAP!r}, '--write', '--format', 'json'])"
    )
    for path in (client, client / "src", *client.rglob("*.js*")):
        if os.getuid() == 0:
            os.chown(path, 65534, 65534)
    for above in (client.parent, client.parent.parent, client.parent.parent.parent):
        above.chmod(0o755)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (1, "")
    found = {row["file"]: (row["reason"], row["message"]) for row in json.loads(done.stdout)["sites"]}
    assert found["src/App.jsx"][1] == "There is no permission to write it; the file is as it was."
    assert found["src/deep/Tool.js"] == ("not_written", "Permission denied; the file is as it was.")
    assert found["src/Crlf.jsx"][0] == ""
    assert (client / "src" / "App.jsx").read_bytes() == (client / "src" / "deep" / "Tool.js").read_bytes() == SOURCE
    assert b"socket.emit" in (client / "src" / "Crlf.jsx").read_bytes()


@pytest.mark.parametrize("name", ["package.json", "socket.js"])
def test_without_the_client_module_nothing_is_written(client: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is left that imports what is not there."""
    monkeypatch.setattr("codemods.files.os.replace", _failing(name, errno.ENOSPC))
    result = write()
    assert result.exit_code == 2
    assert f"{name} cannot be written, so nothing was: no space left on device" in result.stderr
    assert tree(client) == FRONT_END
    assert not (client / ".fetch2socket").exists()


def test_client_module_without_a_use_is_not_left(client: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no file could be rewritten, nothing is added either."""

    def only_added(source: Path, target: Path) -> None:
        if target.suffix == ".jsx" or target.name == "Tool.js":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        os.rename(source, target)

    monkeypatch.setattr("codemods.files.os.replace", only_added)
    assert write().exit_code == 1
    assert tree(client) == FRONT_END


def test_file_that_changes_meanwhile_is_not_overwritten(client: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What somebody wrote while we ran stays, and is a finding."""
    found = run([client], Settings(EVENTS))
    (client / "src" / "App.jsx").write_bytes(b"// newer\n")
    (client / "src" / "Crlf.jsx").unlink()
    told = transaction.write_run(found)
    messages = {site.file: site.message for site in told.sites if site.reason == "not_written"}
    sentence = "It changed while fetch2socket ran; the file is as it was."
    assert messages == {"src/App.jsx": sentence, "src/Crlf.jsx": sentence}
    assert tree(client)["src/App.jsx"] == b"// newer\n"
    assert "src/Crlf.jsx" not in tree(client)
    assert b"socket.emit" in tree(client)["src/deep/Tool.js"]


def _just_before(monkeypatch: pytest.MonkeyPatch, happening: Callable[[], object]) -> None:
    """Let something happen after the originals were read and before the first file is written."""
    begin = journal.begin

    def late(*args: Any) -> journal.Journal:
        begun = begin(*args)
        happening()
        return begun

    monkeypatch.setattr(transaction, "begin", late)


def test_look_comes_just_before_the_write(client: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that changes when the run has begun to write is not overwritten either."""
    found = run([client], Settings(EVENTS))
    _just_before(monkeypatch, lambda: (client / "src" / "App.jsx").write_bytes(b"// newer\n"))
    told = transaction.write_run(found)
    assert [site.file for site in told.sites if site.reason == "not_written"] == ["src/App.jsx"]
    assert tree(client)["src/App.jsx"] == b"// newer\n"
    assert b"socket.emit" in tree(client)["src/Crlf.jsx"]


def test_file_that_is_created_meanwhile_stays(client: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else's socket.d.ts is not taken for ours."""
    found = run([client], Settings(EVENTS))
    _just_before(monkeypatch, lambda: (client / "src" / "socket.d.ts").write_bytes(b"// mine\n"))
    with pytest.raises(transaction.CannotWriteError, match="created while"):
        transaction.write_run(found)
    assert tree(client) == {**FRONT_END, "src/socket.d.ts": b"// mine\n"}


def test_symlink_is_written_through(client: Path, tmp_path: Path) -> None:
    """A link stays a link; undo restores what it leads to."""
    target = tmp_path / "elsewhere.jsx"
    target.write_bytes(SOURCE)
    (client / "src" / "Link.jsx").symlink_to(target)
    assert call("client", "src/Link.jsx", "--events", MAP, "--write").exit_code == 0
    assert (client / "src" / "Link.jsx").is_symlink()
    assert b"socket.emit" in target.read_bytes()
    assert call("undo", ".").exit_code == 0 or call("undo", tmp_path).exit_code == 0
    assert target.read_bytes() == SOURCE


# ---- files that belong together ---------------------------------------------------------------


def _linked(found: Run, *names: str) -> Run:
    return replace(found, together=(frozenset(names),))


def test_group_is_written_together_or_not_at_all(client: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A helper is not rewritten without its callers; other files are."""
    found = _linked(run([client], Settings(EVENTS)), "src/App.jsx", "src/deep/Tool.js")
    monkeypatch.setattr("codemods.files.os.replace", _failing("Tool.js", errno.EACCES))
    told = transaction.write_run(found)
    messages = {site.file: site.message for site in told.sites if site.reason == "not_written"}
    assert messages == {
        "src/App.jsx": "It belongs together with src/deep/Tool.js, which cannot be written: permission denied; "
        "the file is as it was.",
        "src/deep/Tool.js": "Permission denied; the file is as it was.",
    }
    assert tree(client)["src/App.jsx"] == SOURCE
    assert b"socket.emit" in tree(client)["src/Crlf.jsx"]


def test_groups_that_share_a_file_are_one(client: Path) -> None:
    """Two helpers in one file tie their callers together; what is known before, is not even begun."""
    found = run([client], Settings(EVENTS))
    pairs = (frozenset({"src/App.jsx", "src/Crlf.jsx"}), frozenset({"src/Crlf.jsx", "src/deep/Tool.js"}))
    (client / "src" / "deep" / "Tool.js").write_bytes(b"// newer\n")
    transaction.write_run(replace(found, together=pairs))
    assert tree(client) == {**FRONT_END, "src/deep/Tool.js": b"// newer\n"}


# ---- a fault at every step --------------------------------------------------------------------

_STRIDE = int(os.environ.get("FAULT_STRIDE", "5"))
"""1 tries every line; that takes a minute and was done when this was written."""
_INTERRUPTED, _NOTHING_CAME = 4, 3
_WATCHED = {module.__file__ for module in (files, journal, transaction, undo)}


@contextmanager
def at_step(number: int, fault: Callable[[], None]) -> Iterator[list[int]]:
    """Run a fault before the given line that our writing modules execute; yields how many lines were counted."""
    count = [0]

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename not in _WATCHED:
            return None
        if event == "line":
            count[0] += 1
            if count[0] == number:
                fault()
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield count
    finally:
        sys.settrace(before)


def interrupt() -> None:
    """What Ctrl-C does."""
    raise KeyboardInterrupt


def kill() -> None:
    """What kill -9 does."""
    os.kill(os.getpid(), signal.SIGKILL)


def _steps(work: Callable[[], object]) -> int:
    with at_step(0, interrupt) as count:
        work()
    return count[0]


def _in_child(number: int, fault: Callable[[], None], work: Callable[[], object]) -> int:
    """Do the work in a child process in which a fault comes at a step; return its exit code."""
    child = os.fork()
    if child == 0:
        try:
            with at_step(number, fault):
                work()
        except KeyboardInterrupt:
            os._exit(_INTERRUPTED)
        finally:
            os._exit(_NOTHING_CAME)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_ctrl_c_at_any_step_leaves_all_files_old_or_all_new(client: Path) -> None:
    """Whenever it comes, the run is whole or has not been; if a journal is left, undo gives the old files back."""
    found = run([client], Settings(EVENTS))
    last = _steps(lambda: transaction.write_run(found))
    new = tree(client)
    assert last > 200
    for number in range(1, last + 1, _STRIDE):
        _lay(client)
        assert _in_child(number, interrupt, lambda: transaction.write_run(found)) == _INTERRUPTED
        assert tree(client) in (FRONT_END, new), number
        undone = call("undo")
        assert undone.exit_code == 0 or "no --write to take back" in undone.stderr
        assert tree(client) == FRONT_END, number


def test_kill_at_any_step_leaves_whole_files_and_a_way_back(client: Path) -> None:
    """After a kill -9 each file is the old one or the new one, and undo restores them all and tidies up."""
    found = run([client], Settings(EVENTS))
    last = _steps(lambda: transaction.write_run(found))
    new = tree(client)
    seen = set()
    for number in range(1, last + 1, _STRIDE):
        _lay(client)
        assert _in_child(number, kill, lambda: transaction.write_run(found)) == -signal.SIGKILL
        left = {name: data for name, data in tree(client).items() if not name.endswith(".fetch2socket")}
        assert all(data in (FRONT_END.get(name), new[name]) for name, data in left.items()), number
        unfinished = journal.is_unfinished(client)
        assert unfinished or left in (FRONT_END, new)
        seen.add(unfinished)
        call("undo")
        assert tree(client) == FRONT_END, number
    assert seen == {True, False}


def test_undo_that_is_killed_can_be_done_again(client: Path) -> None:
    """Undo is whole files too, and a second one finishes what the first began."""
    write()
    record = journal.journals(client)[-1]
    kept = shutil.copytree(client, client.parent / "kept")
    last = _steps(lambda: undo.take_back(record))
    for number in range(1, last + 1, _STRIDE):
        _lay(client, kept)
        assert _in_child(number, kill, lambda: undo.take_back(record)) == -signal.SIGKILL
        call("undo")
        assert tree(client) == FRONT_END, number


@pytest.mark.parametrize("name", ["fsync", "replace", "open"])
def test_full_disk_at_any_call(client: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whichever call the disk is full at, no file is half-written, and undo gives the old files back."""
    found = run([client], Settings(EVENTS))
    real = getattr(os, name)
    for number in range(1, 30):
        _lay(client)
        count = [0]

        def full(*args: Any, number: int = number, count: list[int] = count, **options: Any) -> Any:
            count[0] += 1
            if count[0] == number:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return real(*args, **options)

        monkeypatch.setattr(os, name, full)
        try:
            told = transaction.write_run(found)
        except (OSError, transaction.CannotWriteError):
            told = None
        monkeypatch.setattr(os, name, real)
        if told is None:
            assert tree(client) == FRONT_END
        else:
            changed: dict[str, FileResult] = {Path(one.path).as_posix(): one for one in told.changed}
            wanted = {key: changed[key].after if key in changed else FRONT_END[key] for key in {*FRONT_END, *changed}}
            assert tree(client) == wanted
        call("undo")
        assert tree(client) == FRONT_END


def test_next_command_tells_of_a_write_that_was_cut_off(client: Path) -> None:
    """After a kill the next command says in one line what to do."""
    found = run([client], Settings(EVENTS))
    last = _steps(lambda: transaction.write_run(found))
    _lay(client)
    assert _in_child(last * 3 // 4, kill, lambda: transaction.write_run(found)) == -signal.SIGKILL
    line = "The last --write was cut off; `fetch2socket undo` takes it back.\n"
    assert call("client", ".", "--events", MAP).stderr == line
    assert "(cut off)" in call("undo", "--list").stdout
    call("undo")
    assert call("client", ".", "--events", MAP).stderr == ""
