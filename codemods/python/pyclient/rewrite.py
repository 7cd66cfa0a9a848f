"""The rewrite of one file: every call gets a row; calls that belong together are rewritten together, or not at all."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from msgspec import Struct, field
from msgspec.structs import replace

from codemods import reasons
from codemods.python.pyclient.answers import Answers, Change, Uses
from codemods.python.pyclient.asking import Asked, Asking
from codemods.python.pyclient.calls import HTTPX_CLIENT, REQUESTS, SESSION, Finder, Found, Maker, Other
from codemods.python.pyclient.connections import Connections, maker_name
from codemods.python.pyclient.evaluating import Evaluator
from codemods.python.pyclient.finishing import finished
from codemods.python.pyclient.layout import Layout
from codemods.python.pyclient.rules import rule_of
from codemods.python.pyclient.rules.base import Job
from codemods.python.pyclient.scopes import Scopes
from codemods.python.pyclient.targets import Server, Target, Targets
from codemods.python.pyclient.testers import Testers
from codemods.python.source import Source, UnparsableError
from codemods.results import LIKELY, REWRITTEN, SAFE, Edit, FileResult, Left, Site, apply
from codemods.urls import show

Place = tuple[int, int]
_OTHER_QUOTE = {"'": '"', '"': "'"}


class _Call(Struct, eq=False):
    """One call on its way: what is known of it, or why it is left."""

    found: Found
    site: Site
    target: Target | None = None
    asked: Asked | None = None
    uses: Uses = field(default_factory=lambda: Uses(()))

    @property
    def is_good(self) -> bool:
        return self.site.outcome == REWRITTEN


def rewrite(
    data: bytes, name: str, server: Server, testers: Testers, chosen: frozenset[Place] | None = None
) -> FileResult:
    """Rewrite a file: everything, or only the calls at the places that somebody chose."""
    source = Source(name, data)
    try:
        return _File(source, server, testers).result(chosen)
    except UnparsableError as error:
        return FileResult(name, data, data, (), str(error))


class _File:
    def __init__(self, source: Source, server: Server, testers: Testers) -> None:
        self.source = source
        self.server = server
        self.scopes = Scopes(source)
        _check_encoding(source)
        self.evaluator = Evaluator(source, self.scopes, server.defines)
        self.targets = Targets(self.evaluator, server)
        self.layout = Layout(source)
        finder = Finder(self.scopes, testers)
        found, self.others = finder.all()
        self.found = [_alone(one) for one in found]
        self.by_node: dict[ast.expr, Found] = {one.call: one for one in self.found}
        self.answers = Answers(self.scopes, self.by_node, testers.readers)
        self.connections = Connections(finder, self.evaluator, self.by_node)

    def result(self, chosen: frozenset[Place] | None) -> FileResult:
        calls = [self._call(one) for one in self.found]
        self._together(calls)
        if chosen is not None:
            _choose(calls, self._groups(calls), chosen)
        data = self.source.data
        after: bytes | None = data
        edits = self._edits([one for one in calls if one.is_good])
        sites = [*(one.site for one in calls), *(self._other(one) for one in self.others)]
        if edits:
            after = finished(
                self.source, apply(data, sorted(edits, key=lambda one: (one.start, one.end))), self._imports(calls)
            )
            if after is None:
                msg = "The rewritten file would not parse; nothing in it was changed."
                sites = [one.left(reasons.OUTPUT_UNPARSABLE, msg) if one.outcome == REWRITTEN else one for one in sites]
        return FileResult(
            self.source.name, data, data if after is None else after, tuple(sorted(sites, key=lambda one: one.place))
        )

    # ---- one call -----------------------------------------------------------------------------

    def _call(self, found: Found) -> _Call:
        rule = rule_of(found.kind)
        line, column = self.source.place(found.call)
        method, url = self.targets.facts(found)
        shown = show(url.parts) if url is not None else ""
        site = Site(
            self.source.name, line, column, REWRITTEN, rule=rule.name, confidence=SAFE, method=method, url=shown
        )
        call = _Call(found, site)
        try:
            self._examine(call)
            if self.server.rules and rule.name not in self.server.rules:
                raise Left(reasons.RULE_NOT_SELECTED, f"The rule {rule.name} was not asked for.")
        except Left as left:
            call.site = replace(
                call.site, outcome=left.outcome, reason=left.reason, message=left.message, confidence=""
            )
        return call

    def _examine(self, call: _Call) -> None:
        call.target = target = self.targets.target(call.found)
        call.site = replace(call.site, event=target.matched.event.event)
        call.uses = self.answers.uses(call.found)
        if call.found.maker is None and target.origin:
            self.connections.check_plain(target)
        outer = self._string_around(call.found.call)
        quote = _OTHER_QUOTE.get(outer, self.layout.quote)
        call.asked = asked = Asking(self.evaluator, call.found, target.matched, quote).asked()
        if outer and any(set(outer + "\n\\") & set(one.text) for one in asked.arguments):
            msg = "The call stands in an f-string, whose quotes its arguments would end."
            raise Left(reasons.REWRITE_CONFLICT, msg)
        maker = call.found.maker
        note = self.connections.note(maker) if maker is not None else ""
        notes = [one for one in (*target.notes, *asked.notes, *call.uses.notes, note) if one]
        if notes:
            call.site = replace(call.site, confidence=LIKELY, message="; ".join(dict.fromkeys(notes)))

    def _string_around(self, node: ast.expr) -> str:
        """Return the quote of the f-string that an expression stands in, "" if none."""
        strings = [one for one in self.scopes.around(node) if isinstance(one, ast.JoinedStr)]
        if not strings:
            return ""
        start = self.source.span(strings[0])[0]
        found = re.match(rb"[a-zA-Z]*(['\"])", self.source.data[start : start + 8])
        return found[1].decode() if found is not None else "'"

    def _other(self, other: Other) -> Site:
        line, column = self.source.place(other.node)
        if other.is_reference:
            msg = f"{self.evaluator.code(other.node)} is passed on or replaced, not called."
            return Site(self.source.name, line, column, "left", reasons.CLIENT_REFERENCE, msg)
        msg = f"The call is made with {other.library}."
        return Site(self.source.name, line, column, "left", reasons.OTHER_CLIENT, msg)

    # ---- calls that belong together -----------------------------------------------------------

    def _groups(self, calls: list[_Call]) -> list[list[_Call]]:
        """Return the calls in sets that are rewritten all or none: of one session, or of one variable."""
        by_node = {one.found.call: one for one in calls}
        group: dict[_Call, list[_Call]] = {one: [one] for one in calls}
        makers: dict[Maker, _Call] = {}
        pairs = [(one, by_node[node]) for one in calls for node in one.uses.together]
        for one in calls:
            if one.found.maker is not None:
                pairs.append((one, makers.setdefault(one.found.maker, one)))
        for a, b in pairs:
            if group[a] is not group[b]:
                group[a].extend(group[b])
                for one in group[b]:
                    group[one] = group[a]
        return list({id(one): one for one in group.values()}.values())

    def _together(self, calls: list[_Call]) -> None:
        for maker in dict.fromkeys(one.found.maker for one in calls if one.found.maker is not None):
            self._check_maker(maker, [one for one in calls if one.found.maker is maker])
        for group in self._groups(calls):
            bad = next((one for one in group if not one.is_good), None)
            if bad is not None:
                _leave(group, bad)

    def _check_maker(self, maker: Maker, calls: list[_Call]) -> None:
        try:
            self.connections.check_session(maker)
            targets = [one.target for one in calls if one.is_good and one.target is not None]
            if targets:
                self.connections.session_code(maker, targets)
        except Left as left:
            for one in calls:
                if one.is_good:
                    one.site = one.site.left(left.reason, left.message)

    # ---- edits --------------------------------------------------------------------------------

    def _edits(self, calls: list[_Call]) -> list[Edit]:
        edits: dict[tuple[int, int], Edit] = {}
        for call in calls:
            edits |= {(one.start, one.end): one for one in self._call_edits(call)}
            for change in call.uses.changes:
                edits |= {(one.start, one.end): one for one in self._change_edits(change)}
        for maker in dict.fromkeys(one.found.maker for one in calls if one.found.maker is not None):
            targets = [one.target for one in calls if one.found.maker is maker and one.target is not None]
            text = self.connections.session_code(maker, targets)
            edit = Edit(*self.source.span(maker.call), text.encode())
            edits[edit.start, edit.end] = edit
        return [*edits.values(), *self._new_connections(calls)]

    def _call_edits(self, call: _Call) -> Iterable[Edit]:
        found = call.found
        assert call.target is not None and call.asked is not None  # noqa: PT018 - examined
        job = Job(found, call.target, self.evaluator, self.connections)
        function = rule_of(found.kind).function(job)
        start, end = self.source.span(found.call)
        line = self.source.lines[(found.call.end_lineno or 1) - 1].decode().rstrip()
        after = len(line) - (found.call.end_col_offset or 0)
        outer = self._string_around(found.call)
        quote = _OTHER_QUOTE.get(outer, self.layout.quote)
        name = f"{quote}{call.target.matched.event.event}{quote}"
        text = self.layout.call(found.call, [function, name], call.asked.arguments, max(after, 0), is_flat=bool(outer))
        yield Edit(start, end, text.encode())

    def _change_edits(self, change: Change) -> Iterable[Edit]:
        end = self.source.span(change.node)[1]
        if change.whole is None:
            assert isinstance(change.node, ast.Attribute)
            assert self.source.data[:end].endswith(change.node.attr.encode()), "Python tells another place"
            yield Edit(end - len(change.node.attr.encode()), end, change.text.encode())
            return
        value = change.node.value if isinstance(change.node, ast.Attribute) else change.node
        left, right = ("(", ")") if isinstance(value, ast.Await) else ("", "")
        start, stop = self.source.span(change.whole)
        yield Edit(start, self.source.span(value)[0], left.encode())
        yield Edit(self.source.span(value)[1], stop, f"{right}.{change.text}".encode())

    def _new_connections(self, calls: list[_Call]) -> Iterable[Edit]:
        plain = [
            one.target for one in calls if one.found.maker is None and one.target is not None and one.target.origin
        ]
        newline = self.layout.newline
        for one in {connection.name: connection for connection in map(self.connections.plain, plain)}.values():
            if one.is_there:
                continue
            at = sum(map(len, self.source.lines[: one.row]))
            is_ended = at == 0 or self.source.data[:at].endswith((b"\n", b"\r"))
            text = f"{one.name} = connect({one.base}, cookies=False){newline}"
            above = "" if one.base.isidentifier() else newline
            below = newline if at == 0 else ""
            yield Edit(at, at, f"{'' if is_ended else newline}{above}{text}{below}".encode())

    def _imports(self, calls: list[_Call]) -> set[str]:
        good = [one for one in calls if one.is_good]
        makers = {maker_name(one.found.maker) for one in good if one.found.maker is not None}
        is_plain = any(one.found.maker is None and one.target is not None and one.target.origin for one in good)
        return makers | ({"connect"} if is_plain else set())


def _check_encoding(source: Source) -> None:
    """Raise UnparsableError for a file whose bytes are not those that places are counted in."""
    if source.data.startswith(b"\xef\xbb\xbf"):
        msg = "starts with a byte order mark"
        raise UnparsableError(msg)
    try:
        source.data.decode()
    except UnicodeDecodeError as error:
        msg = "is not UTF-8"
        raise UnparsableError(msg) from error


def _alone(found: Found) -> Found:
    """Return ``requests.Session().get(...)`` as the plain call that it is."""
    is_made_here = found.maker is not None and found.receiver is found.maker.call
    if found.kind == SESSION and is_made_here and not found.maker.call.args:  # type: ignore[union-attr]
        return replace(found, kind=REQUESTS, maker=None, receiver=None)
    return found


def _leave(group: list[_Call], bad: _Call) -> None:
    """Leave all calls of a group for what is wrong with one of them."""
    line = bad.site.line
    for one in group:
        if not one.is_good:
            continue
        if one.found.kind in (SESSION, HTTPX_CLIENT) and one.found.maker is bad.found.maker:
            msg = f"The call of this session in line {line} is left ({bad.site.reason})."
            one.site = one.site.left(reasons.SESSION_IN_USE, msg)
        else:
            msg = f"The variable may hold the response of line {line} too, which is left ({bad.site.reason})."
            one.site = one.site.left(reasons.RESPONSE_REASSIGNED, msg)


def _choose(calls: list[_Call], groups: list[list[_Call]], chosen: frozenset[Place]) -> None:
    """Leave what nobody chose; the first call of a group speaks for all of it."""
    for group in groups:
        first = min(group, key=lambda one: one.site.place)
        if first.site.place not in chosen:
            for one in group:
                if one.is_good:
                    one.site = one.site.left(reasons.REFUSED, "You said no to rewriting this call.")
