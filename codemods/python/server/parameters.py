"""Writes a handler's parameters: those of the method as they are written there, without self, with the body."""

from __future__ import annotations

import ast
import re
import tokenize

from msgspec import Struct

from codemods.python.server.handler_plan import Handler
from codemods.python.server.method_text import MethodText

_PLAIN = re.compile(r"[^()\[\]{}#\"'\\\n\r]*")
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")


class _Slot(Struct, frozen=True):
    """A parameter, or a lone ``*`` or ``/``, by where it stands."""

    start: int
    end: int
    text: str


def write_parameters(text: MethodText, node: ast.FunctionDef, opening: int, plan: Handler) -> int:
    """Change the parameters behind the parenthesis at ``opening``, and return where they are closed."""
    slots, closing = _slots(text.text, opening)
    given = node.args
    names = [one.arg for one in (*given.posonlyargs, *given.args)][1:]
    by_name = {slot.text: slot for slot in slots}
    positional = [slots[number] for number in _positions(given)][1:]
    if plan.body is not None and not plan.body.is_optional:
        text.replace(slots[0].start, slots[0].end, plan.body.name)  # the body takes the place of self
    else:
        _drop(text, slots, slots[0])
    if given.posonlyargs and len(slots) > 1:
        _drop(text, slots[1:], by_name["/"])
    left = [one for one in slots[1:] if one.text != "/"]
    if plan.body is None:
        _name_the_rest(text, slots, positional, names, plan)
    elif plan.body.is_optional:
        body = f"{plan.body.name}=None"
        _insert(text, body, positional, len(names) - len(given.defaults), left)
    _drop_last_comma(text, (left or slots)[-1], closing)
    if not left and (plan.body is None or plan.body.is_optional):
        text.replace(opening + 1, closing, "" if plan.body is None else f"{plan.body.name}=None")
    return closing


def _name_the_rest(
    text: MethodText, slots: list[_Slot], positional: list[_Slot], names: list[str], plan: Handler
) -> None:
    """Without a body, the first parameter that not every route gives would be taken for one: it goes by name only."""
    count = next((n for n, one in enumerate(names) if one in plan.optional), len(names))
    if count < len(names):
        star = next((one for one in slots if one.text == "*"), None)
        if star is not None:
            _drop(text, slots, star)
        text.replace(positional[count].start, positional[count].start, "*, ")


def _insert(text: MethodText, body: str, positional: list[_Slot], count: int, left: list[_Slot]) -> None:
    """Put the body with its default behind what must be given."""
    if not left:
        return
    if 0 <= count < len(positional):
        text.replace(positional[count].start, positional[count].start, f"{body}, ")
    elif positional:
        text.replace(positional[-1].end, positional[-1].end, f", {body}")
    else:
        text.replace(left[0].start, left[0].start, f"{body}, ")


def _positions(given: ast.arguments) -> list[int]:
    """Return which slots hold the positional parameters."""
    before, others = len(given.posonlyargs), len(given.args)
    shift = before + 1 if before else 0
    return [*range(before), *range(shift, shift + others)]


def _drop(text: MethodText, slots: list[_Slot], gone: _Slot) -> None:
    """Take a slot away with the comma behind it, or else the one before it."""
    at = slots.index(gone)
    if at + 1 < len(slots):
        text.replace(gone.start, slots[at + 1].start, "")
    elif at:
        text.replace(slots[at - 1].end, gone.end, "")


def _drop_last_comma(text: MethodText, last: _Slot, closing: int) -> None:
    rest = text.text[last.end : closing]
    if rest.strip() == "," and "\n" not in rest and "\r" not in rest:
        text.replace(last.end, closing, "")


def _slots(text: str, opening: int) -> tuple[list[_Slot], int]:
    """Split what stands in parentheses at its commas; mostly there is nothing but names and commas."""
    plain = _PLAIN.match(text, opening + 1)
    if plain is not None and text[plain.end() : plain.end() + 1] == ")" and "lambda" not in plain[0]:
        commas = [at for at in range(opening + 1, plain.end()) if text[at] == ","]
        return _cut(text, [opening, *commas, plain.end()]), plain.end()
    commas, closing = _tokenized(text, opening)
    return _cut(text, [opening, *commas, closing]), closing


def _cut(text: str, borders: list[int]) -> list[_Slot]:
    found = []
    for before, after in zip(borders, borders[1:], strict=False):
        piece = text[before + 1 : after]
        inner = _without_comments(piece)
        if inner.strip():
            start = before + 1 + len(inner) - len(inner.lstrip())
            found.append(_Slot(start, start + len(inner.strip()), inner.strip()))
    return found


def _without_comments(piece: str) -> str:
    """Blank the comments in front of a parameter or behind it."""
    lines = piece.splitlines(keepends=True)
    is_plain = "#" not in piece
    return piece if is_plain else "".join(_blanked(one) for one in lines)


def _blanked(line: str) -> str:
    if not line.lstrip().startswith("#"):
        code, mark, comment = line.partition(" #")
        return code + " " * len(mark + comment.rstrip("\r\n")) + comment[len(comment.rstrip("\r\n")) :]
    body = line.rstrip("\r\n")
    return " " * len(body) + line[len(body) :]


def _tokenized(text: str, opening: int) -> tuple[list[int], int]:
    """Return the commas between parameters and the closing parenthesis."""
    lines = text[opening:].splitlines(keepends=True)
    starts = [opening]
    for line in lines:
        starts.append(starts[-1] + len(line))
    commas: list[int] = []
    depth = lambdas = 0
    for token in tokenize.generate_tokens(iter([*lines, ""]).__next__):
        at = starts[token.start[0] - 1] + token.start[1]
        depth += (token.string in _OPEN) - (token.string in _CLOSE)
        if depth == 0:
            return commas, at
        if depth == 1:
            lambdas += (token.string == "lambda") - (token.string == ":" and lambdas > 0)
            commas += [at] if token.string == "," and not lambdas else []
    raise AssertionError
