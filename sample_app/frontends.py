"""Built front ends and the app behind them on one port, as a dev server with a proxy has them.

Old and new front end of the same app can so be opened side by side: ``/legacy/`` and ``/``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header
from werkzeug.security import safe_join
from werkzeug.utils import send_file
from werkzeug.wrappers import Response
from werkzeug.wsgi import get_path_info

_A_YEAR = 365 * 24 * 3600
# Never a page, whatever the browser says that it accepts.
_NEVER_PAGES = "/socket.io"


class Frontends:
    """WSGI middleware that serves each mount's files and pages and hands all else to the app.

    ``mounts`` maps a prefix to a folder with a built front end: ``{"/legacy": ..., "/": ...}``. Under a
    mount a file that exists is served; a navigation (GET or HEAD that asks for text/html by name) gets the
    mount's index.html, whatever its path; the rest goes to the app with the prefix taken off, as a proxy
    would do it. So ``fetch("3")`` on the page ``/legacy/exercise_moves/3`` reaches ``/exercise_moves/3``.
    """

    def __init__(self, wsgi_app: Any, mounts: Mapping[str, Path]) -> None:
        self.wsgi_app = wsgi_app
        # The longest prefix first, so that "/" comes last.
        self.mounts = sorted(
            ((prefix.rstrip("/"), Path(root)) for prefix, root in mounts.items()),
            key=lambda mount: -len(mount[0]),
        )

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = get_path_info(environ)
        for prefix, root in self.mounts:
            if path == prefix or path.startswith(f"{prefix}/"):
                return self._under(prefix, root, path[len(prefix) :], environ)(environ, start_response)
        return self.wsgi_app(environ, start_response)

    def _under(self, prefix: str, root: Path, path: str, environ: dict[str, Any]) -> Any:
        """Return the WSGI app that answers a request under a mount."""
        if environ["REQUEST_METHOD"] in ("GET", "HEAD") and not path.startswith(_NEVER_PAGES):
            file = _file_at(root, path)
            if file is None and _is_navigation(environ):
                file = _file_at(root, "index.html")
            if file is not None:
                return _send(file, root, environ)
        return self._stripped(prefix) if prefix else self.wsgi_app

    def _stripped(self, prefix: str) -> Any:
        """Return the app, called as if the prefix had never been there."""

        def call(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            # A slash is one byte in any encoding, so the raw path may be cut by characters.
            rest = environ["PATH_INFO"][len(prefix) :] or "/"
            return self.wsgi_app({**environ, "PATH_INFO": rest}, start_response)

        return call


def _file_at(root: Path, path: str) -> Path | None:
    joined = safe_join(str(root), path.lstrip("/"))
    file = Path(joined) if joined else None
    return file if file is not None and file.is_file() else None


def _is_navigation(environ: dict[str, Any]) -> bool:
    """Tell whether a browser is opening a page; fetch says ``*/*``, which is not enough."""
    accept = parse_accept_header(environ.get("HTTP_ACCEPT"), MIMEAccept)
    return any(mimetype == "text/html" and quality > 0 for mimetype, quality in accept)


def _send(file: Path, root: Path, environ: dict[str, Any]) -> Response:
    response = send_file(file, environ, conditional=True)
    if file.parent == root / "assets":
        # The bundler puts a hash of the content into these names.
        response.cache_control.public = True
        response.cache_control.max_age = _A_YEAR
        response.cache_control.immutable = True
    else:
        response.cache_control.no_cache = True
    # One path may be a page or JSON, depending on who asks.
    response.vary.add("Accept")
    return response
