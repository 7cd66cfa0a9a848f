"""Proves one app: the Resource and the native handler are asked the same, in the same order, on equal databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.native_handlers.hosting import EMPTY, FRESH, KEPT, Host, Watched, alone, native
from benchmarks.native_handlers.inputs import Lists, Method, calls
from benchmarks.native_handlers.subjects import NOBODY, Migrated, Subject, User, filled, migrated
from benchmarks.native_handlers.verdict import MethodVerdict, Verdict
from benchmarks.real_apps.calls import Call, Recorder, Routes, reads
from benchmarks.real_apps.compare import Difference, differences
from benchmarks.real_apps.sides import HTTPSide, Server, SocketSide

Migrate = Callable[[Subject, Path], Migrated]


def prove(subject: Subject, folder: Path, migrate: Migrate = migrated) -> Verdict:
    """Return what came of one app; one that cannot be filled, migrated or started is a verdict too."""
    verdict = Verdict(subject.source, needs=subject.needs)
    try:
        start = filled(subject, folder / "filled")
        done = migrate(start, folder / "migrated")
        verdict.count(done)
        _prove(verdict, start, done.subject, folder)
    except Exception as error:  # a row of the table, not the end of it
        verdict.failure = f"{type(error).__name__}: {error}"
    return verdict


def _prove(verdict: Verdict, before: Subject, after: Subject, folder: Path) -> None:
    with Host(after.app, folder / "native", native=True) as host:
        known = host.say(ask="known")
        routes = Routes(known["events"], before.app.skip)
        methods = list(_methods(before, routes, known["handlers"]))
        with Host(before.app, folder / "alone", native=False) as first:
            control = Recorder(alone(first, before.app))
            _explore(before, routes, methods, control)
        with Host(before.app, folder / "again", native=False) as second, ThreadPoolExecutor() as pool:
            again = pool.submit(control.replay, alone(second, before.app))
            candidate = pool.submit(control.replay, native(host, after.app, routes))
            noise = frozenset(one.place for one in differences("again", control.said, again.result().said))
            found = differences("native", control.said, candidate.result().said, noise)
        handlers = host.say(ask="known")["handlers"]
    chosen = _one_of_each(control)
    verdict.differences = [*found, *_over_sockets(before, after, routes, chosen, noise, folder)]
    verdict.noise = noise
    verdict.compared = sum(call.kind not in (FRESH, EMPTY) for call, _ in control.said)
    sockets = {(call.method, call.rule) for call in chosen}
    verdict.methods = [_judged(one, control, verdict.differences, noise, sockets, before.broken) for one in handlers]


def _methods(subject: Subject, routes: Routes, handlers: list[dict[str, Any]]) -> Iterator[Method]:
    """Yield the converted methods, those last that log in or out."""
    found = {(one["method"], one["rule"]): one for one in handlers}
    wanted = sorted(routes.of("GET", "POST", "PATCH", "PUT", "DELETE"), key=subject.app.is_session)
    for route in wanted:
        handler = found.get((route["method"], route["rule"]))
        if handler is not None:
            key = f"{route['method']} {route['rule']}"
            login = [row["body"] for row in subject.app.login if row["call"] == key and "body" in row]
            bodies = [*subject.bodies.get(key, []), *login]
            yield Method(route, handler["fields"], bodies, subject.params.get(key, []))


def _explore(subject: Subject, routes: Routes, methods: list[Method], recorder: Recorder) -> None:
    """Ask every method as each user and as nobody, and all of it as the first one who is let in."""
    thoroughly: set[str] = set()
    for user in [*subject.users, NOBODY]:
        session = _enter(user, recorder)
        lists: Lists = reads(routes, recorder)
        for method in methods:
            thorough = method.key not in thoroughly
            for call in calls(method, lists, thorough=thorough):
                recorder.ask(call)
                answer = recorder.said[-1][1]
                if answer["ok"] and thorough:
                    thoroughly.add(method.key)
                if answer["session"] != session:
                    session = _enter(user, recorder)
    _without_rows([*subject.users, NOBODY][0], methods, recorder)
    _enter(NOBODY, recorder)
    for row in subject.app.calls:
        recorder.ask(Call.of(row, KEPT))


def _without_rows(user: User, methods: list[Method], recorder: Recorder) -> None:
    """Ask for every list when there is nothing left, not even who asks."""
    _enter(user, recorder)
    recorder.ask(Call("", "no rows", kind=EMPTY))
    for method in methods:
        if method.route["method"] == "GET" and not method.route["params"]:
            recorder.ask(Call("GET", method.route["rule"], kind=KEPT))


def _enter(user: User, recorder: Recorder) -> Any:
    """Come as a new browser on the first database, log in, and return the session."""
    recorder.ask(Call("", user.name, kind=FRESH))
    for row in user.login:
        recorder.ask(Call.of(row, "login"))
    return recorder.said[-1][1].get("session", {})


def _over_sockets(
    before: Subject, after: Subject, routes: Routes, chosen: list[Call], noise: frozenset[str], folder: Path
) -> list[Difference]:
    """Ask over real connections, of servers as they are run; return what differs."""
    with Server(before.app, folder / "http", bridged=False) as server:
        http = Watched(partial(HTTPSide, server.url, before.app.bearer), server.folder)
        control = _asked(chosen, http)
    with Server(after.app, folder / "socket", bridged=True) as server:
        socket = Watched(partial(SocketSide, server.url, after.app, routes), server.folder)
        candidate = _asked(chosen, socket)
        socket.close()
    return differences("socket", control.said, candidate.said, noise)


def _asked(calls: list[Call], side: Watched) -> Recorder:
    recorder = Recorder(side)
    for call in calls:
        recorder.ask(call)
    return recorder


def _one_of_each(control: Recorder) -> list[Call]:
    """Return the first call of each method and status, with what logs in before it where somebody else asked last."""
    chosen: list[Call] = []
    entering: list[Call] = []
    entered: list[Call] = []
    seen: set[tuple[str, str, int]] = set()
    previous: list[Call] = []
    session: Any = None
    for call, answer in control.said:
        if call.kind in (FRESH, EMPTY, "login"):
            entering = [call] if call.kind == FRESH else [*entering, call]
        elif (key := (call.method, call.rule, answer["status"])) not in seen:
            seen.add(key)
            chosen += [*(entering if entering != entered else []), *previous, call]
            entered = entering if answer["session"] == session else []
        previous = [call] if call.kind == KEPT else []
        session = answer.get("session")
    return chosen


def _judged(
    handler: dict[str, Any],
    control: Recorder,
    found: list[Difference],
    noise: frozenset[str],
    sockets: set[tuple[str, str]],
    broken: dict[str, str],
) -> MethodVerdict:
    key = handler["method"], handler["rule"]
    subject = " ".join(key)
    statuses = Counter(
        answer["status"] for call, answer in control.said if (call.method, call.rule) == key and call.kind != "login"
    )
    return MethodVerdict(
        event=handler["event"],
        subject=subject,
        statuses=statuses,
        reached=handler["calls"],
        lines=handler["lines"],
        missing=handler["missing"],
        differences=sum(one.subject == subject for one in found),
        is_masked=any(f"{subject} {path}" in noise for path in ("$.status", "$.data", "$.rows")),
        over_socket=key in sockets,
        broken=broken.get(subject, ""),
    )
