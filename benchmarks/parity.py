"""Measures parity on one core, over the sample with native handlers: `python -m benchmarks.parity --markdown FILE`.

A three-way comparison is a step over HTTP, by the bridge and by the native handler, each on its own database, with
rows, session and SQL compared. Beside it, in turns, the sample's GET of all coaches by Werkzeug's test client, as a
measure of the machine.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.real_apps.sides import fetch2socket
from bridge.parity.laboratory import Laboratory
from bridge.parity.options import Options, passwords_of
from bridge.parity.run import Run
from bridge.parity.versions import versions
from sample_app.server.seed import PASSWORD

_TARGET = 150.0
_ROOT = Path(__file__).parents[1]
_PLAIN = """
import os, time
from werkzeug.test import Client
from sample_app.server.app import create_app
client = Client(create_app())
for _ in range(100): client.get("/coaches").get_data()
start = time.process_time()
for _ in range(500): client.get("/coaches").get_data()
print(500 / (time.process_time() - start))
"""


def main() -> int:
    """Measure some rounds; return 1 where the target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.parity", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--markdown", type=Path)
    options = parser.parse_args()
    core = min(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})  # the processes of a run inherit it
    with tempfile.TemporaryDirectory() as folder:
        environ = _sample(Path(folder))
        seeds = range(options.rounds)
        rounds = [(_compared(Path(folder), environ, options.seconds, seed), _plain(environ)) for seed in seeds]
    page = _page(rounds, options.seconds)
    sys.stdout.write(page)
    if options.markdown:
        options.markdown.write_text(page, encoding="utf-8")
    return int(statistics.median(rate for rate, _ in rounds) < _TARGET)


def _sample(folder: Path) -> dict[str, str]:
    """Make the sample with native handlers in a folder, by the two commands; return its environment."""
    shutil.copytree(_ROOT / "sample_app" / "server", folder / "sample_app" / "server")
    shutil.copy(_ROOT / "sample_app" / "__init__.py", folder / "sample_app")
    environ = {**os.environ, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'studio.db'}"}
    inside = {**environ, "PYTHONPATH": f"{folder}:{_ROOT}"}
    for command in (
        [sys.executable, "-m", "sample_app.server.seed"],
        fetch2socket("server", "--init", "sample_app/server/app.py", "--write", "--quiet"),
        fetch2socket("server", "sample_app", "--write", "--quiet"),
    ):
        subprocess.run(command, cwd=folder, env=inside, check=True, capture_output=True)
    return environ


def _compared(folder: Path, environ: dict[str, str], seconds: float, seed: int) -> float:
    """Return three-way comparisons a second, from the first one on."""
    logins = tuple(f'POST /login {{"username": "{name}", "password": "{PASSWORD}"}}' for name in ("maya", "tomasz"))
    told = Options(
        "sample_app.server.app:create_app", str(folder), budget=seconds, seed=seed, logins=logins, environ=environ
    )
    began: list[float] = []

    def progress(phase: str, _share: float, _comparisons: int) -> None:
        if phase == "first calls" and not began:
            began.append(time.monotonic())

    with tempfile.TemporaryDirectory() as laboratory_folder:
        laboratory = Laboratory(told, Path(laboratory_folder), passwords_of(told))
        try:
            result = Run(laboratory, progress).result()
        finally:
            laboratory.stop()
    assert result.ok
    return result.steps / (time.monotonic() - began[0])


def _plain(environ: dict[str, str]) -> float:
    """Return GETs of all coaches a second of CPU, in a process of their own."""
    command = [sys.executable, "-c", _PLAIN]
    return float(subprocess.run(command, env=environ, cwd=_ROOT, check=True, capture_output=True, text=True).stdout)


def _page(rounds: list[tuple[float, float]], seconds: float) -> str:
    rates, plain = [rate for rate, _ in rounds], [one for _, one in rounds]
    costs = [one / rate for rate, one in rounds]
    verdict = "met" if statistics.median(rates) >= _TARGET else "missed"
    rows = "".join(f"| {rate:.0f} | {one:.0f} | {one / rate:.1f} |\n" for rate, one in rounds)
    known = ", ".join(f"{name} {number}" for name, number in versions().items())
    return f"""# Benchmark: parity on one core

`python -m benchmarks.parity`: {len(rounds)} rounds of {seconds:.0f} s over the sample (25 routes, 24 native
handlers), all processes on one core. The second column is a plain `GET /coaches` by Werkzeug's test client in the same
round.

| three-way comparisons a second | plain GETs a second | one comparison costs, in plain GETs |
|---|---|---|
{rows}
Median: {statistics.median(rates):.0f} a second (target {_TARGET:.0f}: {verdict}); one comparison costs
{statistics.median(costs):.1f} plain GETs, of which the machine did {statistics.median(plain):.0f} a second.

{known}.
"""


if __name__ == "__main__":
    sys.exit(main())
