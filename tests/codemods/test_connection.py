"""Where the client module connects, and what is left to do so that its sockets reach the server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bridge.events import Event, EventMap
from codemods.connection import connect
from codemods.front_end import Settings
from codemods.javascript.location import Server
from codemods.javascript.proxy import Proxy
from codemods.run import Run
from codemods.runner import run

MAP = EventMap((Event("get_coaches", "GET", "/coaches"), Event("get_plans", "GET", "/plans")))
ABSOLUTE = 'fetch("http://localhost:5555/coaches").then(r => r.json()).then(show);\n'
ROOTED = 'fetch("/coaches").then(r => r.json()).then(show);\n'
VITE = 'export default { server: { port: 4000, proxy: { "/coaches": "http://localhost:5555" } } };\n'
SETUP = """const { createProxyMiddleware } = require("http-proxy-middleware");
module.exports = app => app.use(createProxyMiddleware("/coaches", { target: "http://localhost:5555" }));
"""


def migrated(root: Path, files: dict[str, str], **package: object) -> tuple[Run, str]:
    """Return the run over a front end, and the client module that it adds."""
    for name, text in {"package.json": json.dumps({"name": "front", **package}), **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    outcome = run([root], Settings(MAP))
    added = [one.after.decode() for one in outcome.added if one.path.endswith("socket.js")]
    return outcome, added[0] if added else ""


def test_calls_to_the_page_s_own_origin_need_no_address(tmp_path: Path) -> None:
    """`io()` connects there."""
    outcome, client = migrated(tmp_path, {"src/a.js": ROOTED})
    assert "io({\n" in client
    serve = "start the server with the bridge: fetch2socket serve MODULE:APP"
    assert outcome.steps == (f"npm install (in {tmp_path})", serve)


def test_every_front_end_is_to_be_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a repository with two, each is named; in the front end's own folder there is nothing to name."""
    for name in ("admin", "shop"):
        migrated(tmp_path / name, {"src/a.js": ROOTED})
    monkeypatch.chdir(tmp_path)
    assert [step for step in run([Path()], Settings(MAP)).steps if "install" in step] == [
        "npm install (in admin)",
        "npm install (in shop)",
    ]
    monkeypatch.chdir(tmp_path / "shop")
    assert run([Path()], Settings(MAP)).steps[0] == "npm install"


def test_a_page_without_a_bundler_is_told_what_imports_need(tmp_path: Path) -> None:
    """A plain script cannot import, and no browser knows socket.io-client by its name."""
    (tmp_path / "a.js").write_text(f'import {{ show }} from "./show.js";\n{ROOTED}')
    steps = run([tmp_path], Settings(MAP)).steps
    assert steps[0].startswith("no package.json: ")
    assert 'type="module"' in steps[0]
    assert "importmap" in steps[0]


def test_absolute_calls_take_the_connection_with_them(tmp_path: Path) -> None:
    """They went past the proxy, so the socket does; the server must be told to accept the page."""
    outcome, client = migrated(tmp_path, {"src/a.js": ABSOLUTE}, proxy="http://localhost:5555")
    assert 'io("http://localhost:5555", {\n  transports: ["websocket", "polling"],' in client
    assert outcome.steps[1:] == (
        "start the server with the bridge, and let it take sockets from the page's origin: "
        "fetch2socket serve MODULE:APP --port 5555 --origin http://localhost:3000 "
        '(in code: SocketIO(app, cors_allowed_origins=["http://localhost:3000"]))',
    )


@pytest.mark.parametrize(
    ("base", "url"),
    [
        (
            'import.meta.env.VITE_API || "http://localhost:5555/api"',
            'new URL(import.meta.env.VITE_API || "http://localhost:5555/api", location.href).origin',
        ),
        ("process.env.REACT_APP_API", "new URL(process.env.REACT_APP_API, location.href).origin"),
    ],
)
def test_a_variable_that_gave_the_address_goes_on_giving_it(tmp_path: Path, base: str, url: str) -> None:
    """Another value in production goes for the socket too, with a path or without."""
    files = {"src/api.js": f"export const API = {base};\n", ".env": "REACT_APP_API=http://localhost:5555\n"}
    call = "import { API } from './api';\nfetch(`${API}/coaches`).then(r => r.json()).then(show);\n"
    path = {"src/a.js": call if "/api" not in base else call.replace("/coaches", "/plans")}
    rules = EventMap((Event("get_coaches", "GET", "/coaches"), Event("get_plans", "GET", "/api/plans")))
    for name, text in {"package.json": "{}", **files, **path}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    added = {Path(one.path).name: one.after.decode() for one in run([tmp_path], Settings(rules)).added}
    assert f"io({url}, {{" in added["socket.js"]


def test_polling_comes_first_behind_the_proxy_of_package_json(tmp_path: Path) -> None:
    """create-react-app's proxy leaves a WebSocket without an Accept header, as of Chrome, waiting for ever."""
    outcome, client = migrated(tmp_path, {"src/a.js": ROOTED}, proxy="http://localhost:5555/")
    assert 'transports: ["polling", "websocket"]' in client
    assert outcome.steps[1:] == ("start the server with the bridge: fetch2socket serve MODULE:APP --port 5555",)


def test_a_dev_proxy_with_rules_needs_one_for_the_socket(tmp_path: Path) -> None:
    """The step names the file, and the line for the version of the middleware that is there."""
    entry = 'target: "http://localhost:5555", ws: true }'
    outcome, client = migrated(tmp_path / "vite", {"src/a.js": ROOTED, "vite.config.js": VITE})
    assert outcome.steps[-1] == f'vite.config.js: add "/socket.io": {{ {entry} to server.proxy'
    assert 'transports: ["websocket", "polling"]' in client
    files = {"src/a.js": ROOTED, "src/setupProxy.js": SETUP}
    old, _ = migrated(tmp_path / "old", files, dependencies={"http-proxy-middleware": "^2.0.6"})
    new, _ = migrated(tmp_path / "new", files, dependencies={"http-proxy-middleware": "^3.0.0"})
    assert old.steps[-1] == f'src/setupProxy.js: add app.use(createProxyMiddleware("/socket.io", {{ {entry}));'
    assert (
        new.steps[-1] == f'src/setupProxy.js: add app.use(createProxyMiddleware({{ pathFilter: "/socket.io", {entry}));'
    )


def test_a_dev_proxy_that_knows_the_socket_needs_nothing(tmp_path: Path) -> None:
    """It was there before."""
    ready = VITE.replace("proxy: {", 'proxy: { "/socket.io": { target: "http://localhost:5555", ws: true },')
    outcome, _ = migrated(tmp_path, {"src/a.js": ROOTED, "vite.config.js": ready})
    assert not any("server.proxy" in step for step in outcome.steps)


def test_the_page_s_port_is_read_from_the_dev_server_s_settings(tmp_path: Path) -> None:
    """Of Vite's config, else of the start script, else its default."""
    outcome, _ = migrated(tmp_path / "vite", {"src/a.js": ABSOLUTE, "vite.config.js": VITE})
    assert "--origin http://localhost:4000 " in outcome.steps[1]
    outcome, _ = migrated(tmp_path / "cra", {"src/a.js": ABSOLUTE}, scripts={"start": "PORT=4001 react-scripts start"})
    assert "--origin http://localhost:4001 " in outcome.steps[1]


def test_calls_to_two_servers_are_told() -> None:
    """The connection goes one way; localhost and 127.0.0.1 with one port are one server."""
    server = Server(frozenset({"one.example", "two.example"}), (Proxy("/", "localhost:5555", file="package.json"),))
    two = ["https://one.example/coaches", "https://one.example/plans", "https://two.example/plans"]
    assert connect(two, server).origin == "https://one.example"
    assert connect(two, server).elsewhere == ("two.example",)
    assert connect(["/coaches", "http://127.0.0.1:5555/plans"], server).origin == ""
    assert connect(["/coaches", "http://127.0.0.1:5555/plans"], server).elsewhere == ()
    assert connect(["/coaches", "http://127.0.0.1:5000/plans"], server).elsewhere == ("127.0.0.1:5000",)
    assert connect(["http://localhost:3000/coaches"], server).origin == ""


def test_two_servers_are_a_step(tmp_path: Path) -> None:
    """Nobody should find out by an event that is not there."""
    files = {"src/a.js": ROOTED + ABSOLUTE.replace("5555", "5000")}
    outcome, client = migrated(tmp_path, files, proxy="http://localhost:5555")
    assert "io({\n" in client
    assert outcome.steps[-1] == (
        "calls to localhost:5000 became events too, which go to the page's own origin, through the dev proxy: "
        "see that it is the same server"
    )


def test_a_client_module_that_connects_elsewhere_is_told(tmp_path: Path) -> None:
    """It is the user's, so it stays as it is."""
    client = "// put here by `fetch2socket client`\nexport const socket = io();\nexport const json = r => r.data;\n"
    outcome, added = migrated(tmp_path, {"src/a.js": ABSOLUTE, "src/socket.js": client, "src/socket.d.ts": ""})
    assert added == ""
    assert outcome.steps[-1].endswith("socket.js: the calls went to http://localhost:5555, so let it connect there")
