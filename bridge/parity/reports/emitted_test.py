"""Makes a test of a mismatch: ``fetch2socket parity explain ID --emit-test FILE``."""

from __future__ import annotations

import re

from bridge.parity.reports.describing import summary
from bridge.parity.result import Mismatch
from bridge.parity.steps import ABSENT, Earlier, Step


def emit_test(one: Mismatch, source: str) -> str:
    """Return a module for pytest that fails as long as the surfaces differ; ``source`` is the app."""
    steps = [step.to_dict() for step in one.steps]
    names = sorted({"Step", *(["Earlier"] if "$earlier" in repr(steps) else [])})
    body = ",\n".join(f"            {_step(step)}" for step in one.steps)
    return f'''"""Made by fetch2socket parity: run it with pytest --parity-app {source}."""

from bridge.parity.steps import {", ".join(names)}


def test_{_name(one)}(parity):
    """{_sentence(one)}"""
    parity.play(
        [
{body},
        ]
    )
'''


def _name(one: Mismatch) -> str:
    return f"{re.sub(r'[^a-z0-9]+', '_', one.route.event.lower()).strip('_')}_{one.id}"


def _sentence(one: Mismatch) -> str:
    text = f"{summary(one)}.".encode("ascii", "backslashreplace").decode()
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _step(step: Step) -> str:
    given = [repr(step.event)]
    given += [f"params={_literal(dict(step.params))}"] if step.params else []
    given += [f"body={_literal(step.body)}"] if step.body is not ABSENT else []
    given += [f"who={step.who!r}"] if step.who else []
    given += [f"headers={dict(step.headers)!r}"] if step.headers else []
    return f"Step({', '.join(given)})"


def _literal(value: object) -> str:
    if isinstance(value, Earlier):
        return f"Earlier({value.step}, {value.path!r}, {value.instead!r})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return repr(value)
