"""Where ``sio`` comes from: a session that becomes a connection, or one connection for all plain calls of a file."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from msgspec import Struct

from codemods import reasons
from codemods.python.pyclient.calls import HTTPX_CLIENT, Finder, Found, Maker
from codemods.python.pyclient.evaluating import Evaluator
from codemods.python.pyclient.scopes import Binding, is_own
from codemods.python.pyclient.targets import Target
from codemods.results import Left

MODULE = "bridge.pyclient"
_NAMES = ("sio", "sio_client", "socket_client", "sio_connection")
_DROPPED = ("if-", "range", "content-", "cookie")
"""Headers of a handshake that a call does not carry on."""


class Plain(Struct, frozen=True):
    """The module's own connection: its name, and its line if that is not there yet."""

    name: str
    base: str
    row: int
    is_there: bool = False


def maker_name(maker: Maker) -> str:
    """Return the function that makes a connection in place of a session."""
    return "connect_async" if maker.is_async else "connect"


class Connections:
    """The sessions and connections of one file."""

    def __init__(self, finder: Finder, evaluator: Evaluator, calls: dict[ast.expr, Found]) -> None:
        self.finder = finder
        self.scopes = scopes = finder.scopes
        self.evaluator = evaluator
        self.calls = calls
        self._plain: dict[str, Plain] = {}
        self._taken = {one.id for one in ast.walk(scopes.tree) if isinstance(one, ast.Name)}
        self._taken |= {one.arg for one in ast.walk(scopes.tree) if isinstance(one, ast.arg)}

    def check_plain(self, target: Target) -> None:
        """Raise Left where the server of a plain call is known to its callers only."""
        if target.is_given:
            msg = f"The URL starts with {target.base}, which a caller may give another value."
            raise Left(reasons.UNKNOWN_BASE, msg)

    # ---- a connection of the module ---------------------------------------------------------------

    def plain(self, target: Target) -> Plain:
        """Return the connection that plain calls to a server go over."""
        base = self._constant(target)
        if base not in self._plain:
            self._plain[base] = self._there(base) or self._new(base)
        return self._plain[base]

    def _constant(self, target: Target) -> str:
        """Return the module's constant that a URL starts with, else the origin as text."""
        found = self._top_level(target.base)
        return target.base if found is not None else repr_of(target.origin)

    def _top_level(self, name: str) -> ast.stmt | None:
        """Return the statement of the module's own level that gives a name its value."""
        if not name.isidentifier():
            return None
        found = [one for one in self.scopes.tree.body if isinstance(one, ast.Assign | ast.AnnAssign | ast.ImportFrom)]
        bound = [one for one in found if name in _bound_names(one)]
        return bound[-1] if len(bound) == 1 else None

    def _there(self, base: str) -> Plain | None:
        """Return a connection that the file has already."""
        for one in self.scopes.tree.body:
            value = one.value if isinstance(one, ast.Assign) else None
            if not isinstance(value, ast.Call) or self.scopes.imported(value.func) != f"{MODULE}.connect":
                continue
            target = one.targets[0]  # type: ignore[attr-defined]
            is_plain = any(key.arg == "cookies" for key in value.keywords)
            if isinstance(target, ast.Name) and is_plain and value.args and self.evaluator.code(value.args[0]) == base:
                return Plain(target.id, base, one.lineno, is_there=True)
        return None

    def _new(self, base: str) -> Plain:
        name = next(one for one in (*_NAMES, *(f"sio{n}" for n in range(2, 99))) if one not in self._taken)
        self._taken.add(name)
        return Plain(name, base, self._row(base))

    def _row(self, base: str) -> int:
        """Return the line below which a connection can be made: the imports, and the constant, are above it."""
        body = self.scopes.tree.body
        first = next((n for n, one in enumerate(body) if isinstance(one, ast.FunctionDef | ast.ClassDef)), len(body))
        heads = [one for one in body[:first] if isinstance(one, ast.Import | ast.ImportFrom)]
        docstring = [one for one in body[:1] if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)]
        constant = self._top_level(base)
        above = [*docstring, *heads, *([constant] if constant is not None else [])]
        return max((one.end_lineno or 0 for one in above), default=0)

    # ---- a session ----------------------------------------------------------------------------

    def check_session(self, maker: Maker) -> None:
        """Raise Left where a session is more than its calls."""
        self._check_options(maker)
        if not isinstance(maker.owner, Binding | tuple):
            raise Left(reasons.SESSION_IN_USE, "The session is not kept in a variable.")
        for use in self._uses(maker):
            self._check_use(use)

    def _check_options(self, maker: Maker) -> None:
        for one in maker.call.keywords:
            is_known = one.arg == "base_url" or (one.arg == "timeout" and not isinstance(one.value, ast.Call))
            is_follow = (
                one.arg == "follow_redirects" and isinstance(one.value, ast.Constant) and one.value.value is True
            )
            is_headers = one.arg == "headers" and isinstance(one.value, ast.Dict)
            if not (is_known or is_follow or is_headers):
                msg = f"{one.arg or '**options'} of the client means nothing over a socket, or is not known here."
                raise Left(reasons.CLIENT_OPTION, msg)
            if is_headers:
                _check_headers(one.value)
        if maker.call.args:
            raise Left(reasons.SESSION_IN_USE, "The session is made with arguments.")

    def _uses(self, maker: Maker) -> Iterator[ast.expr]:
        owner = maker.owner
        for node in ast.walk(self.scopes.tree):
            if not isinstance(getattr(node, "ctx", None), ast.Load):
                continue
            if isinstance(owner, Binding) and isinstance(node, ast.Name):
                is_it = node.id == owner.name and owner in self.scopes.reaching(node)
            else:
                is_it = isinstance(owner, tuple) and getattr(node, "attr", None) == owner[1]
                is_it = is_it and not self._is_anothers(node, maker)
            if is_it:
                assert isinstance(node, ast.expr)
                yield node

    def _is_anothers(self, node: ast.AST, maker: Maker) -> bool:
        """True for ``self.x`` of a class that gives x another value."""
        if not isinstance(node, ast.Attribute) or not is_own(node):
            return False
        owner, values = self.finder.inherited(node)
        return bool(values) and owner is not maker.owner[0]  # type: ignore[index]

    def note(self, maker: Maker) -> str:
        """Return what to look at in a session that other files can see."""
        if isinstance(maker.owner, tuple):
            return f"{maker.owner[1]} is taken to be used in this file only"
        is_global = isinstance(maker.owner, Binding) and self.scopes.function(maker.call) is None
        return f"{maker.owner.name} is taken to be used in this file only" if is_global else ""  # type: ignore[attr-defined]

    def _check_use(self, node: ast.expr) -> None:
        outer = self.scopes.parents[node]
        if isinstance(outer, ast.withitem):
            return
        if not isinstance(outer, ast.Attribute):
            raise Left(reasons.SESSION_IN_USE, f"The session is passed on in line {node.lineno}.")
        call = self.scopes.parents[outer]
        if call in self.calls:
            return
        is_called = isinstance(call, ast.Call) and call.func is outer
        if outer.attr in ("close", "aclose") and is_called:
            return
        if outer.attr == "headers" and self._is_header_set(outer, call):
            return
        raise Left(reasons.SESSION_IN_USE, f"The session is used otherwise in line {node.lineno} ({outer.attr}).")

    def _is_header_set(self, headers: ast.Attribute, outer: ast.AST) -> bool:
        """True for ``session.headers["X"] = ...`` and ``session.headers.update({...})``."""
        if isinstance(outer, ast.Subscript) and isinstance(outer.ctx, ast.Store):
            _check_headers(ast.Dict([outer.slice], [outer.slice]))
            return True
        call = self.scopes.parents[outer]
        if isinstance(outer, ast.Attribute) and outer.attr == "update" and isinstance(call, ast.Call) and call.args:
            _check_headers(call.args[0])
            return not call.keywords
        return False

    def session_code(self, maker: Maker, targets: Iterable[Target]) -> str:
        """Return ``connect(BASE)`` in place of ``requests.Session()``; raises Left where no one server is meant."""
        found = list(targets)
        if len({one.origin for one in found}) != 1:
            raise Left(reasons.SESSION_IN_USE, "The session calls more than one server.")
        options = {one.arg: self.evaluator.code(one.value) for one in maker.call.keywords if one.arg}
        base = options.pop("base_url", "") if maker.kind == HTTPX_CLIENT else ""
        options.pop("follow_redirects", None)
        bases = {self._given(maker, one) if one.is_given else self._constant(one) for one in found}
        if not base:
            base = bases.pop() if len(bases) == 1 else repr_of(found[0].origin)
        given = "".join(f", {name}={code}" for name, code in options.items())
        return f"{maker_name(maker)}({base}{given})"

    def _given(self, maker: Maker, target: Target) -> str:
        """Return a base that a caller gives, where it is known when the session is made; else raise Left."""
        function = self.scopes.function(maker.call)
        for node in ast.walk(function) if function is not None else ():
            is_it = isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and is_own(node)
            is_param = isinstance(node, ast.arg) and node.arg == target.base
            if is_param or (is_it and self.evaluator.code(node) == target.base and node.lineno < maker.call.lineno):  # type: ignore[arg-type,attr-defined]
                return target.base
        msg = f"The session is made where {target.base} is not known yet."
        raise Left(reasons.SESSION_IN_USE, msg)


def repr_of(text: str) -> str:
    """Return a text as Python writes it, in the double quotes that most files use."""
    return f'"{text}"'


def _check_headers(node: ast.expr) -> None:
    """Raise Left for headers that a connection does not hand on, or that cannot be read here."""
    for key in node.keys if isinstance(node, ast.Dict) else [None]:
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            raise Left(reasons.SESSION_IN_USE, "The session has headers that are not known here.")
        name = key.value.lower()
        if name.startswith(_DROPPED) and name != "content-type":
            msg = f"A connection does not hand on the header {key.value}."
            raise Left(reasons.HEADER_NOT_ALLOWED, msg)


def _bound_names(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.Assign):
        return {one.id for one in node.targets if isinstance(one, ast.Name)}
    if isinstance(node, ast.AnnAssign):
        return {node.target.id} if isinstance(node.target, ast.Name) else set()
    return {one.asname or one.name for one in node.names} if isinstance(node, ast.ImportFrom) else set()
