"""Settings files: where they are looked for, what they mean, how mistakes are told."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from codemods.cli import main
from codemods.settings import KEYS
from tests.codemods.cases import FIXTURES

SOURCE = 'fetch("/coaches").then((r) => r.json()).then(setCoaches);\n'
DOCS = Path(__file__).parents[2] / "docs" / "settings.md"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with an event map and a front end; the current folder."""
    (tmp_path / "client" / "src").mkdir(parents=True)
    (tmp_path / "client" / "package.json").write_text("{}")
    (tmp_path / "client" / "src" / "App.jsx").write_text(SOURCE)
    shutil.copy(FIXTURES / "events.json", tmp_path / "events.json")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*args: object) -> Result:
    """Run fetch2socket."""
    return CliRunner().invoke(main, [str(arg) for arg in args])


def settings(project: Path, text: str, name: str = "fetch2socket.toml") -> None:
    (project / name).write_text(text)


def sites(*args: object) -> list[dict[str, str]]:
    """The rows of a run."""
    result = call(*args, "--format", "json")
    assert result.exit_code == 0, result.output
    rows: list[dict[str, str]] = json.loads(result.stdout)["sites"]
    return rows


def test_with_events_and_paths_set_nothing_else_is_needed(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``fetch2socket client`` works from any folder below the settings; paths are relative to their file."""
    settings(project, 'events = "events.json"\npaths = ["client"]\n')
    assert [row["event"] for row in sites("client")] == ["get_coaches"]
    monkeypatch.chdir(project / "client" / "src")
    assert [row["file"] for row in sites("scan")] == ["App.jsx"]
    assert "get_coaches" in call("explain", "App.jsx:1").stdout


def test_pyproject(project: Path) -> None:
    """[tool.fetch2socket] works too; a fetch2socket.toml beside it wins."""
    settings(project, '[tool.fetch2socket]\nevents = "events.json"\npaths = ["client"]\n', "pyproject.toml")
    assert len(sites("client")) == 1
    settings(project, 'events = "missing.json"\npaths = ["client"]\n')
    assert "missing.json" in call("client").stderr


def test_nearest_file_counts_alone(project: Path) -> None:
    """Settings further up are not mixed in; a pyproject.toml without our table is none."""
    settings(project, 'format = "json"\nevents = "events.json"\n')
    settings(project / "client", '[project]\nname = "x"\n', "pyproject.toml")
    assert call("scan", "client").stdout.startswith("{")
    settings(project / "client", 'events = "../events.json"\n')
    assert not call("scan", "client").stdout.startswith("{")
    assert call("scan", "client/src/App.jsx").exit_code == 0


def test_options_come_first(project: Path) -> None:
    """What the command line says overrides the file."""
    settings(project, 'events = "missing.json"\nskip = ["fetch_then"]\nformat = "json"\npaths = ["nowhere"]\n')
    assert "paths: nowhere does not exist" in call("client").stderr
    settings(project, 'events = "missing.json"\nskip = ["fetch_then"]\nformat = "json"\npaths = ["client"]\n')
    result = call("client", "client", "--events", "events.json", "--skip", "fetch_await", "--format", "text")
    assert "1 of 1 call rewritten" in result.stdout


def test_each_setting_means_what_its_option_means(project: Path) -> None:
    """hosts, define, only, skip, exclude and app-dir."""
    source = 'fetch("http://api.example.com/coaches");\nfetch(`${API}/coaches`);\n'
    (project / "client" / "src" / "App.jsx").write_text(source)
    (project / "client" / "src" / "old").mkdir()
    (project / "client" / "src" / "old" / "Old.jsx").write_text(SOURCE)
    base = 'events = "events.json"\npaths = ["client"]\n'
    settings(project, base)
    assert [row["outcome"] for row in sites("scan")] == ["external", "left", "rewritten"]
    settings(project, base + 'hosts = ["api.example.com"]\nexclude = ["client/**/old/"]\n[define]\nAPI = ""\n')
    assert [row["outcome"] for row in sites("scan")] == ["rewritten", "rewritten"]
    settings(project, base + 'only = ["fetch_then"]\n')
    assert {row["reason"] for row in sites("client")} == {"other_origin", "unknown_base", ""}
    settings(project, base + 'skip = ["fetch_then"]\n')
    assert sites("client")[-1]["reason"] == "rule_not_selected"
    settings(project, 'events = "legacy_app:app"\napp-dir = "server"\npaths = ["client"]\n')
    assert f"--app-dir {project / 'server'}" in call("scan").stderr


def test_a_settings_file_runs_no_code(project: Path) -> None:
    """An app that a settings file names is not imported; the command line may ask for that."""
    (project / "evil.py").write_text(f"open({str(project / 'ran')!r}, 'w')\n")
    settings(project, 'events = "evil:app"\npaths = ["client"]\n')
    for command in (["scan"], ["client", "--check"], ["explain", "client/src/App.jsx:1"]):
        result = call(*command)
        assert (result.exit_code, "a settings file runs no code" in result.stderr) == (2, True), result.stderr
        assert not (project / "ran").exists()
    assert call("explain", "reads_text").exit_code == 0
    call("scan", "--events", "evil:app")
    assert (project / "ran").exists()


def test_exclude_option(project: Path) -> None:
    """--exclude is a line of a .gitignore in the current folder."""
    for number in range(3):
        (project / "client" / "src" / f"Part{number}.jsx").write_text(SOURCE)
    rows = sites("scan", "client", "--events", "events.json", "--exclude", "Part*", "--exclude", "!Part1.jsx")
    assert [Path(row["file"]).name for row in rows] == ["App.jsx", "Part1.jsx"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('event = "x"', "there is no setting event; the nearest is events"),
        ("zzz = 1", "there is no setting zzz"),
        ("events = 1", "events must be a string"),
        ('hosts = "x"', "hosts must be a list of strings"),
        ("only = [1]", "only must be a list of strings"),
        ('only = ["fetch_awiat"]', "there is no rule fetch_awiat; the nearest is fetch_await"),
        ("define = 3", "define must be a table of strings"),
        ("define = {A = 1}", "define must be a table of strings"),
        ('format = "xml"', "format must be one of text, json"),
        ("jobs = -1", "jobs must be a number"),
        ("jobs = true", "jobs must be a number"),
        ("live = 1", "live must be true or false"),
        ('paths = ["nowhere"]', "paths: nowhere does not exist"),
        ("events = ", "this is no TOML: "),
    ],
)
def test_mistakes_are_one_line_with_file_and_key(project: Path, text: str, sentence: str) -> None:
    """Wrong settings are wrong use, and help is shown all the same."""
    settings(project, f"{text}\n")
    result = call("client", "client")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: {project / 'fetch2socket.toml'}: {sentence}")
    assert result.stderr.count("\n") == 1
    assert call("client", "--help").exit_code == call("client", "--list-rules").exit_code == 0


def test_broken_pyproject_of_others_is_not_judged(project: Path) -> None:
    """A pyproject.toml that does not name us may be anything."""
    settings(project, "][\n", "pyproject.toml")
    assert len(sites("scan", "client", "--events", "events.json")) == 1
    settings(project, "tool.fetch2socket = 1\n", "pyproject.toml")
    assert "[tool.fetch2socket] must be a table" in call("scan", "client").stderr


def test_page_has_a_row_for_each_setting() -> None:
    """docs/settings.md lists the settings with their options, and every one is an option of ``client``."""
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| .*? \| `?(--[a-z-]+|PATHS)`? \|", DOCS.read_text(), re.M))
    assert list(rows) == list(KEYS) == sorted(KEYS)
    command = main.get_command(click.Context(main), "client")
    assert command is not None
    options = {one.name: one for one in command.params}
    for name, key in KEYS.items():
        assert rows[name] == "PATHS" or rows[name] in options[key.option].opts


def test_example_of_the_page_is_read(project: Path) -> None:
    """The file that docs/settings.md shows is a right one."""
    (example,) = re.findall(r"```toml\n(.*?)```", DOCS.read_text(), re.S)
    settings(project, example)
    assert len(sites("client")) == 1
