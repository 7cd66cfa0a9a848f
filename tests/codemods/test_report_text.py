"""The report at a terminal and in a pipe, and its figures."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from codemods import reports
from codemods.reports.screen import PLAIN, Screen, stdout_screen, visible
from codemods.reports.tally import findings, tally
from codemods.reports.text import steps
from codemods.results import EXTERNAL, LEFT, LIKELY, REWRITTEN, SAFE, FileResult, Site
from codemods.run import Run
from tests.codemods.worlds import run_over

SITES = (
    Site("a.js", 1, 2, REWRITTEN, rule="fetch_then", confidence=SAFE),
    Site("a.js", 3, 2, REWRITTEN, rule="fetch_then", confidence=LIKELY, message="relative to the page /coaches"),
    Site("b.js", 5, 12, LEFT, "no_route", "No route of the server matches /coachs.", rule="fetch_await"),
    Site("b.js", 9, 1, EXTERNAL, "other_origin", "x.example is another server than the app's.", rule="fetch_then"),
)
TERMINAL = Screen(width=80)


def of(*sites: Site) -> Run:
    return Run((FileResult("a.js", b"", b"", sites),))


def test_pipe_gets_one_line_for_each_finding() -> None:
    """Without a terminal each finding is ``file:line:column code sentence``, in the order of the files, uncoloured."""
    lines = reports.render(of(*SITES), "text", PLAIN).splitlines()
    assert lines[-4:-1] == [
        "a.js:3:2 likely relative to the page /coaches",
        "b.js:5:12 no_route No route of the server matches /coachs.",
        "b.js:9:1 other_origin x.example is another server than the app's.",
    ]


def test_table_counts_by_rule_and_outcome() -> None:
    """The table has a row for each rule, and one for all."""
    lines = reports.render(of(*SITES), "text", PLAIN).splitlines()
    assert lines[:4] == [
        "rule         safe  likely  left  external",
        "fetch_await                   1",
        "fetch_then      1       1               1",
        "all             1       1     1         1",
    ]


@pytest.mark.parametrize(
    ("sites", "line"),
    [
        (SITES, "2 of 3 calls rewritten (66 %), 1 to look at, 1 to another server; 1 file read, 0 changed"),
        (SITES[:1], "1 of 1 call rewritten (100 %); 1 file read, 0 changed"),
        (SITES[3:], "no calls to rewrite, 1 to another server; 1 file read, 0 changed"),
        ((), "no calls to rewrite; 1 file read, 0 changed"),
        ((*SITES[:1] * 199, SITES[2]), "199 of 200 calls rewritten (99 %); 1 file read, 0 changed"),
    ],
)
def test_last_line_sums_up(sites: tuple[Site, ...], line: str) -> None:
    """The share is that of the calls to the app's own server, and 100 % means all of them."""
    assert reports.render(of(*sites), "text").splitlines()[-1] == line


def test_terminal_gets_findings_by_reason() -> None:
    """At a terminal findings stand below their reason, with what to do; what was left comes first."""
    text = reports.render(of(*SITES), "text", TERMINAL)
    assert re.findall(r"^(\w+)  \d+ calls?$", text, re.M) == ["no_route", "likely", "other_origin"]
    assert "  b.js:5:12  No route of the server matches /coachs.\n" in text
    assert "Compare the URL" in text


def test_what_is_said_of_several_is_said_once() -> None:
    """At a terminal calls with the same sentence are listed below it, with what they ask for."""
    one = replace(SITES[2], message="The call is made with axios.", method="GET", url="/coaches")
    text = reports.render(of(one, replace(one, line=77, url="/plans"), SITES[2]), "text", TERMINAL)
    assert text.count("The call is made with axios.") == 1
    assert "\n    b.js:5:12   GET /coaches\n    b.js:77:12  GET /plans\n" in text


def test_next_steps_are_wrapped_at_a_terminal() -> None:
    """A step is one line in a pipe, and wrapped behind its dash at a terminal."""
    run = Run((), (), ("npm install", "forward /socket.io, " * 8))
    assert steps(run, PLAIN).splitlines()[1] == "  - npm install"
    assert len(steps(run, PLAIN).splitlines()) == 3
    lines = steps(run, TERMINAL).splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[-1].startswith("    forward")
    assert steps(Run(()), TERMINAL) == ""


@pytest.mark.parametrize("width", [20, 40, 60, 80, 200])
def test_terminal_lines_are_wrapped_and_aligned(width: int) -> None:
    """No sentence runs over the edge of the terminal, and sentences of a group start in one column."""
    long = replace(SITES[2], message="The URL is " + "something, " * 20)
    short = replace(SITES[2], file="a-much-longer-name.js", message="Short.")
    lines = reports.render(of(long, short), "text", Screen(width)).splitlines()
    group = lines[lines.index("no_route  2 calls") : -1]
    assert max(map(len, group)) <= max(width, 30)
    starts = {line.index(word) for line in group for word in ("The", "Short.") if word in line}
    assert len(starts) == 1


def test_colours_only_where_they_are_wanted() -> None:
    """The same text comes coloured or not."""
    coloured = reports.render(of(*SITES), "text", Screen(80, is_coloured=True))
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == reports.render(of(*SITES), "text", TERMINAL)


@pytest.mark.parametrize(
    ("variables", "is_coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_no_color(variables: dict[str, str], is_coloured: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR turns colours off where it is not empty, and a dumb terminal has none."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "90")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert stdout_screen() == Screen(90, is_coloured)


def test_names_and_code_cannot_steer_the_terminal() -> None:
    """Escape sequences, line breaks and bidirectional marks in names and code are shown, not sent."""
    evil = replace(SITES[2], file="a\x1b[2J\n.js", message="The URL is \u202ex\x9b.")
    text = reports.render(of(evil), "text", TERMINAL)
    assert r"a\x1b[2J\n.js:5:12  The URL is \u202ex\x9b." in text
    assert visible("caf\xe9 \udcff\ttab") == "caf\xe9 \\udcff\ttab"


def test_files_that_cannot_be_read_are_named() -> None:
    """A file that was passed over is in the report, with why."""
    run = Run((FileResult("a.js", b"", b"", (), "is not UTF-8 at byte 3"),))
    assert "a.js: is not UTF-8 at byte 3\n" in reports.render(run, "text")


@pytest.mark.parametrize("form", reports.FORMATS)
def test_a_report_loads_its_own_format_only(form: str) -> None:
    """What is not shown costs no start-up: each format is loaded alone, and none draws in rich."""
    code = (
        "import sys\nfrom codemods import reports\nfrom codemods.run import Run\n"
        f"reports.render(Run(()), {form!r})\n"
        "print(*(name for name in ('text', 'json_rows', 'sarif', 'html_page') if f'codemods.reports.{name}' in "
        "sys.modules), *(name for name in ('rich',) if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [{"json": "json_rows", "html": "html_page"}.get(form, form)]


def test_findings_order() -> None:
    """Safe rewrites are no finding; what was left comes first, other servers last."""
    assert list(findings(SITES)) == ["no_route", "likely", "other_origin"]
    assert tally(SITES).counts == (1, 1, 1, 1)


def test_real_run(tmp_path: Path) -> None:
    """A run over files counts each call."""
    run = run_over(tmp_path, {"package.json": "{}", "src/a.js": 'fetch("/coaches");\nfetch("/coachs");\n'})
    assert "1 of 2 calls rewritten (50 %); 1 file read, 3 changed" in reports.render(run, "text")
