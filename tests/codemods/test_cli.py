"""The command line: exit codes, one line for wrong use, writing, copies."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from codemods.cli import main
from tests.codemods.cases import FIXTURES

EVENTS = str(FIXTURES / "events.json")
SOURCE = 'fetch("/coaches")\n  .then((r) => r.json())\n  .then(setCoaches);\n'
REWRITTEN = (
    'import { socket, json } from "./socket";\n\nsocket.emit("get_coaches", (result) => setCoaches(json(result)));\n'
)
PACKAGE = '{\n  "name": "x",\n  "dependencies": {\n    "react": "^19.0.0",\n    "zustand": "^5.0.0"\n  }\n}\n'


@pytest.fixture
def client(tmp_path: Path) -> Path:
    """A small front end, outside git."""
    root = tmp_path / "client"
    (root / "src").mkdir(parents=True)
    (root / "package.json").write_text(PACKAGE)
    (root / "src" / "App.jsx").write_text(SOURCE)
    (root / "node_modules" / "x").mkdir(parents=True)
    (root / "node_modules" / "x" / "index.js").write_text(SOURCE)
    return root


def call(*args: object) -> Result:
    """Run fetch2socket."""
    return CliRunner().invoke(main, [str(arg) for arg in args])


def test_scan_lists_calls_and_writes_nothing(client: Path) -> None:
    """``scan`` reports and leaves all files alone."""
    result = call("scan", client, "--events", EVENTS, "--format", "json")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert report["files"] == {"read": 1, "changed": 4, "unparsable": []}
    (site,) = report["sites"]
    assert list(site) == [
        "file", "line", "column", "rule", "outcome", "reason", "message", "confidence", "method", "url", "event",
    ]  # fmt: skip
    assert (site["rule"], site["outcome"], site["event"]) == ("fetch_then", "rewritten", "get_coaches")
    assert (client / "src" / "App.jsx").read_text() == SOURCE


def test_dry_run_shows_a_diff_that_patch_takes(client: Path) -> None:
    """Without --write only a diff is shown, and applying it gives the same as --write."""
    result = call("client", client, "--events", EVENTS)
    assert result.exit_code == 0
    assert '+socket.emit("get_coaches", (result) => setCoaches(json(result)));' in result.stdout
    assert "npm install" in result.stdout
    assert (client / "src" / "App.jsx").read_text() == SOURCE
    assert not (client / "src" / "socket.js").exists()


def test_write(client: Path) -> None:
    """--write rewrites, puts the client module in place and adds the dependency in its alphabetical place."""
    assert call("client", client, "--events", EVENTS, "--write").exit_code == 0
    assert (client / "src" / "App.jsx").read_text() == REWRITTEN
    assert "io(" in (client / "src" / "socket.js").read_text()
    assert (client / "src" / "socket.d.ts").exists()
    lines = (client / "package.json").read_text().splitlines()
    assert lines[3:6] == ['    "react": "^19.0.0",', '    "socket.io-client": "^4.8.1",', '    "zustand": "^5.0.0"']
    assert (client / "node_modules" / "x" / "index.js").read_text() == SOURCE
    assert {path.name for path in client.rglob(".*")} == {".fetch2socket", ".gitignore"}


def test_second_write_changes_nothing(client: Path) -> None:
    """A second run finds nothing to do, and says so by its exit code."""
    call("client", client, "--events", EVENTS, "--write")
    result = call("client", client, "--events", EVENTS, "--check")
    assert result.exit_code == 0, result.output
    assert "no calls to rewrite; 2 files read, 0 changed" in result.output


def test_check_exits_with_1(client: Path) -> None:
    """--check says by its exit code that something would change."""
    result = call("client", client, "--events", EVENTS, "--check", "--format", "json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["files"]["changed"] == 4


def test_edited_client_module_is_kept(client: Path) -> None:
    """A socket.js of ours that the user has changed is used as it is."""
    call("client", client, "--events", EVENTS, "--write")
    module = client / "src" / "socket.js"
    module.write_text(module.read_text() + "// mine\n")
    (client / "src" / "More.jsx").write_text(SOURCE)
    assert call("client", client, "--events", EVENTS, "--write").exit_code == 0
    assert module.read_text().endswith("// mine\n")
    assert (client / "src" / "More.jsx").read_text() == REWRITTEN


def test_foreign_socket_js_is_left_alone(client: Path) -> None:
    """Where src/socket.js is somebody else's, the client module is called fetchSocket.js."""
    (client / "src" / "socket.js").write_text("export const socket = 1;\n")
    assert call("client", client, "--events", EVENTS, "--write").exit_code == 0
    assert (client / "src" / "socket.js").read_text() == "export const socket = 1;\n"
    assert 'from "./fetchSocket"' in (client / "src" / "App.jsx").read_text()
    assert (client / "src" / "fetchSocket.js").exists()


def test_copy(client: Path, tmp_path: Path) -> None:
    """--to writes a migrated copy without node_modules, and leaves the source as it is."""
    target = tmp_path / "client_socket"
    result = call("client", client, "--events", EVENTS, "--to", target)
    assert result.exit_code == 0, result.output
    assert (target / "src" / "App.jsx").read_text() == REWRITTEN
    assert (client / "src" / "App.jsx").read_text() == SOURCE
    assert not (target / "node_modules").exists()
    assert call("client", client, "--events", EVENTS, "--to", target, "--check").exit_code == 0
    (target / "src" / "App.jsx").write_text(SOURCE)
    assert call("client", client, "--events", EVENTS, "--to", target, "--check").exit_code == 1
    assert "not empty" in call("client", client, "--events", EVENTS, "--to", target).stderr


def test_dirty_git_tree_is_refused(client: Path) -> None:
    """--write wants a clean tree, so that its changes can be seen and taken back."""
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.com", "-C", str(client)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "src", "package.json"], check=True)
    subprocess.run([*git, "commit", "-qm", "first"], check=True)
    (client / "package.json").write_text(PACKAGE + "\n")
    result = call("client", client, "--events", EVENTS, "--write")
    assert result.exit_code == 2
    assert "uncommitted" in result.stderr
    assert (client / "src" / "App.jsx").read_text() == SOURCE
    assert call("client", client, "--events", EVENTS, "--write", "--allow-dirty").exit_code == 0


def test_untracked_file_that_would_be_overwritten_is_refused(client: Path) -> None:
    """What git does not know it could not bring back; other files that it does not know are no matter."""
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.com", "-C", str(client)]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "package.json"], check=True)
    subprocess.run([*git, "commit", "-qm", "first"], check=True)
    result = call("client", client, "--events", EVENTS, "--write")
    assert (result.exit_code, "(src/App.jsx)" in result.stderr) == (2, True), result.stderr
    subprocess.run([*git, "add", "src"], check=True)
    subprocess.run([*git, "commit", "-qm", "second"], check=True)
    (client / "notes with \u00e4.txt").write_text("mine")
    assert call("client", client, "--events", EVENTS, "--write").exit_code == 0


def test_copy_of_what_cannot_be_read_is_a_line(client: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--to names the file, without a traceback."""

    def fail(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("codemods.copying.Path.read_bytes", fail)
    result = call("client", client, "--events", EVENTS, "--to", tmp_path / "copy", "--format", "json")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "Permission denied" in result.stderr


@pytest.mark.parametrize(
    "args",
    [
        ["client", "nowhere", "--events", EVENTS],
        ["client", ".", "--events", "missing.json"],
        ["client", ".", "--events", "nonsense"],
        ["client", ".", "--events", str(FIXTURES)],
        ["client", ".", "--events", str(Path(__file__))],
        ["client", ".", "--events", "no_such_module:app"],
        ["client", ".", "--events", EVENTS, "--only", "no_such_rule"],
        ["client", ".", "--events", EVENTS, "--define", "NAME"],
        ["client", ".", "--events", EVENTS, "--to", "."],
        ["client", "--events", EVENTS],
        ["client", "."],
        ["scan", ".", "--events", EVENTS, "--report", "no/such/folder/report.json"],
        ["no_such_command"],
    ],
)
def test_wrong_use_is_one_line_and_2(args: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong use says what is wrong, in a line, and never with a traceback."""
    monkeypatch.chdir(tmp_path)
    result = call(*args)
    assert result.exit_code == 2, result.output
    assert len([line for line in result.stderr.splitlines() if line.startswith("Error")]) == 1
    assert "Traceback" not in result.output


def test_only_and_skip(client: Path) -> None:
    """A rule that was not asked for leaves its calls, with that as the reason."""
    for option in (["--only", "fetch_await"], ["--skip", "fetch_then"]):
        result = call("client", client, "--events", EVENTS, "--format", "json", *option)
        assert [site["reason"] for site in json.loads(result.stdout)["sites"]] == ["rule_not_selected"]


def test_report_file(client: Path, tmp_path: Path) -> None:
    """--report writes what --format names."""
    target = tmp_path / "report.json"
    call("scan", client, "--events", EVENTS, "--format", "json", "--report", target)
    assert json.loads(target.read_text())["version"] == 1


def test_list_rules() -> None:
    """--list-rules needs nothing else."""
    result = call("client", "--list-rules")
    assert result.exit_code == 0
    assert "fetch_await" in result.stdout


def test_text_report_names_place_reason_and_sentence(client: Path) -> None:
    """A finding is file:line:col, a code and a sentence."""
    (client / "src" / "App.jsx").write_text('\nif (x) fetch("/coachs").then((r) => r.json()).then(setCoaches);\n')
    result = call("scan", client, "--events", EVENTS)
    assert "src/App.jsx:2:8 no_route No route of the server matches /coachs; the nearest is /coaches." in result.stdout


def test_odd_files_do_not_stop_the_others(client: Path) -> None:
    """Invalid UTF-8, dangling links, loops and minified files are reported; the rest is rewritten."""
    source = client / "src"
    (source / "latin.js").write_bytes(b'// caf\xe9\nfetch("/coaches");\n')
    (source / "dangling.js").symlink_to(source / "nowhere.js")
    (source / "loop").symlink_to(source, target_is_directory=True)
    (source / "circle.js").symlink_to(source / "circle.js")
    (source / "packed.js").write_text('fetch("/coaches");' + "a;" * 4000)
    result = call("client", client, "--events", EVENTS, "--write", "--format", "json")
    assert result.exit_code == 0, result.output
    odd = {Path(one["file"]).name for one in json.loads(result.stdout)["files"]["unparsable"]}
    assert odd == {"latin.js", "dangling.js", "circle.js", "packed.js"}
    assert (source / "App.jsx").read_text() == REWRITTEN


def test_fault_in_a_rule_is_a_finding(client: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception in one file is reported for that file."""

    def fail(*args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("codemods.work.rewrite", fail)
    result = call("scan", client, "--events", EVENTS, "--format", "json")
    assert [site["reason"] for site in json.loads(result.stdout)["sites"]] == ["internal_error"]


def test_interrupted_write_leaves_a_whole_file(client: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C while a file is written leaves the old one, and no temporary file."""

    def interrupt(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("codemods.files.os.replace", interrupt)
    assert call("client", client, "--events", EVENTS, "--write").exit_code != 0
    assert (client / "src" / "App.jsx").read_text() == SOURCE
    assert [path.name for path in (client / "src").iterdir()] == ["App.jsx"]


HEAVY = ("flask", "sqlalchemy", "bridge.cli", "tree_sitter", "rich", "difflib", "subprocess", "importlib.metadata")


@pytest.mark.parametrize("args", [["--help"], ["scan", "--help"], ["client", "--help"]])
def test_help_loads_no_flask(args: list[str]) -> None:
    """The codemods' help loads no Flask, no parser and no rich, and it shows examples."""
    code = (
        "import sys\nfrom codemods.cli import main\n"
        f"try:\n    main({args!r})\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "fetch2socket client" in done.stdout or "fetch2socket scan" in done.stdout


def test_help_lists_lazy_commands() -> None:
    """The commands that live elsewhere are in the list."""
    result = call("--help")
    for name in ("client", "demo", "events", "scan", "serve"):
        assert f"  {name}" in result.stdout


def test_unknown_rule_is_told_the_nearest() -> None:
    """Who mistypes a rule is told its name."""
    result = call("client", ".", "--events", EVENTS, "--only", "fetch_awiat")
    sentence = "--only fetch_awiat: no such rule; the nearest is fetch_await (--list-rules lists them)"
    assert result.stderr == f"Error: {sentence}\n"


def test_quiet_prints_nothing(client: Path) -> None:
    """--quiet leaves the exit code, and the report where a file was named for it."""
    assert call("client", client, "--events", EVENTS, "--check", "--quiet").output == ""
    target = client / "report.json"
    assert call("scan", client, "--events", EVENTS, "-q", "--format", "json", "--report", target).output == ""
    assert json.loads(target.read_text())["version"] == 1


def test_ctrl_c_is_a_line_and_130(client: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends a run without a traceback."""

    def interrupt(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("codemods.work.rewrite", interrupt)
    result = call("scan", client, "--events", EVENTS)
    assert (result.exit_code, result.stderr) == (130, "Interrupted.\n")


def test_closed_pipe_is_silent(client: Path) -> None:
    """``fetch2socket client ... | head`` prints no traceback."""
    for number in range(100):
        (client / "src" / f"App{number}.jsx").write_text(SOURCE * 20)
    command = [sys.executable, "-c", "from codemods.cli import main; main()", "client", str(client), "--events", EVENTS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert (process.wait(timeout=60), process.stderr.read()) == (141, b"")
