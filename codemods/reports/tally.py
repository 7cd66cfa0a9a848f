"""Counts call sites by outcome: the figures that every report for people shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct

from codemods.reasons import ADVICE, ALREADY_NATIVE, IN_TEST, MEANINGS
from codemods.results import EXTERNAL, LEFT, LIKELY, REWRITTEN, SAFE, Site

COLUMNS = (SAFE, LIKELY, LEFT, EXTERNAL)
_LOOK = ("Rewritten, and right as far as the code tells.", "Look at each with its note in mind.")


class Tally(Struct, frozen=True):
    """How many calls were rewritten without a doubt, rewritten with a note, left, or go to another server.

    ``tests`` are uses of ``fetch`` in tests, which are left and count as none of these.
    """

    safe: int = 0
    likely: int = 0
    left: int = 0
    external: int = 0
    tests: int = 0
    done: int = 0
    """Those that need nothing, since an earlier run did it."""

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """The figures in the order of COLUMNS."""
        return self.safe, self.likely, self.left, self.external

    @property
    def rewritten(self) -> int:
        """Calls that are emits now."""
        return self.safe + self.likely

    @property
    def own(self) -> int:
        """Calls to the app's own server, which are all that can be rewritten."""
        return self.rewritten + self.left

    @property
    def share(self) -> int:
        """Rewritten calls per hundred own ones, rounded down so that 100 means all."""
        return 100 * self.rewritten // self.own if self.own else 100


def tally(sites: Iterable[Site]) -> Tally:
    """Count sites."""
    found = [_counted_as(site) for site in sites]
    safe, likely, left, external = (found.count(one) for one in COLUMNS)
    return Tally(safe, likely, left, external, tests=found.count(IN_TEST), done=found.count(ALREADY_NATIVE))


def _counted_as(site: Site) -> str:
    """Return the column of a site, or its reason where it is in none."""
    return site.reason if site.reason in {IN_TEST, ALREADY_NATIVE} else column(site)


def tally_by(sites: Iterable[Site], key: Callable[[Site], str]) -> dict[str, Tally]:
    """Count sites for each value of a key, sorted by it."""
    groups: dict[str, list[Site]] = {}
    for site in sites:
        groups.setdefault(key(site), []).append(site)
    return {name: tally(groups[name]) for name in sorted(groups)}


def column(site: Site) -> str:
    """Return which of COLUMNS a site counts in."""
    return site.confidence if site.outcome == REWRITTEN else site.outcome


def code(site: Site) -> str:
    """Return the code under which a site is a finding: its reason, ``likely``, or "" for a safe rewrite."""
    if site.outcome == REWRITTEN:
        return LIKELY if site.confidence == LIKELY else ""
    return "" if site.reason == ALREADY_NATIVE else site.reason


def findings(sites: Iterable[Site]) -> dict[str, list[Site]]:
    """Return what people should look at, by code: what was left, likely rewrites, what goes elsewhere; most first."""
    groups: dict[str, list[Site]] = {}
    for site in sites:
        if code(site):
            groups.setdefault(code(site), []).append(site)
    rank = {LEFT: 0, REWRITTEN: 1, EXTERNAL: 2}
    return dict(sorted(groups.items(), key=lambda group: (rank[group[1][0].outcome], -len(group[1]), group[0])))


def alike(sites: Iterable[Site]) -> dict[str, list[Site]]:
    """Return sites by what is to be said of them, in the order of their first."""
    groups: dict[str, list[Site]] = {}
    for site in sites:
        groups.setdefault(site.message, []).append(site)
    return groups


def meaning(reason: str) -> str:
    """Return what a code means."""
    return _LOOK[0] if reason == LIKELY else MEANINGS[reason]


def advice(reason: str) -> str:
    """Return what to do about a code."""
    return _LOOK[1] if reason == LIKELY else ADVICE[reason]


def counted(number: int, noun: str) -> str:
    """Return ``1 call``, ``2 calls``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
