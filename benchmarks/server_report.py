"""Turns the costs of codemods for Python into ratios formed within a round, targets and a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from rich.console import Console

from benchmarks import server_rivals
from benchmarks.codemods_report import HOW, costs, cpu, ratio
from benchmarks.report import Grid
from benchmarks.server_rivals import OURS, UPGRADE, VISITOR
from benchmarks.turns import Turns
from benchmarks.versions import machine

Trees = dict[str, Path]
"""Trees by what they are called in the tables."""

WITH, WITHOUT = "with Resources", "without"
_RESOURCE = re.compile(rb"^class \w+\(.*\bResource\b", re.MULTILINE)
_TO_VISITOR, _TO_UPGRADE = 0.2, 2.0


def targets(turns: Turns, trees: Sequence[str]) -> Grid:
    """Return the targets of each tree, with what was measured."""
    by_name = {rival.name: found for rival, found in turns.items()}
    rows = []
    for where in trees:
        ours = f"{OURS}, {where}"
        rows.append(ratio(by_name, ours, f"{VISITOR}, {where}", cpu, _TO_VISITOR))
        if where == WITHOUT:
            rows.append(ratio(by_name, ours, f"{UPGRADE}, {where}", cpu, _TO_UPGRADE))
    return Grid("Targets", ("target", "measured", "verdict"), tuple(rows))


def describe(where: str, tree: Path) -> str:
    """Return what was counted in a tree."""
    texts = [path.read_bytes() for path in sorted(tree.rglob("*.py"))]
    count = sum(_RESOURCE.search(text) is not None for text in texts)
    return f"- *{where}*: {len(texts):,} Python files, {sum(map(len, texts)) / 1e6:.2f} MB, {count} with a Resource."


def show(turns: Turns, trees: Sequence[str], console: Console) -> None:
    """Print all tables."""
    for grid in (costs(turns), targets(turns, trees)):
        console.print(grid.rich())


_COMMAND = "`make bench` (`python -m benchmarks.server_codemod --markdown docs/benchmarks-server.md`)"
_GIVEN = "`python -m benchmarks.server_codemod --tree FOLDER --markdown FILE`"
_PAGE = (
    """\
# Benchmarks of the server codemod

Written by {command}; do not edit by hand.

## What is compared

{contenders}

No command changes a file. The trees that are made (`benchmarks/server_tree.py`) are one app with the sample's server
many times, and the sample's other modules beside it, in the proportion of 2,220 Python files of 30 public apps with
Flask-RESTful: 5.6 % of them hold a Resource.

{trees}

## How

- Date: {date}. Machine: {machine}, shared with whatever else ran on it. Versions: {versions}.
"""
    + HOW
)


def page(turns: Turns, trees: Sequence[str], described: Sequence[str], rounds: int, seed: int) -> str:
    """Return the whole page."""
    known = {rival.name.partition(",")[0]: rival.says for rival in turns}
    names = [f"Python {python_version()}", f"LibCST {version('libcst')}", f"django-upgrade {server_rivals.version()}"]
    return _PAGE.format(
        command=_COMMAND if WITH in trees else _GIVEN,
        contenders="\n".join(f"- `{name}`: {says}." for name, says in known.items()),
        trees="\n".join(described),
        date=date.today().isoformat(),
        machine=machine(),
        versions=", ".join(names),
        rounds=rounds,
        seed=seed,
        costs=costs(turns).markdown(),
        targets=targets(turns, trees).markdown(),
    )
