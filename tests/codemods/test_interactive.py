"""--interactive: what is asked, and what follows from the answers."""

from __future__ import annotations

import itertools
import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec.structs import replace

from codemods import interactive
from codemods.cli import main
from codemods.commands import ask
from codemods.front_ends import FrontEnds
from codemods.interactive import Change, choose
from codemods.javascript.parser import parse, walk
from codemods.javascript.resolving import App
from codemods.javascript.rewrite import rewrite
from codemods.results import REWRITTEN
from codemods.run import Run
from codemods.runner import Settings, run
from tests.codemods.cases import EVENTS, FIXTURES, Case, app_of, pairs

FIRST = 'fetch("/coaches").then((r) => r.json()).then(setCoaches);\n'
SECOND = 'fetch("/coaches/1", { method: "DELETE" }).then((r) => {\n  if (r.ok) done();\n});\n'
THIRD = 'fetch("/logout", { method: "DELETE" });\n'
NEW_FIRST = 'socket.emit("get_coaches", (result) => setCoaches(json(result)));\n'
NEW_SECOND = 'socket.emit("delete_coach", { id: 1 }, (result) => {\n  if (result.ok) done();\n});\n'
NEW_THIRD = 'socket.emit("delete_logout");\n'


@dataclass
class Script:
    """Somebody whose answers are known; what was asked and refused is kept."""

    answers: Iterable[str]
    edited: Iterable[str | None] = ()
    asked: list[Change] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.answers = iter(self.answers)
        self.edited = iter(self.edited)

    def answer(self, change: Change) -> str:
        self.asked.append(change)
        return next(iter(self.answers))

    def edit(self, text: str, name: str) -> str | None:
        self.offered.append(text)
        return next(iter(self.edited))

    def refuse(self, message: str) -> None:
        self.refused.append(message)


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A front end with three calls in one file and one in another; the current folder."""
    (tmp_path / "src").mkdir()
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "src" / "App.jsx").write_text(FIRST + SECOND + THIRD)
    (tmp_path / "src" / "Other.jsx").write_text(THIRD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def chosen(client: Path, script: Script, **options: object) -> Run:
    """Run over the front end with these answers."""
    settings = Settings(EVENTS)
    found = replace(run([client], settings), **options)  # type: ignore[arg-type]
    return choose(found, FrontEnds([client], settings), script)


def text_of(outcome: Run, name: str = "src/App.jsx") -> str:
    """What a file becomes."""
    result = next(one for one in outcome.results if one.path == name)
    return (result.after or result.before).decode()


def test_each_call_is_taken_or_left(client: Path) -> None:
    """The import names only what is used, and the report says which calls were left."""
    outcome = chosen(client, Script("nyny"))
    assert text_of(outcome) == f'import {{ socket }} from "./socket";\n\n{FIRST}{NEW_SECOND}{THIRD}'
    assert [(site.line, site.reason) for site in outcome.sites] == [(1, "refused"), (2, ""), (5, "refused"), (1, "")]
    assert [one.path for one in outcome.added] == ["src/socket.js", "src/socket.d.ts"] or outcome.added


def test_no_to_all_changes_nothing(client: Path) -> None:
    """Without a yes no import and no client module is added."""
    outcome = chosen(client, Script("nnnn"))
    assert outcome.changed == []
    assert outcome.steps == ()


def test_all_takes_the_rest_of_the_file_only(client: Path) -> None:
    """``a`` answers for this call and those that follow in its file."""
    script = Script("nan")
    outcome = chosen(client, script)
    assert [change.sites[0].line for change in script.asked] == [1, 2, 1]
    assert text_of(outcome).endswith(FIRST + NEW_SECOND + NEW_THIRD)
    assert text_of(outcome, "src/Other.jsx") == THIRD


def test_quit_keeps_what_was_taken(client: Path) -> None:
    """``q`` is no to this call and all others; a yes before it stands."""
    script = Script("yq")
    outcome = chosen(client, script)
    assert len(script.asked) == 2
    assert text_of(outcome).endswith(NEW_FIRST + SECOND + THIRD)
    assert text_of(outcome, "src/Other.jsx") == THIRD


def test_edited_text_is_taken_and_the_rest_is_asked(client: Path) -> None:
    """``e`` offers the new lines without the import; later calls are found again below what was edited."""
    script = Script("eyyn", [NEW_FIRST.replace("setCoaches(", "// mine\n  setCoaches(")])
    outcome = chosen(client, script)
    assert script.offered == [NEW_FIRST]
    edited = NEW_FIRST.replace("setCoaches(", "// mine\n  setCoaches(")
    assert text_of(outcome) == f'import {{ socket, json }} from "./socket";\n\n{edited}{NEW_SECOND}{NEW_THIRD}'
    assert [(site.line, site.outcome) for site in outcome.sites[:3]] == [(n, "rewritten") for n in (1, 2, 5)]


def test_edited_text_that_does_not_parse_is_asked_again(client: Path) -> None:
    """Neither a broken text nor one that was not saved is taken."""
    script = Script("eenq", ["socket.emit((", None])
    outcome = chosen(client, script)
    assert script.refused == ["The edited text does not parse."]
    assert len(script.asked) == 4
    assert outcome.changed == []


def test_edited_text_keeps_the_line_endings(client: Path) -> None:
    """The editor sees line feeds; the file keeps its CRLF."""
    (client / "src" / "App.jsx").write_bytes((FIRST + SECOND).replace("\n", "\r\n").encode())
    offered = NEW_SECOND.removesuffix("});\n")  # the last line is the old one too
    script = Script("neq", [offered.replace("done();", "done(1);\n  done(2);")])
    after = text_of(chosen(client, script))
    assert script.offered == [offered]
    assert "done(1);\r\n  done(2);\r\n" in after
    assert after.count("\n") == after.count("\r\n")


def test_files_that_go_together_are_one_question(client: Path) -> None:
    """A helper and its callers are taken or left as one; such a change cannot be edited."""
    group = frozenset({"src/App.jsx", "src/Other.jsx"})
    script = Script("n")
    assert chosen(client, script, together=(group,)).changed == []
    (change,) = script.asked
    assert (len(change.files), len(change.sites), change.can_be_edited) == (2, 4, False)
    outcome = chosen(client, Script("y"), together=(group,))
    assert text_of(outcome, "src/Other.jsx").endswith(NEW_THIRD)


def test_promise_all_is_one_question(client: Path) -> None:
    """Calls that are rewritten together or not at all are asked about once."""
    source = (
        'Promise.all([fetch("/coaches"), fetch("/plans")])\n'
        "  .then((responses) => Promise.all(responses.map((r) => r.json())))\n"
        "  .then(([coaches, plans]) => setBoth(coaches, plans));\n"
    )
    (client / "src" / "Other.jsx").write_text(source)
    for answer in "yn":
        script = Script(f"nnn{answer}")
        outcome = chosen(client, script)
        assert len(script.asked) == 4
        assert ("fetch" in text_of(outcome, "src/Other.jsx")) is (answer == "n")


def test_call_within_a_call_that_is_left(client: Path) -> None:
    """Where the outer call is left, the inner one can be taken all the same."""
    source = f"{FIRST[:-2].replace('setCoaches', '(data) => { ' + THIRD.strip() + ' }')};\n"
    (client / "src" / "App.jsx").write_text(source)
    after = text_of(chosen(client, Script("nyn")))
    assert 'fetch("/coaches")' in after
    assert NEW_THIRD.strip() in after


class OneApp(FrontEnds):
    """A front end that no folder holds."""

    def __init__(self, app: App) -> None:
        super().__init__([], Settings(EVENTS))
        self.app = app

    def _of(self, name: str) -> App:
        return self.app


ONE_BY_ONE = [case for case in pairs() if case.rule != "fetch_wrapper"]


@pytest.mark.parametrize("case", ONE_BY_ONE, ids=lambda case: case.name)
def test_answers_over_all_fixtures(case: Case) -> None:
    """All yes is what the run without questions gives, all no is the input, and anything between still parses."""
    path = f"/app/src/{case.path.name}"
    app = app_of(path, case.data, case.others)
    whole = rewrite(case.data, path, app, path)
    calls = sum(site.outcome == REWRITTEN for site in whole.sites)
    for answers in ("y" * calls, "n" * calls, "a", *itertools.islice(itertools.product("yn", repeat=calls), 1, 9)):
        script = Script(itertools.chain(answers, itertools.repeat("n")))
        result = list(interactive._File(whole, OneApp(app), script).results())[-1]
        if set(answers) != {"y", "n"}:
            assert result.after == (case.data if "n" in answers else whole.after)
        assert not any(one.is_error for one in walk(parse(result.after, path).root))
        assert [site.place for site in result.sites] == [site.place for site in whole.sites]


# ---- on a terminal ----------------------------------------------------------------------------


class Terminal:
    """fetch2socket on a pseudo terminal; pexpect in twenty lines."""

    def __init__(self, folder: Path, *args: str, **environment: str) -> None:
        self.master, slave = pty.openpty()
        command = [sys.executable, "-c", "from codemods.cli import main; main()", *args]
        variables = {**os.environ, "TERM": "xterm", **environment}
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=slave, stdout=slave, stderr=slave, env=variables, start_new_session=True
        )
        os.close(slave)
        self.seen = ""

    def until(self, wanted: str, seconds: float = 30) -> str:
        """Read until a text comes; return what was read, colours and all."""
        end = time.monotonic() + seconds
        read = ""
        while wanted not in read:
            assert select.select([self.master], [], [], max(end - time.monotonic(), 0))[0], read
            read += os.read(self.master, 65536).decode()
        self.seen += read
        return read

    def type(self, line: str) -> None:
        """Type a line and Enter."""
        os.write(self.master, f"{line}\n".encode())

    def end(self) -> int:
        """Wait for the end; return the exit code."""
        try:
            while data := os.read(self.master, 65536):
                self.seen += data.decode()
        except OSError:  # Linux says so when the other side is closed.
            pass
        os.close(self.master)
        return self.process.wait(timeout=30)


def interactively(client: Path, *args: str, **environment: str) -> Terminal:
    return Terminal(client, "client", ".", "--events", str(FIXTURES / "events.json"), "-i", *args, **environment)


def test_on_a_terminal(client: Path) -> None:
    """Each call is shown with its rule, its confidence and a coloured diff; --write writes what was taken."""
    terminal = interactively(client, "--write")
    shown = terminal.until("(1/4) Rewrite? [y,n,a,q,e,?]")
    plain = re.sub(r"\x1b\[[0-9;?]*\w", "", shown)
    assert "src/App.jsx:1:1  fetch_then  safe  GET get_coaches" in plain
    assert "-fetch" in plain
    assert "\x1b[31m-" in shown
    terminal.type("what")
    assert "rewrite this call and all that follow in this file" in terminal.until("(1/4) Rewrite?")
    terminal.type("y")
    terminal.until("(2/4) Rewrite?")
    terminal.type("q")
    assert terminal.end() == 0
    assert (client / "src" / "App.jsx").read_text().endswith(NEW_FIRST + SECOND + THIRD)
    assert (client / "src" / "Other.jsx").read_text() == THIRD


def test_editor_on_a_terminal(client: Path) -> None:
    """``e`` opens $EDITOR on the new lines, in a file with the ending of the real one."""
    editor = client / "editor.sh"
    editor.write_text('#!/bin/sh\ncase "$1" in *.jsx) sed -i "s/setCoaches/keep/" "$1";; esac\n')
    editor.chmod(0o755)
    terminal = interactively(client, "--write", EDITOR=str(editor), VISUAL="")
    terminal.until("(1/4) Rewrite?")
    terminal.type("e")
    terminal.until("(2/4) Rewrite?")
    terminal.type("q")
    assert terminal.end() == 0
    assert "keep(json(result))" in (client / "src" / "App.jsx").read_text()


def test_ctrl_c_writes_nothing(client: Path) -> None:
    """Whoever interrupts has said yes to nothing."""
    terminal = interactively(client, "--write")
    terminal.until("(1/4) Rewrite?")
    terminal.type("y")
    terminal.until("(2/4) Rewrite?")
    terminal.process.send_signal(2)
    assert terminal.end() == 130
    assert "Traceback" not in terminal.seen
    assert (client / "src" / "App.jsx").read_text() == FIRST + SECOND + THIRD


def test_without_a_terminal_it_is_a_line(client: Path) -> None:
    """Nobody can answer on a pipe."""
    result = CliRunner().invoke(main, ["client", ".", "--events", str(FIXTURES / "events.json"), "-i"])
    assert (result.exit_code, result.stderr) == (2, "Error: --interactive asks questions, so it needs a terminal\n")


def test_page_lists_the_keys() -> None:
    """docs/writing.md has a row for each key."""
    page = (Path(__file__).parents[2] / "docs" / "writing.md").read_text()
    assert re.findall(r"^\| `(.)` \|", page, re.M) == list(ask._KEYS)
