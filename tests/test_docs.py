"""Documentation is part of the test suite."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from bridge import Bridge
from bridge.call import ALLOWED_HEADERS
from scripts.write_docs import codemods, command_line, server

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_command_line_page_is_what_help_says() -> None:
    """docs/cli.md is `--help` of every command: run `make docs`."""
    assert page("docs/cli.md") == command_line()


def test_the_codemods_page_lists_every_rule_and_reason() -> None:
    """docs/codemods.md is its introduction and the tables of the code: run `make docs`."""
    assert page("docs/codemods.md") == codemods()


def test_the_server_page_lists_every_rule_and_reason() -> None:
    """docs/server.md is its introduction and the tables of the code: run `make docs`."""
    assert page("docs/server.md") == server()


def test_every_option_of_the_bridge_has_a_row() -> None:
    """docs/bridge.md has a row for each keyword of Bridge."""
    keywords = set(inspect.signature(Bridge).parameters) - {"app", "socketio"}
    rows = set(re.findall(r"`(\w+)`", "\n".join(re.findall(r"^\| (.*?) \|", page("docs/bridge.md"), re.M))))
    assert keywords <= rows


def test_every_rule_for_python_programs_has_a_row() -> None:
    """docs/pyclient.md shows what each rule does, and names every option of a connection."""
    from bridge.pyclient import Client
    from codemods.python.pyclient.rules import RULES

    text = page("docs/pyclient.md")
    assert [rule.name for rule in RULES if f"| `{rule.name}` |" not in text] == []
    options = set(inspect.signature(Client).parameters) - {"url"}
    assert [name for name in options if f"| `{name}` |" not in text] == []


def test_every_allowed_header_is_named() -> None:
    """docs/wire.md lists the headers that a call may set."""
    text = page("docs/wire.md").lower()
    assert [name for name in ALLOWED_HEADERS if name.rstrip("*") not in text] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_between_pages_lead_somewhere(path: Path) -> None:
    """A page or file that a page links to is there."""
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [target for target in targets if not (path.parent / target).exists()] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_python_examples_compile(path: Path) -> None:
    """Each Python block of a page is Python."""
    for block in re.findall(r"```python\n(.*?)```", path.read_text(encoding="utf-8"), re.S):
        compile(block, str(path), "exec")


def test_modules_that_the_architecture_names_exist() -> None:
    """ARCHITECTURE.md names files that are there."""
    text = page("ARCHITECTURE.md")
    names = re.findall(r"`([a-z_]+\.py)`", text)
    there = {
        path.name
        for folder in ("bridge", "codemods", "sample_app", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
    }
    assert [name for name in names if name not in there] == []
