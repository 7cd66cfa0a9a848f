"""``fetch2socket pyclient``: files, options, questions, and what it says of them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from codemods import reasons
from codemods.cli import main
from codemods.interactive import ALL, NO, QUIT, YES, Change, choose
from codemods.python.pyclient.engine import PyClients
from codemods.python.pyclient.targets import Server
from codemods.python.running import run
from codemods.results import LIKELY, REWRITTEN, SAFE
from tests.codemods.pyclient.cases import EVENTS, SERVER, rewritten

MAP = str(Path(__file__).parents[1] / "fixtures" / "events.json")
SCRIPT = """\
import requests

BASE = "http://localhost:5555"
print(requests.get(f"{BASE}/coaches").json())
requests.get("https://example.com/").json()
"""
SESSION = """\
import requests

BASE = "http://localhost:5555"
session = requests.Session()
session.post(f"{BASE}/login", json={"name": "Ann"})
session.get(f"{BASE}/check_session")
requests.get(f"{BASE}/coaches")
"""
Run = Callable[..., Result]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    return lambda *args: CliRunner().invoke(main, ["pyclient", *args, "--events", MAP])


def rows(result: Result) -> list[dict[str, Any]]:
    return list(json.loads(result.stdout)["sites"])


def test_a_dry_run_shows_and_a_write_writes(command: Run, tmp_path: Path) -> None:
    """Without --write nothing is written; with it, what the diff showed; a second run finds nothing to do."""
    (tmp_path / "seed.py").write_text(SCRIPT)
    shown = command(".")
    assert (tmp_path / "seed.py").read_text() == SCRIPT
    assert '+print(sio.call("get_coaches").json())' in shown.output
    assert "pip install 'fetch2socket[client]'" in shown.output
    assert command(".", "--check").exit_code == 1
    assert command(".", "--write").exit_code == 0
    assert "sio = connect(BASE, cookies=False)" in (tmp_path / "seed.py").read_text()
    assert command(".", "--check").exit_code == 0
    undone = CliRunner().invoke(main, ["undo"])
    assert undone.exit_code == 0, undone.output
    assert (tmp_path / "seed.py").read_text() == SCRIPT


def test_every_call_has_a_row(command: Run, tmp_path: Path) -> None:
    """One row a call: rewritten, external or left, with method, URL and event."""
    (tmp_path / "seed.py").write_text(SCRIPT)
    first, second = rows(command("seed.py", "--format", "json"))
    assert (first["outcome"], first["method"], first["url"], first["event"]) == (
        REWRITTEN,
        "GET",
        "http://localhost:5555/coaches",
        "get_coaches",
    )
    assert (first["line"], first["column"], first["rule"], first["confidence"]) == (4, 7, "requests_call", LIKELY)
    assert (second["outcome"], second["reason"]) == ("external", reasons.OTHER_ORIGIN)


def test_hosts_and_constants_can_be_named(command: Run, tmp_path: Path) -> None:
    """--host makes a rewrite safe, --define gives the value of a constant that is made elsewhere."""
    (tmp_path / "a.py").write_text(SCRIPT.replace("localhost:5555", "api.example.org"))
    assert rows(command("a.py", "--format", "json"))[0]["reason"] == reasons.OTHER_ORIGIN
    assert rows(command("a.py", "--format", "json", "--host", "api.example.org"))[0]["confidence"] == SAFE
    text = 'import requests\nfrom config import API\n\nprint(requests.get(f"{API}/coaches").json())\n'
    (tmp_path / "b.py").write_text(text)
    assert rows(command("b.py", "--format", "json"))[0]["reason"] == reasons.UNKNOWN_BASE
    defined = command("b.py", "--define", "API=http://localhost:5555", "--write")
    assert defined.exit_code == 0, defined.output
    assert "sio = connect(API, cookies=False)\n" in (tmp_path / "b.py").read_text()
    compile((tmp_path / "b.py").read_text(), "b.py", "exec")


def test_rules_can_be_chosen(command: Run, tmp_path: Path) -> None:
    """--only and --skip leave what they leave out, with a reason; a name that is none is wrong use."""
    (tmp_path / "a.py").write_text(SESSION)
    found = rows(command("a.py", "--only", "session_call", "--format", "json"))
    assert [one["reason"] for one in found] == ["", "", reasons.RULE_NOT_SELECTED]
    assert command("a.py", "--skip", "session_cal").exit_code == 2
    listed = command("--list-rules").output
    assert [line.split()[0] for line in listed.splitlines()] == [
        "requests_call",
        "session_call",
        "httpx_call",
        "test_client_call",
    ]


def test_events_are_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a SOURCE the command says what is missing, in one line."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text(SCRIPT)
    result = CliRunner().invoke(main, ["pyclient", "a.py"])
    assert result.exit_code == 2
    assert "--events SOURCE is missing" in result.output


def test_a_fixture_of_conftest_is_known(command: Run, tmp_path: Path) -> None:
    """A test's client may be a fixture of a conftest.py above, or an attribute that a base class sets."""
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "conftest.py").write_text(
        "import pytest\n\n@pytest.fixture(name='api')\ndef _api(app):\n    return app.test_client()\n"
    )
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "base.py").write_text(
        "class Base:\n    def setUp(self):\n        self.http = make().test_client()\n"
    )
    (tmp_path / "tests" / "test_a.py").write_text(
        'def test(api, other):\n    assert api.get("/coaches").status_code == 200\n    other.get("/coaches")\n\n\n'
        "class TestA(Base):\n    def test(self):\n"
        '        self.http.get("/coaches/3")\n        self.cache.get("/coaches")\n'
    )
    found = rows(command("tests/test_a.py", "tests/base.py", "--format", "json"))
    assert [(one["line"], one["event"]) for one in found] == [(2, "get_coaches"), (8, "get_coach")]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"import requests\nprint 'x'\n", "syntax error at line 2"),
        (b"# -*- coding: latin-1 -*-\nimport requests\nx = '\xe4'\n", "is not UTF-8"),
        (b"\xef\xbb\xbfimport requests\n", "starts with a byte order mark"),
        (b"import requests\x00\n", "null bytes"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(data: bytes, why: str) -> None:
    """It is left as it is, and the report says why."""
    result = rewritten(data)
    assert result.after == data
    assert why in result.unparsable


class Asker:
    """Says what it is told to, and remembers what it was asked about."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[list[int]] = []

    def answer(self, change: Change) -> str:
        self.asked.append([site.line for site in change.sites])
        return self.answers.pop(0)

    def edit(self, text: str, name: str) -> str | None:
        raise AssertionError(name)

    def refuse(self, message: str) -> None:
        raise AssertionError(message)


@pytest.mark.parametrize(
    ("answers", "lines", "rewritten_lines"),
    [
        ([YES, YES], [[5], [7]], [5, 6, 7]),
        ([YES, NO], [[5], [7]], [5, 6]),
        ([NO, YES], [[5], [7]], [7]),
        ([ALL], [[5]], [5, 6, 7]),
        ([QUIT], [[5]], []),
    ],
)
def test_a_session_is_one_question(
    tmp_path: Path, answers: list[str], lines: list[list[int]], rewritten_lines: list[int]
) -> None:
    """All calls of a session are taken together, at its first call."""
    (tmp_path / "a.py").write_text(SESSION)
    clients = PyClients([tmp_path], SERVER)
    asker = Asker(*answers)
    outcome = choose(run([tmp_path], clients), clients, asker)
    assert asker.asked == lines
    (result,) = outcome.results
    assert [site.line for site in result.sites if site.outcome == REWRITTEN] == rewritten_lines
    compile(result.after, "a.py", "exec")
    assert (b"requests.Session()" in result.after) == (5 not in rewritten_lines)


def test_files_without_a_call_are_not_parsed(tmp_path: Path) -> None:
    """A file in which no client is named is passed over by its bytes."""
    clients = PyClients([tmp_path], Server(EVENTS))
    assert not clients.is_of_interest(b"rows = {}.get('a')\nclient.get('/coaches')\n")
    assert clients.is_of_interest(b"import requests\n")
    assert clients.is_of_interest(b"app.test_client().get('/')\n")


def test_files_without_a_rewrite_keep_their_bytes() -> None:
    """Of all Python files of this project, one changes only where a call in it is rewritten."""
    root = Path(__file__).parents[3]
    clients = PyClients([root / "bridge"], SERVER)
    files = [path for name in ("bridge", "codemods", "tests", "benchmarks") for path in (root / name).rglob("*.py")]
    seen = 0
    for path in files:
        data = path.read_bytes()
        if "fixtures_pyclient" in path.parts or not clients.is_of_interest(data):
            continue
        result = clients.rewrite(data, path.name)
        is_rewritten = any(site.outcome == REWRITTEN for site in result.sites)
        assert (result.after != data) == is_rewritten, path
        seen += 1
    assert seen > 5
