"""Finds the function that ``.then(handle)`` names, where it can take an ack in place of the Response.

Only one of the same file that nothing else uses: whoever else calls it would still hand it a Response.
"""

from __future__ import annotations

from tree_sitter import Node

from codemods import reasons
from codemods.javascript.callbacks import parameter
from codemods.javascript.parser import Module, around, bare, child, is_async, items
from codemods.javascript.response_use import uses_this
from codemods.javascript.rules.base import is_json_only
from codemods.javascript.scope import Binding, scopes_of
from codemods.results import Left

_PLAIN = frozenset({"arrow_function", "function_expression", "function_declaration"})


def function_behind(module: Module, handler: Node) -> Node:
    """Return a callback, or the function that its name stands for. Raises Left where that one cannot take an ack."""
    if handler.type != "identifier":
        return handler
    binding = scopes_of(module).binding(handler)
    function = _function(binding) if binding is not None else None
    if binding is None or function is None:
        raise _left(handler, "is not a function of this file, and may use all of it")
    if is_json_only(module, function):
        return function
    problem = _shared(module, binding) or _odd(module, binding, function)
    if problem:
        raise _left(handler, problem)
    return function


def known_function(module: Module, handler: Node) -> Node:
    """Return the function behind a callback where that can take an ack, else the callback."""
    try:
        return function_behind(module, handler)
    except Left:
        return handler


def _left(handler: Node, what: str) -> Left:
    return Left(reasons.NAMED_HANDLER, f"The Response goes to {(handler.text or b'').decode()}, which {what}.")


def _function(binding: Binding) -> Node | None:
    """Return the function that a name always stands for."""
    value = binding.declaration if binding.kind == "function" else binding.value
    function = bare(value) if value is not None and binding.is_constant else None
    return function if function is not None and function.type in _PLAIN else None


def _shared(module: Module, binding: Binding) -> str:
    """Say who else may call a function, "" where nobody does."""
    statement = around(binding.declaration)
    statement = statement if binding.kind == "function" else around(statement)
    if statement.type == "export_statement":
        return "is exported, so that others may give it a Response"
    if module.is_vue and statement.type == "program":
        return "the template may use too"
    return "is used elsewhere too" if len(binding.references) > 1 else ""


def _odd(module: Module, binding: Binding, function: Node) -> str:
    """Say what of a function is written for a Response or a promise alone, "" where nothing is."""
    if uses_this(function):
        return "has a this of its own"
    given = items(child(function, "parameters")) if function.child_by_field_name("parameter") is None else []
    if len(given) > 1 or (given and parameter(function) is None):
        return "has a second parameter"
    if any(one.type in {"assignment_pattern", "rest_pattern", "optional_parameter"} for one in given):
        return "has a parameter that is not plain"
    if any(one.child_by_field_name("value") is not None for one in given):
        return "has a parameter with a default"
    if binding.declaration.child_by_field_name("type") is not None:
        return "has a type of its own"
    if function.child_by_field_name("return_type") is not None and not is_async(function):
        return "declares what it returns"
    return ""
