"""``fetch2socket server --init``: every fixture becomes its output, whose app starts with its events."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from bridge.errors import BridgeError
from codemods.python.server.init import init
from codemods.results import REWRITTEN
from codemods.transaction import write_run
from codemods.undo import last, take_back
from tests.codemods.folders import Folder, changed, crlf, noops, pairs, rows, write
from tests.codemods.python_apps import imports_from

RULE = "init_app"
INIT = Path(__file__).parent / "fixtures_folders" / RULE


@pytest.mark.parametrize("case", pairs(RULE), ids=lambda case: case.name)
def test_pair(case: Folder, tmp_path: Path) -> None:
    """The input becomes the output; what is left beside that is in findings.json."""
    write(case.before, tmp_path)
    run = init((tmp_path,))
    assert changed(run, tmp_path) == case.after
    assert {one.rule for one in run.sites} == {RULE}
    assert REWRITTEN in {one.outcome for one in run.sites}
    assert rows(run.sites) == case.findings


@pytest.mark.parametrize("case", pairs(RULE), ids=lambda case: case.name)
def test_second_run_changes_nothing(case: Folder, tmp_path: Path) -> None:
    """An app that has its bridge is left alone."""
    write(case.after, tmp_path)
    assert not init((tmp_path,)).changed


@pytest.mark.parametrize("case", pairs(RULE), ids=lambda case: case.name)
def test_line_endings_are_kept(case: Folder, tmp_path: Path) -> None:
    """The same files with CRLF become the same output with CRLF."""
    write(crlf(case.before), tmp_path)
    assert changed(init((tmp_path,)), tmp_path) == crlf(case.after)


@pytest.mark.parametrize("case", noops(RULE), ids=lambda case: case.name)
def test_noop(case: Folder, tmp_path: Path) -> None:
    """Nothing changes, for the reason in the folder's name."""
    write(case.before, tmp_path)
    run = init((tmp_path,))
    assert not run.changed
    assert {one.reason for one in run.sites} == (set() if case.reason == "silent" else {case.reason})
    assert all(one.message.endswith(".") for one in run.sites)


# Bridge refuses cors_allowed_origins="*", which is advice there.
@pytest.mark.parametrize(
    "case", [one for one in pairs(RULE) if one.name != "keeps_its_socketio"], ids=lambda case: case.name
)
def test_app_starts(case: Folder, tmp_path: Path) -> None:
    """The app as it is afterwards starts; HTTP answers as before, and each route has its event."""
    write(case.after, tmp_path)
    name = next(name for name in ("shop.app", "shop", "app") if _is_module(tmp_path, name))
    with imports_from(tmp_path):
        module = importlib.import_module(name)
        app = module.app if hasattr(module, "app") else module.create_app()
        events = {event.event for event in app.extensions["bridge"].event_map}
        rules = [rule.rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
        statuses = {app.test_client().get(rule).status_code for rule in rules}
        assert app.extensions["socketio"].test_client(app).is_connected()
    assert events == {f"get_{rule.rpartition('/')[2]}" for rule in rules}
    # The shop's model has no table.
    assert statuses <= ({500} if case.name == "factory_in_a_package" else {200})


def _is_module(folder: Path, name: str) -> bool:
    path = folder / name.replace(".", "/")
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def test_every_origin_is_advice(tmp_path: Path) -> None:
    """A SocketIO that takes every origin is kept, and Bridge's refusal told beforehand."""
    write(Folder(INIT / "keeps_its_socketio").before, tmp_path)
    (advice,) = init((tmp_path,)).advice
    assert (advice.code, advice.line, advice.column) == ("every_origin", 7, 6)


def test_file_is_enough(tmp_path: Path) -> None:
    """``--init FILE`` looks at the file's folder, for a package at the one around it, where the app is started."""
    case = Folder(INIT / "factory_in_a_package")
    write(case.before, tmp_path)
    assert changed(init((), tmp_path / "shop" / "app.py"), tmp_path) == case.after


def test_no_app(tmp_path: Path) -> None:
    """A folder without an app is wrong use."""
    (tmp_path / "seed.py").write_text("print('no app')\n")
    with pytest.raises(BridgeError, match="no Flask app in"):
        init((tmp_path,))


def test_next_steps(tmp_path: Path) -> None:
    """What is left to do by hand names the files that are there."""
    write(Folder(INIT / "config_module").before, tmp_path)
    (tmp_path / "requirements.txt").write_text("flask\n")
    (tmp_path / "Procfile").write_text("web: gunicorn app:app\n")
    install, start, production, page = init((tmp_path,)).steps
    assert install == f"add fetch2socket to {tmp_path}/requirements.txt, and install it"
    assert start.startswith(f"start the app as before: python {tmp_path}/app.py")
    assert production.startswith(f"{tmp_path}/Procfile: gunicorn needs one worker with threads")
    assert "/socket.io" in page


def test_written_and_taken_back(tmp_path: Path) -> None:
    """All files are written together, and ``undo`` takes them back byte for byte, the new module too."""
    case = Folder(INIT / "factory_in_a_package")
    write(case.before, tmp_path)
    run = init((tmp_path,))
    write_run(run)
    assert not init((tmp_path,)).changed
    assert len(run.together[0]) == 2
    take_back(last(tmp_path))
    assert changed(init((tmp_path,)), tmp_path) == case.after
