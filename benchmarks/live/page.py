"""The report of the live benchmark: tables, targets and two plots."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pygal
from pygal.style import CleanStyle

from benchmarks.live.turns import Case, Turn
from benchmarks.live.watching import Cost
from benchmarks.versions import machine, versions

Measure = Callable[[Turn], float]
BROADCAST, WATCHED, ROWS = (Case(kind, 10_000, 100) for kind in ("broadcast", "watched", "rows"))


def _last_p50(turn: Turn) -> float:
    return turn.last_p50


def _last_p99(turn: Turn) -> float:
    return turn.last_p99


@dataclass(frozen=True)
class Target:
    """A ratio to the broadcast that has to be reached."""

    case: Case
    what: str
    measure: Measure
    at_most: float


TARGETS = (
    Target(ROWS, "bytes per subscriber", lambda turn: turn.bytes, 1 / 200),
    Target(WATCHED, "bytes per subscriber", lambda turn: turn.bytes, 1 / 200),
    Target(ROWS, "server CPU", lambda turn: turn.cpu, 1 / 20),
    Target(WATCHED, "server CPU", lambda turn: turn.cpu, 1 / 2),
)


@dataclass(frozen=True)
class Report:
    """All that was measured."""

    turns: Mapping[Case, Sequence[Turn]]
    cost: Cost
    rounds: int
    seed: int
    mode: str

    def text(self) -> str:
        """Return the tables, as Markdown."""
        return "\n\n".join([self._table(), self._targets(), self._watching()])

    def write(self, target: Path) -> None:
        """Write the page, and the plots beside it."""
        plots = []
        for name, title, kinds, across, fixed in (
            ("live-rows", "Server CPU per write, 10 subscribers", ("watched", "rows"), "rows", 10),
            ("live-subscribers", "Server CPU per write, 1,000 rows", ("rows",), "subscribers", 1_000),
        ):
            if self._plot(target.with_name(f"{name}.svg"), title, kinds, across, fixed):
                plots.append(f"![{title}]({name}.svg)")
        target.write_text(
            _PAGE.format(text=self.text(), plots="\n\n".join(plots), facts=self._facts()), encoding="utf-8"
        )

    def _facts(self) -> str:
        named = ", ".join(f"{name} {number}" for name, number in versions().items())
        return (
            f"- Date: {date.today().isoformat()}. Machine: {machine()}, shared by server and clients.\n"
            f"- Versions: {named}.\n"
            f"- Mode: {self.mode}. Rounds of the main comparison: {self.rounds}, of the others: 1; seed {self.seed}."
        )

    def _median(self, case: Case, measure: Measure) -> float:
        return statistics.median(measure(turn) for turn in self.turns[case])

    def _table(self) -> str:
        head = ("kind", "rows", "subscribers", "CPU, ms", "bytes", "ack to frame, ms", "to the last, 50 % / 99 %")
        lines = [f"| {' | '.join(head)} |", "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"]
        for case in self.turns:
            values = [
                f"{self._median(case, lambda turn: turn.cpu) * 1e3:,.1f}",
                f"{self._median(case, lambda turn: turn.bytes):,.0f}",
                f"{self._median(case, lambda turn: turn.p50):,.0f}",
                f"{self._median(case, _last_p50):,.0f} / {self._median(case, _last_p99):,.0f}",
            ]
            lines.append(f"| {case.kind} | {case.rows:,} | {case.subscribers:,} | {' | '.join(values)} |")
        return "\n".join(lines)

    def _targets(self) -> str:
        lines = ["| target, beside the broadcast | at most | measured | verdict |", "| --- | ---: | ---: | --- |"]
        for target in TARGETS:
            pairs = zip(self.turns[target.case], self.turns[BROADCAST], strict=True)
            found = statistics.median(target.measure(own) / target.measure(other) for own, other in pairs)
            verdict = "met" if found <= target.at_most else "missed"
            lines.append(
                f"| {target.case.kind}: {target.what} | 1/{1 / target.at_most:,.0f} | 1/{1 / found:,.1f} | {verdict} |"
            )
        share = self.cost.share
        verdict = "met" if share < 0.03 else "missed"
        lines.append(f"| watching where nothing is live: of a request | 3 % | {share:.1%} | {verdict} |")
        return "\n".join(lines)

    def _watching(self) -> str:
        cost = self.cost
        return (
            f"An HTTP request that reads one row takes {cost.without * 1e6:,.0f} µs of CPU without the bridge, "
            f"{cost.nothing_live * 1e6:,.0f} µs with it and nothing live, {cost.something_live * 1e6:,.0f} µs where "
            "another route is live."
        )

    def _plot(self, target: Path, title: str, kinds: Sequence[str], across: str, fixed: int) -> bool:
        """Draw CPU over one quantity, the other one fixed; False where too little was measured for that."""
        other = "subscribers" if across == "rows" else "rows"
        series = {
            kind: sorted(
                (getattr(case, across), self._median(case, lambda turn: turn.cpu) * 1e3)
                for case in self.turns
                if case.kind == kind and getattr(case, other) == fixed
            )
            for kind in kinds
        }
        places = sorted({place for points in series.values() for place, _ in points})
        if len(places) < 2:
            return False
        chart = pygal.XY(
            title=title,
            x_title=across,
            y_title="ms",
            style=CleanStyle,
            logarithmic=True,
            width=720,
            height=400,
            show_legend=len(kinds) > 1,
            js=[],
            dots_size=3,
            truncate_label=-1,
            x_labels=places,
            y_labels=[10**power for power in range(5)],
            x_value_formatter=lambda value: f"{value:,.0f}",
            value_formatter=lambda value: f"{value:,.0f}",
        )
        for kind, points in series.items():
            chart.add(kind, points)
        target.write_bytes(chart.render())
        return True


_PAGE = """\
# What a write costs with live collections

Written by `make bench` (`python -m benchmarks.live --markdown docs/benchmarks-live.md`); do not edit by hand.

## What is compared

- `broadcast`: what the blog's `refresh_all_data()` was reaching for: hand-written Flask-SocketIO handlers that send
  every row of every table to everybody after each write: the coaches, and 500 rows beside them.
- `watched`: `bridge.live("/coaches", scope=...)`, one scope for all: the GET is asked again and compared.
- `rows`: the same with `model=` and `schema=`: the rows that were written are read.

Each write changes one row of some 150 bytes. Subscribers are bare WebSockets in one Node process; a turn is so many
writes one after the other, each waiting for every subscriber's frame. CPU is that of the server's process per write,
bytes are what one subscriber is sent per write; times count from the writer's ack, and are below zero where a frame
came first.

{facts}

## Results

{text}

{plots}
"""
