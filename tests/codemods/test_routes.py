"""What reading an app's source tells beside the event map, and what it does with source that is not all there."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bridge.errors import BridgeError
from codemods.cli import main
from codemods.sources import load_events
from tests.codemods.python_apps import Files, read, source

ROOT = Path(__file__).parents[2]
APP = source("""
class Coaches(Resource):
    def get(self): return []

app = Flask(__name__)
api = Api(app)
api.add_resource(Coaches, "/coaches")
""")


def routes(files: Files, entry: str = "") -> list[str]:
    """Return the routes as "GET /coaches"."""
    return [f"{event.method} {event.rule}" for event in read(files, entry).event_map]


def findings(files: Files) -> list[str]:
    """Return what is told of the source."""
    return [str(one) for one in read(files).findings]


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("def broken(:\n    pass\n", "old.py: syntax error at line 1; passed over."),
        ('import x\nprint "Python 2"\n', "old.py: syntax error at line 2; passed over."),
        ("x = " + "(" * 300 + ")" * 300 + "\n", "old.py: syntax error at line 1; passed over."),
        ("x = 1\0\n", "old.py: "),
    ],
)
def test_a_file_that_does_not_parse_is_named_and_passed_over(broken: str, said: str) -> None:
    """One line for it, and the rest goes on."""
    files = {"app.py": APP, "old.py": broken}
    assert routes(files) == ["GET /coaches"]
    (line,) = findings(files)
    assert line.startswith(said)


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    """A file in another encoding than it says is passed over, too."""
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "latin.py").write_bytes(b"name = '\xe9t\xe9'\n")
    found = load_events(str(tmp_path), ".")
    assert len(found.event_map) == 1
    assert [str(one) for one in found.findings] == [f"{tmp_path}/latin.py: not UTF-8; passed over."]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "api.add_resource(Coaches, make_url())",
            "The URL of api.add_resource(Coaches, make_url()) cannot be read here",
        ),
        ("api.add_resource(Coaches, URL)", "The URL of api.add_resource(Coaches, URL)"),
        ("from shop import URL; api.add_resource(Coaches, URL)", "shop.URL, is not in this folder; left out."),
        ("from shop import Plans; api.add_resource(Plans, '/plans')", "The Resource Plans cannot be read here"),
        ("from shop import bp; app.register_blueprint(bp)", "The blueprint bp cannot be read here"),
        (
            "from shop import other; other.add_resource(Coaches, '/x')",
            "other of other.add_resource(Coaches, '/x') is not",
        ),
        ("app.add_url_rule('/x', 'x', print, methods=METHODS())", "The list of methods of app.add_url_rule("),
        ("app.add_url_rule('x', 'x', print)", "The URL x has no slash in front"),
        ("Api(prefix=PREFIX()).init_app(unknown)", "The app of Api(prefix=PREFIX()).init_app(unknown) is not known"),
        ("def later(api):\n    api.add_resource(Coaches, '/later')", "later() registers routes, but nothing"),
        ("import importlib, os\nimportlib.import_module(os.environ['X'])", "The module of importlib.import_module("),
    ],
)
def test_what_cannot_be_read_is_told(line: str, said: str) -> None:
    """A route that depends on more than the source is left out, with a line that says where and why."""
    files = {"app.py": f"{APP}{line}\n"}
    assert routes(files) == ["GET /coaches"]
    (told,) = findings(files)
    assert said in told
    assert told.startswith("app.py:")


def test_a_route_under_an_unknown_condition_is_taken_as_there() -> None:
    """It may be there, and the map says so rather than not."""
    files = {"app.py": f"{APP}import os\nif os.environ['DEBUG']:\n    app.add_url_rule('/debug', 'debug', print)\n"}
    assert routes(files) == ["GET /coaches", "GET /debug"]
    assert findings(files) == [
        "app.py:14: /debug is registered under a condition that is not known here; taken as there."
    ]


def test_a_constant_that_two_branches_set_differently_is_not_known() -> None:
    """Neither of the two values is guessed."""
    text = "import os\nif os.environ['V'] == '2':\n    P = '/v2'\nelse:\n    P = '/v1'\n"
    files = {"app.py": f"{APP}{text}api.add_resource(Coaches, P + '/coaches', endpoint='x')\n"}
    assert routes(files) == ["GET /coaches"]


def test_resources_added_after_init_app_are_taken_as_there() -> None:
    """Today's Flask-RESTful registers none of them, older ones did: told once."""
    files = {"app.py": APP.replace("api = Api(app)", "api = Api()\napi.init_app(app)")}
    assert routes(files) == ["GET /coaches"]
    (told,) = findings(files)
    assert "after init_app" in told


def test_the_app_with_a_usual_name_is_taken_and_the_other_one_named() -> None:
    """Two apps in a folder make two maps: one is taken, the other told, and can be asked for."""
    other = APP.replace("/coaches", "/admins")
    files = {"app.py": APP, "tools/admin_site.py": other}
    assert routes(files) == ["GET /coaches"]
    (told,) = findings(files)
    assert told.startswith("tools/admin_site.py:9: There are several Flask apps")
    assert routes(files, "tools/admin_site.py") == ["GET /admins"]


def test_two_apps_in_one_file() -> None:
    """The one called app is taken, if both have as many routes."""
    text = source("""
    admin = Flask("admin")
    app = Flask("app")
    admin.add_url_rule("/admin", "a", print)
    app.add_url_rule("/app", "b", print)
    """)
    assert routes({"app.py": text}) == ["GET /app"]


def test_a_script_that_makes_an_app_of_its_own_adds_nothing() -> None:
    """A seed script that builds an Api on the same app, and one that is not imported, leave the map as it is."""
    files = {
        "config.py": source("app = Flask(__name__)\napi = Api(app)"),
        "app.py": APP.replace("app = Flask(__name__)\napi = Api(app)", "from config import app, api"),
        "seed.py": source("from config import app\napi = Api(app)"),
        "old_app.py": source("from config import app\n@app.route('/old')\ndef old(): return {}"),
    }
    assert routes(files) == ["GET /coaches"]
    assert findings(files) == ["old_app.py: holds routes, but app.py does not import it; they are left out."]
    assert read(files, "app.py").findings == ()


def test_an_app_that_only_a_main_block_makes_is_found() -> None:
    """With no app on import, the file is taken for a script."""
    text = source("""
    if __name__ == "__main__":
        app = Flask(__name__)
        app.add_url_rule("/x", "x", print)
        app.run()
    """)
    assert routes({"start.py": text}) == ["GET /x"]


def test_a_class_that_makes_the_app(tmp_path: Path) -> None:
    """An app that lives in an object is found."""
    text = source("""
    class Server:
        def __init__(self):
            self.app = Flask(__name__)
            self.api = Api(self.app)
            self.add_routes()

        def add_routes(self):
            self.app.add_url_rule("/x", "x", self.x)

        def x(self): return {}
    """)
    assert routes({"server.py": text}) == ["GET /x"]


def test_imports_that_begin_with_the_name_of_the_folder() -> None:
    """``from somewhere.config import app`` is config.py of the folder called somewhere."""
    files = {"__init__.py": "", "config.py": source("app = Flask(__name__)"), "app.py": ""}
    files["app.py"] = "from somewhere.config import app\n@app.route('/x')\ndef x(): return {}\n"
    assert routes(files) == ["GET /x"]


def test_packages_below_the_folder() -> None:
    """A module is found where its package lies deeper than the folder that is read."""
    files = {
        "backend/main.py": source("from shop.api import bp\napp = Flask(__name__)\napp.register_blueprint(bp)"),
        "lib/shop/api.py": source("bp = Blueprint('shop', __name__)\n@bp.route('/x')\ndef x(): return {}"),
    }
    assert routes(files) == ["GET /x"]


def test_a_loop_without_end_ends() -> None:
    """Recursion, endless loops and long ones are followed only so far."""
    text = "def f(n): return f(n + 1)\nf(0)\nwhile True:\n    pass\nfor n in range(10**9):\n    f(n)\n"
    assert routes({"app.py": text + APP}) == ["GET /coaches"]


def test_old_names_of_flask_restful() -> None:
    """``flask.ext.restful`` is the same package."""
    assert routes({"app.py": APP.replace("from flask_restful", "from flask.ext.restful")}) == ["GET /coaches"]


def test_no_app() -> None:
    """A folder without an app is wrong use, and the first file that does not parse is likely why."""
    with pytest.raises(BridgeError, match=r"no Flask app in 1 Python files.*app.py: syntax error at line 1"):
        read({"app.py": "def ("})


# ---- from the disk and from the command line -------------------------------------------------------


def call(*args: object) -> Result:
    """Run fetch2socket."""
    return CliRunner().invoke(main, [str(arg) for arg in args])


@pytest.fixture
def server(tmp_path: Path) -> Path:
    """A server's folder, tests and an environment beside it."""
    folder = tmp_path / "server"
    other = APP.replace("/coaches", "/other")
    for name, text in {
        "app.py": APP,
        "tests/conftest.py": other,
        "test_app.py": other,
        "migrations/env.py": "(",
        "venv/pyvenv.cfg": "",
        "venv/app.py": other,
        "environment/pyvenv.cfg": "",
        "environment/app.py": other,
        "node_modules/x/app.py": other,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_tests_and_what_is_installed_are_passed_over(server: Path) -> None:
    """Only the app's own files are read."""
    found = load_events(str(server), ".")
    assert [event.rule for event in found.event_map] == ["/coaches"]
    assert found.findings == ()


def test_a_folder_that_is_called_tests_can_be_named(server: Path) -> None:
    """What is named is read."""
    assert [event.rule for event in load_events(str(server / "tests" / "conftest.py"), ".").event_map] == ["/other"]


def test_events_of_a_folder(server: Path) -> None:
    """The command prints the map on stdout and what was passed over on stderr."""
    (server / "broken.py").write_text("def (")
    result = call("events", server, "--format", "json")
    assert result.exit_code == 0
    assert '"rule": "/coaches"' in result.stdout
    assert result.stderr == f"{server}/broken.py: syntax error at line 1; passed over.\n"


def test_scan_with_a_folder(server: Path, tmp_path: Path) -> None:
    """``--events FOLDER`` does for the front end what an event map file does."""
    (tmp_path / "client").mkdir()
    (tmp_path / "client" / "a.js").write_text('fetch("/coaches").then((r) => r.json()).then(show);\n')
    result = call("scan", tmp_path / "client", "--events", server, "--format", "json")
    assert result.exit_code == 0
    assert '"event": "get_coaches"' in result.stdout


@pytest.mark.parametrize("name", ["empty", "sources"])
def test_a_folder_without_an_app_is_told_in_one_line(name: str, tmp_path: Path) -> None:
    """Exit code 2, one line on stderr."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "x.py").write_text("x = 1\n")
    result = call("events", tmp_path / name)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert len(result.stderr.splitlines()) == 1


def test_the_sample_app(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample server's source gives the map that its app gives, to the byte."""
    monkeypatch.setenv("SQLALCHEMY_DATABASE_URI", "sqlite://")
    found = load_events(str(ROOT / "sample_app" / "server"), ".")
    assert found.findings == ()
    assert found.event_map.to_json() == load_events("sample_app.server.wsgi:app", str(ROOT)).event_map.to_json()
    assert {event.event for event in found.event_map if event.status == 204} >= {"delete_coach"}


def test_three_hundred_files_are_read_in_less_than_a_second() -> None:
    """Whole files of models and helpers cost little: CPU time, far below what an import would take."""
    model = "class Model{n}:\n" + "".join(f"    field{m} = [{m}, 'a', {{'b': {m}}}]\n" for m in range(60))
    files = {f"models/m{n}.py": model.replace("{n}", str(n)) for n in range(300)}
    files["app.py"] = "".join(f"from models.m{n} import Model{n}\n" for n in range(300)) + APP
    began = time.process_time()
    assert routes(files) == ["GET /coaches"]
    assert time.process_time() - began < 1


def test_functions_that_answer_options_themselves() -> None:
    """Flask-CORS' ``cross_origin`` turns Flask's own answer to OPTIONS off, so OPTIONS is the route's."""
    text = source("""
    from flask_cors import cross_origin
    app = Flask(__name__)

    @app.route("/x", methods=["POST"])
    @cross_origin(origins="*")
    def x(): return {}
    """)
    assert routes({"app.py": text}) == ["POST /x", "OPTIONS /x"]


def test_names_that_clash_are_wrong_use(tmp_path: Path) -> None:
    """As for an app that is imported, the line names both routes."""
    text = source("""
    app = Flask(__name__)
    app.add_url_rule("/a-b", "one", print)
    app.add_url_rule("/a_b", "two", print)
    """)
    (tmp_path / "app.py").write_text(text)
    result = call("events", tmp_path)
    assert result.exit_code == 2
    assert "/a-b (one) and GET /a_b (two)" in result.stderr
