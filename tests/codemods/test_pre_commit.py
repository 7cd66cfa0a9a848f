"""The hooks for pre-commit: called as pre-commit calls them, with the names of the staged files."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.codemods.cases import FIXTURES

ROOT = Path(__file__).parents[2]
SOURCE = 'fetch("/coaches").then((r) => r.json()).then(setCoaches);\n'
HOOKS = dict(
    re.findall(r"^- id: (\S+)\n(?:  .*\n)*?  entry: (.+)$", (ROOT / ".pre-commit-hooks.yaml").read_text(), re.M)
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A git tree with a staged file, an event map and settings."""
    (tmp_path / "client" / "src").mkdir(parents=True)
    (tmp_path / "client" / "package.json").write_text("{}")
    (tmp_path / "client" / "src" / "App.jsx").write_text(SOURCE)
    shutil.copy(FIXTURES / "events.json", tmp_path / "events.json")
    (tmp_path / "fetch2socket.toml").write_text('events = "events.json"\n')
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    subprocess.run(["git", "-C", str(tmp_path), "add", "."], check=True)
    return tmp_path


def hook(name: str, project: Path) -> subprocess.CompletedProcess[str]:
    """Run a hook's entry over the staged file."""
    program, *options = shlex.split(HOOKS[name])
    assert program == "fetch2socket"
    command = [sys.executable, "-c", "from codemods.cli import main; main()", *options, "client/src/App.jsx"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)


def test_check_fails_until_the_call_is_rewritten(project: Path) -> None:
    """The check shows what would change and writes nothing; the other hook writes it; then the check is content."""
    first = hook("fetch2socket-client-check", project)
    assert (first.returncode, first.stderr) == (1, "")
    assert '+socket.emit("get_coaches"' in first.stdout
    assert (project / "client" / "src" / "App.jsx").read_text() == SOURCE
    assert hook("fetch2socket-client", project).returncode == 0
    assert "socket.emit" in (project / "client" / "src" / "App.jsx").read_text()
    assert hook("fetch2socket-client-check", project).returncode == 0


def test_without_settings_the_hook_says_what_is_missing(project: Path) -> None:
    """One line, not a traceback."""
    (project / "fetch2socket.toml").unlink()
    result = hook("fetch2socket-client-check", project)
    assert result.returncode == 2
    assert "--events SOURCE is missing" in result.stderr


def test_page_lists_the_hooks() -> None:
    """docs/pre-commit.md has a row for each hook."""
    rows = re.findall(r"^\| `(\S+)` \|", (ROOT / "docs" / "pre-commit.md").read_text(), re.M)
    assert rows == list(HOOKS)
