"""Takes turns: every command once a round, in a shuffled order, after one turn in which its memory is watched."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from benchmarks.cost import Cost, run
from benchmarks.rivals import Rival

Turns = dict[Rival, list[Cost]]
"""The costs of each command: first the turn in which memory was watched, then those of the rounds."""


def environment(cache: Path, **more: str) -> dict[str, str]:
    """Return what commands run with: as in a tool that is installed, Python may keep its bytecode."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "XDG_CACHE_HOME": str(cache), **more}


def take_turns(
    commands: Sequence[Rival],
    folder: Path,
    env: dict[str, str],
    rounds: int,
    seed: int,
    before: Callable[[], object] = lambda: None,
) -> Turns:
    """Run the commands; ``before`` is done first."""
    order = random.Random(seed)
    turns: Turns = {one: [] for one in commands}
    with _progress((rounds + 1) * len(turns)) as advance:
        before()
        for one in order.sample(list(turns), len(turns)):
            advance(f"memory: {one.name}")
            turns[one].append(run(one.command, folder, environment=env, watched=True))
        for number in range(1, rounds + 1):
            for one in order.sample(list(turns), len(turns)):
                advance(f"round {number}: {one.name}")
                turns[one].append(run(one.command, folder, environment=env))
    return turns


@contextmanager
def _progress(total: int) -> Iterator[Callable[[str], None]]:
    """Show a bar on stderr if it is a terminal, and nothing if it is not."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("starting", total=total)
        yield lambda text: progress.update(task, description=text, advance=1)
