"""The pipeline has every step judged once, in order, and played again where a judge or a silence came between."""

from __future__ import annotations

from collections.abc import Sequence

from bridge.parity.observation import Observation
from bridge.parity.parts import Observed, Part, Played
from bridge.parity.pipeline import Pipeline
from bridge.parity.steps import Step


class FakeSides:
    """Plays parts as sides do: what was fed is returned with the next.

    ``silent_at`` are events at which a side ends, once; at ``never``, before it is known that they were asked.
    """

    def __init__(self, *silent_at: str, never: str = "") -> None:
        self.is_careful = False
        self._never = never
        self.fed: list[tuple[Part, ...]] = []
        self.seconds = 0.0
        self.seconds_a_step = 0.001
        self._silent_at = set(silent_at)
        self._ahead: tuple[Part, ...] = ()

    def feed(self, parts: Sequence[Part]) -> list[Played]:
        played = self.finish()
        self._ahead = tuple(parts)
        self.fed.append(self._ahead)
        return played

    def finish(self) -> list[Played]:
        parts, self._ahead = self._ahead, ()
        played, is_silent = [], False
        for part in parts:
            seen: list[Observed] = []
            for step in part.steps if not is_silent else ():
                if step.event == self._never:
                    is_silent = True
                    break
                seen.append({"http": Observation(exception=step.event)})
                if step.event in self._silent_at:
                    self._silent_at.discard(step.event)
                    is_silent = True
                    break
            played.append(Played(part, tuple(seen)))
            self.seconds += self.seconds_a_step * len(seen)
        return played

    def recall(self) -> tuple[Part, ...]:
        parts, self._ahead = self._ahead, ()
        return parts


class Judged:
    """Notes what it is told; ``apart`` are events at which sides go apart, ``asks`` those for which it stops them."""

    def __init__(self, sides: FakeSides, apart: Sequence[str] = (), asks: Sequence[str] = ()) -> None:
        self.events: list[str] = []
        self.pipeline = Pipeline(sides, self._judge, lambda: sides.seconds)  # type: ignore[arg-type]
        self._apart, self._asks = set(apart), set(asks)

    def _judge(self, part: Part, number: int, observed: Observed) -> bool:
        event = part.steps[number].event
        assert observed["http"].exception == event
        self.events.append(event)
        if event in self._asks:
            self.pipeline.interrupt()
        return event not in self._apart


def steps(count: int, name: str = "s") -> list[Step]:
    """Return so many steps, by number."""
    return [Step(f"{name}{number}") for number in range(count)]


def fill(judged: Judged, all_steps: Sequence[Step]) -> list[str]:
    """Add steps that stand for themselves, and return the events that were judged in the end."""
    for step in all_steps:
        judged.pipeline.single(step)
    judged.pipeline.finish()
    return judged.events


def test_steps_are_played_in_one_go_and_judged_in_order() -> None:
    """Many are gathered, only the first part starts, and none is lost at the end."""
    sides = FakeSides()
    assert fill(Judged(sides), steps(100)) == [step.event for step in steps(100)]
    assert [len(part.steps) for [part] in sides.fed] == [8, 8, 32, 32, 20]
    assert [part.starts for [part] in sides.fed] == [True, False, False, False, False]


def test_slow_sides_are_fed_little_by_little() -> None:
    """Half a second's worth at once, however slow: the time of a run may be up; more again when they are faster."""
    sides = FakeSides()
    judged = Judged(sides)
    sides.seconds_a_step = 0.2
    fill(judged, steps(21))
    assert [len(part.steps) for [part] in sides.fed] == [8, 8, 2, 2, 1]
    sides.seconds_a_step = 2.0
    fill(judged, steps(5, "t"))
    assert [len(part.steps) for [part] in sides.fed[5:]] == [2, 2, 1]
    sides.seconds_a_step = 0.001
    fill(judged, steps(40, "u"))
    assert [len(part.steps) for [part] in sides.fed[8:]] == [1, 1, 32, 6]


def test_nothing_waits_once_a_process_was_lost() -> None:
    """Careful sides are told step by step."""
    sides = FakeSides()
    sides.is_careful = True
    fill(Judged(sides), steps(3))
    assert [len(part.steps) for [part] in sides.fed] == [1, 1, 1]


def test_what_comes_after_a_difference_is_played_again_from_a_start() -> None:
    """Sides that went apart say nothing by what they did then; those that were fed meanwhile come after."""
    sides = FakeSides()
    judged = Judged(sides, apart=["s5", "s40"])
    assert fill(judged, steps(80)) == [step.event for step in steps(80)]
    again = next(parts for parts in sides.fed if parts[0].steps[0].event == "s6")
    assert again[0].starts
    assert [part.steps[0].event for part in again] == ["s6", "s8"]


def test_a_difference_at_the_very_end_of_a_part_counts_as_well() -> None:
    """What is played ahead goes on from where sides agreed; once they do not, it is played again from a start."""
    sides = FakeSides()
    assert fill(Judged(sides, apart=["s7"]), steps(20)) == [step.event for step in steps(20)]
    assert [parts[0].starts for parts in sides.fed if parts[0].steps[0].event == "s8"] == [False, True]


def test_parts_that_go_on_from_a_difference_are_played_again() -> None:
    """Also where they were played in one go with the part that ended with it."""
    sides = FakeSides()
    judged = Judged(sides, apart=["s5", "s7"])
    assert fill(judged, steps(20)) == [step.event for step in steps(20)]
    starts = [part.starts for parts in sides.fed for part in parts if part.steps[0].event == "s8"]
    assert starts == [False, False, True]


def test_a_silence_is_judged_and_the_rest_is_played_again() -> None:
    """The step at which a side ended is done; parts that were not reached are played whole."""
    sides = FakeSides("s3", "b1")
    judged = Judged(sides)
    for step in steps(20):
        judged.pipeline.single(step)
    judged.pipeline.sequence(steps(3, "a"))
    judged.pipeline.sequence(steps(9, "b"))
    judged.pipeline.sequence(steps(3, "c"))
    judged.pipeline.finish()
    singles, a, c = ([step.event for step in steps(*one)] for one in ((20, "s"), (3, "a"), (3, "c")))
    assert judged.events == [*singles, *a, "b0", "b1", *c]


def test_a_step_that_is_never_reached_is_passed_over() -> None:
    """Where the process ends before a step each time, as it logs in say, the run goes on after it."""
    assert fill(Judged(FakeSides(never="s3")), steps(6)) == ["s0", "s1", "s2", "s4", "s5"]
    assert fill(Judged(FakeSides(never="s0")), steps(3)) == ["s1", "s2"]


def test_a_sequence_ends_with_its_first_difference() -> None:
    """The others of the same go are judged nevertheless: each started for itself."""
    judged = Judged(FakeSides(), apart=["a1"])
    for name in "abc":
        judged.pipeline.sequence(steps(12, name))
    judged.pipeline.finish()
    assert judged.events == ["a0", "a1", *(step.event for name in "bc" for step in steps(12, name))]


def test_a_judge_may_stop_the_sides_for_itself() -> None:
    """What they were playing ahead is played again, from a start, after what the judge did."""
    sides = FakeSides()
    judged = Judged(sides, asks=["s10"])
    assert fill(judged, steps(100)) == [step.event for step in steps(100)]
    ahead = [parts[0].starts for parts in sides.fed if parts[0].steps[0].event == "s16"]
    assert ahead == [False, True]


def test_singles_after_a_sequence_start() -> None:
    """They would otherwise go on from what the sequence left behind."""
    sides = FakeSides()
    judged = Judged(sides)
    judged.pipeline.single(Step("s"))
    judged.pipeline.sequence(steps(2, "a"))
    judged.pipeline.single(Step("t"))
    judged.pipeline.finish()
    [parts] = sides.fed
    assert [part.starts for part in parts] == [True, True, True]


def test_a_stop_at_the_very_end_is_remembered() -> None:
    """What is added after all was played, and the judge had the sides for itself, starts."""
    sides = FakeSides()
    judged = Judged(sides, asks=["s1"])
    fill(judged, steps(2))
    fill(judged, steps(2, "t"))
    assert [part.starts for [part] in sides.fed] == [True, True]
