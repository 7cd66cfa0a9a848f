"""``fetch2socket explain`` on Python: a method, a client's call, and the rules of ``server`` and ``pyclient``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from codemods.cli import main
from codemods.commands.rules import PYCLIENT, SERVER, rule_names
from codemods.python.server import advice, init, remove
from codemods.reports.glossary import ADVISED
from tests.codemods.python_cases import ENTRY, FIXTURES
from tests.codemods.worlds import put

RESOURCES = """\
from flask import request
from flask_restful import Resource

from config import api


class Base(Resource):
    def delete(self):
        return {}, 204


class Coaches(Base):
    @staticmethod
    def size():
        return 1

    def post(self):
        sent = request.get_json()
        return sent, 201

    def put(self):
        return request.form["name"]


api.add_resource(Coaches, "/coaches")
"""
SCRIPT = """\
import requests


def sync(rows):
    for row in rows:
        requests.post(
            "http://localhost:5555/coaches",
            json=row,
        )
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An app and a script beside it, the current folder."""
    config = (FIXTURES / "config.py").read_text()
    put(
        tmp_path,
        {"app.py": ENTRY.decode(), "config.py": config, "resources.py": RESOURCES, "jobs/sync.py": SCRIPT},
    )
    monkeypatch.chdir(tmp_path)


def explain(*args: str) -> Result:
    return CliRunner().invoke(main, ["explain", *args])


def told(*args: str) -> list[str]:
    result = explain(*args)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def test_a_method_is_told_with_its_handler_alone() -> None:
    """Its route, its event, its rule, and the handler; those of other methods are not shown."""
    lines = told("resources.py:18")
    assert lines[:9] == [
        "resources.py:17:5",
        "           def post(self):",
        "  route    POST /coaches",
        "  event    new_coach",
        "  rule     json_body: The same, and the handler takes the JSON body, where the method reads that",
        "           before all else. (docs/server.md#rules---only---skip)",
        "  outcome  rewritten, safe",
        "",
        "@@ -1,7 +1,7 @@",
    ]
    assert [line for line in lines if line.startswith("+")] == [
        "+from config import api, bridge",
        "+",
        "+",
        '+@bridge.event("new_coach", replaces=("POST", "/coaches"))',
        "+def new_coach(data):",
        "+    sent = data",
        "+    return sent, 201",
    ]


def test_a_method_that_is_left_is_told_with_what_to_do() -> None:
    """The sentence of the finding, what the reason means, and the page about methods."""
    text = " ".join(" ".join(told("resources.py:22")).split())
    assert "resources.py:21:5 def put(self):" in text
    assert "outcome left, reads_form:" in text
    assert "docs/server.md#reasons-for-leaving-a-method" in text


def test_a_class_stands_for_the_methods_that_it_inherits() -> None:
    """Its head is their line; what else it holds is not about them."""
    assert "  event    delete_coaches" in told("resources.py:12")
    result = explain("resources.py:14")
    assert result.exit_code == 2
    assert "no Resource method or call is here; the nearest is on line 12; calls of the app need --events" in (
        result.stderr
    )


def test_a_call_of_a_client_is_told() -> None:
    """Any line of a call of requests will do; the event map says what it asks for."""
    lines = told("jobs/sync.py:8", "--events", ".")
    assert lines[:2] == ["jobs/sync.py:6:9", "           requests.post("]
    assert "  event    new_coach" in lines
    assert '+        sio.call("new_coach", row)' in lines


def test_a_file_without_anything_says_so() -> None:
    """A file that imports only holds neither methods nor calls."""
    result = explain("app.py:1", "--events", ".")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "Error: app.py:1: no Resource method or call is here; the file has none\n"


@pytest.mark.parametrize("name", [*rule_names(SERVER), *rule_names(PYCLIENT), init.RULE, remove.RULE])
def test_every_rule_can_be_asked_for(name: str) -> None:
    """The rules of all commands are known, each with the page that says more."""
    lines = told(name)
    assert lines[0] == name
    page, _, anchor = " ".join(lines).rpartition(" ")[2].strip("()").partition("#")
    text = (Path(__file__).parents[2] / page).read_text()
    heads = {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in re.findall(r"^#+ (.*)$", text, re.M)}
    assert not anchor or anchor in heads


@pytest.mark.parametrize("code", sorted(ADVISED))
def test_every_advice_can_be_asked_for(code: str) -> None:
    """A code of advice says what it means."""
    assert told(code)[1].startswith("  meaning  ")


def test_no_advice_is_forgotten() -> None:
    """The codes that the rewrites give are those that can be asked for."""
    given = {advice.MASS_ASSIGNMENT, advice.LEAKS_EXCEPTION, advice.UNCHECKED_KEY, init.EVERY_ORIGIN}
    assert given == set(ADVISED)
