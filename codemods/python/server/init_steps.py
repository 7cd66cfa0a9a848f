"""Says what is left to do by hand once an app has its bridge: install, start, and let the page's sockets through."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from codemods.python.server.init_reading import Reading, runs
from codemods.run import shown

_REQUIREMENTS = ("requirements.txt", "Pipfile", "pyproject.toml", "setup.py")
_DISTRIBUTION = "fetch2socket"


def next_steps(reading: Reading) -> tuple[str, ...]:
    """Return the steps, in order."""
    return (*_install(reading), _start(reading), *_production(reading), _page())


def _install(reading: Reading) -> Iterator[str]:
    found = [path for path in _around(reading) if path.name in _REQUIREMENTS]
    if any(_DISTRIBUTION in _text(path) for path in found):
        return
    if found:
        names = " and ".join(shown(path.as_posix()) for path in found)
        yield f"add {_DISTRIBUTION} to {names}, and install it"
    else:
        yield f"pip install {_DISTRIBUTION}"


def _start(reading: Reading) -> str:
    started = next((path for path, _ in runs(reading)), None)
    other = "`flask run` serves sockets too"
    if started is None:
        return f"start the app as before: {other}, if it is not told --without-threads"
    return f"start the app as before: python {shown(reading.where(started))} ({other})"


def _production(reading: Reading) -> Iterator[str]:
    for path in _around(reading):
        if path.name.startswith("Procfile") and "gunicorn" in _text(path):
            yield f"{shown(path.as_posix())}: gunicorn needs one worker with threads: gunicorn -w 1 --threads 100"


def _page() -> str:
    return (
        "the page must come from the app's own origin: let the dev proxy pass /socket.io on, WebSockets included "
        "(`fetch2socket client` says how), or list the page's origin in cors_allowed_origins"
    )


def _around(reading: Reading) -> Iterator[Path]:
    """Yield the files beside the app and in the two folders above it, within the project's git tree."""
    folder = Path(reading.where(reading.app.place.path)).absolute().parent
    for _ in range(3):
        yield from sorted(one for one in folder.iterdir() if one.is_file())
        if (folder / ".git").exists() or folder.parent == folder:
            return
        folder = folder.parent


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
