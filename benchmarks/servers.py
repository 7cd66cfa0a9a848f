"""One server process: ``python -m benchmarks.servers KIND MODE DATABASE``, started by ``benchmarks.contenders``.

It binds a free port of 127.0.0.1 and says so in a line of JSON. After that it answers each line on
stdin with its own CPU seconds, and it ends with stdin, so that no server outlives the benchmark.
"""

from __future__ import annotations

import _thread
import json
import logging
import os
import socket
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

# Kept before gevent patches it: the control channel must answer while greenlets are busy.
_start_native_thread = _thread.start_new_thread

HOST = "127.0.0.1"

_answers = sys.stdout


def serve_http(mode: str, port: int, database: str) -> None:
    """Run the Flask-RESTful app on the web server that ``socketio.run`` would choose."""
    from benchmarks.app import create_app

    app, _ = create_app(database)
    _run_wsgi(mode, port, app)


def serve_handler(mode: str, port: int, database: str) -> None:
    """Run hand-written event handlers on Flask-SocketIO with its default settings."""
    from flask_socketio import SocketIO

    from benchmarks.app import create_app, find_coach, find_coaches

    app, _ = create_app(database)
    socketio = SocketIO(app, async_mode=mode)

    @socketio.on("get_empties")
    def get_empties() -> dict[str, Any]:
        return {"ok": True, "status": 200, "data": {}, "errors": None}

    @socketio.on("get_coach")
    def get_coach(params: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "status": 200, "data": find_coach(params["id"]), "errors": None}

    @socketio.on("get_coaches")
    def get_coaches(params: dict[str, Any]) -> dict[str, Any]:
        return {"ok": True, "status": 200, "data": find_coaches(params["limit"]), "errors": None}

    socketio.run(app, host=HOST, port=port, allow_unsafe_werkzeug=True)


def serve_handler_whole(mode: str, port: int, database: str) -> None:
    """Run the same handlers on a WebSocket that sends long messages whole; see ``_whole_sends``."""
    import simple_websocket

    # Engine.IO looks the class up here for each connection.
    simple_websocket.Server = _whole_sends()
    serve_handler(mode, port, database)


def serve_bridge(mode: str, port: int, database: str) -> None:
    """Run the Flask-RESTful app with the bridge on it; the Resources are called as they are."""
    from flask_socketio import SocketIO

    from benchmarks.app import create_app, db
    from bridge import Bridge

    app, api = create_app(database)
    socketio = SocketIO(app, async_mode=mode)
    Bridge(app, socketio, db=db, api=api)
    socketio.run(app, host=HOST, port=port, allow_unsafe_werkzeug=True)


def serve_echo(mode: str, port: int, database: str) -> None:
    """Answer each message with a payload prepared beforehand: no Socket.IO, no Flask, no database."""
    from simple_websocket import ConnectionClosed

    from benchmarks.app import expected
    from benchmarks.contenders import PAYLOADS

    prepared = {
        name: json.dumps({"ok": True, "status": 200, "data": expected(name), "errors": None}) for name in PAYLOADS
    }

    server = _whole_sends()

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        websocket = server.accept(environ)
        websocket.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            while True:
                websocket.send(prepared[websocket.receive()])
        except ConnectionClosed:
            raise ConnectionError from None

    _run_wsgi(mode, port, app)


KINDS = {
    "http": serve_http,
    "handler": serve_handler,
    "handler-whole": serve_handler_whole,
    "bridge": serve_bridge,
    "echo": serve_echo,
}


def _whole_sends() -> Any:
    """Return simple-websocket's server with ``sendall``.

    Its own ``send`` drops what one ``socket.send`` does not take. Under gevent that is the end of many a
    long message, and the client reads "invalid UTF-8" or waits until its ping times out.
    """
    from simple_websocket import Server
    from wsproto.events import TextMessage

    class WholeSends(Server):  # type: ignore[misc]
        def send(self, data: str) -> None:
            self.sock.sendall(self.ws.send(TextMessage(data=str(data))))

    return WholeSends


def _run_wsgi(mode: str, port: int, app: Any) -> None:
    if mode == "gevent":
        from gevent.pywsgi import WSGIServer

        WSGIServer(_listener(port), app, log=None).serve_forever()
    else:
        from werkzeug.serving import run_simple

        run_simple(HOST, port, app, threaded=True)


def _listener(port: int) -> socket.socket:
    """Return a socket whose connections do without Nagle's algorithm.

    pywsgi sends head and body of a small answer apart; the client delays its ACK of the first, Nagle's
    algorithm holds the second back until then, and each call takes 40 ms, whatever the app does.
    """
    listener = socket.create_server((HOST, port), backlog=128)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _answer_commands() -> None:
    for _ in iter(sys.stdin.readline, ""):
        _say({"cpu": time.process_time()})
    os._exit(0)


def _say(message: dict[str, Any]) -> None:
    _answers.write(json.dumps(message) + "\n")
    _answers.flush()


def _keep_stdout() -> None:
    """Send what Flask prints to stderr, so that stdout carries answers only."""
    global _answers
    _answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def run_until_stdin_ends(mode: str, serve: Callable[[int], None]) -> None:
    """Run ``serve(port)`` in this process, which says its port, answers commands, and ends with its stdin."""
    _keep_stdout()
    if mode == "gevent":
        from gevent import monkey

        monkey.patch_all()
    # Werkzeug would write a line for each HTTP request, which only fetch would pay for.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    port = _free_port()
    _start_native_thread(_answer_commands, ())
    _say({"port": port})
    serve(port)


def main(kind: str, mode: str, database: str) -> None:
    """Run one server until stdin ends."""
    run_until_stdin_ends(mode, lambda port: KINDS[kind](mode, port, database))


if __name__ == "__main__":
    main(*sys.argv[1:])
