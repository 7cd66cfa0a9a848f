"""Compares native handlers with the Resources that they replace, on sampled reads in production (docs/shadow.md).

Once the client has its answer, the Resource is asked the same. Loaded only where it is wanted: ``Bridge(shadow=0.01)``.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from random import random
from time import perf_counter
from typing import TYPE_CHECKING, Any

import orjson

from bridge.ack import ack_of, refusal
from bridge.call import Call, Refused
from bridge.differing import MISSING, Path, differences, general, path_text, value_text
from bridge.shadow_reads import SHADOW, WATCH, Watch, forget_sessions, watch_sql

if TYPE_CHECKING:
    from flask import Flask

    from bridge.call import Route
    from bridge.dispatch import Dispatcher
    from bridge.native import Key, Natives
    from bridge.wire import Frame
    from bridge.workers import WorkerPool

WORKERS = 2
#: So many samples may wait or be under way; a further one is dropped, as is an ack of more characters.
MOST, LONGEST = 16, 2_000_000
_CUT = 500
_READS = ("GET", "HEAD")

_logger = logging.getLogger("bridge")


@dataclass(frozen=True, slots=True)
class Shadowed:
    """What a comparison came to.

    ``path`` is the first path at which the answers differ, "" where they are ``equal``: ``$.status``, ``$.type``
    (the content type of what is no JSON), ``$.data[0].name``. ``native`` and ``resource`` are what stands there, as
    JSON cut to 500 characters, "" where it is missing. Seconds are those of the first reading of each.
    """

    event: str
    method: str
    rule: str
    equal: bool
    path: str
    native: str
    resource: str
    seconds_native: float
    seconds_resource: float


@dataclass(frozen=True, slots=True)
class ShadowCounts:
    """How many reads were sampled, compared, told to differ, dropped for lack of room; ``writing``: routes left out."""

    sampled: int = 0
    compared: int = 0
    mismatched: int = 0
    dropped: int = 0
    writing: tuple[str, ...] = ()


Tell = Callable[[Shadowed], object]


def log_mismatch(shadowed: Shadowed) -> None:
    """Log a warning where answers differ: where, but not what they are, since that may be anybody's data."""
    if not shadowed.equal:
        where = f"{shadowed.method} {shadowed.rule} ({shadowed.event})"
        _logger.warning("%s: the native handler and the Resource differ at %.200s", where, shadowed.path)


class Shadow:
    """Samples the reads of one app; safe to use from several threads."""

    def __init__(
        self, app: Flask, rate: float, tell: Tell, pool: WorkerPool, chance: Callable[[], float] = random
    ) -> None:
        """``rate`` is the share of reads, 0 to 1; ``chance`` gives the numbers that decide: a seeded one repeats."""
        self._app = app
        self._rate = rate
        self._tell = tell
        self._pool = pool
        self._chance = chance
        self._lock = threading.Lock()
        self._compared_routes: frozenset[Key] = frozenset()
        self._resources: Natives | None = None
        self._writing: dict[Key, str] = {}
        self._under_way = 0
        self._counts = {"sampled": 0, "compared": 0, "mismatched": 0, "dropped": 0}

    def learn(self, routes: Collection[Key], resources: Natives | None) -> None:
        """Be told which routes have both answers; ``resources`` are the handlers of those that have no Resource."""
        self._compared_routes = frozenset(key for key in routes if key[0] in _READS)
        self._resources = resources

    @property
    def counts(self) -> ShadowCounts:
        """What has happened so far."""
        with self._lock:
            return ShadowCounts(**self._counts, writing=tuple(self._writing.values()))

    def sample(self, frame: Frame, route: Route, native: object, dispatcher: Dispatcher) -> Sample | None:
        """Return a sample of an event that is about to be answered; None where it is not one of those compared."""
        key = (route.event.method, route.event.rule)
        if key not in self._compared_routes or key in self._writing or self._chance() >= self._rate:
            return None
        self._count("sampled")
        watch_sql()
        return Sample(self, frame, route, native, dispatcher.forgetful()[0])

    def take(self, sample: Sample) -> None:
        """Compare a sample when there is time for it; called once its ack is on its way, and quick."""
        with self._lock:
            if self._under_way >= MOST or len(sample.ack) > LONGEST:
                self._counts["dropped"] += 1
                return
            self._under_way += 1
        self._pool.submit(lambda: self._run(sample))

    def _run(self, sample: Sample) -> None:
        try:
            forget_sessions(self._app)
            if sample.watch.wrote:
                self._leave_out(sample, "native handler")
            elif sample.key not in self._writing:
                self._compare(sample)
        finally:
            with self._lock:
                self._under_way -= 1

    def _compare(self, sample: Sample) -> None:
        try:
            shadowed = compared(sample, self._resources)
        except _Writes as writes:
            self._leave_out(sample, writes.who)
            return
        except Refused:  # the arguments don't fit: neither was asked
            return
        self._count("compared")
        if not shadowed.equal:
            self._count("mismatched")
        try:
            self._tell(shadowed)
        except Exception:  # the user's callback: it must not end a worker, and nobody waits for it
            _logger.exception("on_shadow raised for %s", shadowed.event)

    def _leave_out(self, sample: Sample, who: str) -> None:
        title = " ".join(sample.key)
        with self._lock:
            is_news = sample.key not in self._writing
            self._writing[sample.key] = title
        if is_news:
            _logger.warning("%s is not compared any more: its %s writes to the database", title, who)

    def _count(self, name: str) -> None:
        with self._lock:
            self._counts[name] += 1


class Sample:
    """One read: what was asked, by whom (cookies as they were before), and what the native handler answered."""

    def __init__(self, shadow: Shadow, frame: Frame, route: Route, native: object, dispatcher: Dispatcher) -> None:
        self.route = route
        self.frame = frame
        self.native = native
        self.dispatcher = dispatcher
        self.watch = Watch(is_refused=False)
        self.ack = ""
        self.seconds = 0.0
        self._shadow = shadow
        self._started = perf_counter()

    @property
    def key(self) -> Key:
        """The route: method and rule."""
        return self.route.event.method, self.route.event.rule

    @property
    def environ(self) -> dict[str, Any]:
        """What the native handler's own dispatch carries, so that it is seen to write."""
        return {WATCH: self.watch}

    def answered(self, ack: str) -> Callable[[], None]:
        """Take the native handler's ack; what is returned is to be called when that is on its way to the client."""
        self.ack, self.seconds = ack, perf_counter() - self._started
        return lambda: self._shadow.take(self)

    def read(self, call: Call, natives: object, who: str) -> str:
        """Return the ack of one more reading, which leaves no traces; raises _Writes where it would."""
        dispatcher, jar = self.dispatcher.forgetful()
        watch = Watch(is_refused=True)
        try:
            ack = ack_of(dispatcher.answer(call, natives, jar.update, {WATCH: watch, SHADOW: True}))
        except Refused as refused:
            ack = refusal(refused.status, refused.sentence)
        if watch.wrote:
            raise _Writes(who)
        return ack


class _Writes(Exception):  # noqa: N818 - an outcome
    """A shadow read had a statement that writes, which was not executed."""

    def __init__(self, who: str) -> None:
        super().__init__(who)
        self.who = who


def compared(sample: Sample, resources: Natives | None) -> Shadowed:
    """Ask the Resource, and where it answers otherwise, both once more, in the other order."""
    call = sample.route.call(sample.frame)
    started = perf_counter()
    resource = sample.read(call, resources, "Resource")
    seconds = perf_counter() - started
    found: tuple[Path, Any, Any] | None = None
    if resource != sample.ack and _differing(sample.ack, resource):
        again = sample.read(call, resources, "Resource")
        found = confirmed(sample.ack, resource, again, sample.read(call, sample.native, "native handler"))
    path, native, other = found or ((), MISSING, MISSING)
    event = sample.route.event
    return Shadowed(
        event.event,
        event.method,
        event.rule,
        equal=found is None,
        path=path_text(path) if found else "",
        native=value_text(native, _CUT),
        resource=value_text(other, _CUT),
        seconds_native=sample.seconds,
        seconds_resource=seconds,
    )


def confirmed(native: str, resource: str, resource_again: str, native_again: str) -> tuple[Path, Any, Any] | None:
    """Return the first difference that is there both times, and at which the Resource agrees with itself.

    The four were read in this order. What was written in between shows in one pair only, or between the two answers of
    the Resource; a clock or a random number in an answer shows there too.
    """
    before = {general(path) for path, _, _ in _differing(native, resource)}
    noise = {general(path) for path, _, _ in _differing(resource, resource_again)}
    both = (one for one in _differing(native_again, resource_again) if general(one[0]) in before - noise)
    return next(both, None)


def _differing(one: str, other: str) -> list[tuple[Path, Any, Any]]:
    return list(differences(_said(one), _said(other)))


def _said(ack: str) -> dict[str, Any]:
    """Return what an ack says; ``ok`` and ``errors`` follow from that."""
    try:
        value = orjson.loads(ack)
    except ValueError:  # an integer beyond 64 bits, a lone surrogate
        value = json.loads(ack)
    return {"status": value["status"], "type": value.get("meta", {}).get("type"), "data": value["data"]}
