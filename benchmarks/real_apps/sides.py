"""The sides of the comparison: an app alone, and behind `fetch2socket serve`, by HTTP and by Socket.IO."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import requests
import socketio

from benchmarks.real_apps.calls import NOTHING, Call, Routes

_ROOT = Path(__file__).parents[2]
_PARAM = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")


@dataclass(frozen=True)
class App:
    """An app as the TOML file describes it."""

    name: str
    folder: Path
    source: str = "app:app"
    env: dict[str, str] = field(default_factory=dict)
    skip: list[str] = field(default_factory=list)
    login: list[dict[str, Any]] = field(default_factory=list)
    calls: list[dict[str, Any]] = field(default_factory=list)
    bearer: str = ""
    check: str = ""
    logout: str = ""
    mode: str = "threading"
    transport: str = "websocket"

    @classmethod
    def of(cls, row: dict[str, Any], base: Path) -> App:
        """Read one ``[[app]]``; folders are relative to the file."""
        return cls(**{**row, "folder": (base / row["folder"]).resolve()})

    @property
    def environ(self) -> dict[str, str]:
        """The environment of its processes; serialisers that iterate over sets need the same hash seed."""
        path = os.pathsep.join([str(_ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
        return {**os.environ, "PYTHONPATH": path, "PYTHONWARNINGS": "ignore", "PYTHONHASHSEED": "0", **self.env}

    def is_session(self, route: dict[str, Any]) -> bool:
        """True for the routes that log in and out, which are called in their own places."""
        return f"{route['method']} {route['rule']}" in {self.logout, *(row["call"] for row in self.login)}


def fetch2socket(*arguments: str) -> list[str]:
    """Return the command line that runs one of our commands, as this interpreter has it."""
    return [sys.executable, "-c", "from codemods.cli import main; main()", *arguments]


def event_map(app: App, source: str = "") -> list[dict[str, Any]]:
    """Return the rows of the app's event map; ``source`` is another SOURCE than the running app, such as its folder."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "events.json")
        command = fetch2socket("events", source or app.source, "--app-dir", str(app.folder), "-o", str(file))
        done = subprocess.run(command, capture_output=True, text=True, env=app.environ, cwd=app.folder, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr.strip().splitlines()[-1])
        rows: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))["events"]
    return rows


def copied(app: App, folder: Path) -> Path:
    """Return a fresh copy of the app's folder below ``folder``."""
    target = folder / app.folder.name
    shutil.copytree(app.folder, target, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    return target


class Server:
    """An app running in a fresh copy of its folder, by `flask run` or by `fetch2socket serve`."""

    def __init__(self, app: App, folder: Path, *, bridged: bool) -> None:
        self.folder = copied(app, folder)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = str(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{port}"
        flask = [sys.executable, "-m", "flask", "--app", app.source, "run", "--no-reload", "--port", port]
        self._command = fetch2socket("serve", app.source, "--port", port, "--mode", app.mode) if bridged else flask
        self._environ = app.environ
        self._log = folder / "log"

    def __enter__(self) -> Self:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command, cwd=self.folder, env=self._environ, stdout=log, stderr=log, stdin=subprocess.DEVNULL
            )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", int(self.url.rpartition(":")[2])), 1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return self
        self.__exit__()
        raise RuntimeError(self._log.read_text(errors="replace").strip()[-300:] or "did not start")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()


def path_of(call: Call) -> tuple[str, dict[str, Any]]:
    """Return (encoded path, query) of a call, made as a front end makes it."""
    query = dict(call.params)
    path = _PARAM.sub(lambda m: quote(str(query.pop(m.group(1))), safe=""), call.rule)
    return path, query


class HTTPSide:
    """Calls by HTTP, as `fetch` does."""

    def __init__(self, url: str, bearer: str = "", session: requests.Session | None = None) -> None:
        self._url = url
        self._bearer = bearer
        self._headers: dict[str, str] = {}
        self.session = session or requests.Session()

    def answer(self, call: Call) -> dict[str, Any]:
        """Return ``{status, ok, data, type}``; type is None for JSON."""
        path, query = path_of(call)
        body = {} if call.body is NOTHING else {"json": call.body}
        response = self.session.request(
            call.method, self._url + path, params=query, headers=self._headers, timeout=30, **body
        )
        answer = {"status": response.status_code, "ok": 200 <= response.status_code < 300, **body_of(response)}
        self._headers |= bearer(call, answer, self._bearer)
        return answer


def body_of(response: requests.Response) -> dict[str, Any]:
    """Return ``{data, type}`` of a response; type is None for JSON, "" for no body."""
    if not response.content:
        return {"data": None, "type": ""}
    try:
        return {"data": json.loads(response.content), "type": None}
    except ValueError:
        return {"data": response.content.decode("utf-8", "replace"), "type": response.headers.get("content-type", "")}


def bearer(call: Call, answer: dict[str, Any], key: str) -> dict[str, str]:
    """Return the Authorization header that a login's answer brings."""
    token = answer["data"].get(key) if key and call.kind == "login" and isinstance(answer["data"], dict) else None
    return {"Authorization": f"Bearer {token}"} if token else {}


class SocketSide:
    """Calls by Socket.IO events, as the wire convention has them."""

    def __init__(self, url: str, app: App, routes: Routes, client: socketio.Client | None = None) -> None:
        """``client`` is one that is connected already."""
        self._names = routes.names
        self._bearer = app.bearer
        self._headers: dict[str, str] = {}
        self.client = client or socketio.Client(reconnection=False)
        if client is None:
            self.client.connect(url, transports=[app.transport])

    def answer(self, call: Call) -> dict[str, Any]:
        """Return the ack in the form of an HTTP answer."""
        ack = self.client.call(self._names[call.method, call.rule], self.arguments(call), timeout=30)
        if ack.keys() - {"meta"} != {"ok", "status", "data", "errors"}:
            msg = f"not an ack: {ack}"
            raise RuntimeError(msg)
        kind = ack.get("meta", {}).get("type")
        answer = {"status": ack["status"], "ok": ack["ok"], "data": ack["data"], "type": kind}
        self._headers |= bearer(call, answer, self._bearer)
        return answer

    def arguments(self, call: Call) -> Any:
        """Return no argument, one, or (params, body), by the wire convention."""
        params = {**call.params, **({"$headers": self._headers} if self._headers else {})}
        if call.body is not NOTHING:
            return (params, call.body) if params or call.method == "DELETE" else call.body
        if call.method in ("GET", "DELETE"):
            return params or None
        return (params, None) if params else None

    def close(self) -> None:
        """Close the connection."""
        self.client.disconnect()


def shares_login(app: App, routes: Routes, url: str) -> dict[str, str]:
    """Log in on one side and look from the other, with one browser's cookies, both ways."""
    if not app.check or not app.login:
        return {}
    check = Call.of({"call": app.check}, "check")
    results = {}
    for name in ("http_to_socket", "socket_to_http"):
        session = requests.Session()
        client = socketio.Client(http_session=session, reconnection=False)
        tickets: list[int] = []
        client.on(
            "bridge:ticket",
            lambda ticket, s=session, t=tickets: t.append(s.post(f"{url}/socket.io/ticket", data=ticket).status_code),
        )
        # Polling first, since that is where this client takes the browser cookie from.
        client.connect(url, auth={"bridge": 1}, transports=list(dict.fromkeys(["polling", app.transport])))
        sides = [HTTPSide(url, session=session), SocketSide(url, app, routes, client)]
        first, second = sides if name == "http_to_socket" else sides[::-1]
        results[name] = _seen(app, check, first, second)
        if name == "socket_to_http":
            results[name] += f" ({len(tickets)} tickets: {sorted(set(tickets))})"
            results["burst"] = _burst(routes.names["GET", check.rule], client)
        client.disconnect()
    return results


def _seen(app: App, check: Call, first: Any, second: Any) -> str:
    before = second.answer(check)
    for row in app.login:
        first.answer(Call.of(row, "login"))
    mine, seen = first.answer(check), second.answer(check)
    if not mine["ok"] or mine == before:
        return f"no login: {mine['status']}"
    if seen != mine:
        return f"NOT SEEN: {seen['status']}"
    if app.logout:
        first.answer(Call.of({"call": app.logout}, "logout"))
        mine, seen = first.answer(check), second.answer(check)
        if mine != seen:
            return f"logout NOT SEEN: {seen['status']}, not {mine['status']}"
    return "seen, logout too" if app.logout else "seen"


def _burst(event: str, client: socketio.Client, count: int = 200) -> str:
    """Emit many events at once and count the acks that come within a minute."""
    acks: list[Any] = []
    started = time.monotonic()
    for _ in range(count):
        client.emit(event, callback=acks.append)
    while len(acks) < count and time.monotonic() < started + 60:
        time.sleep(0.01)
    return f"{len(acks)}/{count} in {time.monotonic() - started:.1f} s"
