"""What Flask and Flask-RESTful do when an app, a blueprint or an Api is told of a route.

Followed step by step after Flask 3 and Flask-RESTful 0.3.10, oddities included: a rule that they would join
in a certain way is joined in just that way here.
"""

from __future__ import annotations

import ast
from functools import partial

from codemods.python.bridged import registered
from codemods.python.expressions import Expressions
from codemods.python.operators import elements, is_known
from codemods.python.values import (
    UNKNOWN,
    Api,
    App,
    Blueprint,
    Call,
    Class,
    External,
    Function,
    Place,
    Registrar,
    Rule,
    Setup,
    Value,
    View,
)

_HTTP = ("get", "post", "head", "options", "delete", "put", "trace", "patch")
_SHORT = frozenset({"get", "post", "put", "patch", "delete"})
_VIEWS = frozenset({"flask.views.View"})
_METHOD_VIEWS = frozenset({"flask.views.MethodView", "flask_restful.Resource", "flask_restful.resources.Resource"})
#: The mark of a function that answers OPTIONS itself, as Flask-CORS' ``cross_origin`` makes it.
OWN_OPTIONS = "own_options"
#: These register a route, whatever they are called on.
WORDS = frozenset({"add_resource", "add_url_rule", "register_blueprint"})


def written(node: ast.AST | None) -> str:
    """Return a piece of source as messages quote it."""
    text = ast.unparse(node) if node is not None else ""
    return text if len(text) <= 50 else f"{text[:47]}..."


class Registering(Expressions):
    """Keeps the rules of apps; ``tell`` notes what cannot be read."""

    def __init__(self) -> None:
        self.conditions = 0

    def tell(self, place: Place, message: str) -> None:
        """Note a place of the source that was passed over, or taken as something it may not be."""
        raise NotImplementedError

    def native(self, owner: Value, name: str, call: Call) -> Value:
        """Call a method of a Flask object; UNKNOWN where it has nothing to do with routes."""
        if name == "__init__":
            return self._init(owner, call)
        if isinstance(owner, App | Blueprint):
            return self._native_of_app(owner, name, call)
        work = {"add_resource": self._add_resource, "init_app": self._init_api}.get(name)
        if name == "resource":
            return Registrar(owner, "resource", call)
        return work(owner, call) if work is not None else UNKNOWN

    def _native_of_app(self, owner: App | Blueprint, name: str, call: Call) -> Value:
        if name == "route" or name in _SHORT:
            keywords = call.keywords if name == "route" else {**call.keywords, "methods": [name.upper()]}
            return Registrar(owner, "route", Call(call.args, keywords, call.node, call.scope))
        if name == "add_url_rule":
            self._add_url_rule(owner, call, call.get(1, "endpoint"), call.get(2, "view_func"))
        elif name == "register_blueprint":
            self._register_blueprint(owner, call)
        return UNKNOWN

    def register(self, registrar: Registrar, target: Value) -> Value:
        """Do what a decorator such as ``@app.route("/x")`` does to what stands below it."""
        if registrar.kind == "resource":
            self._add_class(registrar.owner, target, registrar.call.args, registrar.call)
        elif registrar.kind == "event":
            if not registered(registrar.owner, registrar.call, target):
                self._tell_unread(registrar.call, registrar.call.keywords.get("endpoint"), "endpoint")
        else:
            self._add_url_rule(registrar.owner, registrar.call, registrar.call.keywords.get("endpoint"), target)
        return target

    # ---- making -------------------------------------------------------------------------------

    def _init(self, owner: Value, call: Call) -> None:
        if isinstance(owner, Blueprint):
            name = call.get(0, "name")
            owner.name = name if isinstance(name, str) else "blueprint"
            owner.url_prefix = call.get(5, "url_prefix")
        elif isinstance(owner, Api):
            owner.prefix = call.get(1, "prefix", "")
            order = call.keywords.get("url_part_order", "bae")
            owner.order = order if isinstance(order, str) else "bae"
            self._give(owner, call, is_first=True)

    def _init_api(self, api: Api, call: Call) -> None:
        self._give(api, call, is_first=False)

    def _give(self, api: Api, call: Call, *, is_first: bool) -> None:
        """Do what ``Api(app)`` and ``api.init_app(app)`` do."""
        target = call.get(0, "app")
        if isinstance(target, Blueprint):
            api.blueprint = target
            target.deferred.append(partial(self._set_up_api, api))
        elif isinstance(target, App):
            api.late, api.late_call = target, call
            for cls, earlier in api.resources:
                self._register_view(api, target, cls, earlier)
        elif target is not None:
            self.tell(
                call.place, f"The app of {written(call.node)} is not known here; routes of this Api are left out."
            )
            return
        if is_first:
            api.target = target

    def _set_up_api(self, api: Api, setup: Setup) -> None:
        api.setup = setup
        setup.is_patched = True
        for cls, call in api.resources:
            self._register_view(api, setup.app, cls, call)

    # ---- Resources ----------------------------------------------------------------------------

    def _add_resource(self, api: Api, call: Call) -> None:
        resource = call.get(0, "resource")
        self._add_class(api, resource, call.args[1:], call)

    def _add_class(self, api: Api, resource: Value, urls: tuple[Value, ...], call: Call) -> None:
        if not isinstance(resource, Class):
            first = call.node.args[0] if isinstance(call.node, ast.Call) and call.node.args else None
            self.tell(call.place, f"The Resource {written(first)} cannot be read here; its routes are left out.")
            return
        given = Call((resource, *urls), call.keywords, call.node, call.scope)
        if api.target is not None:
            self._register_view(api, api.target, resource, given)
            return
        api.resources.append((resource, given))
        if api.late is not None:
            place = api.late_call.place if api.late_call is not None else call.place
            self.tell(place, "Routes are added after init_app, where Flask-RESTful 0.3 registers none; taken as there.")
            self._register_view(api, api.late, resource, given)

    def _register_view(self, api: Api, target: App | Blueprint, cls: Class, call: Call) -> None:
        endpoint = call.keywords.get("endpoint") or cls.name.lower()
        view = View(cls, endpoint if isinstance(endpoint, str) else cls.name.lower())
        for url in call.args[1:]:
            if not isinstance(url, str) or not isinstance(api.prefix, str):
                self._tell_unread(call, url if isinstance(api.prefix, str) else api.prefix, "URL")
            elif api.setup is not None:
                self._add_to_setup(api.setup, call, url, None, view)
            elif api.blueprint is not None and isinstance(target, Blueprint):
                target.deferred.append(partial(self._add_completed, api, call, url, view))
            else:
                self._add_rule(target, call, self._completed(api, url, ""), None, view)

    def _completed(self, api: Api, url: str, prefix: str) -> str:
        parts = {"b": prefix, "a": api.prefix, "e": url}
        return "".join(parts.get(key) or "" for key in api.order)

    def _add_completed(self, api: Api, call: Call, url: str, view: View, setup: Setup) -> None:
        self._add_to_app(
            setup.app, call, self._completed(api, url, setup.prefix or ""), self._endpoint_in(setup, view), view
        )

    # ---- plain routes -------------------------------------------------------------------------

    def _add_url_rule(self, owner: App | Blueprint, call: Call, endpoint: Value, view: Value) -> None:
        rule = call.get(0, "rule")
        if not isinstance(rule, str):
            self._tell_unread(call, rule, "URL")
            return
        self._add_rule(owner, call, rule, endpoint, view)

    def _add_rule(self, owner: App | Blueprint, call: Call, rule: str, endpoint: Value, view: Value) -> None:
        if isinstance(owner, App):
            self._add_to_app(owner, call, rule, endpoint if isinstance(endpoint, str) else _endpoint(view), view)
        else:
            owner.deferred.append(partial(self._add_deferred, call, rule, endpoint, view))

    def _add_deferred(self, call: Call, rule: str, endpoint: Value, view: Value, setup: Setup) -> None:
        self._add_to_setup(setup, call, rule, endpoint, view)

    def _add_to_setup(self, setup: Setup, call: Call, rule: str, endpoint: Value, view: Value) -> None:
        name = endpoint if isinstance(endpoint, str) else _endpoint(view)
        if setup.is_patched:
            self._add_to_app(setup.app, call, (setup.prefix or "") + rule, f"{setup.blueprint.name}.{name}", view)
            return
        if setup.prefix is not None:
            rule = "/".join((setup.prefix.rstrip("/"), rule.lstrip("/"))) if rule else setup.prefix
        self._add_to_app(setup.app, call, rule, f"{setup.name}.{name}", view)

    def _endpoint_in(self, setup: Setup, view: View) -> str:
        return f"{setup.blueprint.name}.{view.name}"

    def _add_to_app(self, app: App, call: Call, rule: str, endpoint: str, view: Value) -> None:
        methods = self._methods(call, view)
        if methods is None or call.keywords.get("build_only") is True:
            return
        if not rule.startswith("/"):
            self.tell(call.place, f"The URL {rule} has no slash in front, which Flask refuses; the route is left out.")
            return
        automatic = call.keywords.get("provide_automatic_options")
        if automatic is None and isinstance(view, View):
            automatic = view.cls.find("provide_automatic_options")
        if isinstance(view, Function) and _is_marked(view, OWN_OPTIONS):
            methods.add("OPTIONS")
            automatic = False if automatic is None else automatic
        is_automatic = automatic if isinstance(automatic, bool) else "OPTIONS" not in methods
        added = methods | ({"OPTIONS"} if is_automatic else set()) | ({"HEAD"} if "GET" in methods else set())
        if self.conditions:
            self.tell(call.place, f"{rule} is registered under a condition that is not known here; taken as there.")
        defaults = call.keywords.get("defaults")
        names = frozenset(defaults if isinstance(defaults, dict) else ())
        app.rules.append(Rule(rule, endpoint, view, frozenset(added), is_automatic, names))

    def _methods(self, call: Call, view: Value) -> set[str] | None:
        """Return the methods that a rule is given, or None where they cannot be read."""
        given = call.keywords.get("methods")
        if given is None:
            given = sorted(methods_of(view.cls) or {"GET"}) if isinstance(view, View) else ["GET"]
        found = elements(given)
        if found is None or not all(isinstance(one, str) for one in found):
            self._tell_unread(call, given, "list of methods")
            return None
        return {one.upper() for one in found}

    def _tell_unread(self, call: Call, value: Value, what: str) -> None:
        why = f", {value.name}, is not in this folder" if isinstance(value, External) else " cannot be read here"
        self.tell(call.place, f"The {what} of {written(call.node)}{why}; left out.")

    # ---- blueprints ---------------------------------------------------------------------------

    def _register_blueprint(self, owner: App | Blueprint, call: Call) -> None:
        blueprint = call.get(0, "blueprint")
        prefix = call.keywords.get("url_prefix")
        if not isinstance(blueprint, Blueprint):
            first = call.node.args[0] if isinstance(call.node, ast.Call) and call.node.args else call.node
            self.tell(call.place, f"The blueprint {written(first)} cannot be read here; its routes are left out.")
        elif not is_known(prefix) or (prefix is None and not is_known(blueprint.url_prefix)):
            self._tell_unread(call, prefix, "prefix")
        elif isinstance(owner, App):
            self._set_up(owner, blueprint, call, prefix if prefix is not None else blueprint.url_prefix, "")
        else:
            owner.children.append((blueprint, call))

    def _set_up(self, app: App, blueprint: Blueprint, call: Call, prefix: str | None, parent: str) -> None:
        own = call.keywords.get("name", blueprint.name)
        name = f"{parent}.{own}".lstrip(".")
        if name in app.blueprints:
            return
        app.blueprints.add(name)
        setup = Setup(app, blueprint, prefix, name)
        for work in blueprint.deferred:
            work(setup)
        for child, inner in blueprint.children:
            given = inner.keywords.get("url_prefix")
            self._set_up(app, child, inner, _nested(prefix, given if given is not None else child.url_prefix), name)


def _nested(outer: str | None, inner: str | None) -> str | None:
    if outer is None or inner is None:
        return inner if outer is None else outer
    return f"{outer.rstrip('/')}/{inner.lstrip('/')}"


def _endpoint(view: Value) -> str:
    """Return the name that Flask gives a route after its function."""
    if isinstance(view, View | Function):
        return view.name
    return view.name.rpartition(".")[2] if isinstance(view, External) else "view"


def methods_of(cls: Class) -> set[str] | None:
    """Return ``cls.methods`` as Flask fills it in: what a class says itself, else what it and its bases define."""
    if "methods" in cls.names:
        said = elements(cls.names["methods"])
        return {one.upper() for one in said or () if isinstance(one, str)} or None
    if cls.derives(_VIEWS) and not cls.derives(_METHOD_VIEWS):
        bases = [methods_of(one) for one in cls.bases if isinstance(one, Class)]
        return next((one for one in bases if one), None)
    found: set[str] = set()
    for base in cls.bases:
        found |= (methods_of(base) or set()) if isinstance(base, Class) else set()
    return found | {name.upper() for name in _HTTP if cls.has(name)}


def _is_marked(function: Function, mark: str) -> bool:
    """True where a function, or one that it wraps, has a mark."""
    return mark in function.marks or (function.wrapped is not None and _is_marked(function.wrapped, mark))
