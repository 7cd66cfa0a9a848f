"""A pytest module that shows a mismatch, for the project whose app was asked: red until it is mended."""

from __future__ import annotations

import re

from bridge.parity.reports.describing import cut_alike, full_title, value_text, visible
from bridge.parity.reports.literals import Call, literal, names
from bridge.parity.result import Mismatch, general

_LONGEST = 60
_WIDTH = 70


def emit_test(mismatch: Mismatch, source: str) -> str:
    """Return the module; ``source`` is the app as ``module:app``. It needs no formatting and no other import."""
    call = Call("parity.play(", (("", list(mismatch.steps)),), ")")
    imported = ", ".join(sorted(names(call)))
    imports = f"from bridge.parity.steps import {imported}\n\n\n" if imported else ""
    title = f'"""{_quoted(full_title(mismatch.route))} answers over HTTP and as an event alike.'
    return (
        f"{title}\n\nRun it with: pytest --parity-app {_quoted(source)}\n"
        f'Written by fetch2socket parity explain {mismatch.id} --emit-test.\n"""\n\n'
        f"{imports or chr(10)}"
        f"def {name_of(mismatch)}(parity):\n{_docstring(mismatch)}\n    {literal(call, 4)}\n"
    )


def name_of(mismatch: Mismatch) -> str:
    """Return ``test_new_coach_native_errors_name``, from the event, the surface and the path."""
    path = general(mismatch.difference.path).removeprefix("$")
    words = re.findall(r"[a-z0-9]+", f"{mismatch.route.event} {mismatch.surface} {path}".lower())
    return "_".join(["test", *words])[:_LONGEST].rstrip("_")


def _docstring(mismatch: Mismatch) -> str:
    values = cut_alike(value_text(mismatch.difference.control), value_text(mismatch.difference.candidate), _WIDTH)
    lines = [
        f'    """The {mismatch.surface} answer was another one at {_quoted(mismatch.difference.path)}.',
        "",
        f"    HTTP:   {_quoted(values[0])}".rstrip(),
        f"    {mismatch.surface + ':':<7} {_quoted(values[1])}".rstrip(),
        f"    Repeat: {_quoted(mismatch.command)}",
        '    """',
    ]
    return "\n".join(lines)


def _quoted(text: str) -> str:
    """Return text as it can stand in a docstring."""
    return visible(text).replace("\\", "\\\\").replace('"""', r"\"\"\"")
