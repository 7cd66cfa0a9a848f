"""Where rewritten code may do something else than it did: each with the sentence that it rests on.

The list is in docs/codemods.intro.md, "What may differ". A rule looks at the entries that are missing and
those that were added, and allows just those.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from tests.codemods.behaviour.answers import CIRCUMSTANCES, Circumstance
from tests.codemods.behaviour.driver import Log

Entry = list[Any]
Added = list[tuple[Entry, "Doing | None"]]
"""Entries that are new, each with what the code did by it."""
Doing = tuple[int, str]

_NOT_JSON = re.compile(
    r"Unexpected (token .* is not valid JSON|end of JSON input)|The answer is not JSON \(status [1-9]\d*, type .*\)",
    re.DOTALL,
)
_NO_ANSWER = {"fetch failed", "socket has been disconnected", "xhr poll error", "websocket error"}
_JSON_OF_NO_ANSWER = 'The answer is not JSON (status 0, type "")'
_NO_JSON = {"error": "SyntaxError", "message": "<not JSON>"}
_ENGINE = re.compile(r"Cannot (read properties of|destructure property) .*")


@dataclass(frozen=True)
class Pair:
    """What one fixture did in one circumstance, before and after.

    ``usual`` are the logs of the code before in all circumstances, by name; ``output`` is the text of the
    code after; ``notes`` are what the report says of its calls.
    """

    before: Log
    after: Log
    circumstance: Circumstance
    usual: Mapping[str, Log] = field(default_factory=dict)
    output: str = ""
    notes: str = ""

    def done(self, is_wanted: Callable[[Circumstance], bool]) -> list[set[Doing]]:
        """Return what the code before does, for each circumstance that is wanted."""
        return [set(doings(log).values()) for name, log in self.usual.items() if is_wanted(CIRCUMSTANCES[name])]


def doings(log: Log) -> dict[int, Doing]:
    """Return, by its place in the log, each call, assignment and error: the answer that it came after, and its name.

    An event that is emitted is known by its own name too.
    """
    found: dict[int, Doing] = {}
    answer = -1
    for place, entry in enumerate(log):
        if entry[0] == "answer":
            answer = entry[1]
        elif entry[0] in {"call", "set"}:
            is_event = entry[1] in {"emit", "$emit", "commit", "dispatch"}
            found[place] = (answer, f"{entry[1]} {entry[2]}" if is_event else entry[1])
        elif entry[0] == "uncaught":
            found[place] = (answer, f"uncaught {entry[1]}")
    return found


@dataclass(frozen=True)
class Allowance:
    """A difference that is allowed: ``allows(missing, added, pair)`` is true for just that."""

    name: str
    rests_on: str
    allows: Callable[[list[Entry], Added, Pair], bool]


def allowance(pair: Pair) -> str | None:
    """Return the name of what allows a pair, "" where both sides did the same, None where nothing allows it."""
    if pair.before == pair.after:
        return ""
    before, after = (_worded(log, pair.circumstance) for log in (pair.before, pair.after))
    if before == after:
        return WORDING
    missing, added = _changes(before, after)
    return next((one.name for one in ALLOWANCES if one.allows(missing, added, pair)), None)


def _changes(before: Log, after: Log) -> tuple[list[Entry], Added]:
    """Return the entries that are missing after, and those that are new."""
    texts = [[json.dumps(entry) for entry in log] for log in (before, after)]
    known = doings(after)
    missing: list[Entry] = []
    added: Added = []
    for tag, start, end, new_start, new_end in SequenceMatcher(None, *texts, autojunk=False).get_opcodes():
        if tag != "equal":
            missing += before[start:end]
            added += [(after[place], known.get(place)) for place in range(new_start, new_end)]
    if any(entry[0] == "set" for entry, _ in added):  # the state at the end is what was set
        missing = [entry for entry in missing if entry[0] != "state"]
        added = [one for one in added if one[0][0] != "state"]
    return missing, added


# ---- wording --------------------------------------------------------------------------------------

WORDING = "wording"


def _worded(log: Log, circumstance: Circumstance) -> Log:
    """Return a log whose errors all speak in the same words."""
    worded: Log = [_same_words(entry, circumstance) for entry in log]
    return worded


def _same_words(value: Any, circumstance: Circumstance) -> Any:
    if isinstance(value, str):
        return _same_message(value, circumstance)
    if isinstance(value, dict):
        value = {key: _same_words(one, circumstance) for key, one in value.items()}
        is_lost = value.get("error") == "TypeError" and value.get("message") == "<no answer>"
        return {**value, "error": "Error"} if is_lost else value
    if isinstance(value, list):
        value = [_same_words(one, circumstance) for one in value]
        is_lost = value[:3] == ["uncaught", "TypeError", "<no answer>"]
        return ["uncaught", "Error", "<no answer>"] if is_lost else value
    return value


def _same_message(text: str, circumstance: Circumstance) -> str:
    if circumstance.mode != "answered":
        text = "<no answer>" if text in _NO_ANSWER else text
    elif not circumstance.is_json and _NOT_JSON.fullmatch(text):
        text = "<not JSON>"
    return _ENGINE.sub(r"<cannot \1>", text)


# ---- what may be done besides ---------------------------------------------------------------------


def _reads_data(missing: list[Entry], added: Added, pair: Pair) -> bool:
    """Where the answer is not JSON: what the code does for one that is, if the status alone decides on that."""
    if pair.circumstance.mode != "answered" or pair.circumstance.is_json:
        return False
    known = _by_status(pair, ok=pair.circumstance.is_ok)
    is_heard = bool(missing) and all(entry == ["uncaught", "SyntaxError", "<not JSON>"] for entry in missing)
    return is_heard and bool(added) and all(_is_field_of_null(entry) or doing in known for entry, doing in added)


def _by_status(pair: Pair, *, ok: bool) -> set[Doing]:
    """Return what the code before does for an answer that is ``ok`` or not, but not for all with the same body."""
    found: set[Doing] = set()
    for body in {one.body for one in CIRCUMSTANCES.values() if one.is_object}:
        done = pair.done(lambda one, body=body: one.is_object and one.body == body)  # type: ignore[misc]
        same = pair.done(lambda one, body=body: one.is_object and one.body == body and one.is_ok == ok)  # type: ignore[misc]
        found |= set.union(*same) - set.intersection(*done)
    return found


def _is_field_of_null(entry: Entry) -> bool:
    return entry[:2] == ["uncaught", "TypeError"]


def _is_told(missing: list[Entry], added: Added, pair: Pair) -> bool:
    """Where no answer came: a callback does what it does on failure only, and nobody hears of a rejection.

    A line in the console is as good as another.
    """
    if pair.circumstance.mode == "answered" or ".emit(" not in pair.output:
        return False
    known = _names(set.union(*pair.done(lambda one: one.is_json and not one.is_ok)))
    known -= _names(set.intersection(*pair.done(lambda one: one.is_json and one.is_ok)))
    is_unheard = bool(missing) and all(entry == ["uncaught", "Error", "<no answer>"] for entry in missing)
    is_thrown = ["uncaught", "SyntaxError", _JSON_OF_NO_ANSWER]
    return is_unheard and all(
        entry == is_thrown or _is_field_of_null(entry) or _is_line(entry) or (doing is not None and doing[1] in known)
        for entry, doing in added
    )


def _names(found: set[Doing]) -> set[str]:
    return {name for _, name in found}


def _runs_later(missing: list[Entry], added: Added, pair: Pair) -> bool:
    """Where the report says so: the same calls after the same answer, in another order."""
    is_said = "now runs after" in pair.notes
    return is_said and _by_answer(pair.before) == _by_answer(pair.after)


def _by_answer(log: Log) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for entry in log:
        if entry[0] in {"answer", "cut", "unmount"}:
            parts.append([])
        parts[-1].append(json.dumps(entry))
    return [sorted(part) for part in parts]


def _refuses(missing: list[Entry], added: Added, pair: Pair) -> bool:
    """Where a path parameter is undefined: the bridge says 400, the app said 404 of a URL with "undefined" in it."""
    known = _names(set.union(*pair.done(lambda one: one.is_json)))
    is_page = bool(missing) and all(entry[:2] == ["uncaught", "SyntaxError"] for entry in missing)
    return (
        is_page
        and bool(added)
        and all(
            doing is not None and doing[1] in known and "needs the path parameter" in json.dumps(entry)
            for entry, doing in added
        )
    )


def _is_ignored(missing: list[Entry], added: Added, pair: Pair) -> bool:
    """Where the page was left: an answer still comes, in place of an AbortError, and the same is done after it."""
    kept = [entry for entry in pair.before if entry[:2] != ["uncaught", "AbortError"]]
    is_aborted = pair.circumstance.leaves and all(entry[0] != "answer" for entry in pair.before)
    return is_aborted and kept == [entry for entry in pair.after if entry[0] != "answer"]


def _is_logged(missing: list[Entry], added: Added, pair: Pair) -> bool:
    """Where the report says so: the same lines go to the console, with an ack for a Response."""
    logs = (_worded(log, pair.circumstance) for log in (pair.before, pair.after))
    before, after = ([entry[:2] if _is_line(entry) else entry for entry in log] for log in logs)
    return "what is logged is" in pair.notes and before == after


def _is_line(entry: Entry) -> bool:
    return entry[0] == "call" and str(entry[1]).startswith("console.")


def _is_caught(missing: list[Entry], added: Added, pair: Pair) -> bool:
    """Where the report says so: what a catch does about a lost connection, it does about an answer that is not JSON."""
    is_said = "heard of by the catch" in pair.notes and not pair.circumstance.is_json
    known = _names(set.union(*pair.done(lambda one: one.mode != "answered")))
    is_unheard = bool(missing) and all(entry == ["rejected", _NO_JSON] for entry in missing)
    return (
        is_said
        and is_unheard
        and all(entry[0] == "returned" or (doing is not None and doing[1] in known) for entry, doing in added)
    )


def _is_at_once(missing: list[Entry], added: Added, pair: Pair) -> bool:
    """Where several calls are lost together: the same is done about each, in whatever order they are heard of."""
    asked = sum(entry[0] == "ask" for entry in pair.before)
    is_lost = pair.circumstance.mode != "answered" and asked > 1
    return is_lost and sorted(map(json.dumps, missing)) == sorted(json.dumps(entry) for entry, _ in added)


def _is_live(missing: list[Entry], added: Added, pair: Pair) -> bool:
    """Where a subscription is given no rows: it calls nothing, and says so in the console where it was refused.

    A component with options keeps what ends it.
    """
    is_list = pair.circumstance.is_ok and pair.circumstance.body.startswith("[")
    is_live = "subscribe(" in pair.output and not (is_list and missing)
    return is_live and all(entry[1] == "console.error" or entry[2:] == ["<function>"] for entry, _ in added)


ALLOWANCES = (
    Allowance(
        "guarded_data",
        "r.json() becomes result.data in a branch guarded by ok or status",
        _reads_data,
    ),
    Allowance(
        "told_of_no_answer",
        "a broken connection ends a callback with an ack of status 0, and an emit without one with nothing",
        _is_told,
    ),
    Allowance(
        "runs_later",
        "a likely rewrite whose report says that what follows json().then(...) now runs after its callback",
        _runs_later,
    ),
    Allowance(
        "missing_parameter",
        "a missing path parameter gets an ack with status 400 and a sentence",
        _refuses,
    ),
    Allowance(
        "caught",
        "a likely rewrite whose report says that the catch around json() now hears of an answer that is not JSON",
        _is_caught,
    ),
    Allowance(
        "at_once",
        "a connection that breaks ends all calls that wait on it, where each fetch had one of its own",
        _is_at_once,
    ),
    Allowance(
        "live",
        "--live is opt-in: a subscription gives rows, not whatever its GET answered (likely)",
        _is_live,
    ),
    Allowance(
        "ignored",
        "signal on a GET in an effect becomes an ignore flag (likely)",
        _is_ignored,
    ),
    Allowance(
        "logged",
        "a likely rewrite whose report says that what is logged is an ack now, or its status",
        _is_logged,
    ),
)
NAMES = frozenset({WORDING, *(one.name for one in ALLOWANCES)})
