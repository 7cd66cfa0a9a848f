"""Without a bridge, ``fetch2socket server`` shows what will come once ``--init`` has put it where it plans to."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from codemods.cli import main
from codemods.python.running import run
from codemods.python.server.finding_app import read_app
from codemods.python.server.init import init
from codemods.python.server.rewriter import ServerRewriter
from codemods.run import Run
from tests.codemods.folders import Folder, changed, noops, pairs, write

RULE = "init_app"
# That app has no Resource: nothing asks for a bridge.
APPS = [one for one in pairs(RULE) if one.name != "run_options_left"]


def dry_run(folder: Path) -> tuple[ServerRewriter, Run]:
    """Rewrite an app in memory."""
    rewriter = ServerRewriter(lambda: read_app((folder,), None, ".", may_import=False))
    return rewriter, run((folder,), rewriter)


def call(*args: object) -> Result:
    """Run fetch2socket."""
    return CliRunner().invoke(main, ["server", *map(str, args)])


@pytest.mark.parametrize("case", APPS, ids=lambda case: case.name)
def test_dry_run_shows_what_comes_after_init(case: Folder, tmp_path: Path) -> None:
    """The bridge is imported from where --init then makes it; files that --init leaves alone become just the same."""
    write(case.before, tmp_path)
    rewriter, before = dry_run(tmp_path)
    write(changed(init((tmp_path,)), tmp_path), tmp_path)
    then, after = dry_run(tmp_path)
    assert rewriter.place is not None
    assert then.place is not None
    assert (rewriter.place.path, rewriter.place.name) == (then.place.path, then.place.name)
    assert (rewriter.needs_init, then.needs_init) == (True, False)
    inits = {(tmp_path / name).as_posix() for name, data in case.after.items() if data != case.before.get(name)}
    shown = [{one.path: one.after for one in each.results if one.path not in inits} for each in (before, after)]
    assert shown[0] == shown[1]
    assert len(before.sites) == len(after.sites) > 0
    assert [one.outcome for one in before.sites] == [one.outcome for one in after.sites]


@pytest.mark.parametrize("case", APPS, ids=lambda case: case.name)
def test_write_names_the_command_that_makes_the_bridge(case: Folder, tmp_path: Path) -> None:
    """--write refuses in one line, and the command in it does what is needed."""
    write(case.before, tmp_path)
    (tmp_path / ".git").mkdir()
    refused = call(tmp_path, "--write", "--allow-dirty")
    assert (refused.exit_code, refused.stdout) == (2, "")
    (line,) = refused.stderr.splitlines()
    said, _, command = line.partition("make the bridge first: fetch2socket server ")
    assert said == "Error: there is no bridge to import yet; "
    assert "--init " in command
    assert call(*command.split(), "--write", "--allow-dirty").exit_code == 0
    assert {name: (tmp_path / name).read_bytes() for name in case.after} == case.after


def test_what_init_leaves_is_said(tmp_path: Path) -> None:
    """Where --init has no place for the bridge, the step says why."""
    case = next(one for one in noops(RULE) if one.name.endswith("runs_too_early"))
    write({"app.py": case.before["app.py"] + VIEWS}, tmp_path)
    result = call(tmp_path, "--write")
    assert result.exit_code == 2
    assert result.stderr == (
        "Error: there is no bridge to import yet; make the bridge first, by hand, for fetch2socket server "
        f"--init {tmp_path}/app.py leaves it: app.py runs the app in line 6, before it is all set up.\n"
    )


VIEWS = b"""
from flask_restful import Resource


class Coaches(Resource):
    def get(self):
        return []


api.add_resource(Coaches, "/coaches")
"""
