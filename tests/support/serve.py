"""``python -m tests.support.serve module:make_app threading|gevent [port]``: serves it and prints its port."""

from __future__ import annotations

import sys

if __name__ == "__main__" and sys.argv[2] == "gevent":
    from gevent import monkey

    monkey.patch_all()

import importlib
from typing import Any


def main(source: str, mode: str, port: str = "0") -> None:
    """Serve on a port of 127.0.0.1 (0: a free one), with the server that ``socketio.run`` takes for this mode."""
    module, _, name = source.partition(":")
    app = getattr(importlib.import_module(module), name)(mode)
    server: Any
    if mode == "gevent":
        from gevent.pywsgi import WSGIServer

        server = WSGIServer(("127.0.0.1", int(port)), app, log=None)
        server.start()
    else:
        from tests.support.serving import threaded_server

        server = threaded_server(app, int(port))
    sys.stdout.write(f"{server.server_port}\n")
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
