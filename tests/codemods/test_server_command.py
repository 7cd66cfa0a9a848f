"""``fetch2socket server`` on the command line: dry run, writing, what it refuses, which app it reads."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from codemods.cli import main
from tests.codemods.python_cases import FIXTURES

INPUT = (FIXTURES / "resource_method" / "plain" / "input.py").read_bytes()
OUTPUT = (FIXTURES / "resource_method" / "plain" / "output.py").read_bytes()
CONFIG = (FIXTURES / "config.py").read_text().partition("\n\nclass ")[0]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An app of three files, outside git."""
    folder = tmp_path / "server"
    folder.mkdir()
    (folder / "app.py").write_text("from config import app\nimport resources\n")
    (folder / "config.py").write_text(CONFIG)
    (folder / "resources.py").write_bytes(INPUT)
    return folder


def call(*args: object) -> Result:
    """Run fetch2socket."""
    return CliRunner().invoke(main, [str(arg) for arg in args])


def without_bridge(folder: Path) -> None:
    """Take the bridge out of an app."""
    lines = [line for line in CONFIG.splitlines(keepends=True) if "ridge" not in line]
    (folder / "config.py").write_text("".join(lines))


def test_dry_run_shows_a_diff_and_writes_nothing(app: Path) -> None:
    """Without --write, files stay as they are; the report counts methods."""
    result = call("server", app)
    assert result.exit_code == 0
    assert '+@bridge.event("get_coaches", replaces=("GET", "/coaches"))' in result.stdout
    assert "3 of 3 methods rewritten (100 %); 3 files read, 1 changed" in result.stdout
    assert (app / "resources.py").read_bytes() == INPUT


def test_write_then_undo(app: Path) -> None:
    """--write writes, a second run finds nothing to do, undo brings the bytes back."""
    assert call("server", app, "--write").exit_code == 0
    assert (app / "resources.py").read_bytes() == OUTPUT
    again = call("server", app, "--check")
    assert again.exit_code == 0
    assert again.stdout == "no methods to rewrite, 3 native already; 3 files read, 0 changed\n"
    assert call("undo", app).exit_code == 0
    assert (app / "resources.py").read_bytes() == INPUT


def test_check_says_by_its_exit_code(app: Path) -> None:
    """--check exits with 1 where something would change."""
    assert call("server", app, "--check").exit_code == 1


def test_one_file_is_enough(app: Path) -> None:
    """For a file that is named, the app is found around it."""
    (app / "api").mkdir()
    shutil.move(app / "resources.py", app / "api" / "resources.py")
    (app / "api" / "__init__.py").write_text("")
    (app / "app.py").write_text("from config import app\nimport api.resources\n")
    report = json.loads(call("server", app / "api" / "resources.py", "--format", "json").stdout)
    assert [site["event"] for site in report["sites"]] == ["get_coaches", "get_coach", "delete_coach"]
    assert {site["outcome"] for site in report["sites"]} == {"rewritten"}
    assert list(report["sites"][0]) == [
        "file", "line", "column", "rule", "outcome", "reason", "message", "confidence", "method", "url", "event",
    ]  # fmt: skip


def test_without_a_bridge_the_dry_run_says_how_to_make_one(app: Path) -> None:
    """The diff is shown as it would be; --write refuses in one line."""
    without_bridge(app)
    result = call("server", app)
    assert "+from config import api, bridge" in result.stdout
    assert f"fetch2socket server --init {app / 'config.py'}" in result.stdout
    refused = call("server", app, "--write")
    assert (refused.exit_code, refused.stdout) == (2, "")
    (line,) = refused.stderr.splitlines()
    assert line.startswith("Error: there is no bridge to import yet; make the bridge first: fetch2socket server --init")
    assert (app / "resources.py").read_bytes() == INPUT


def test_names_of_an_event_map(app: Path, tmp_path: Path) -> None:
    """--events gives the names; a route that it does not have has no handler."""
    events = tmp_path / "events.json"
    event = {"event": "coaches_of_the_house", "method": "GET", "rule": "/coaches", "params": []}
    events.write_text(json.dumps({"version": 1, "events": [event]}))
    result = call("server", app, "--events", events)
    assert '+@bridge.event("coaches_of_the_house", replaces=("GET", "/coaches"))' in result.stdout
    assert "+def coaches_of_the_house():" in result.stdout
    assert result.stdout.count("without_route") == 2


def test_a_folder_without_resources_needs_no_app(tmp_path: Path) -> None:
    """Python that knows no Flask-RESTful is passed over, and no app is looked for."""
    (tmp_path / "cache.py").write_text("class Cache(dict):\n    def get(self, key):\n        return 1\n")
    result = call("server", tmp_path)
    assert (result.exit_code, result.stdout) == (0, "no methods to rewrite; 1 file read, 0 changed\n")


def test_resources_without_an_app_are_one_line_and_2(tmp_path: Path) -> None:
    """Where nothing makes an app, the command says what to name."""
    (tmp_path / "resources.py").write_bytes(INPUT)
    result = call("server", tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"Error: no Flask app is found in {tmp_path} or above it: name the folder of its source with --events\n"
    )


def test_files_that_do_not_parse_are_named(app: Path) -> None:
    """A file with a syntax error is passed over, the others are rewritten."""
    (app / "broken.py").write_text("class Coaches(Resource):\n    def get(self:\n")
    result = call("server", app)
    assert "broken.py: syntax error at line 2" in result.stdout
    assert "3 of 3 methods rewritten" in result.stdout


def test_only_and_skip(app: Path) -> None:
    """Rules that are not asked for leave their methods, with a reason."""
    result = call("server", app, "--skip", "resource_method")
    assert result.stdout.count("rule_not_selected") == 3
    assert call("server", app, "--only", "resource_method", "--check").exit_code == 1
    wrong = call("server", app, "--only", "resource_methods")
    assert wrong.exit_code == 2
    assert "the nearest is resource_method" in wrong.stderr


def test_rules_are_listed() -> None:
    """--list-rules names each with its sentence."""
    result = call("server", "--list-rules")
    assert [line.split()[0] for line in result.stdout.splitlines()] == [
        "resource_method", "json_body", "resource_self", "inherited_method",
    ]  # fmt: skip


def test_settings_have_paths_for_the_server(app: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``server`` names the folders, ``paths`` are the front end's; rules of other commands are none of its business."""
    (app.parent / "client").mkdir()
    (app.parent / "fetch2socket.toml").write_text(
        'paths = ["client"]\nserver = ["server"]\nonly = ["fetch_await"]\nskip = ["resource_self"]\n'
    )
    monkeypatch.chdir(app.parent)
    assert "3 of 3 methods rewritten" in call("server").stdout


def test_the_app_is_never_imported(app: Path) -> None:
    """Source is read, whatever it would do."""
    (app / "config.py").write_text(CONFIG + "\nraise SystemExit(3)\n")
    assert call("server", app).exit_code == 0
    assert "resources" not in sys.modules


def test_advice_is_told_and_nothing_is_changed_for_it(app: Path) -> None:
    """Mass assignment, exceptions in answers and unchecked keys are kept as they are and named."""
    source = INPUT.replace(
        b"    def get(self):\n        # All",
        b"    def post(self):\n        data = request.get_json()\n        try:\n"
        b"            return dict(Coach(**data)), 201\n"
        b"        except Exception as e:\n            return {'error': str(e), 'of': data['name']}, 400\n\n"
        b"    def get(self):\n        # All",
    )
    (app / "resources.py").write_bytes(b"from flask import request\n" + source)
    found = json.loads(call("server", app, "--format", "json").stdout)["advice"]
    assert [(one["code"], one["line"]) for one in found] == [
        ("mass_assignment", 13), ("leaks_exception", 15), ("unchecked_key", 15),
    ]  # fmt: skip
    assert "leaks_exception The answer shows the exception's text" in call("server", app).stdout
