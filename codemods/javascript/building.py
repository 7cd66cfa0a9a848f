"""Reads objects that are built step by step: ``options.body = ...``, ``headers.Authorization = ...``."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace
from tree_sitter import Node

from codemods.javascript.parser import ancestors, arguments, around, child, function_of
from codemods.javascript.scope import Binding
from codemods.javascript.values import (
    SPREAD,
    UNDEFINED,
    UNKNOWN,
    Expr,
    Member,
    Obj,
    Value,
    changed_member,
    changes,
    key_name,
)

_Members = Callable[[Value], list[Member] | None]
_Presumed = Callable[[Value], tuple[bool | None, frozenset[str]]]


def built(
    expr: Expr, binding: Binding, members: list[Member], read: _Members, presumed: _Presumed
) -> list[Member] | None:
    """Return the members of a variable after all that is set on it before the call, or None where that is not known."""
    for reference in changes(expr.module, binding):
        member = changed_member(expr.module, reference)
        assert member is not None
        if expr.env.call is not None and reference.start_byte > expr.env.call.end_byte:
            continue
        asks = _condition(expr, reference, binding, presumed)
        if asks is None:
            continue
        keys, value = _assigned(expr, member)
        if not keys or SPREAD in keys or len(keys) > 2:
            return None
        members = _with(members, keys, value, asks, read)
    return members


def _condition(expr: Expr, reference: Node, binding: Binding, presumed: _Presumed) -> frozenset[str] | None:
    """Return what decides whether a statement runs (nothing: it does), or None where it does not."""
    asks: frozenset[str] = frozenset()
    inner = reference
    for outer in ancestors(reference):
        if outer == function_of(binding.node) or outer.type == "program":
            return asks
        if outer.type == "if_statement" and inner != child(outer, "condition"):
            decided, asked = presumed(expr.at(child(outer, "condition")))
            if decided is not None and decided is not (inner == child(outer, "consequence")):
                return None
            asks |= asked
        elif outer.type in {"for_statement", "for_in_statement", "while_statement", "arrow_function", "switch_case"}:
            asks |= {UNKNOWN}
        inner = outer
    return asks


def _assigned(expr: Expr, member: Node) -> tuple[list[str], Value]:
    """Return the keys of ``options.headers.Accept = value`` and the value; no keys for what is not read."""
    outer = around(member)
    if outer.type == "assignment_expression":
        return _keys(expr, member), expr.at(child(outer, "right"))
    if outer.type == "call_expression" and len(arguments(outer)) == 2:
        first, second = arguments(outer)
        key = key_name(expr.module, first) if first.type == "string" else SPREAD
        return [*_keys(expr, member)[:-1], key], expr.at(second)
    return [], UNDEFINED


def _keys(expr: Expr, member: Node) -> list[str]:
    keys: list[str] = []
    node = member
    while node.type in {"member_expression", "subscript_expression"}:
        if node.type == "member_expression":
            keys.insert(0, expr.module.text(child(node, "property")))
        else:
            index = child(node, "index")
            keys.insert(0, key_name(expr.module, index) if index.type == "string" else SPREAD)
        node = child(node, "object")
    return keys


def _with(members: list[Member], keys: list[str], value: Value, asks: frozenset[str], read: _Members) -> list[Member]:
    if len(keys) == 1:
        kept = members if asks else [one for one in members if one.key != keys[0]]
        return [*kept, Member(keys[0], value, keys[0], asks)]
    old = next((one for one in reversed(members) if one.key == keys[0]), None)
    inner = read(old.value) if old is not None else []
    if inner is None:
        return [*members, Member(SPREAD, value)]
    changed = Obj(tuple(_with(inner, keys[1:], value, asks, read)))
    kept = [one for one in members if one is not old]
    return [*kept, replace(old, value=changed) if old is not None else Member(keys[0], changed, keys[0])]
