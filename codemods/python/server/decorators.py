"""Decides whether a method's decorator may stay on its handler, which has the body where the method has ``self``."""

from __future__ import annotations

import ast

from msgspec import Struct

from codemods import reasons
from codemods.python.server.bound_names import walk
from codemods.python.server.origins import Definition, Origin, Origins, Package
from codemods.results import Left

_ANSWERS_AFTER = frozenset({"flask_restful.marshal_with()", "flask_restful.marshal_with_field()"})
"""Known to call the method before anything else."""

_AUTH = ("HTTPAuth", "HTTPBasicAuth", "HTTPDigestAuth", "HTTPTokenAuth", "MultiAuth")
_INDIFFERENT = frozenset(
    [
        "flask_login.login_required",
        "flask_login.fresh_login_required",
        "flask_jwt_extended.jwt_required",  # without parentheses, as versions before 4 have it
        "flask_jwt_extended.jwt_required()",
        "flask_jwt_extended.jwt_optional",
        "flask_jwt_extended.jwt_refresh_token_required",
        "flask_jwt_extended.fresh_jwt_required",
        "flask_jwt.jwt_required()",
        "flask_jwt_oidc.JwtManager().requires_auth",
        "flask_cors.cross_origin()",
        "flask_cors.cross_origin",
        *(
            f"flask_security.{one}()"
            for one in (
                "auth_required",
                "roles_required",
                "roles_accepted",
                "permissions_required",
                "permissions_accepted",
            )
        ),
        *(f"flask_security.{one}" for one in ("login_required", "auth_token_required", "http_auth_required")),
        *(f"flask_praetorian.{one}" for one in ("auth_required", "roles_required()", "roles_accepted()")),
        *(f"flask_httpauth.{one}().login_required{end}" for one in _AUTH for end in ("", "()")),
        "flask_principal.Permission().require()",
        "flask_limiter.Limiter().limit()",
        "flask_limiter.Limiter().exempt",
        "flask_caching.Cache().cached()",
        "flask_caching.Cache().cached",
    ]
)
_CACHE_KEYS = frozenset({"timeout", "query_string", "key_prefix"})


class Decorated(Struct, frozen=True):
    """What the decorators of a method mean for its handler.

    ``may_answer_first`` if one may answer before the method runs; ``hides_parameters`` if one adds arguments or does
    not say what it wraps, so that the bridge has to be told whether the handler takes the body.
    """

    may_answer_first: bool = False
    hides_parameters: bool = False


def decorated(decorators: list[ast.expr], path: str, origins: Origins) -> Decorated:
    """Return what is known of decorators; raises Left for the first one that may not stay as it is."""
    found = [_one(one, path, origins) for one in decorators]
    return Decorated(any(one.may_answer_first for one in found), any(one.hides_parameters for one in found))


def _one(node: ast.expr, path: str, origins: Origins) -> Decorated:
    origin = origins.of(path, node.func if isinstance(node, ast.Call) else node)
    if isinstance(origin, Package):
        return _of_package(node, origin)
    if isinstance(origin, Definition) and isinstance(origin.node, ast.FunctionDef):
        return _of_project(node, origin.node)
    raise Left(reasons.DECORATOR_UNKNOWN, f"What @{_text(node)} does cannot be read here.")


def _text(node: ast.expr) -> str:
    return ast.unparse(node.func if isinstance(node, ast.Call) else node)


def _of_package(node: ast.expr, origin: Origin) -> Decorated:
    assert isinstance(origin, Package)
    name = f"{_shortened(origin.name)}{'()' if isinstance(node, ast.Call) else ''}"
    if name in _ANSWERS_AFTER:
        return Decorated()
    if name.startswith("flask_caching") and isinstance(node, ast.Call) and not _has_plain_key(node):
        raise Left(reasons.DECORATOR_UNKNOWN, f"@{_text(node)} chooses its key by what only a run tells.")
    if name in _INDIFFERENT:
        return Decorated(may_answer_first=True)
    raise Left(
        reasons.DECORATOR_UNKNOWN,
        f"@{_text(node)} comes from {origin.name.partition('.')[0]}; what it does "
        "with a method's first argument is not known.",
    )


def _shortened(name: str) -> str:
    """Leave inner modules out: ``flask_security.decorators.roles_required`` is known by its package."""
    parts = name.split(".")
    return ".".join([parts[0], *(one for one in parts[1:] if one not in {"decorators", "utils", "view_decorators"})])


def _has_plain_key(node: ast.Call) -> bool:
    given = {one.arg: one.value for one in node.keywords}
    prefix = given.get("key_prefix")
    return set(given) <= _CACHE_KEYS and (prefix is None or isinstance(prefix, ast.Constant))


# ---- decorators of the project ----------------------------------------------------------------


def _of_project(node: ast.expr, function: ast.FunctionDef) -> Decorated:
    outer = function
    if isinstance(node, ast.Call):
        inner = _returned(outer)
        if inner is None:
            raise _unread(node)
        outer = inner
    wrapper = _returned(outer)
    parameters = [one.arg for one in outer.args.args if one.arg != "self"] if outer.args.args else []
    if wrapper is None or len(parameters) != 1:
        raise _unread(node)
    return _wrapping(node, wrapper)


def _unread(node: ast.expr) -> Left:
    return Left(reasons.DECORATOR_UNKNOWN, f"@{_text(node)} is no plain function around a function, as far as is read.")


def _returned(function: ast.FunctionDef) -> ast.FunctionDef | None:
    """Return the function that a function defines in its body and returns at its end."""
    last = function.body[-1]
    if not isinstance(last, ast.Return) or not isinstance(last.value, ast.Name):
        return None
    name = last.value.id
    return next((one for one in function.body if isinstance(one, ast.FunctionDef) and one.name == name), None)


def _wrapping(node: ast.expr, wrapper: ast.FunctionDef) -> Decorated:
    """Check that a wrapper hands ``*args, **kwargs`` on and does not look at the first of them."""
    given = wrapper.args
    if given.posonlyargs or given.args:
        first = (given.posonlyargs or given.args)[0].arg
        msg = f"@{_text(node)} takes {first} as the first argument, which is the body in a handler, or nothing."
        raise Left(reasons.DECORATOR_READS_SELF, msg)
    if given.vararg is None or given.kwarg is None:
        raise _unread(node)
    others = [one for one in wrapper.decorator_list if not _is_wraps(one)]
    if others or not _hands_on(wrapper, given.vararg.arg):
        msg = f"@{_text(node)} does more with its arguments than to hand them on."
        raise Left(reasons.DECORATOR_READS_SELF, msg)
    hides = not wrapper.decorator_list or _adds_arguments(wrapper, given.kwarg.arg)
    return Decorated(may_answer_first=True, hides_parameters=hides)


def _is_wraps(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "wraps"


def _hands_on(wrapper: ast.FunctionDef, name: str) -> bool:
    """True where ``args`` stands nowhere but as ``f(*args, ...)``, in front."""
    uses = [one for one in walk(wrapper) if isinstance(one, ast.Name) and one.id == name]
    good = [
        one.args[0].value
        for one in walk(wrapper)
        if isinstance(one, ast.Call) and one.args and isinstance(one.args[0], ast.Starred) and len(one.args) == 1
    ]
    return all(any(use is one for one in good) for use in uses)


def _adds_arguments(wrapper: ast.FunctionDef, kwargs: str) -> bool:
    """True where the method is given more by name than the wrapper is."""
    return any(_adds(one, kwargs) for one in walk(wrapper))


def _adds(node: ast.AST, kwargs: str) -> bool:
    if isinstance(node, ast.Call):
        is_handing_on = any(isinstance(one, ast.Starred) for one in node.args)
        return is_handing_on and any(one.arg is not None for one in node.keywords)
    if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
        return isinstance(node.value, ast.Name) and node.value.id == kwargs
    return isinstance(node, ast.Name) and node.id == kwargs and not isinstance(node.ctx, ast.Load)
