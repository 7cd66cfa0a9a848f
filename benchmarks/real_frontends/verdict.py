"""What became of one front end, and the table of all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.real_frontends.apps import RealApp

NO_ROUTE = frozenset({"no_route", "wrong_method"})
"""Reasons of calls to the app's own server that no route of it answers."""
UNKNOWN = frozenset({"url_unresolved", "url_is_parameter", "unknown_base", "fetch_reference"})
"""Reasons of calls of which nobody can say by reading where they go."""
OTHER_CLIENTS = frozenset({"other_client"})
"""Reasons of calls that are not made by fetch: they are counted by themselves."""
WANTED = 0.9
HEADINGS = (
    "app",
    "scripts",
    "fetch",
    "external",
    "unknown",
    "own",
    "with a route",
    "safe",
    "likely",
    "left",
    "of own",
    "of routed",
    "other",
    "builds",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A row of the command's report for each call of an app, how it builds afterwards, and what does not hold."""

    app: RealApp
    sites: tuple[dict[str, Any], ...] = ()
    scripts: int = 0
    build: str = ""
    faults: tuple[str, ...] = ()

    @property
    def fetches(self) -> list[dict[str, Any]]:
        """The rows of fetch calls."""
        return [one for one in self.sites if one["reason"] not in OTHER_CLIENTS]

    @property
    def own(self) -> list[dict[str, Any]]:
        """The rows of fetch calls that go to the app's own server."""
        return [one for one in self.fetches if one["outcome"] != "external" and one["reason"] not in UNKNOWN]

    @property
    def routed(self) -> list[dict[str, Any]]:
        """The rows of these that ask for a route which the server has."""
        return [one for one in self.own if one["reason"] not in NO_ROUTE]

    @property
    def rewritten(self) -> list[dict[str, Any]]:
        """The rows of the calls that are rewritten."""
        return [one for one in self.own if one["outcome"] == "rewritten"]

    @property
    def left(self) -> list[dict[str, Any]]:
        """The rows of fetch calls that are left."""
        return [one for one in self.fetches if one["outcome"] == "left"]

    def cells(self) -> tuple[str, ...]:
        """Return the row of the table."""
        safe = sum(one["confidence"] == "safe" for one in self.rewritten)
        counts = (
            self.scripts,
            len(self.fetches),
            sum(one["outcome"] == "external" for one in self.fetches),
            sum(one["reason"] in UNKNOWN for one in self.fetches),
            len(self.own),
            len(self.routed),
            safe,
            len(self.rewritten) - safe,
            len(self.own) - len(self.rewritten),
        )
        shares = (share(self.rewritten, self.own), share(self.rewritten, self.routed))
        return (self.app.name, *map(str, counts), *shares, str(len(self.sites) - len(self.fetches)), self.build or "-")


def share(some: list[Any], all_of_them: list[Any]) -> str:
    """Return a share in per cent, "-" of nothing."""
    return f"{100 * len(some) / len(all_of_them):.0f} %" if all_of_them else "-"


def totals(verdicts: Iterable[Verdict]) -> Verdict:
    """Return all apps as one."""
    verdicts = list(verdicts)
    sites = tuple(site for one in verdicts for site in one.sites)
    builds = Counter(one.build for one in verdicts)
    name = RealApp("all", verdicts[0].app.folder.parent, "", "")
    return Verdict(
        name,
        sites,
        sum(one.scripts for one in verdicts),
        f"{builds['yes']} of {len(verdicts) - builds[''] - builds['never did']}",
    )


def failures(verdicts: list[Verdict]) -> Iterator[str]:
    """Yield everything that must hold and does not, a sentence each."""
    for one in verdicts:
        yield from (f"{one.app.name}: {fault}" for fault in one.faults)
    whole = totals(verdicts)
    if len(whole.rewritten) < WANTED * len(whole.own):
        yield f"{share(whole.rewritten, whole.own)} of the calls to the apps' own servers are rewritten, not 90 %"


def markdown(verdicts: list[Verdict]) -> str:
    """Return the table for docs/real-apps.md."""
    rows = [one.cells() for one in [*verdicts, totals(verdicts)]]
    lines = [HEADINGS, ("---",) * len(HEADINGS), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def reasons(verdicts: list[Verdict]) -> str:
    """Return why fetch calls were left, the commonest first."""
    counts = Counter(site["reason"] for one in verdicts for site in one.left)
    return "".join(f"| `{reason}` | {count} |\n" for reason, count in counts.most_common())
