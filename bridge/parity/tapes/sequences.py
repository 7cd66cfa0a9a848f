"""A tape as sequences of steps: who did what in which order, with ids and tokens taken from earlier answers.

The database of a replay is not the one that was recorded from: what a call takes from an earlier answer there, it takes
from that answer's twin here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bridge.parity.steps import Step
from bridge.parity.tapes.linking import Links
from bridge.parity.tapes.logins import Logins
from bridge.parity.tapes.tape import Recorded, Tape

_PERSONS = ("A", "B")


def steps_of(tape: Tape, logins: Sequence[Step] = ()) -> list[list[Step]]:
    """Return a tape's calls as sequences in order of time; ``logins`` are the steps that log A and B in.

    Two browsers that were at work at the same time share a sequence, as A and B; each further one has its own, as A.
    What nobody asked (no cookie, no token) stands where it came, with ``who`` "". A login that succeeded is replaced
    by that of A or B; what a browser did before is nobody's, since A is logged in once there is an A.
    """
    sequences = [one for run in _runs(tape) for one in _together(run)]
    return [_steps(one, logins) for one in sequences]


@dataclass(slots=True)
class _Sequence:
    """Calls that are replayed together, and which browser is who."""

    calls: list[Recorded]
    persons: dict[int, str] = field(default_factory=dict)

    @property
    def first(self) -> int:
        return self.calls[0].number

    @property
    def last(self) -> int:
        return self.calls[-1].number


def _runs(tape: Tape) -> Iterator[list[Recorded]]:
    """Yield the calls of each recording in the order in which they came; lines are written as they are answered."""
    runs: dict[str, list[Recorded]] = {}
    for call in tape.calls:
        runs.setdefault(call.run, []).append(call)
    return (sorted(calls, key=lambda call: call.number) for calls in runs.values())


def _together(calls: Sequence[Recorded]) -> list[_Sequence]:
    """Return the sequences of a recording: browsers in pairs that overlap, and among them what nobody asked."""
    browsers: dict[int, list[Recorded]] = {}
    for call in calls:
        if call.who:
            browsers.setdefault(call.who, []).append(call)
    sequences: list[_Sequence] = []
    for who, own in browsers.items():
        partner = next((one for one in sequences if len(one.persons) == 1 and one.last >= own[0].number), None)
        if partner is None:
            sequences.append(_Sequence(own, {who: _PERSONS[0]}))
        else:
            partner.persons[who] = _PERSONS[1]
            partner.calls = _in_order([*partner.calls, *own])
    nobodys = [call for call in calls if not call.who]
    if not sequences:
        return [_Sequence(nobodys)] if nobodys else []
    more: dict[int, list[Recorded]] = {}
    for call in nobodys:
        more.setdefault(_place(call, sequences), []).append(call)
    for index, added in more.items():
        sequences[index].calls = _in_order([*sequences[index].calls, *added])
    return sequences


def _place(call: Recorded, sequences: Sequence[_Sequence]) -> int:
    """Return the sequence that nobody's call belongs to: that which is under way, else the next one, else the last."""
    under_way = [i for i, one in enumerate(sequences) if one.first <= call.number <= one.last]
    later = sorted((one.first, i) for i, one in enumerate(sequences) if one.first > call.number)
    return under_way[0] if under_way else later[0][1] if later else len(sequences) - 1


def _in_order(calls: list[Recorded]) -> list[Recorded]:
    return sorted(calls, key=lambda call: call.number)


def _steps(sequence: _Sequence, logins: Sequence[Step]) -> list[Step]:
    known = Logins(sequence.calls, sequence.persons, logins)
    links = Links()
    steps: list[Step] = []
    for index, call in enumerate(sequence.calls):
        linked = links.step(call, known.who(call))
        links.answered(index, call)
        steps.append(known.filled_in(index, linked))
    return steps
