"""Turns costs into medians, ratios formed within a round, targets and a page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from rich.console import Console

from benchmarks.cost import Cost
from benchmarks.report import Grid, Spread
from benchmarks.rivals import FOLDER
from benchmarks.turns import Turns
from benchmarks.versions import machine

_CALL = re.compile(rb"(?<![\w$.])fetch\s*\(")
_SCRIPTS = frozenset({".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".vue"})


def costs(turns: Turns) -> Grid:
    """Return the table of what each command costs."""
    rows = []
    for rival, found in turns.items():
        watched, *rounds = found
        cpu, wall = spread(rounds, lambda one: one.cpu), spread(rounds, lambda one: one.wall)
        memory = (f"{watched.largest:.0f}", f"{watched.together:.0f}")
        rows.append((rival.name, shown(cpu), shown(wall), *memory))
    header = ("command", "CPU, s", "clock, s", "largest process, MB", "all processes, MB")
    return Grid("Cost of a run (median, quartiles)", header, tuple(rows))


def targets(turns: Turns) -> Grid:
    """Return the targets, with what was measured."""
    by_name = {rival.name: found for rival, found in turns.items()}
    watched = by_name["fetch2socket"][0]
    rows = [
        ratio(by_name, "fetch2socket", "jscodeshift", cpu, 0.1),
        ratio(by_name, "fetch2socket", "ast-grep", cpu, 1.0),
        ("memory of each process below 80 MB", f"{watched.largest:.0f} MB", verdict(watched.largest < 80)),
        ("memory of all processes together below 80 MB", f"{watched.together:.0f} MB", verdict(watched.together < 80)),
        _below(by_name, "--help", 0.15),
        _below(by_name, "one file", 0.15),
        ratio(by_name, "warm", "fetch2socket", _wall, 1.0),
        ratio(by_name, "fetch2socket", "one job", _wall, 1.0),
    ]
    return Grid("Targets", ("target", "measured", "verdict"), tuple(rows))


def cpu(one: Cost) -> float:
    """Return the CPU of a turn."""
    return one.cpu


def _wall(one: Cost) -> float:
    return one.wall


def ratio(
    by_name: dict[str, list[Cost]], over: str, under: str, measure: Callable[[Cost], float], limit: float
) -> tuple[str, str, str]:
    """Return the row of a target: one command's cost over another's, formed within each round."""
    pairs = zip(by_name[over][1:], by_name[under][1:], strict=True)
    found = Spread.of([measure(one) / measure(other) for one, other in pairs])
    what = "CPU" if measure is cpu else "time on the clock"
    return f"{what}: {over}/{under} <= {limit:g}", shown(found, digits=3), verdict(found.median <= limit)


def _below(by_name: dict[str, list[Cost]], name: str, limit: float) -> tuple[str, str, str]:
    found = spread(by_name[name][1:], cpu)
    return f"CPU of {name} below {limit} s", shown(found), verdict(found.median < limit)


def verdict(is_met: bool) -> str:
    return "met" if is_met else "missed"


def spread(found: list[Cost], measure: Callable[[Cost], float]) -> Spread:
    return Spread.of([measure(one) for one in found])


def shown(spread: Spread, digits: int = 2) -> str:
    return f"{spread.median:.{digits}f} ({spread.low:.{digits}f}-{spread.high:.{digits}f})"


_MADE = """\
The sample app's files under many names, and more like them (`benchmarks/tree.py`), in the proportions of real ones.
Those were measured on 1,595 hand-written script files of the front ends of 30 public apps with a Flask back end: 12.4 %
call `fetch`, 1.7 times each, 9.7 % only have the letters in them (`refetch`, `fetchData`), and a file has 2.9 kB; in
the five larger apps among them (1,139 files) 0.9 % call it, in the 25 small ones 41 %. In another tree of 4,361 files
of real apps there were 397 calls and 5.5 kB a file. So a tree of one large app has fewer calls than this one."""
_GIVEN = """\
A tree that was given: front ends of real apps, put together by `python -m benchmarks.gathered`, which copies the apps
several times under other names where they have too few files, without node_modules and what is built or minified. The
event map has the routes of all apps, so that a call finds an event more often than in its own app alone or less often,
where another app's route of that name came first."""


def describe(tree: Path, *, is_own: bool) -> str:
    """Return what the tree is, and what was counted in it."""
    files = [path for path in tree.rglob("*") if path.suffix in _SCRIPTS and path.is_file()]
    texts = [path.read_bytes() for path in files if "node_modules" not in path.parts]
    size, word = sum(map(len, texts)) / 1e6, sum(b"fetch" in text for text in texts)
    calls = [count for count in (len(_CALL.findall(text)) for text in texts) if count]
    counted = (
        f"{len(texts):,} script files, {size:.1f} MB, {word:,} with the letters `fetch`, {len(calls):,} that call it"
    )
    return f"{_GIVEN if is_own else _MADE}\n\nCounted: {counted}, {sum(calls):,} calls."


def show(turns: Turns, console: Console) -> None:
    """Print all tables."""
    for grid in (costs(turns), targets(turns)):
        console.print(grid.rich())


_MADE_COMMAND = "`make bench` (`python -m benchmarks.codemods --markdown docs/benchmarks-codemods.md`)"
_GIVEN_COMMAND = "`python -m benchmarks.codemods --tree FOLDER --events MAP --markdown FILE`"
HOW = """\
- Rounds: {rounds}, seed {seed}. In each, every command has a turn, in a shuffled order; ratios are formed within a
  round. CPU is that of the command and all processes that it waited for, in user and kernel mode.
- The largest process is the most that one of them had in memory; all processes together is what they take at one time,
  shared pages counted once (PSS). Both are looked at every 10 ms, in a turn of its own.

## Results

{costs}

## Targets

{targets}
"""
"""What every page of costs says of how they were measured, and its tables."""
_PAGE = (
    """\
# Benchmarks of the codemod

Written by {command}; do not edit by hand.

## What is compared

{contenders}

{tree}

## How

- Date: {date}. Machine: {machine}, shared with whatever else ran on it. Versions: {versions}.
"""
    + HOW
)


def page(turns: Turns, described: str, rounds: int, seed: int, *, is_own: bool) -> str:
    """Return the whole page."""
    names = [f"Python {python_version()}", f"tree-sitter {version('tree-sitter')}"]
    for name in ("jscodeshift", "@ast-grep/cli"):
        package = json.loads((FOLDER / "node_modules" / name / "package.json").read_text(encoding="utf-8"))
        names.append(f"{name} {package['version']}")
    return _PAGE.format(
        contenders="\n".join(f"- `{rival.name}`: {rival.says}." for rival in turns),
        tree=described,
        command=_GIVEN_COMMAND if is_own else _MADE_COMMAND,
        date=date.today().isoformat(),
        machine=machine(),
        versions=", ".join(names),
        rounds=rounds,
        seed=seed,
        costs=costs(turns).markdown(),
        targets=targets(turns).markdown(),
    )
