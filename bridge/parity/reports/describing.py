"""Texts for people: a step, a path, a value, a mismatch's heading; the words that all reports share."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from bridge.parity.result import Mismatch, Note, Route
from bridge.parity.steps import ABSENT, Earlier, Step

NOTHING = "(nothing there)"
"""Stands for a value that one side does not have at all; ``null`` is a value."""
_PARAMETER = re.compile(r"<(?:[^:<>]*:)?(\w+)>")
_RESERVED = re.compile(r"[%?#&\s]")
_LONG = 80
"""Repeated characters up to which they are shown one by one."""

Routes = Mapping[str, Route]


def by_event(routes: Iterable[Route]) -> dict[str, Route]:
    """Return routes by event, which is how steps name them."""
    return {route.event: route for route in routes}


def full_title(route: Route) -> str:
    """Return ``POST /coaches = new_coach``."""
    return f"{route.title} = {route.event}"


def summary(one: Mismatch) -> str:
    """Return ``POST /coaches = new_coach (native) differs at $.errors.name``."""
    return f"{full_title(one.route)} ({one.surface}) differs at {one.difference.path}"


def place(note: Note) -> str:
    """Return ``POST /coaches = new_coach (native) $.data.at``, as far as the note has that."""
    surface = f" ({note.surface})" if note.surface else ""
    return f"{full_title(note.route)}{surface} {note.path}".rstrip()


def counted(number: int, noun: str) -> str:
    """Return ``1 step``, ``2 steps``, ``1,200 mismatches``."""
    plural = f"{noun}es" if noun.endswith(("s", "sh", "ch")) else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def joined(words: Iterable[str]) -> str:
    """Return ``a, b and c``."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} and {last}" if most else last


# ---- values -----------------------------------------------------------------------------------


def visible(text: str) -> str:
    """Return text in which control characters, bidirectional marks and half surrogate pairs are shown as escapes.

    A value must not move the cursor, break a line or reverse the reading order.
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else _escape(one) for one in text)


def _escape(character: str) -> str:
    return {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(character) or f"\\u{ord(character):04x}"


def value_text(value: Any) -> str:
    """Return a value as JSON on one line; of one long character's run its length, ``<id of step 1>`` for an Earlier."""
    if value is ABSENT:
        return NOTHING
    if isinstance(value, Earlier):
        return earlier_text(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{value_text(str(key))}: {value_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(value_text, value))}]"
    return string_text(value) if isinstance(value, str) else visible(json.dumps(value, default=repr))


def string_text(value: str) -> str:
    """Return a string as JSON has it, or ``"a" x 300`` for a long run of one character."""
    is_run = len(value) > _LONG and len(set(value)) == 1
    text = visible(json.dumps(value[0] if is_run else value, ensure_ascii=False))
    return f"{text} x {len(value)}" if is_run else text


def earlier_text(value: Earlier) -> str:
    """Return ``<id of step 1>``; steps are counted from 1, as they are shown."""
    names = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in value.path).removeprefix(".")
    return visible(f"<{names or 'answer'} of step {value.step + 1}>")


# ---- cut to a width, with what matters in view ------------------------------------------------


def cut(text: str, width: int) -> str:
    """Return text of at most ``width`` characters, the end left out."""
    return text if len(text) <= width else f"{text[: max(width - 1, 0)]}…"


def cut_alike(control: str, candidate: str, width: int) -> tuple[str, str]:
    """Return two texts cut to ``width``, at the same places, so that the first character that differs is in view."""
    if max(len(control), len(candidate)) <= width:
        return control, candidate
    pairs = enumerate(zip(control, candidate, strict=False))
    differing = next((index for index, (a, b) in pairs if a != b), min(len(control), len(candidate)))
    last = max(len(control), len(candidate)) - width
    start = max(0, min(differing - width // 3, last))
    return _from(control, start, width), _from(candidate, start, width)


def _from(text: str, start: int, width: int) -> str:
    return cut(text if start == 0 else f"…{text[start + 1 :]}", width)


# ---- steps ------------------------------------------------------------------------------------


def who_text(step: Step) -> str:
    """Return who asks: ``as A``, or ``logged out``."""
    return f"as {visible(step.who)}" if step.who else "logged out"


def request_text(step: Step, routes: Routes) -> str:
    """Return ``PATCH /coaches/3?page=2``, path parameters filled in; of an unknown event its name and params."""
    route = routes.get(step.event)
    if route is None:
        return f"{step.event} {value_text(step.params)}"
    names = _PARAMETER.findall(route.rule)
    path = _PARAMETER.sub(lambda found: _in_url(step.params.get(found[1], ABSENT), found[0]), route.rule)
    rest = ((name, value) for name, value in step.params.items() if name not in names)
    query = "&".join(f"{_in_url(name)}={_in_url(one)}" for name, value in rest for one in _each(value))
    return visible(f"{route.method} {path}{'?' if query else ''}{query}")


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _in_url(value: Any, otherwise: str = "") -> str:
    """Return a value readable in a URL: only what would end its part of the URL is escaped."""
    if value is ABSENT:
        return otherwise
    if isinstance(value, Earlier):
        return earlier_text(value)
    text = value if isinstance(value, str) else value_text(value)
    return _RESERVED.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), text)


def body_text(step: Step) -> str:
    """Return the body as JSON, or "" where there is none."""
    return "" if step.body is ABSENT else value_text(step.body)


def headers_text(step: Step) -> str:
    """Return ``If-Match: "1", X-CSRF-Token: a``, or ""."""
    return visible(", ".join(f"{name}: {value}" for name, value in step.headers.items()))
