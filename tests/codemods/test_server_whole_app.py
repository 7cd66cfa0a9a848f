"""``fetch2socket server --init`` and ``--remove`` on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from codemods.cli import main
from tests.codemods.folders import noops, pairs, write


def run(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["server", *arguments])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small app in a git tree of its own, not yet set up."""
    write(next(one for one in pairs("init_app") if one.name == "one_file").before, tmp_path)
    (tmp_path / ".git").mkdir()
    return tmp_path


def test_three_steps(folder: Path) -> None:
    """Set up, handlers, removal: each is written, and then there is nothing more to do."""
    assert run("--init", str(folder / "app.py"), "--write", "--allow-dirty").exit_code == 0
    assert run(str(folder), "--init", "--check").exit_code == 0
    assert run(str(folder), "--write", "--allow-dirty").exit_code == 0
    assert run(str(folder), "--remove", "--check").exit_code == 1
    assert run(str(folder), "--remove", "--write", "--allow-dirty").exit_code == 0
    assert run(str(folder), "--remove", "--check").exit_code == 0
    text = (folder / "app.py").read_text()
    assert 'endpoint="coaches", resource="Coaches"' in " ".join(text.split()).replace(", )", ")")
    assert "class Coaches" not in text


def test_dry_run(folder: Path) -> None:
    """Without --write the changes are shown, with what is left to do by hand."""
    before = (folder / "app.py").read_bytes()
    result = run(str(folder), "--init")
    assert result.exit_code == 0
    assert '+socketio = SocketIO(app, async_mode="threading")' in result.output
    assert "Next steps:" in result.output
    assert (folder / "app.py").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--init", "--remove", "."], "are two steps"),
        ([".", "--remove", "-i"], "leave out --interactive"),
        (["--init", "-i"], "leave out --interactive"),
        (["--remove"], "name the files or folders"),
        ([], "name the files or folders"),
    ],
)
def test_wrong_use(folder: Path, arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says what to do instead."""
    monkeypatch.chdir(folder)
    result = run(*arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_no_app(tmp_path: Path) -> None:
    """A folder without an app is wrong use."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "seed.py").write_text("print('no app')\n")
    for option in ("--init", "--remove"):
        result = run(str(tmp_path), option)
        assert result.exit_code == 2
        assert "no Flask app" in result.output


def test_report_names_what_is_left(tmp_path: Path) -> None:
    """What stays has a row with its reason."""
    case = next(one for one in noops("remove_resource") if one.name == "noop_url_for")
    write(case.before, tmp_path)
    result = run(str(tmp_path), "--remove")
    assert result.exit_code == 0
    assert "url_for" in result.output
    assert "makes links to coaches" in result.output
