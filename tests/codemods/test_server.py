"""``fetch2socket server`` in memory: where the bridge comes from, what is chosen one by one, what stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from codemods import reasons
from codemods.interactive import ALL, NO, YES, Change, choose
from codemods.python.running import Rewriter
from codemods.python.server.rewriter import ServerRewriter
from codemods.results import LEFT, REWRITTEN, FileResult
from codemods.run import Run
from tests.codemods.python_cases import FIXTURES, FOLDER, noops, pairs, rewrite_case, rewriter

RESOURCE = """from flask_restful import Resource

class Coaches(Resource):
    def get(self):
        return []
"""
SET_UP = """from flask import Flask
from flask_restful import Api
from flask_socketio import SocketIO
from bridge import Bridge
"""


def rewrite(path: str, files: dict[str, str]) -> FileResult:
    """Rewrite one file of an app."""
    data = {name: text.encode() for name, text in files.items()}
    return rewriter(data).rewrite(data[path], str(FOLDER / path))


def imports(result: FileResult) -> str:
    """Return the line that imports the bridge."""
    (line,) = [line for line in result.after.decode().splitlines() if line.endswith("import bridge")]
    return line


# ---- where the bridge comes from --------------------------------------------------------------


def package(resources: str) -> dict[str, str]:
    """An app with a factory, whose bridge lies in a module of its own."""
    return {
        "shop/__init__.py": (
            "from flask import Flask\nfrom flask_restful import Api\nfrom shop.extensions import bridge\n\n\n"
            "def create_app():\n    app = Flask(__name__)\n    from shop.api.coaches import Coaches\n"
            "    api = Api(app)\n    api.add_resource(Coaches, '/coaches')\n    bridge.init_app(app)\n    return app\n"
        ),
        "shop/extensions.py": "from bridge import Bridge\n\nbridge = Bridge()\ndb = object()\n",
        "shop/api/__init__.py": "",
        "shop/api/coaches.py": resources,
    }


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("from shop.extensions import db\n", "from shop.extensions import bridge, db"),
        ("from ..extensions import db\n", "from ..extensions import bridge, db"),
        ("from shop import models\n", "from shop.extensions import bridge"),
        ("from .. import models\n", "from ..extensions import bridge"),
        ("", "from shop.extensions import bridge"),
    ],
)
def test_the_import_is_written_as_others_are(line: str, wanted: str) -> None:
    """Absolute where the file's imports are, relative where they are."""
    files = package(line + RESOURCE) | {"shop/models.py": ""}
    result = rewrite("shop/api/coaches.py", files)
    assert wanted in result.after.decode().splitlines()


def test_bridge_of_another_name() -> None:
    """The name that the project gives its bridge is the one that is imported and used."""
    files = package("from ..extensions import db\n" + RESOURCE)
    files["shop/extensions.py"] = "from bridge import Bridge\n\nsocket_bridge = Bridge()\ndb = object()\n"
    after = rewrite("shop/api/coaches.py", files).after.decode()
    assert "from ..extensions import db, socket_bridge\n" in after
    assert "@socket_bridge.event(" in after


def circle(before: str, after: str) -> dict[str, str]:
    """An app whose one module makes the bridge and imports the Resources, before or after that."""
    made = "app = Flask(__name__)\nsocketio = SocketIO(app)\nbridge = Bridge(app, socketio)\n"
    used = "api = Api(app)\napi.add_resource(Coaches, '/coaches')\n"
    return {"app.py": f"{SET_UP}{before}{made}{after}{used}", "coaches.py": RESOURCE}


def test_a_module_that_imports_this_one_first_is_out_of_reach() -> None:
    """The module that makes the bridge imports the Resources above that: they cannot import it."""
    result = rewrite("coaches.py", circle("from coaches import Coaches\n", ""))
    (site,) = result.sites
    assert (site.outcome, site.reason) == (LEFT, reasons.BRIDGE_OUT_OF_REACH)
    assert site.message == "app.py imports this file (line 5) before it makes bridge, so it cannot be imported."
    assert result.after == result.before


def test_a_circle_that_the_project_has_already_is_kept() -> None:
    """Resources that import from the module which imports them below its bridge do so for the bridge too."""
    files = circle("", "from coaches import Coaches\n")
    assert rewrite("coaches.py", files).sites[0].reason == reasons.BRIDGE_OUT_OF_REACH
    files["coaches.py"] = "from app import app\n" + RESOURCE
    assert "from app import app, bridge" in rewrite("coaches.py", files).after.decode()


def test_circle_through_another_module() -> None:
    """A module that imports the Resources for the one that makes the bridge closes the circle as well."""
    files = circle("import routes\n", "") | {"routes.py": "from coaches import Coaches\n"}
    files["app.py"] = files["app.py"].replace("Coaches,", "routes.Coaches,")
    assert rewrite("coaches.py", files).sites[0].reason == reasons.BRIDGE_OUT_OF_REACH


# ---- method by method -------------------------------------------------------------------------


class Answers:
    """Somebody who answers from a list."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.shown: list[Change] = []

    def answer(self, change: Change) -> str:
        self.shown.append(change)
        return self.answers.pop(0)

    def edit(self, text: str, name: str) -> str | None:
        raise AssertionError

    def refuse(self, message: str) -> None:
        raise AssertionError(message)


def engine_and_run(case: str) -> tuple[ServerRewriter, Run]:
    """Return the rewrite of a fixture and its run."""
    data = (FIXTURES / case / "input.py").read_bytes()
    files = {"app.py": b"import resources\n", "config.py": (FIXTURES / "config.py").read_bytes(), "resources.py": data}
    engine = rewriter(files)
    result = engine.rewrite(data, str(FOLDER / "resources.py"))
    return engine, engine.finished(Run((result,), noun=engine.noun))


def test_one_method_is_taken_alone() -> None:
    """Only the handler that was said yes to is written, with the import; the name is what it would be among all."""
    engine, run = engine_and_run("resource_method/plain")
    asker = Answers(NO, YES, NO)
    chosen = choose(run, engine, asker)
    after = chosen.results[0].after.decode()
    assert after.count("@bridge.event") == 1
    assert "def get_coach(id):" in after
    assert "from config import api, bridge" in after
    assert [site.outcome for site in chosen.sites] == [LEFT, REWRITTEN, LEFT]
    assert chosen.sites[0].message == "You said no to rewriting this method."


def test_all_of_a_file_is_what_a_run_gives() -> None:
    """Yes to all gives the fixture's output, inherited methods at one class included."""
    for case in ("resource_method/plain", "inherited_method/base_in_this_file"):
        engine, run = engine_and_run(case)
        chosen = choose(run, engine, Answers(ALL))
        assert chosen.results[0].after == (FIXTURES / case / "output.py").read_bytes()


# ---- what stays -------------------------------------------------------------------------------


def test_the_rewrite_is_what_a_run_asks_for() -> None:
    """The engine has what ``running.run`` and ``-i`` ask of it."""
    engine: Rewriter = rewriter({"app.py": b""})
    assert engine.noun == "method"
    assert engine.is_of_interest(b"class A(Resource):\n    def get(self): ...\n")
    assert not engine.is_of_interest(b"def get(self): ...\n")
    assert not engine.is_of_interest(b"class A(B):\n    def got(self): ...\n")


def test_a_file_that_does_not_parse_is_named() -> None:
    """No bytes change, and the reason is told."""
    data = b"class A(Resource):\n    def get(self:\n"
    result = rewriter({"app.py": b""}).rewrite(data, str(FOLDER / "a.py"))
    assert (result.after, result.unparsable) == (data, "syntax error at line 2: '(' was never closed")


@pytest.mark.parametrize("case", noops(), ids=lambda case: case.name)
def test_odd_bytes_of_files_that_are_left_stay(case: object) -> None:
    """CRLF, tabs, a form feed, no line end at the end: nothing is normalised where nothing is converted."""
    data = case.data.replace(b"\n", b"\r\n").replace(b"    ", b"\t").rstrip() + b"  \x0c"  # type: ignore[attr-defined]
    assert rewrite_case(case, data).after == data  # type: ignore[arg-type]


@pytest.mark.parametrize("case", pairs(), ids=lambda case: case.name)
def test_tabs_stay_tabs(case: object) -> None:
    """A file that indents by tabs gets handlers that do."""
    data = case.data.replace(b"    ", b"\t")  # type: ignore[attr-defined]
    after = rewrite_case(case, data).after  # type: ignore[arg-type]
    assert after == case.output.replace(b"    ", b"\t")  # type: ignore[attr-defined]


def test_duplicate_handlers_of_chosen_names_are_made_once(tmp_path: Path) -> None:
    """Two classes of one name: the one that the routes reach is converted, the other is not reached."""
    text = RESOURCE + RESOURCE.partition("\n\n")[2].replace("[]", "[1]") + "\n\n"
    files = {"app.py": f"{SET_UP}app = Flask(__name__)\napi = Api(app)\nbridge = Bridge()\n{text}"}
    files["app.py"] += "api.add_resource(Coaches, '/coaches')\n"
    result = rewrite("app.py", files)
    assert [site.reason for site in result.sites] == [reasons.WITHOUT_ROUTE, ""]
    assert result.after.decode().count("    return [1]\n") == 2
