"""Finds the requests that are made with something else than ``fetch``: they are left, but a report counts them."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, field
from tree_sitter import Node

from codemods.javascript.client_words import may_name_client
from codemods.javascript.interest import may_have_other_client
from codemods.javascript.literals import properties, string_value
from codemods.javascript.modules import Modules, source_of
from codemods.javascript.parser import (
    FUNCTIONS,
    Module,
    ancestors,
    arguments,
    around,
    bare,
    child,
    function_of,
    items,
    walk,
)
from codemods.javascript.scope import Binding

_PACKAGES = {
    "axios": "axios",
    "redaxios": "axios",
    "jquery": "jQuery",
    "superagent": "superagent",
    "ky": "ky",
    "got": "got",
    "wretch": "wretch",
    "ofetch": "ofetch",
    "swr": "SWR",
}
_GLOBALS = {"axios": "axios", "$": "jQuery", "jQuery": "jQuery"}
_INJECTED = {"$http": "$http", "$axios": "axios"}
_CONSTRUCTORS = frozenset({"XMLHttpRequest", "EventSource"})
_METHODS = {
    "get": "GET",
    "post": "POST",
    "put": "PUT",
    "patch": "PATCH",
    "delete": "DELETE",
    "del": "DELETE",
    "head": "HEAD",
    "options": "OPTIONS",
    "getJSON": "GET",
    "request": "",
    "ajax": "",
    "postForm": "POST",
}
_JQUERY = frozenset({"get", "post", "getJSON", "ajax"})
_CREATING = frozenset({"create", "extend", "instance"})
_DEPTH = 5


class Client(Struct, frozen=True):
    """What makes the requests; ``base`` is the base URL that an instance was created with, in ``module``."""

    name: str
    base: Node | None = None
    module: Module | None = None


class OtherCall(Struct, frozen=True):
    """One request that is no ``fetch``; ``method`` is "" and ``url`` None where they cannot be read."""

    node: Node
    client: Client
    method: str = ""
    url: Node | None = None


def find_others(modules: Modules, module: Module) -> Iterator[OtherCall]:
    """Yield every request of a file that is made with another client, in source order."""
    if not may_have_other_client(module.data):
        return
    finder = _Finder(modules, module)
    for node in module.nodes(*_kinds(modules, module)):
        found = finder.call(node) if node.type == "call_expression" else finder.constructed(node)
        if found is not None:
            yield found


def _kinds(modules: Modules, module: Module) -> list[str]:
    """Return the kinds of nodes that are worth a look."""
    data = module.data
    kinds = ["new_expression"] if any(name.encode() in data for name in _CONSTRUCTORS) else []
    is_called = b"sendBeacon" in data or may_name_client(modules, module.path, data)
    return ["call_expression", *kinds] if is_called else kinds


class _Finder(Struct, frozen=True):
    modules: Modules
    module: Module
    known: dict[Binding, Client | None] = field(default_factory=dict)

    # ---- calls ----------------------------------------------------------------------------

    def call(self, call: Node) -> OtherCall | None:
        function = call.child_by_field_name("function")
        if function is None or function.type not in {"member_expression", "identifier"}:
            return None
        if function.type == "member_expression":
            return self._method_call(call, function)
        if not arguments(call):
            return None
        client = self._named(function)
        if client is None or client.name in {"jQuery", "wretch"}:  # $("#list") looks for elements
            return None
        if client.name == "SWR":
            return self._swr(call, function, client)
        return self._configured(call, client)

    def _method_call(self, call: Node, member: Node) -> OtherCall | None:
        name = self.module.text(child(member, "property"))
        if (name not in _METHODS and name != "sendBeacon") or not arguments(call):
            return None
        target = child(member, "object")
        if name == "sendBeacon" and self.module.text(target).endswith("navigator"):
            return OtherCall(call, Client("navigator.sendBeacon"), "POST", arguments(call)[0])
        if name not in _METHODS:
            return None
        client = self._named(target) if target.type == "identifier" else self.client(self.module, target, 0)
        if client is None or client.name == "SWR" or (client.name == "jQuery" and name not in _JQUERY):
            return None
        if not _METHODS[name]:
            return self._configured(call, client)
        return OtherCall(call, client, _METHODS[name], arguments(call)[0])

    def _configured(self, call: Node, client: Client) -> OtherCall:
        """Read ``axios({ method, url })`` and ``axios(url, { method })``."""
        given = [bare(one) for one in arguments(call)]
        pairs = dict(pair for one in given[:2] for pair in properties(self.module, one))
        url = pairs.get("url") if given[0].type == "object" else given[0]
        method = pairs.get("method") or pairs.get("type")
        if method is None:
            return OtherCall(call, client, "GET" if given[0].type != "identifier" else "", url)
        return OtherCall(call, client, self._word(method), url)

    def _word(self, node: Node) -> str:
        return string_value(self.module, node).upper() if node.type == "string" else ""

    def _swr(self, call: Node, function: Node, client: Client) -> OtherCall | None:
        """``useSWR(key)`` uses a fetcher that is set elsewhere; one that is given is a call of its own."""
        is_hook = self.module.text(function).startswith("use")
        given = arguments(call)
        return OtherCall(call, client, "GET", given[0]) if is_hook and len(given) == 1 else None

    def constructed(self, made: Node) -> OtherCall | None:
        name = self.module.text(child(made, "constructor")).removeprefix("window.")
        if name not in _CONSTRUCTORS or self.modules.scopes(self.module).visible(made, name) is not None:
            return None
        if name == "EventSource":
            given = arguments(made)
            return OtherCall(made, Client(name), "GET", given[0] if given else None)
        opened = self._opened(made)
        given = arguments(opened) if opened is not None else []
        method = self._word(given[0]) if given else ""
        return OtherCall(made, Client(name), method, given[1] if len(given) > 1 else None)

    def _opened(self, made: Node) -> Node | None:
        """Return the ``xhr.open(method, url)`` of ``const xhr = new XMLHttpRequest()``."""
        outer = around(made)
        name = outer.child_by_field_name("name") if outer.type == "variable_declarator" else None
        binding = self.modules.scopes(self.module).binding(name) if name is not None else None
        for reference in binding.references if binding is not None else ():
            member = around(reference)
            if member.type == "member_expression" and child(member, "property").text == b"open":
                return around(member) if around(member).type == "call_expression" else None
        return None

    # ---- who is called ----------------------------------------------------------------------

    def _named(self, name: Node) -> Client | None:
        """Return the client that a name of this file is; most names are called many times."""
        binding = self.modules.scopes(self.module).binding(name)
        if binding is None:
            return self.client(self.module, name, 0)
        if binding not in self.known:
            self.known[binding] = self.client(self.module, name, 0)
        return self.known[binding]

    def client(self, module: Module, node: Node, depth: int) -> Client | None:
        """Return the client that an expression is, through imports and ``axios.create(...)``."""
        if depth > _DEPTH:
            return None
        if node.type == "member_expression":
            return _injected(module.text(child(node, "property")))
        if node.type == "call_expression":
            return self._created(module, node, depth)
        if node.type != "identifier":
            return None
        binding = self.modules.scopes(module).binding(node)
        if binding is None:
            return _global(module.text(node))
        if binding.kind == "param":
            return _injected(binding.name)
        if binding.kind == "import":
            return self._imported(module, binding, depth)
        return self.client(module, binding.value, depth + 1) if binding.value is not None else None

    def _created(self, module: Module, call: Node, depth: int) -> Client | None:
        function, given = child(call, "function"), arguments(call)
        if module.text(function) == "require" and given:
            return _packaged(string_value(module, given[0]))
        if function.type == "identifier":
            return self._factory(module, function, depth)
        if function.type != "member_expression" or module.text(child(function, "property")) not in _CREATING:
            return None
        maker = self.client(module, child(function, "object"), depth + 1)
        if maker is None:
            return None
        settings = dict(properties(module, given[0])) if given else {}
        base = settings.get("baseURL") or settings.get("prefixUrl")
        return Client(maker.name, base, module) if base is not None else maker

    def _factory(self, module: Module, name: Node, depth: int) -> Client | None:
        """Return the client that a function of the project makes: ``const api = (token) => axios.create(...)``."""
        binding = self.modules.scopes(module).binding(name)
        if binding is None:
            return None
        is_import = binding.kind == "import"
        found = self.modules.imported(module, binding) if is_import else (module, binding.value or binding.declaration)
        if found is None or found[1].type not in FUNCTIONS:
            return None
        where, function = found
        body = child(function, "body")
        own = (one for one in walk(body) if one.type == "return_statement" and function_of(one) == function)
        given = [body] if body.type != "statement_block" else [items(one)[0] for one in own if items(one)]
        return next(filter(None, (self.client(where, bare(one), depth + 1) for one in given)), None)

    def _imported(self, module: Module, binding: Binding, depth: int) -> Client | None:
        statement = next((one for one in ancestors(binding.node) if one.type == "import_statement"), None)
        source = source_of(module, statement) if statement is not None else ""
        if source in _PACKAGES:
            return _packaged(source)
        found = self.modules.imported(module, binding)
        if found is not None:
            return self.client(*found, depth + 1)
        target = self.modules.resolve(module.path, source) if source.startswith((".", "@/", "~/")) else None
        return self._exported(target, depth) if target is not None else None

    def _exported(self, module: Module, depth: int) -> Client | None:
        """Follow ``export default axios``, where the package itself is no file of the project."""
        for statement in module.statements:
            if statement.type == "export_statement" and any(one.type == "default" for one in statement.children):
                value = statement.child_by_field_name("value")
                return self.client(module, value, depth + 1) if value is not None else None
        return None


def _packaged(source: str) -> Client | None:
    return Client(_PACKAGES[source]) if source in _PACKAGES else None


def _global(name: str) -> Client | None:
    return Client(_GLOBALS[name]) if name in _GLOBALS else _injected(name)


def _injected(name: str) -> Client | None:
    return Client(_INJECTED[name]) if name in _INJECTED else None
