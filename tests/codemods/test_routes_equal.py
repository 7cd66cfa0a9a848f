"""The event map that is read from source is the one that the app itself gives, to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.codemods.python_apps import Files, booted, read, source

COACHES = """
class Coaches(Resource):
    def get(self): return []
    def post(self): return {}, 201

class Coach(Resource):
    def get(self, id): return {}
    def patch(self, id): return {}
    def delete(self, id): return "", 204
"""
MADE = "app = Flask(__name__)\napi = Api(app)\n"

ONE_FILE = {
    "add_resource": COACHES
    + MADE
    + 'api.add_resource(Coaches, "/coaches")\napi.add_resource(Coach, "/coaches/<int:id>")',
    "several_urls": COACHES + MADE + 'api.add_resource(Coaches, "/coaches", "/trainers/", endpoint="people")',
    "twins": COACHES + MADE + 'api.add_resource(Coaches, "/coaches", "/coaches/")',
    "most_arguments_first": COACHES + MADE + 'api.add_resource(Coach, "/coach/<int:id>", "/gyms/<g>/coach/<int:id>")',
    "resource_decorator": MADE
    + """
@api.resource("/coaches", "/trainers", endpoint="all_coaches")
class Coaches(Resource):
    def get(self): return []
""",
    "prefix_of_api": COACHES
    + 'app = Flask(__name__)\napi = Api(app, prefix="/api/v1")\napi.add_resource(Coaches, "/coaches")',
    "chained": COACHES + 'app = Flask(__name__)\nApi(app).add_resource(Coaches, "/coaches")',
    "init_app_later": COACHES
    + 'app = Flask(__name__)\napi = Api(prefix="/v2")\napi.add_resource(Coaches, "/coaches")\napi.init_app(app)',
    "methods_of_add_resource": COACHES
    + MADE
    + 'api.add_resource(Coach, "/coaches/<int:id>", methods=["GET", "DELETE"])',
    "plain_routes": """
app = Flask(__name__)

@app.route("/")
def index(): return "hello"

@app.route("/login", methods=["GET", "POST"])
def login(): return {}

@app.get("/a")
def a(): return {}

@app.post("/a")
def b(): return {}

@app.delete("/a/<path:rest>", endpoint="removal")
def c(rest): return "", 204

@app.route("/pages", defaults={"page": 1})
@app.route("/pages/<int:page>")
def pages(page): return {}
""",
    "head_and_options": """
app = Flask(__name__)

@app.route("/options", methods=["OPTIONS"])
def options(): return {}

@app.route("/head", methods=["HEAD"])
def head(): return ""

@app.route("/both", methods=["GET", "HEAD", "OPTIONS"])
def both(): return ""

@app.route("/silent", provide_automatic_options=False)
def silent(): return ""
"""
    + """
class Odd(Resource):
    def head(self): return ""
    def options(self): return ""
    def get(self): return ""

Api(app).add_resource(Odd, "/odd")
""",
    "add_url_rule": """
app = Flask(__name__)

def home(): return "home"

app.add_url_rule("/", "start", home)
app.add_url_rule("/home", view_func=home, methods=["POST"])
app.add_url_rule("/hidden", "hidden", home, build_only=True)
""",
    "method_view": """
app = Flask(__name__)

class Plans(MethodView):
    def get(self, id): return {}
    def put(self, id): return {}

class Page(View):
    methods = ["GET", "POST"]
    def dispatch_request(self): return ""

class Bare(View):
    def dispatch_request(self): return ""

app.add_url_rule("/plans/<int:id>", view_func=Plans.as_view("plans"))
app.add_url_rule("/page", view_func=Page.as_view("page"))
app.add_url_rule("/bare", view_func=Bare.as_view("bare"))
app.add_url_rule("/plans", view_func=Plans.as_view("read_only"), methods=["GET"], defaults={"id": 1})
""",
    "inherited_methods": MADE
    + """
class Base(Resource):
    def get(self): return {}
    def _helper(self): return {}

class Mixin:
    def delete(self): return "", 204

class Things(Mixin, Base):
    post = Base.get

class Only(Things):
    methods = ["GET"]

api.add_resource(Things, "/things")
api.add_resource(Only, "/only")
""",
    "loop_over_pairs": COACHES
    + MADE
    + """
ROUTES = [(Coaches, "/coaches"), (Coach, "/coaches/<int:id>")]
for resource, url in ROUTES:
    api.add_resource(resource, url)
""",
    "loop_over_a_dict": COACHES
    + MADE
    + """
for name, (resource, *urls) in {"all": (Coaches, "/coaches", "/trainers"), "one": (Coach, "/coaches/<int:id>")}.items():
    api.add_resource(resource, *urls, endpoint=f"coach_{name}")
""",
    "urls_of_classes": MADE
    + """
class Coaches(Resource):
    urls = ["/coaches", "/trainers"]
    def get(self): return []

class Login(Resource):
    url = "/login"
    def post(self): return {}

for one in (Coaches,):
    api.add_resource(one, *one.urls)
api.add_resource(Login, Login.url)
""",
    "constants": COACHES
    + MADE
    + """
VERSION = 2
BASE = f"/api/v{VERSION}"
PATTERN = "{}/coaches"
def url(path): return "/".join([BASE.rstrip("/"), path.strip("/")])

api.add_resource(Coaches, PATTERN.format(BASE))
api.add_resource(Coach, url("/coaches/<int:id>"))

@app.route(BASE + "/status")
def status(): return {}

@app.route("%s/health" % BASE)
def health(): return {}
""",
    "blueprint": """
bp = Blueprint("coaches", __name__, url_prefix="/coaches")

@bp.route("/")
def index(): return []

@bp.route("/<int:id>", methods=["DELETE"])
def one(id): return "", 204

@bp.post("")
def bare(): return []

app = Flask(__name__)
app.register_blueprint(bp)
""",
    "prefix_given_when_registered": """
bp = Blueprint("coaches", __name__, url_prefix="/old")

@bp.get("/all")
def index(): return []

app = Flask(__name__)
app.register_blueprint(bp, url_prefix="/new/")
app.register_blueprint(bp, url_prefix="/again", name="again")
""",
    "nested_blueprints": """
outer = Blueprint("outer", __name__, url_prefix="/outer")
inner = Blueprint("inner", __name__, url_prefix="/inner")
plain = Blueprint("plain", __name__)

@inner.route("/a")
def a(): return []

@plain.route("/b")
def b(): return []

outer.register_blueprint(inner)
outer.register_blueprint(plain)
app = Flask(__name__)
app.register_blueprint(outer, url_prefix="/api")
""",
    "api_on_a_blueprint": COACHES
    + """
bp = Blueprint("api", __name__, url_prefix="/api")
api = Api(bp, prefix="/v1")
api.add_resource(Coaches, "/coaches")

@bp.route("/plain")
def plain(): return {}

app = Flask(__name__)
app.register_blueprint(bp)
api.add_resource(Coach, "/coaches/<int:id>")
""",
    "api_given_a_blueprint_later": COACHES
    + """
bp = Blueprint("api", __name__)
api = Api(prefix="/v1")
api.add_resource(Coaches, "/coaches")
api.init_app(bp)
app = Flask(__name__)
app.register_blueprint(bp, url_prefix="/api")
""",
    "wrapped_functions": """
from functools import wraps

def login_required(f):
    @wraps(f)
    def inner(*args, **kwargs):
        return f(*args, **kwargs)
    return inner

def tagged(*tags):
    def decorator(f):
        f.tags = tags
        return f
    return decorator

app = Flask(__name__)

@app.route("/private", methods=["DELETE"])
@login_required
@tagged("a")
def private(): return "", 204

class Secret(MethodView):
    decorators = [login_required]
    def get(self): return {}

app.add_url_rule("/secret", view_func=login_required(Secret.as_view("secret")))
""",
    "own_decorator_registers": """
app = Flask(__name__)

def api_route(path, **options):
    def decorator(f):
        return app.route(f"/api{path}", **options)(f)
    return decorator

@api_route("/coaches", methods=["POST"])
def coaches(): return {}
""",
    "subclasses_of_flask": COACHES
    + """
class Shop(Flask):
    pass

class ShopApi(Api):
    def __init__(self, app, version):
        super().__init__(app, prefix=f"/v{version}")

    def add(self, resource):
        self.add_resource(resource, f"/{resource.__name__.lower()}")

app = Shop(__name__)
api = ShopApi(app, 3)
api.add(Coaches)
""",
    "environment": COACHES
    + """
import os
PREFIX = os.environ.get("NO_SUCH_VARIABLE_HERE", "/api")
app = Flask(__name__)
api = Api(app, prefix=PREFIX)
api.add_resource(Coaches, "/coaches")
if __name__ == "__main__":
    api.add_resource(Coach, "/never/<int:id>")
    app.run()
""",
    "try_and_conditions": COACHES
    + MADE
    + """
import sys
from typing import TYPE_CHECKING
WITH_PLANS = False
try:
    from json import loads
except ImportError:
    loads = None
if TYPE_CHECKING:
    from nowhere import Coaches

if WITH_PLANS or not Coaches:
    api.add_resource(Coach, "/coach/<int:id>")
elif "coaches" in ["plans"]:
    pass
else:
    api.add_resource(Coaches, "/coaches")
with app.app_context():
    api.add_resource(Coach, "/coaches/<int:id>")
""",
    "other_hooks": """
app = Flask(__name__, static_url_path="/files")

@app.before_request
def before(): pass

@app.errorhandler(404)
def missing(error): return {}, 404

@app.cli.command("seed")
def seed(): pass

@app.route("/x")
def x(): return {}

@app.after_request
def after(response): return response
""",
    "registered_twice": """
app = Flask(__name__)
def coaches(): return []
app.add_url_rule("/coaches", view_func=coaches)
app.add_url_rule("/coaches", view_func=coaches)
""",
    "config": COACHES
    + """
class Base:
    API_PREFIX = "/api"
    debug = True

class Settings(Base):
    BP_PREFIX = "/bp"

app = Flask(__name__)
app.config.from_object(Settings)
app.config["VERSION"] = "v1"
app.config.update(PLANS="/plans")
api = Api(app, prefix=app.config["API_PREFIX"] + "/" + app.config["VERSION"])
api.add_resource(Coaches, "/coaches")
bp = Blueprint("bp", __name__, url_prefix=app.config.get("BP_PREFIX"))
bp.add_url_rule(app.config.get("PLANS", "/other"), "plans", print)
app.register_blueprint(bp)
""",
    "tables_of_routes": COACHES
    + MADE
    + """
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

class Paths(Enum):
    ALL = "/coaches"

@dataclass
class Row:
    resource: type
    url: str
    endpoint: str = "x"

class Pair(NamedTuple):
    resource: type
    url: str

for row in [Row(Coaches, Paths.ALL.value, endpoint="all")]:
    api.add_resource(row.resource, row.url, endpoint=row.endpoint)
for pair in [Pair(Coach, url="/coaches/<int:id>")]:
    api.add_resource(pair.resource, pair.url)
""",
    "answers": """
app = Flask(__name__)
from flask import abort, Response

class Things(Resource):
    def delete(self, id):
        thing = None
        if not thing:
            return {"error": "none"}, 404
        return make_response({}, 204)
    def patch(self, id):
        if id > 3:
            abort(400)
        response = make_response("", 204)
        return response
    def put(self, id):
        if id:
            return {}, 204
        return {"id": id}, 200
    def post(self, id):
        return Response(status=204)
    def get(self, id):
        if id:
            return "", 204

Api(app).add_resource(Things, "/things/<int:id>")

@app.delete("/session")
def leave(): return ("", 204)
""",
}

FACTORY = (
    COACHES
    + """
def register(api):
    api.add_resource(Coaches, "/coaches")

def create_app(config=None):
    app = Flask(__name__)
    app.config.update(config or {})
    api = Api(app)
    register(api)

    @app.route("/stats")
    def stats(): return {}

    return app
"""
)
SEVERAL = {
    "app_imports_config": {
        "config.py": source(MADE),
        "models.py": "from config import app\nclass Coach: pass\n",
        "app.py": source("from config import app, api\nfrom models import Coach as Row\n" + COACHES)
        + 'api.add_resource(Coaches, "/coaches")\nif __name__ == "__main__":\n    app.run()\n',
    },
    "routes_import_each_other": {
        "app.py": source(MADE) + "import coaches, plans\n",
        "coaches.py": source(COACHES) + 'from app import api\napi.add_resource(Coaches, "/coaches")\n',
        "plans.py": source("from app import app\n") + '@app.route("/plans")\ndef plans(): return []\n',
    },
    "package_with_star": {
        "resources/__init__.py": "from .coaches import *\nfrom .base import *\n",
        "resources/base.py": source("class Base(Resource):\n    def get(self): return []\n"),
        "resources/coaches.py": source("from .base import Base\nclass Coaches(Base):\n    def post(self): return {}\n"),
        "app.py": source("from resources import *\n" + MADE) + 'api.add_resource(Coaches, "/coaches")\n',
    },
    "dotted_imports": {
        "shop/__init__.py": "",
        "shop/api/__init__.py": "",
        "shop/api/coaches.py": source(COACHES),
        "shop/views.py": source("bp = Blueprint('views', __name__)\n@bp.route('/x')\ndef x(): return {}\n"),
        "app.py": source("import shop.api.coaches\nimport shop.views as views\n" + MADE)
        + 'api.add_resource(shop.api.coaches.Coaches, "/coaches")\napp.register_blueprint(views.bp, url_prefix="/v")\n',
    },
    "a_module_takes_the_place_of_a_name": {
        "shop/__init__.py": source("app = Flask(__name__)\napi = Api(app, prefix='/api')\nimport shop.views\n"),
        "shop/api/__init__.py": "",
        "shop/api/coaches.py": source(COACHES),
        "shop/views.py": "from shop import app, api\nimport shop.api.coaches\n"
        + 'api.add_resource(shop.api.coaches.Coaches, "/coaches")\n',
        "app.py": "from shop import app\n",
    },
    "modules_by_name": {
        "parts/__init__.py": "",
        "parts/a.py": source("bp = Blueprint('a', __name__)\n@bp.route('/a')\ndef a(): return {}\n"),
        "parts/b.py": source("bp = Blueprint('b', __name__)\n@bp.route('/b')\ndef b(): return {}\n"),
        "app.py": source("import importlib\napp = Flask(__name__)\n")
        + 'for name in ("a", "b"):\n    app.register_blueprint(importlib.import_module(f"parts.{name}").bp)\n',
    },
    "extensions": {
        "extensions.py": source("api = Api(prefix='/api')\n"),
        "routes.py": source("from extensions import api\n" + COACHES) + 'api.add_resource(Coaches, "/coaches")\n',
        "app.py": source("from extensions import api\nimport routes\napp = Flask(__name__)\napi.init_app(app)\n"),
    },
}


def same(files: Files, folder: Path, attribute: str = "app") -> None:
    """Compare both maps, and see that the source left nothing open."""
    reading = read(files)
    assert reading.event_map.to_json() == booted(files, folder, attribute=attribute).to_json()
    assert [str(one) for one in reading.findings] == []


@pytest.mark.parametrize("name", ONE_FILE)
def test_app_of_one_file(name: str, tmp_path: Path) -> None:
    """One file, one way of registering."""
    same({"app.py": source(ONE_FILE[name])}, tmp_path)


@pytest.mark.parametrize("name", SEVERAL)
def test_app_of_several_files(name: str, tmp_path: Path) -> None:
    """Imports are followed in Python's order."""
    same(SEVERAL[name], tmp_path)


def test_names_that_the_app_chooses(tmp_path: Path) -> None:
    """Its Bridge's names, those of native handlers and those of its config are the events' names."""
    text = source(
        COACHES
        + MADE
        + """
from bridge import Bridge
from flask_socketio import SocketIO

api.add_resource(Coaches, "/coaches")
api.add_resource(Coach, "/coaches/<int:id>")
app.config["BRIDGE_NAMES"] = {"GET /coaches": "all_coaches"}
bridge = Bridge(app, SocketIO(app), names={("POST", "/coaches"): "add_coach"})

@bridge.event("leave", replaces=("DELETE", "/coaches/<int:id>"))
def leave(data, id): return "", 204
"""
    )
    live = booted({"app.py": text}, tmp_path)
    assert read({"app.py": text}).event_map.to_json() == live.to_json()
    assert {"all_coaches", "add_coach", "leave"} <= {event.event for event in live}


WITH_BRIDGE = """
from bridge import Bridge
from flask_socketio import SocketIO

bridge = Bridge(app, SocketIO(app), api=api)
"""
REMOVED = {
    "a_method": COACHES
    + MADE
    + WITH_BRIDGE
    + """
api.add_resource(Coaches, "/coaches")
api.add_resource(Coach, "/coaches/<int:id>")

@bridge.event("replace_it", replaces=("PUT", "/coaches/<int:id>"), endpoint="coach", resource="Coach")
def replace_it(data, id): return "", 204
""",
    "whole_classes": MADE
    + WITH_BRIDGE
    + """
@app.route("/coaches/top")
def top(): return []

@bridge.event("leave", replaces=("delete", "/coaches/<int:id>"), endpoint="coach", resource="Coach")
def leave(id): return "", 204

@bridge.event("get_two", replaces=("GET", "/gyms/<g>/coaches/<int:id>"), endpoint="coach", resource="Coach")
@bridge.event("get_one", replaces=("GET", "/coaches/<int:id>"), endpoint="coach", resource="Coach")
def get_one(id, g=None): return {}

@bridge.event("see", replaces=("GET", "/see"), endpoint="see", resource=None)
def see(): return {}

bridge.event("patch", replaces=("PATCH", "/coaches/<int:id>"), endpoint="coach", resource="Coach")(lambda data, id: {})
""",
    "head_and_options": MADE
    + WITH_BRIDGE
    + """
class Odd(Resource):
    def get(self): return ""

api.add_resource(Odd, "/odd")

@bridge.event("head_it", replaces=("HEAD", "/odd"), endpoint="odd")
def head_it(): return ""

@bridge.event("ask", replaces=("OPTIONS", "/odd"), endpoint="odd")
@bridge.event("ask_other", replaces=("OPTIONS", "/other"), endpoint="other", resource="Other")
def ask(): return ""
""",
    "in_a_blueprint": """
app = Flask(__name__)
bp = Blueprint("v1", __name__, url_prefix="/v1")
api = Api(bp)
app.register_blueprint(bp)
"""
    + WITH_BRIDGE
    + """
@bridge.event("new_coach", replaces=("POST", "/v1/coaches"), endpoint="v1.coaches", resource="Coaches")
def new_coach(data): return {}, 201
""",
    "still_there": COACHES
    + MADE
    + WITH_BRIDGE
    + """
api.add_resource(Coaches, "/coaches")

@bridge.event("add_it", replaces=("POST", "/coaches"), endpoint="coaches", resource="Coaches")
def add_it(data): return "", 204
""",
}


@pytest.mark.parametrize("name", REMOVED)
def test_routes_that_only_events_have(name: str, tmp_path: Path) -> None:
    """A native handler that names its former endpoint keeps the route in the map."""
    same({"app.py": source(REMOVED[name])}, tmp_path)


def test_an_endpoint_that_cannot_be_read_is_told() -> None:
    """Where the endpoint is made by code that is not followed, the event is left out and named."""
    text = source(
        MADE
        + WITH_BRIDGE
        + """
import os

@bridge.event("new_coach", replaces=("POST", "/coaches"), endpoint=os.environ["WHERE"])
def new_coach(data): return {}
"""
    )
    reading = read({"app.py": text})
    assert len(reading.event_map) == 0
    assert [one.line for one in reading.findings] == [15]


def test_factory(tmp_path: Path) -> None:
    """A factory that nobody calls is called, as ``app:create_app`` is."""
    same({"app.py": source(FACTORY)}, tmp_path, "create_app")


def test_factory_called_elsewhere(tmp_path: Path) -> None:
    """One that is called in several files gives one app."""
    files = {"factory.py": source(FACTORY), "app.py": "from factory import create_app\napp = create_app()\n"}
    files["seed.py"] = "from factory import create_app\napp = create_app({})\n"
    same(files, tmp_path)


# ---- any app ------------------------------------------------------------------------------------

METHODS = ("get", "post", "patch", "put", "delete")
WORDS = st.sampled_from(["coaches", "coach", "plans", "login", "me", "day-plans"])
SEGMENT = WORDS | st.sampled_from(["<int:id>", "<name>"])


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Draw a rule whose parameters differ in name."""
    parts = [draw(WORDS), *draw(st.lists(SEGMENT, max_size=3))]
    known: set[str] = set()
    kept = [one for one in parts if not (one[0] == "<" and (one in known or known.add(one)))]
    return "/" + "/".join(kept) + draw(st.sampled_from(["", "", "/"]))


@st.composite
def apps(draw: st.DrawFn) -> str:
    """Draw an app that registers Resources and functions in all sorts of ways, names and rules never clashing."""
    lines = ["app = Flask(__name__)", f"api = Api(app, prefix={draw(st.sampled_from(['', '/api']))!r})"]
    prefix = draw(st.sampled_from([None, "/bp", "/bp/"]))
    lines += [f"bp = Blueprint('bp', __name__, url_prefix={prefix!r})", "late = Api(bp)" if draw(st.booleans()) else ""]
    for index in range(draw(st.integers(1, 6))):
        methods = draw(st.lists(st.sampled_from(METHODS), min_size=1, max_size=3, unique=True))
        urls = [f"/{index}{rule}" for rule in draw(st.lists(rules(), min_size=1, max_size=2, unique=True))]
        base = draw(st.sampled_from(["Resource", *(f"R{n}" for n in range(index))]))
        lines.append(f"class R{index}({base}):")
        lines += [f"    def {name}(self, **params): return {{}}" for name in methods]
        lines += draw(st.sampled_from(_WAYS))(index, urls, methods)
    return "\n".join([*lines, "app.register_blueprint(bp)"])


_WAYS = [
    lambda n, urls, methods: [f"api.add_resource(R{n}, *{urls!r})"],
    lambda n, urls, methods: [f"for url in {urls!r}:", f"    api.add_resource(R{n}, url, endpoint=f'e{n}-{{url}}')"],
    lambda n, urls, methods: [f"api.resource(*{urls!r})(R{n})"],
    lambda n, urls, methods: [
        f"app.add_url_rule({urls[0]!r}, view_func=R{n}.as_view('v{n}'), methods={[methods[0].upper()]!r})"
    ],
    lambda n, urls, methods: [f"bp.add_url_rule({url!r}, view_func=R{n}.as_view('b{n}'))" for url in urls[:1]],
    lambda n, urls, methods: [f"@bp.route({urls[0]!r}, methods={methods!r})", f"def f{n}(**params): return {{}}"],
    lambda n, urls, methods: [f"@app.{methods[0]}({urls[0]!r})", f"def g{n}(**params): return '', 204"],
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=apps())
def test_any_app(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever an app is put together from, both ways give the same map."""
    same({"app.py": source(text)}, tmp_path_factory.mktemp("any"))
