"""Plans the handler of one method: everything but its name, which depends on the others."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from codemods import reasons
from codemods.python.server import bridge_place
from codemods.python.server.already import native_routes
from codemods.python.server.bound_names import FunctionNode
from codemods.python.server.bridge_place import BridgePlace
from codemods.python.server.checks import check, parameters, why_not
from codemods.python.server.decorators import decorated
from codemods.python.server.evaluation import imported_names
from codemods.python.server.handler_plan import Handler
from codemods.python.server.handler_plan import Route as HandlerRoute
from codemods.python.server.json_body import Body, body_of
from codemods.python.server.methods import FileMethods, Method
from codemods.python.server.origins import Origins
from codemods.python.server.own_self import OwnSelf, self_of
from codemods.python.server.requests import request_names
from codemods.python.server.rules import INHERITED_METHOD, JSON_BODY, RESOURCE_METHOD, RESOURCE_SELF
from codemods.results import Left

if TYPE_CHECKING:
    from bridge.events import Event


class Plan(Struct, frozen=True):
    """A method that becomes a handler, by which rule.

    ``note`` says what is only probable about it, ``remark`` which of its routes go on being bridged, and why.
    """

    method: Method
    node: FunctionNode
    rule: str
    handler: Handler
    note: str = ""
    remark: str = ""


class Planner:
    """Plans the handlers of one file; Left says why a method has none."""

    def __init__(self, file: FileMethods, place: BridgePlace, with_arguments: frozenset[str]) -> None:
        self.file = file
        self.place = place
        self.with_arguments = with_arguments
        self.tree = file.source.tree
        self.requests = request_names(self.tree)

    @cached_property
    def imported(self) -> dict[str, str]:
        """The full names of what the file imports."""
        return imported_names(self.tree)

    @cached_property
    def origins(self) -> Origins:
        """Where the file's names come from."""
        start = self.file.reading.start
        return Origins(self.file.reading.project, start.entry if start is not None else "")

    @cached_property
    def native(self) -> frozenset[tuple[str, str]]:
        """The routes that have a handler."""
        return native_routes(self.file.reading, self.file.path, self.tree)

    @cached_property
    def import_source(self) -> str:
        """What the file imports the bridge from; "" for the file that makes it."""
        source = bridge_place.import_source(self.file.reading, self.place, self.file.path)
        bridge_place.refuse_other_name(self.tree, self.place, source)
        return source

    @cached_property
    def quote(self) -> str:
        """The quotation mark that the file uses more often."""
        return "'" if self.file.source.data.count(b"'") > self.file.source.data.count(b'"') else '"'

    def plan(self, method: Method) -> Plan:
        """Return the plan; raises Left."""
        if not method.routes:
            msg = f"No route of the app reaches {method.cls.name}.{method.verb}()."
            raise Left(reasons.WITHOUT_ROUTE, msg)
        all_routes = list({one.event.event: one for one in method.routes}.values())
        new = [one for one in all_routes if (one.event.method, one.event.rule) not in self.native]
        if not new:
            raise _done(method)
        node = check(method, self.tree, self.requests)
        kept = decorated(node.decorator_list, self.file.path, self.origins)
        against = {} if kept.hides_parameters else {one.event.event: why_not(one, node) for one in new}
        method = replace(method, routes=tuple(one for one in new if not against.get(one.event.event)))
        failing = [why for why in against.values() if why]
        if not method.routes:
            raise Left(reasons.PARAMETERS_DIFFER, failing[0]) if len(new) == len(all_routes) else _done(method)
        own_self = self_of(method, self.tree, self.with_arguments)
        given = frozenset(name for route in method.routes for name in route.event.params)
        body = None if kept.hides_parameters else self._body(method, node, given, kept.may_answer_first)
        always = frozenset.intersection(*(frozenset(one.event.params) for one in method.routes))
        handler = Handler(
            name="",
            bridge=self.place.name,
            routes=tuple(_route(one.event) for one in method.routes),
            requests=self.requests,
            body=body,
            own_self=own_self,
            optional=frozenset() if kept.hides_parameters else parameters(node)[0] - always,
            hides_parameters=kept.hides_parameters,
            quote=self.quote,
        )
        _ = self.import_source
        return Plan(
            method, node, _rule(method, own_self, body), handler, own_self.note if own_self else "", " ".join(failing)
        )

    def _body(self, method: Method, node: FunctionNode, given: frozenset[str], may_answer_first: bool) -> Body | None:
        return body_of(
            node,
            method.verb,
            self.requests,
            self.imported,
            given=given | parameters(node)[0],
            is_decorated=bool(node.decorator_list),
            may_answer_first=may_answer_first,
        )


def _done(method: Method) -> Left:
    return Left(reasons.ALREADY_NATIVE, f"{method.verb.upper()} has its native handler already.")


def _route(event: Event) -> HandlerRoute:
    return HandlerRoute(event.event, event.method, event.rule)


def _rule(method: Method, own_self: OwnSelf | None, body: Body | None) -> str:
    if method.is_inherited:
        return INHERITED_METHOD
    if own_self is not None:
        return RESOURCE_SELF
    return JSON_BODY if body is not None else RESOURCE_METHOD
