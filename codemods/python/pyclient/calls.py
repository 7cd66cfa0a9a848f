"""Finds the calls of a file: by which library, on what, with which method, URL and options."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from msgspec import Struct, field

from codemods.python.pyclient.scopes import Binding, Scopes, is_own
from codemods.python.pyclient.testers import Testers, gives_client

REQUESTS, SESSION, HTTPX, HTTPX_CLIENT, TEST_CLIENT = "requests", "session", "httpx", "httpx_client", "test_client"
VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
_SESSIONS = {"requests.Session", "requests.session", "requests.sessions.Session"}
_CLIENTS = {"httpx.Client", "httpx.AsyncClient"}
_OTHERS = {
    "urllib.request.urlopen": "urllib",
    "urllib.request.urlretrieve": "urllib",
    "urllib2.urlopen": "urllib2",
    "http.client.HTTPConnection": "http.client",
    "http.client.HTTPSConnection": "http.client",
    "aiohttp.ClientSession": "aiohttp",
    "aiohttp.request": "aiohttp",
    "websockets.connect": "websockets",
    "websocket.create_connection": "websocket-client",
    "urllib3.PoolManager": "urllib3",
    "urllib3.request": "urllib3",
    "pycurl.Curl": "pycurl",
}


class Maker(Struct, eq=False, frozen=True):
    """Where a session or client is made: ``call`` is ``requests.Session()``; ``owner`` identifies its variable."""

    kind: str
    call: ast.Call
    owner: object
    is_async: bool = False


class Found(Struct, eq=False, frozen=True):
    """One call. ``method`` and ``url`` are None where they are not written in the call."""

    kind: str
    call: ast.Call
    method: ast.expr | str | None
    url: ast.expr | None
    options: dict[str, ast.expr] = field(default_factory=dict)
    is_plain: bool = True
    """False with ``*args`` or ``**options``."""
    maker: Maker | None = None
    receiver: ast.expr | None = None


class Other(Struct, eq=False, frozen=True):
    """A call of a library that is counted only, or something of requests that is passed on."""

    node: ast.expr
    library: str
    is_reference: bool = False


class Finder:
    """Looks for calls in one file; ``testers`` are the names of test clients in the project."""

    def __init__(self, scopes: Scopes, testers: Testers) -> None:
        self.scopes = scopes
        self.testers = testers
        self.makers: dict[ast.Call, Maker] = {}

    def all(self) -> tuple[list[Found], list[Other]]:
        """Return the calls and the others, each in the order of the file."""
        found: list[Found] = []
        others: list[Other] = []
        for node in ast.walk(self.scopes.tree):
            if isinstance(node, ast.Call):
                one = self._call(node)
                if one is not None:
                    found.append(one)
                others += self._other(node)
            elif isinstance(node, ast.Attribute | ast.Name) and isinstance(node.ctx, ast.Load):
                others += self._reference(node)
        return sorted(found, key=lambda one: place(one.call)), sorted(others, key=lambda one: place(one.node))

    # ---- one call -----------------------------------------------------------------------------

    def _call(self, node: ast.Call) -> Found | None:
        dotted = self.scopes.imported(node.func)
        library, _, name = dotted.rpartition(".")
        if library in ("requests", "requests.api") and name in VERBS | {"request"}:
            return _found(REQUESTS, node, name)
        if library == "httpx" and name in VERBS | {"request"}:
            return _found(HTTPX, node, name)
        if isinstance(node.func, ast.Attribute) and node.func.attr in VERBS | {"request", "open"}:
            return self._on_object(node, node.func)
        return None

    def _on_object(self, node: ast.Call, func: ast.Attribute) -> Found | None:
        maker = self.maker(func.value)
        if maker is not None and func.attr != "open":
            return _found(maker.kind, node, func.attr, maker, func.value)
        if func.attr != "request" and self._is_test_client(func.value):
            return _found(TEST_CLIENT, node, func.attr, None, func.value)
        return None

    def maker(self, node: ast.expr) -> Maker | None:
        """Return where a session was made that an expression stands for."""
        if isinstance(node, ast.Call):
            return self._made(node, node)
        if isinstance(node, ast.Name):
            found = self.scopes.reaching(node)
            only = found[0] if len(found) == 1 else None
            return self._made(only.value, only) if only is not None and only.value is not None else None
        if is_own(node):
            assert isinstance(node, ast.Attribute)
            owner, values = self.inherited(node)
            return self._made(values[0], (owner, node.attr)) if len(values) == 1 else None
        return None

    def inherited(self, node: ast.Attribute) -> tuple[ast.AST | None, list[ast.expr]]:
        """Return (class, values) of ``self.x``: of its class, or of the base class in this file that gives it one."""
        owner = self.scopes.class_of(node)
        for _ in range(8):
            values = self.scopes.member_of(owner, node.attr)
            bases = owner.bases if owner is not None else []
            found = [one for base in bases for one in self._classes(base)]
            if values or not found:
                return owner, values
            owner = found[0]
        return owner, []

    def _classes(self, base: ast.expr) -> list[ast.ClassDef]:
        if not isinstance(base, ast.Name):
            return []
        return [one.node for one in self.scopes.bindings(base.id, base)[1] if isinstance(one.node, ast.ClassDef)]

    def _made(self, value: ast.expr, owner: Binding | object) -> Maker | None:
        if not isinstance(value, ast.Call):
            return None
        dotted = self.scopes.imported(value.func)
        kind = SESSION if dotted in _SESSIONS else HTTPX_CLIENT if dotted in _CLIENTS else ""
        if not kind:
            return None
        return self.makers.setdefault(value, Maker(kind, value, owner, dotted.endswith("AsyncClient")))

    def _is_test_client(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Call):
            return is_maker(node)
        if isinstance(node, ast.Name):
            found = self.scopes.reaching(node)
            return bool(found) and all(self._binds_test_client(one) for one in found)
        if not isinstance(node, ast.Attribute):
            return False
        if is_own(node):
            _, values = self.inherited(node)
            if values:
                return all(is_maker(one) for one in values)
        return node.attr in self.testers.attributes

    def _binds_test_client(self, binding: Binding) -> bool:
        if binding.kind == "param":
            function = next((one for one in self.scopes.around(binding.node) if isinstance(one, ast.FunctionDef)), None)
            return function is not None and self._is_fixture(binding.name)
        return binding.value is not None and is_maker(binding.value)

    def _is_fixture(self, name: str) -> bool:
        """True for a fixture that gives a test client, unless the file has another one of that name."""
        own = [one for one in self.scopes.tree.body if isinstance(one, ast.FunctionDef) and one.name == name]
        if not own:
            return name in self.testers.fixtures
        return all(gives_client(one) or (name in self.testers.fixtures and self._uses_fixture(one)) for one in own)

    def _uses_fixture(self, function: ast.FunctionDef) -> bool:
        """True for a fixture that is made from another one that gives a test client."""
        return any(one.arg in self.testers.fixtures for one in function.args.args)

    # ---- others -------------------------------------------------------------------------------

    def _other(self, node: ast.Call) -> Iterator[Other]:
        library = _OTHERS.get(self.scopes.imported(node.func))
        if library is not None:
            yield Other(node, library)

    def _reference(self, node: ast.Attribute | ast.Name) -> Iterator[Other]:
        """Yield ``requests.get`` where it is handed on rather than called."""
        library, _, name = self.scopes.imported(node).rpartition(".")
        outer = self.scopes.parents.get(node)
        is_called = isinstance(outer, ast.Call) and outer.func is node
        if library in ("requests", "httpx") and name in VERBS | {"request"} and not is_called:
            yield Other(node, library, is_reference=True)


def is_maker(node: ast.expr) -> bool:
    """True for ``app.test_client()``."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "test_client"


def place(node: ast.expr) -> tuple[int, int]:
    """Return line and column, for sorting."""
    return node.lineno, node.col_offset


def _found(kind: str, node: ast.Call, name: str, maker: Maker | None = None, receiver: ast.expr | None = None) -> Found:
    options = {one.arg: one.value for one in node.keywords if one.arg is not None}
    args = list(node.args)
    is_plain = len(options) == len(node.keywords) and not any(isinstance(one, ast.Starred) for one in args)
    method: ast.expr | str | None = name.upper()
    if name == "request":
        method = args.pop(0) if args else options.pop("method", None)
    elif name == "open":
        method = options.pop("method", "GET")
    url = args.pop(0) if args else options.pop("path" if kind == TEST_CLIENT else "url", None)
    # requests: get(url, params), post(url, data, json), put and patch(url, data); the others take no more.
    order = ["params"] if name in ("get", "options", "head") else ["data", "json"]
    if kind not in (REQUESTS, SESSION) or name in ("request", "delete"):
        order = []
    options |= dict(zip(order, args, strict=False))
    return Found(kind, node, method, url, options, is_plain and len(args) <= len(order), maker, receiver)
