"""Turns results into medians, ratios, tables and targets, for the terminal, as JSON and as a page."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.contenders import CONTENDERS, PAYLOADS, Turn
from benchmarks.measure import CASES, Case, Plan, Results

Measure = Callable[[Turn], float]


@dataclass(frozen=True, slots=True)
class Spread:
    """A median and the quartiles around it."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Summarise values, of which there is at least one."""
        if len(values) == 1:
            return cls(values[0], values[0], values[0])
        low, median, high = statistics.quantiles(values, n=4, method="inclusive")
        return cls(median, low, high)


@dataclass(frozen=True, slots=True)
class Ratio:
    """A comparison that the report shows: ``over`` divided by ``under``."""

    over: str
    under: str

    def __str__(self) -> str:
        return f"{self.over}/{self.under}"


@dataclass(frozen=True, slots=True)
class Target:
    """A ratio of throughputs that the bridge has to reach in one mode and case."""

    mode: str
    case: Case
    ratio: Ratio
    at_least: float

    def __str__(self) -> str:
        payload, in_flight = self.case
        return f"{self.mode}, {PAYLOADS[payload]}, {in_flight} in flight: {self.ratio} >= {self.at_least}"


RATIOS = (
    Ratio("bridge", "handler"),
    Ratio("bridge", "handler-nodeflate"),
    Ratio("bridge", "fetch"),
    Ratio("bridge", "echo"),
)
_BY_HANDLER, _BY_FETCH = RATIOS[0], RATIOS[2]
TARGETS = (
    Target("threading", ("one_row", 20), _BY_HANDLER, 1.2),
    Target("threading", ("one_row", 20), _BY_FETCH, 1.7),
    Target("threading", ("rows_1000", 1), _BY_HANDLER, 1.1),
    Target("threading", ("rows_1000", 20), _BY_HANDLER, 1.1),
    Target("gevent", ("one_row", 20), _BY_HANDLER, 0.9),
    Target("gevent", ("rows_1000", 1), _BY_HANDLER, 1.1),
    Target("gevent", ("rows_1000", 20), _BY_HANDLER, 1.1),
)


def rate(turn: Turn) -> float:
    """Answers per second."""
    return turn.rate


def cpu(turn: Turn) -> float:
    """Server CPU, in microseconds per answer."""
    return turn.cpu * 1e6


def ratio(results: Results, case: Case, wanted: Ratio, measure: Measure = rate) -> Spread | None:
    """Return the spread over the rounds of a ratio formed within each round; None if one side did not run."""
    turns = results.turns[case]
    if wanted.over not in turns or wanted.under not in turns:
        return None
    pairs = zip(turns[wanted.over], turns[wanted.under], strict=True)
    return Spread.of([measure(over) / measure(under) for over, under in pairs])


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as text: shown by rich and written as Markdown from the same cells."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def rich(self) -> Table:
        """Return the table for a terminal."""
        table = Table(title=self.title, title_justify="left")
        for index, name in enumerate(self.header):
            table.add_column(name, justify="left" if index == 0 else "right", overflow="fold")
        for row in self.rows:
            table.add_row(*row)
        return table

    def markdown(self) -> str:
        """Return the table as Markdown, without its title."""
        rule = ("---", *("---:" for _ in self.header[1:]))
        return "\n".join(f"| {' | '.join(row)} |" for row in (self.header, rule, *self.rows))


def grids(results: Results) -> list[Grid]:
    """Return the tables of one mode: throughput, then server CPU, then latency."""
    shown = tuple(wanted for wanted in RATIOS if ratio(results, CASES[0], wanted))
    return [
        _grid(results, "answers per second (median, quartiles)", rate, shown),
        _grid(results, "server CPU per answer, in microseconds", cpu, shown),
        _latency(results),
    ]


def _grid(results: Results, title: str, measure: Measure, shown: tuple[Ratio, ...]) -> Grid:
    rows = []
    for case in CASES:
        row = [PAYLOADS[case[0]], str(case[1])]
        for name in results.names:
            spread = Spread.of([measure(turn) for turn in results.turns[case][name]])
            row.append(f"{spread.median:,.0f} ({spread.low:,.0f}-{spread.high:,.0f})")
        row += [_times(ratio(results, case, wanted, measure)) for wanted in shown]
        rows.append(tuple(row))
    header = ("payload", "in flight", *results.names, *map(str, shown))
    return Grid(f"{results.mode}: {title}", header, tuple(rows))


def _times(spread: Spread | None) -> str:
    return f"{spread.median:.2f} ({spread.low:.2f}-{spread.high:.2f})" if spread else "-"


def _latency(results: Results) -> Grid:
    rows = []
    for case in CASES:
        row = [PAYLOADS[case[0]], str(case[1])]
        for name in results.names:
            turns = results.turns[case][name]
            p50, p99 = (
                statistics.median(values) * 1e3 for values in zip(*((t.p50, t.p99) for t in turns), strict=True)
            )
            row.append(f"{p50:.1f} / {p99:.1f}")
        rows.append(tuple(row))
    header = ("payload", "in flight", *results.names)
    return Grid(f"{results.mode}: latency in milliseconds, 50 % / 99 % (medians of the rounds)", header, tuple(rows))


def targets(all_results: Sequence[Results]) -> Grid:
    """Return the targets of the modes that ran, with what was measured."""
    rows = []
    for results in all_results:
        for target in TARGETS:
            if target.mode == results.mode:
                rows.append((str(target), *_verdict(target, ratio(results, target.case, target.ratio))))
    return Grid("Targets", ("target", "measured", "verdict"), tuple(rows))


def _verdict(target: Target, measured: Spread | None) -> tuple[str, str]:
    if measured is None:
        return "-", "not measured"
    return _times(measured), "met" if measured.median >= target.at_least else "missed"


def show(all_results: Sequence[Results], facts: Sequence[str], console: Console) -> None:
    """Print all tables."""
    for results in all_results:
        for grid in grids(results):
            console.print(grid.rich())
    console.print(targets(all_results).rich())
    for fact in facts:
        console.print(fact, highlight=False)


def facts(versions: dict[str, str], machine: str, plan: Plan) -> list[str]:
    """Return the lines without which the numbers mean nothing: when, on what, with what, how long."""
    return [
        f"Date: {date.today().isoformat()}. Machine: {machine}, shared by server and client.",
        f"Versions: {', '.join(f'{name} {number}' for name, number in versions.items())}.",
        f"Rounds: {plan.rounds}, turns of {plan.seconds:g} s (1,000 rows: twice that), seed {plan.seed}.",
    ]


def document(all_results: Sequence[Results], versions: dict[str, str], machine: str, plan: Plan) -> dict[str, Any]:
    """Return everything that was measured, every turn of it, as JSON values."""
    return {
        "version": 1,
        "date": date.today().isoformat(),
        "machine": machine,
        "versions": versions,
        "plan": asdict(plan),
        "deflated": {results.mode: results.deflated for results in all_results},
        "turns": [row for results in all_results for row in _turn_rows(results)],
        "targets": [
            dict(zip(("target", "measured", "verdict"), row, strict=True)) for row in targets(all_results).rows
        ],
    }


def _turn_rows(results: Results) -> list[dict[str, Any]]:
    return [
        {
            "mode": results.mode,
            "payload": case[0],
            "in_flight": case[1],
            "contender": name,
            "round": index,
            **asdict(turn),
        }
        for case, by_name in results.turns.items()
        for name, turns in by_name.items()
        for index, turn in enumerate(turns, start=1)
    ]


_PAGE = """\
# Benchmarks

Written by `make bench` (`python -m benchmarks.dispatch --markdown docs/benchmarks.md`); do not edit by hand.

## What is compared

{contenders}

All but `echo` run the same query and the same schema on the same rows (8 columns, SQLite), and every answer is compared
in full with the expected one before anything is measured. Compression was agreed on by: {deflated}.

## How

{facts}

- Each contender has a server process and a Node client process of its own, both kept running. The web server is
  Werkzeug with threads (`threading`) or gevent's pywsgi after monkey patching (`gevent`), as `socketio.run` chooses it.
  In favour of `fetch`, Werkzeug's line of log per request is off, and pywsgi's connections have TCP_NODELAY: without,
  each call on one keep-alive connection takes 40 ms, since pywsgi sends the head and the body of an answer apart.
- In flight: calls that wait for their answer at any time, on one connection for sockets, on as many keep-alive
  connections for `fetch`.
- Contenders take turns: in each round all cases come in a shuffled order, and for each case all contenders, shuffled
  again, a turn each after an unmeasured start. A ratio is formed within a round; the tables show medians and, in
  brackets, quartiles.
- Server and client share the machine's cores, over loopback, without TLS. So a client that works hard slows the server
  down: server CPU per answer, the second table, is free of that.

## Results
{results}
## Targets

{targets}
"""


def markdown(all_results: Sequence[Results], lines: Sequence[str]) -> str:
    """Return the whole page."""
    names = all_results[0].names
    return _PAGE.format(
        contenders="\n".join(f"- `{one.name}`: {one.says}." for one in CONTENDERS if one.name in names),
        deflated=", ".join(f"`{name}`" for name, yes in all_results[0].deflated.items() if yes) or "none",
        facts="\n".join(f"- {line}" for line in lines),
        results="".join(
            f"\n### {grid.title}\n\n{grid.markdown()}\n" for results in all_results for grid in grids(results)
        ),
        targets=targets(all_results).markdown(),
    )
