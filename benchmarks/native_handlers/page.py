"""Writes docs/native-handlers-proof.md."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from benchmarks.native_handlers.verdict import HEADINGS, Verdict, totals

INTRODUCTION = """\
# Native handlers, proven

What `fetch2socket server --init --write` and `fetch2socket server --write` make of public apps, of which nothing was
fitted to the tool, and whether it still does what it did. {day}, by `python -m benchmarks.native_handlers
benchmarks/native_handlers/apps.toml --apps FOLDER --markdown FILE`, a folder with each app at its commit. `make test`
does the same with the sample app, and plants seven faults that must be found.

For each app the database is filled once and copied. One copy stays as it is and is asked over HTTP; the other is
migrated by the two commands and asked by events. Both get the same calls in the same order: every good body (chosen by
hand, and made from what the app's GETs give), each field missing, each of another type (null, empty, text, numbers, a
boolean, a list, an object), one field more, no body, `[1, null]`, a text, a number; ids that exist, that do not, 0,
negative, huge, nonsense; as two users and as nobody. After each call the rows are put back, except where a call is made
twice on purpose.

Compared are status, body (order of keys, and 1 is not 1.0), every row that was added, changed or removed in any table,
the session, the cookies that are set, and the SQL that was run, statement by statement, commits and rollbacks included.
A second run of the Resources tells what varies by itself (salted hashes, the time): that is left out, and named below.
Volume runs in process; one call of each method and status runs over HTTP and a WebSocket, of servers as they are run.

A method counts as proven where nothing differs, its handler was reached, and either all its statements ran or it
answered with two classes of status, of which one is a success. Methods that can only fail are counted too, and named
below. The script exits with 1 where something does not hold, or where fewer than 80 % of an app's methods that have a
route were converted.

- *left*: methods that stay Resources, and why ([codemods.md](codemods.md)): no URL leads to those `without_route`.
- *lines*: statements of the handlers that ran, of all that they have.
- *calls*: of all methods, logins included; *statuses*: what the converted methods answered.
"""


def page(verdicts: list[Verdict]) -> str:
    """Return the page."""
    return "\n".join(
        [INTRODUCTION.format(day=f"{datetime.now(UTC):%Y-%m-%d}"), *_table(verdicts), *_below(verdicts), ""]
    )


def _table(verdicts: list[Verdict]) -> Iterator[str]:
    yield f"| {' | '.join(HEADINGS)} |"
    yield f"|{' --- |' * len(HEADINGS)}"
    for one in [*verdicts, totals(verdicts)]:
        yield f"| {' | '.join(one.cells())} |"


def _below(verdicts: list[Verdict]) -> Iterator[str]:
    yield "\n## What varies by itself\n"
    yield from (f"- {one.app}: {_places(one)}" for one in verdicts if one.noise)
    broken = [(one.app, method) for one in verdicts for method in one.methods if method.broken]
    if broken:
        yield "\n## Methods that can only fail\n"
        yield "By faults of the apps or for want of a network; that they fail alike is what was compared.\n"
        yield from (f"- {app}: `{method.subject}`: {method.broken}" for app, method in broken)
    faults = [(one.app, fault) for one in verdicts for fault in one.faults()]
    yield "\n## What does not hold\n"
    yield from (f"- {app}: {fault.splitlines()[0]}" for app, fault in faults)
    if not faults:
        yield "Nothing: no difference, no converted method without a proof."


def _places(verdict: Verdict) -> str:
    return ", ".join(f"`{place}`" for place in sorted(verdict.noise))
