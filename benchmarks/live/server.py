"""One server process: ``python -m benchmarks.live.server KIND MODE DATABASE ROWS``; it ends with its stdin."""

from __future__ import annotations

import sys

from benchmarks.servers import HOST, run_until_stdin_ends


def _serve(port: int) -> None:
    from benchmarks.live.app import create_app

    kind, mode, database, rows = sys.argv[1:]
    app, socketio = create_app(kind, mode, database, int(rows))
    socketio.run(app, host=HOST, port=port, allow_unsafe_werkzeug=True)


if __name__ == "__main__":
    run_until_stdin_ends(sys.argv[2], _serve)
