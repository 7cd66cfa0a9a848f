"""`fetch2socket demo` does the whole job, and says clearly what it lacks."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

COMMAND = [str(Path(sys.executable).with_name("fetch2socket")), "demo", "--exit"]


def demo(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, env={**os.environ, **environment}, check=False
    )


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def test_the_demo_migrates_compares_and_ends_with_0() -> None:
    """With --exit the demo stops after its checks, all of which hold."""
    done = demo("--port", free_port())
    assert done.returncode == 0, done.stdout + done.stderr
    assert "25 of 25 calls rewritten" in done.stdout
    assert "25 routes, and the rows of all tables: all equal" in done.stdout
    assert "MISMATCH" not in done.stdout


def test_a_port_in_use_is_one_line() -> None:
    """A port that is taken is told before anything is done, with what to do."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = demo("--port", str(taken.getsockname()[1]))
    assert done.returncode != 0
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "in use" in done.stderr


def test_a_missing_node_is_one_line() -> None:
    """Without Node the demo says that it needs it."""
    done = demo("--port", free_port(), PATH="/nonexistent")
    assert done.returncode != 0
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Node 20" in done.stderr
