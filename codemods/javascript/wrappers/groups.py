"""Gathers a helper around ``fetch`` and all its callers, and finds the event of each: all become events, or none."""

from __future__ import annotations

from msgspec import Struct, field
from tree_sitter import Node

from codemods import reasons
from codemods.javascript.chain import chain_of
from codemods.javascript.constants import Constants
from codemods.javascript.emit import Emit
from codemods.javascript.empty_answer import check_answer
from codemods.javascript.evaluating import Values
from codemods.javascript.location import locate
from codemods.javascript.modules import Modules
from codemods.javascript.names import ClientNames, client_names
from codemods.javascript.parser import FUNCTIONS, Module, arguments, around, child, function_of, walk
from codemods.javascript.request import Request, read_request
from codemods.javascript.resolving import App, Target, find_match, find_target
from codemods.javascript.rules.base import Job
from codemods.javascript.style import Style, style_of
from codemods.javascript.values import ROOT, UNDEFINED, Env, Expr, changed_member, changes
from codemods.javascript.wrappers.answers import use_answer
from codemods.javascript.wrappers.asking import ask
from codemods.javascript.wrappers.tracking import Tracker
from codemods.javascript.writing import Draft
from codemods.results import Left
from codemods.urls import Unknown, show

_MOST_CALLS = 2000
_DEPTH = 6


class Helper(Struct, eq=False):
    """A function whose parameters a request is made of (``inner`` asks), or which hands the Response on."""

    module: Module
    function: Node
    name: str
    inner: Call | None = None
    hands_on: bool = False
    callers: list[Call] = field(default_factory=list)

    @property
    def takes_event(self) -> bool:
        """True where its callers say what is asked for."""
        return self.inner is not None


class Call(Struct, eq=False):
    """A ``fetch``, or a call of a helper; ``emit`` is what it asks for, ``taker`` the function whose callers say so.

    ``own`` is why it does not say so itself, ``problem`` why it keeps all others from being rewritten.
    """

    module: Module
    node: Node
    helper: Helper | None = None
    emit: Emit | None = None
    taker: Helper | None = None
    has_own: bool = False
    problem: Left | None = None
    own: Left | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def start(self) -> int:
        """Where what is called is written."""
        return child(self.node, "function").start_byte


class Group(Struct, eq=False):
    """All functions and calls that are rewritten together; the first call is the ``fetch``."""

    app: App
    modules: Modules
    calls: list[Call] = field(default_factory=list)
    helpers: list[Helper] = field(default_factory=list)
    problem: Left | None = None
    _names: dict[str, ClientNames] = field(default_factory=dict)
    _styles: dict[str, Style] = field(default_factory=dict)

    @property
    def fetch(self) -> Call:
        """The call of ``fetch`` that it is all about."""
        return self.calls[0]

    def gather(self, module: Module, fetch: Node) -> None:
        """Follow the request to those who say what it is, and the answer to those who use it."""
        waiting = [Call(module, fetch)]
        self.calls.append(waiting[0])
        while waiting and len(self.calls) < _MOST_CALLS:
            call = waiting.pop(0)
            known = len(self.calls)
            try:
                waiting += self._request(call) + self._answer(call)
            except Left as left:
                call.problem = left
            waiting += [one for one in self.calls[known:] if one not in waiting]

    # ---- the request --------------------------------------------------------------------------

    def _request(self, call: Call) -> list[Call]:
        if call.helper is not None and not call.helper.takes_event:
            return []
        try:
            call.emit = self._emit(call)
            return []
        except Left as left:
            call.own = left
            taker = self._taker(call)
            if taker is None or (call.helper is not None and taker is call.helper.function):
                raise
            helper, is_new = self._helper(call.module, taker)
            if not helper.callers:
                raise
            if helper.inner is not None and helper.inner is not call:
                msg = f"{helper.name} asks in more than one place."
                raise Left(left.reason, msg) from left
            is_changed = not helper.takes_event
            helper.inner, call.taker, call.problem = call, helper, None
            return [] if is_new or not is_changed else list(helper.callers)

    def _emit(self, call: Call) -> Emit:
        call.notes = []
        if call.helper is None:
            target = find_target(self.app, call.module, call.node)
            request = read_request(self.modules, call.module, call.node)
            found = find_match(self.app, request.method, target, call.notes.append)
            return Emit(call.node, request, found, target.url)
        fetch, env = self._bound(call, ROOT, 0)
        given = arguments(fetch.node)
        values = Values(self.modules)
        asked = ask(values, Expr(fetch.module, given[1], env) if len(given) > 1 else UNDEFINED)
        call.has_own = asked.has_own
        target = self._target(call, Expr(fetch.module, given[0], env))
        found = find_match(self.app, asked.method, target, call.notes.append)
        if call.helper.hands_on:
            scopes = self.modules.scopes(call.module)
            check_answer(call.module, scopes, chain_of(call.module, call.node), found.event)
        request = Request(asked.method, call.node, asked.body, tuple(asked.headers))
        return Emit(call.node, request, found, target.url)

    def _bound(self, call: Call, env: Env, depth: int) -> tuple[Call, Env]:
        """Return the ``fetch`` that a call leads to, and what the parameters of its function stand for then."""
        if call.helper is None:
            return call, env
        given = arguments(call.node)
        if depth > _DEPTH or any(one.type == "spread_element" for one in given):
            msg = "The arguments are spread from a value that is not known here."
            raise Left(reasons.OPTIONS_NOT_CONSTANT, msg)
        inner = call.helper.inner
        assert inner is not None
        values = [Expr(call.module, one, env) for one in given]
        bound = Values(self.modules).bound(call.helper.module, call.helper.function, list(values), inner.node)
        return self._bound(inner, bound, depth + 1)

    def _target(self, call: Call, url: Expr) -> Target:
        constants = Constants(self.modules, call.module, call.node, self.app.defines)
        urls = constants.of(url)
        unknown = next((part for one in urls for part in one[1:] if isinstance(part, Unknown)), None)
        if unknown is not None:
            msg = f"The URL {show(urls[0])} contains {unknown.name}, which only the helper knows."
            raise Left(reasons.URL_UNRESOLVED, msg)
        server, router = self.app.server, self.app.router
        choices = tuple(
            tuple(
                locate(
                    server,
                    one,
                    is_template=len(one) > 1,
                    is_parameter=False,
                    pages=lambda: router.pages(call.module, call.node),
                )
            )
            for one in urls
        )
        return Target(show(urls[0]), choices)

    def _taker(self, call: Call) -> Node | None:
        """Return the innermost function of whose parameters a request is made."""
        found: set[Node] = set()
        waiting, seen = [child(call.node, "arguments")], set()
        scopes = self.modules.scopes(call.module)
        while waiting:
            for node in walk(waiting.pop()):
                binding = scopes.binding(node) if "identifier" in node.type else None
                if binding is None or binding.node.start_byte in seen:
                    continue
                seen.add(binding.node.start_byte)
                function = function_of(binding.node)
                if binding.kind == "param" and binding.declaration.type in FUNCTIONS and function is not None:
                    found.add(function)
                elif function is not None and binding.declaration.type == "variable_declarator":
                    waiting.append(binding.declaration)
                    members = [changed_member(call.module, one) for one in changes(call.module, binding)]
                    waiting += [around(one) for one in members if one is not None]
        return max(found, key=lambda one: one.start_byte, default=None)

    # ---- the answer ---------------------------------------------------------------------------

    def _answer(self, call: Call) -> list[Call]:
        if call.helper is not None and not call.helper.hands_on:
            return []
        emit = Emit(call.node, Request("", call.node), None, given="", callee="f" if call.helper else "")  # type: ignore[arg-type]
        job = self.job(call, emit, Draft(call.module, self.style(call.module)))
        if not use_answer(job):
            return []
        function = function_of(call.node)
        if function is None:
            return []
        helper, is_new = self._helper(call.module, function)
        if not helper.callers:
            msg = f"The Response is handed on to the callers of {helper.name}, and nobody in the project calls it."
            raise Left(reasons.RESPONSE_ESCAPES, msg)
        is_changed, helper.hands_on = not helper.hands_on, True
        return [] if is_new or not is_changed else list(helper.callers)

    def job(self, call: Call, emit: Emit, draft: Draft) -> Job:
        """Return what a rule needs to rewrite the use of an answer."""
        scopes = self.modules.scopes(call.module)
        chain = chain_of(call.module, call.node)
        return Job(call.module, scopes, draft, self.names(call.module), chain, (emit,), self.modules, call.notes)

    def names(self, module: Module) -> ClientNames:
        """Return what the client module's exports are called in a file."""
        if module.path not in self._names:
            self._names[module.path] = client_names(self.modules, module, self.app.client)
        return self._names[module.path]

    def style(self, module: Module) -> Style:
        """Return how a file is written."""
        if module.path not in self._styles:
            self._styles[module.path] = style_of(module)
        return self._styles[module.path]

    # ---- helpers ------------------------------------------------------------------------------

    def _helper(self, module: Module, function: Node) -> tuple[Helper, bool]:
        """Return the helper that a function is, and whether it is a new one; its callers are looked for then."""
        known = next((one for one in self.helpers if one.function == function and one.module is module), None)
        if known is not None:
            return known, False
        helper = Helper(module, function, _name(module, function))
        self.helpers.append(helper)
        tracker = Tracker(self.modules)
        try:
            tracker.function(module, function)
        except Left as left:
            self.problem = replace_message(left, f"{helper.name} is a helper, and {left.message}.")
        helper.callers = [Call(where, node, helper) for where, node in tracker.calls]
        self.calls += helper.callers
        return helper, True


def replace_message(left: Left, message: str) -> Left:
    """Return the same finding in other words."""
    return Left(left.reason, message, left.outcome)


def _name(module: Module, function: Node) -> str:
    name = function.child_by_field_name("name")
    outer = around(function)
    for field_name in ("name", "key", "property"):
        name = name or outer.child_by_field_name(field_name)
    return module.text(name) if name is not None else "a function"
