"""The script that tries the command on a folder of real front ends, on two made-up ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.real_frontends import apps, checks
from benchmarks.real_frontends.browsing.script import Step, read
from benchmarks.real_frontends.migrating import migrate
from benchmarks.real_frontends.verdict import Verdict, failures, markdown

SERVER = """
from flask import Flask
from flask_restful import Api, Resource

app = Flask(__name__)
api = Api(app)


class Coaches(Resource):
    def get(self):
        return []


api.add_resource(Coaches, "/coaches")
"""
GOOD = 'fetch("/coaches")\n  .then((r) => r.json())\n  .then(setCoaches);\n'
BAD = 'fetch("/coaches").then((r) => r.text()).then(show); // as text\nfetch("/plans");\n'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two apps, and a folder that is none."""
    folder = tmp_path_factory.mktemp("apps")
    for name, script in (("good", GOOD), ("bad", BAD)):
        front = folder / name / "client"
        (front / "src").mkdir(parents=True)
        (front / "package.json").write_text('{"name": "x"}\n')
        (front / "src" / "index.js").write_text(script)
        (folder / name / "server").mkdir()
        (folder / name / "server" / "app.py").write_text(SERVER)
    (folder / "notes").mkdir()
    return folder


@pytest.fixture(scope="module")
def verdicts(folder: Path) -> list[Verdict]:
    """What the script finds; the apps must be as they were afterwards."""
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    found = [migrate(app, None, with_build=False) for app in apps.find(folder)]
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    return found


def test_table_counts_what_became_of_each_call(verdicts: list[Verdict]) -> None:
    """An app is a folder with a front end and a server; calls without a route count as the app's own all the same."""
    bad, good = verdicts
    assert (good.app.name, good.app.front, good.app.server) == ("good", "client", "server")
    assert good.faults == ()
    assert good.cells()[2:11] == ("1", "0", "0", "1", "1", "1", "0", "0", "100 %")
    assert (len(bad.own), len(bad.routed), len(bad.rewritten)) == (2, 1, 0)
    assert "| bad | 1 | 2 | 0 | 0 | 2 | 1 |" in markdown(verdicts)


def test_too_few_rewritten_calls_are_a_failure(verdicts: list[Verdict]) -> None:
    """Below 90 % of the calls to the apps' own servers, the script says so and fails."""
    assert list(failures(verdicts)) == ["33 % of the calls to the apps' own servers are rewritten, not 90 %"]


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        (b"a();\n", b"a(;\n", "has parse errors that it had not"),
        (b"a();\r\nb();\r\n", b"a();\r\nc();\n", "has other line endings"),
        (b"if (a) {\n\tb();\n}\n", b"if (a) {\n\tb();\n  c();\n}\n", "has new lines that are indented with spaces"),
        (b"a(); // why\n", b"a();\n", "lost the comment 'why'"),
    ],
)
def test_faults_of_a_rewrite_are_seen(before: bytes, after: bytes, problem: str) -> None:
    """Each check sees the fault that it is for, and nothing in an unchanged file."""
    assert checks.problems(before, after, "a.js") == [problem]
    assert checks.problems(before, before, "a.js") == []


def test_browsing_script(tmp_path: Path) -> None:
    """One step a line; a line that is none is named."""
    path = tmp_path / "app.toml"
    path.write_text("seed = 'true'\nsteps = '''\n# a comment\nvisit /\nfill name = Maya Lin\n'''\n")
    script = read(path)
    assert script.steps == (Step("visit", "/"), Step("fill", "name", "Maya Lin"))
    assert str(script.steps[1]) == "fill name = Maya Lin"
    path.write_text("steps = 'hover name'\n")
    with pytest.raises(ValueError, match="hover name: a step starts with one of visit"):
        read(path)
