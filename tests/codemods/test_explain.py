"""``fetch2socket explain``: a call step by step, or a word of a report."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from codemods import reasons
from codemods.cli import main
from tests.codemods.cases import FIXTURES
from tests.codemods.worlds import put

EVENTS = str(FIXTURES / "events.json")
APP = """\
import { API } from "./config";

export function App({ id, path }) {
  const [coach, setCoach] = useState(null);
  fetch(`${API}/coaches/${id}`)
    .then((r) => r.json())
    .then(setCoach);
  other();
  fetch("/coachs");
  fetch(`${import.meta.env.VITE_WHERE}/x`);
  fetch("/coaches"); fetch("/coaches?page=" + coach);
  axios.get("/coaches");
  fetch(path);
  fetch(`/coaches/${id}`, { ...options, method: path });
}
"""
FILES = {
    "package.json": '{"proxy": "http://localhost:5555"}',
    "src/config.js": 'const HOST = "http://localhost:5555";\nexport const API = `${HOST}`;\n',
    "src/App.jsx": APP,
}


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A front end in the current folder."""
    put(tmp_path, FILES)
    monkeypatch.chdir(tmp_path)


def explain(*args: str) -> Result:
    return CliRunner().invoke(main, ["explain", *args])


def told(line: int, *args: str) -> str:
    """Return the explanation of a line of the app."""
    result = explain(f"src/App.jsx:{line}", "--events", EVENTS, *args)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_rewrite_is_told_step_by_step() -> None:
    """Where each part of the URL comes from, what it reaches, the rule, and before and after."""
    assert told(5).splitlines() == [
        "src/App.jsx:5:3",
        "           fetch(`${API}/coaches/${id}`)",
        "  url      `${API}/coaches/${id}`",
        "           API: imported, `${HOST}`, src/config.js:2",
        "           id: a parameter, src/App.jsx:3",
        '           HOST = "http://localhost:5555", src/config.js:1',
        "  method   GET",
        "  is       http://localhost:5555/coaches/${id}",
        "  path     /coaches/${id}",
        "  route    GET /coaches/<int:id>",
        "  event    get_coach, id = id",
        "  rule     fetch_then: A .then chain whose promise nobody uses: emit with a callback.",
        "           (docs/codemods.md#rules---only---skip)",
        "  outcome  rewritten, safe",
        "",
        "@@ -2,9 +2,7 @@",
        " ",
        " export function App({ id, path }) {",
        "   const [coach, setCoach] = useState(null);",
        "-  fetch(`${API}/coaches/${id}`)",
        "-    .then((r) => r.json())",
        "-    .then(setCoach);",
        '+  socket.emit("get_coach", { id }, (result) => setCoach(json(result)));',
        "   other();",
        '   fetch("/coachs");',
        "   fetch(`${import.meta.env.VITE_WHERE}/x`);",
    ]


def test_a_line_within_a_call_explains_that_call() -> None:
    """Any line of a chain will do."""
    assert told(7) == told(5)


def test_a_finding_is_told_with_what_to_do() -> None:
    """A call that is left has its sentence, what the reason means and what to do."""
    text = " ".join(told(9).split())
    assert "outcome left, no_route: No route of the server matches /coachs; the nearest is /coaches." in text
    assert f"meaning {reasons.MEANINGS[reasons.NO_ROUTE]}" in text
    assert f"to do {reasons.ADVICE[reasons.NO_ROUTE]}" in text
    assert "proxy / goes to localhost:5555" in text
    assert "@@" not in text


def test_obstacles_do_not_hide_each_other() -> None:
    """Where the options are not understood, the URL is followed all the same, and the other way round."""
    text = " ".join(told(14).split())
    assert "url `/coaches/${id}`" in text
    assert "proxy / goes to localhost:5555" in text
    assert "outcome left, options_not_constant:" in text
    assert text.count("...options") == 2


def test_variables_are_named() -> None:
    """A variable that nothing sets is named as such, one that --define sets with its value."""
    assert "VITE_WHERE: not in .env, no --define" in told(10)
    text = told(10, "--define", "VITE_WHERE=/api")
    assert "VITE_WHERE = /api, from --define or .env" in text
    assert "is       /api/x" in text


def test_all_calls_of_a_line_are_explained() -> None:
    """Two calls on one line are two explanations, the note of a likely one included."""
    text = told(11)
    assert "src/App.jsx:11:3" in text
    assert "src/App.jsx:11:22" in text
    assert "note     undefined and lists in the query string are sent differently" in text


def test_a_call_of_another_client_is_explained() -> None:
    """What is not fetch has its finding."""
    assert "outcome  left, other_client:" in told(12)


@pytest.mark.parametrize("rule", ["fetch_then", "reads_text"])
def test_words(rule: str) -> None:
    """A rule's name and a reason's code say what they mean, without an event map."""
    result = explain(rule)
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{rule}\n")
    assert "docs/codemods.md#" in result.stdout


@pytest.mark.parametrize("code", reasons.MEANINGS)
def test_every_reason_can_be_asked_for(code: str) -> None:
    """No code of a report is unknown to ``explain``."""
    assert explain(code).exit_code == 0


@pytest.mark.parametrize(
    ("args", "line"),
    [
        (["src/App.jsx:3", "--events", EVENTS], "no call is here; the nearest is on line 5"),
        (["src/App.jsx:999", "--events", EVENTS], "no call is here; the nearest is on line 14"),
        (["src/config.js:1", "--events", EVENTS], "no call is here; the file has none"),
        (["src/none.js:1", "--events", EVENTS], "src/none.js is no file"),
        (["src/App.jsx:5"], "--events SOURCE is missing"),
        (["reads_txt"], "the nearest is reads_text"),
        (["src/App.jsx:x", "--events", EVENTS], "neither FILE:LINE nor a reason code or rule"),
        ([], "Missing argument"),
    ],
)
def test_wrong_use_is_one_line_and_2(args: list[str], line: str) -> None:
    """A line without a call, an unknown word or a missing option is told in one line."""
    result = explain(*args)
    assert result.exit_code == 2
    assert [one for one in result.stderr.splitlines() if one.startswith("Error")] == [
        one for one in result.stderr.splitlines() if line in one
    ]
