"""Serves the user's app and records what it is asked, until it is stopped: ``fetch2socket parity record``."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bridge.parity.tapes.recorder import Recorder
from bridge.parity.tapes.scrub import Scrubber
from bridge.parity.tapes.tape_file import TapeFile


@dataclass(frozen=True, slots=True)
class Recording:
    """What came of it: the number of calls on the tape, and how many are not, by reason."""

    path: Path
    calls: int
    passed_over: Mapping[str, int]


def record(
    source: str,
    path: Path | str,
    *,
    app_dir: str = ".",
    host: str = "127.0.0.1",
    port: int = 5555,
    origins: Collection[str] = (),
    mode: str = "threading",
    allow: Collection[str] = (),
    also: Collection[str] = (),
    started: Callable[[int], object] = lambda events: None,
) -> Recording:
    """Serve ``module:app`` as ``fetch2socket serve`` does, and record its HTTP calls into a tape until Ctrl-C.

    ``allow`` and ``also`` are names whose values are no credentials, or are; ``started(number_of_events)`` is called
    before the first call can come. Raises BridgeError for a port that is taken, an app that is not found, a file that
    is no tape.
    """
    from bridge.serving import check_port, load, run

    check_port(host, port)
    app, socketio, event_map = load(source, app_dir, mode, origins)
    tape = TapeFile(path)
    recorder = Recorder(app.wsgi_app, event_map, tape, Scrubber(allow, also))
    _wrap(app, recorder)
    try:
        started(len(event_map))
        run(app, socketio, host, port)
    except KeyboardInterrupt:
        logging.getLogger("bridge").debug("stopped")
    finally:
        tape.close()
    return Recording(Path(path), recorder.recorded, Counter(recorder.passed_over))


def _wrap(app: Any, recorder: Recorder) -> None:
    app.wsgi_app = recorder
