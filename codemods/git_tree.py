"""Asks git what in a work tree is not committed: that is what ``--write`` could destroy."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path


def uncommitted(paths: Iterable[Path]) -> list[str]:
    """Return what is not committed in the git trees of some files: changes, and those files that git does not know.

    Outside git, and where there is no git, that is nothing. Paths are given from the top of the tree.
    """
    trees: dict[Path, set[str]] = {}
    for path in paths:
        real = Path(os.path.realpath(path))
        top = next((one for one in real.parents if (one / ".git").exists()), None)
        if top is not None:
            trees.setdefault(top, set()).add(real.relative_to(top).as_posix())
    return [name for top, names in trees.items() for name in _uncommitted(top, names)]


def _uncommitted(top: Path, names: set[str]) -> Iterator[str]:
    for state, name in _status(top):
        if state != "??" or name in names:
            yield name


def _status(top: Path) -> Iterator[tuple[str, str]]:
    command = ["git", "-C", str(top), "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all"]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except OSError:
        return
    if done.returncode == 0:
        for line in os.fsdecode(done.stdout).split("\0")[:-1]:
            yield line[:2], line[3:]
