"""Every fixture is executed before and after against one real server: it asks, prints and raises the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.codemods.pyclient.cases import EVENTS, name, pairs
from tests.codemods.pyclient.running import run
from tests.codemods.pyclient.server import MODES, Server, running

#: Events follow redirects, httpx and test clients do not (docs/pyclient.md, "What may differ").
FOLLOWING = {"httpx_call", "test_client_call"}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running(EVENTS) as made:
        yield made


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("folder", pairs(), ids=name)
def test_the_same_is_asked_printed_and_raised(server: Server, folder: Path, mode: str) -> None:
    """What the server sees, what is printed, and what an except would catch, is what it was."""
    texts = [(folder / f"{one}.py").read_text(encoding="utf-8") for one in ("input", "output")]
    is_waiting = mode == "late" and "timeout" not in texts[0]
    if is_waiting:
        mode = "good"  # who waits for ever has nothing to tell
    before, after = (run(text, server, mode) for text in texts)
    agrees = before.agrees_with(after)
    assert agrees == (mode != "moved" or folder.parent.name not in FOLLOWING), (before, after)
    assert before.asked or mode == "dead"


def test_a_difference_is_seen(server: Server) -> None:
    """The comparison tells a program that asks, prints or raises otherwise."""
    text = (pairs()[0].parent.parent / "requests_call" / "reads_json" / "output.py").read_text(encoding="utf-8")
    good = run(text, server, "good")
    assert good.agrees_with(run(text, server, "good"))
    for old, new in [('"id": id', '"id": 4'), ('["name"]', '["id"]'), ("return response", "raise KeyError")]:
        assert old in text
        assert not good.agrees_with(run(text.replace(old, new), server, "good"))
