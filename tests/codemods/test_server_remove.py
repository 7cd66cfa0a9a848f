"""``fetch2socket server --remove``: Resources go, their events are answered as before, and HTTP knows them no more."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest

from bridge.errors import BridgeError
from codemods import reasons
from codemods.python.server.remove import remove
from codemods.results import REWRITTEN
from codemods.sources import load_events
from codemods.transaction import write_run
from tests.codemods.folders import Folder, changed, crlf, noops, pairs, rows, write
from tests.codemods.python_apps import imports_from

RULE = "remove_resource"


@pytest.mark.parametrize("case", pairs(RULE), ids=lambda case: case.name)
def test_pair(case: Folder, tmp_path: Path) -> None:
    """The input becomes the output; what is left beside that is in findings.json."""
    write(case.before, tmp_path)
    run = remove((tmp_path,))
    assert changed(run, tmp_path) == case.after
    assert {one.rule for one in run.sites} == {RULE}
    assert REWRITTEN in {one.outcome for one in run.sites}
    assert rows(run.sites) == case.findings


@pytest.mark.parametrize("case", pairs(RULE), ids=lambda case: case.name)
def test_second_run_changes_nothing(case: Folder, tmp_path: Path) -> None:
    """What is removed cannot be removed again."""
    write(case.after, tmp_path)
    assert not remove((tmp_path,)).changed


@pytest.mark.parametrize("case", pairs(RULE), ids=lambda case: case.name)
def test_line_endings_are_kept(case: Folder, tmp_path: Path) -> None:
    """The same files with CRLF become the same output with CRLF."""
    write(crlf(case.before), tmp_path)
    assert changed(remove((tmp_path,)), tmp_path) == crlf(case.after)


@pytest.mark.parametrize("case", noops(RULE), ids=lambda case: case.name)
def test_noop(case: Folder, tmp_path: Path) -> None:
    """Nothing changes, for the reason in the folder's name."""
    write(case.before, tmp_path)
    run = remove((tmp_path,))
    assert not run.changed
    assert case.reason in {one.reason for one in run.sites}
    assert {one.reason for one in run.sites} <= {case.reason, "not_native"}
    assert all(one.message.endswith(".") for one in run.sites)


@pytest.mark.parametrize("case", pairs(RULE), ids=lambda case: case.name)
def test_events_answer_as_before(case: Folder, tmp_path: Path) -> None:
    """The event map and every ack are the same as with the Resources; HTTP gives 404, or 405 where one is left."""
    write(case.before, tmp_path / "before")
    write(case.after, tmp_path / "after")
    rewritten = [one for one in remove((tmp_path / "before",)).sites if one.outcome == REWRITTEN]
    removed = {(one.method, url) for one in rewritten for url in one.url.split(", ")}
    before, after = _asked(tmp_path / "before"), _asked(tmp_path / "after")
    assert after["events"] == before["events"]
    assert after["acks"] == before["acks"]
    assert {after["http"][key] for key in removed} <= {404, 405}
    left = {key for key, status in before["http"].items() if key not in removed and status not in {404, 405}}
    assert {key: after["http"][key] for key in left} == {key: before["http"][key] for key in left}


def _asked(folder: Path) -> dict[str, Any]:
    """Boot an app and return its events, their acks to some calls, and what HTTP answers."""
    with imports_from(folder):
        module = importlib.import_module("app")
        app = module.app if hasattr(module, "app") else module.create_app()
        events = [one.to_dict() for one in app.extensions["bridge"].event_map]
        read = [one.to_dict() for one in load_events(str(folder), ".").event_map]
        assert read == events
        events.sort(key=lambda one: one["event"])
        socket = app.extensions["socketio"].test_client(app)
        return {
            "events": events,
            "acks": [socket.emit(one["event"], *call, callback=True) for one in events for call in _calls(one)],
            "http": {(one["method"], one["rule"]): _status(app, one) for one in events},
        }


def _calls(event: dict[str, Any]) -> list[tuple[Any, ...]]:
    params = dict.fromkeys(event["params"], 3)
    calls: list[tuple[Any, ...]] = [(params,), (dict.fromkeys(event["params"], "x"),)]
    denied = [({**params, "$headers": {"Authorization": name}}, {}) for name in ("base", "inner", "outer", "post")]
    return calls if event["method"] == "GET" else [*calls, (params, {"name": "Maya"}), (params, None), *denied]


def _status(app: Any, event: dict[str, Any]) -> int:
    url = event["rule"].replace("<int:number>", "3").replace("<int:id>", "3")
    status: int = app.test_client().open(url, method=event["method"], json={}).status_code
    return status


def test_only_what_lies_below_the_paths(tmp_path: Path) -> None:
    """A file that is named is cleared of its Resources, and the app around it follows; other files keep theirs."""
    case = next(one for one in pairs(RULE) if one.name == "resources_in_modules")
    write(case.before, tmp_path)
    run = remove((tmp_path / "resources" / "coaches.py",))
    assert {Path(one.path).name for one in run.changed} == {"app.py", "coaches.py"}
    assert len(run.together) == 1
    write_run(run)
    assert b"from resources.plans import Plans, Weeks" in (tmp_path / "app.py").read_bytes()


def test_steps_say_who_may_still_call(tmp_path: Path) -> None:
    """Calls over HTTP cannot be seen from the server: how to find them is said."""
    write(pairs(RULE)[0].before, tmp_path)
    assert "fetch2socket scan" in remove((tmp_path,)).steps[0]


def test_no_app(tmp_path: Path) -> None:
    """A folder without an app is wrong use."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "seed.py").write_text("print('no app')\n")
    with pytest.raises(BridgeError, match="no Flask app with Resources"):
        remove((tmp_path,))


def test_every_reason_has_a_noop() -> None:
    """No code of --init and --remove without a fixture that shows it."""
    assert {one.reason for one in (*noops("init_app"), *noops(RULE))} - {"silent"} == reasons.WHOLE_APP
