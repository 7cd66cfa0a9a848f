"""Shows an explanation at a terminal: what is known line by line, what it means, what to do, before and after."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from codemods.explained import Explanation
from codemods.reasons import ADVICE, MEANINGS, SERVER
from codemods.reports.diff import hunk_lines
from codemods.reports.glossary import ADVISED, rules
from codemods.reports.screen import Screen, visible
from codemods.reports.tally import advice, code, meaning
from codemods.results import REWRITTEN, Site

_REASONS = "docs/codemods.md#reasons-for-leaving-a-call"
_SERVER_REASONS = "docs/server.md#reasons-for-leaving-a-method"
_ADVISED = "docs/server.md#advice"
_WIDTH = 100
"""Columns where there is no terminal."""
_LABEL = 9


def explanation(found: Explanation, screen: Screen) -> str:
    """Return one call, explained."""
    site = found.site
    lines = [
        screen.paint(visible(f"{site.file}:{site.line}:{site.column}"), bold=True),
        *_field("", found.code, screen),
    ]
    for step in found.steps:
        if step.text != site.message:  # that one is told below, with its reason
            lines += _field(step.label, step.text, screen)
    lines += _outcome(site, screen)
    for hunk in found.hunks:
        lines += ["", *hunk_lines(found.found, hunk, screen)]
    return "\n".join(lines) + "\n"


def _outcome(site: Site, screen: Screen) -> Iterator[str]:
    rule = rules().get(site.rule)
    if rule is not None:
        yield from _field("rule", f"{site.rule}: {rule.sentence} ({rule.page})", screen)
    if site.outcome == REWRITTEN:
        yield from _field("outcome", f"rewritten, {site.confidence}", screen)
        yield from _field("note", site.message, screen)
    else:
        yield from _field("outcome", f"{site.outcome}, {site.reason}: {site.message}", screen)
    if code(site):
        yield from _about(code(site), screen)


def _about(reason: str, screen: Screen) -> Iterator[str]:
    yield from _field("meaning", meaning(reason), screen)
    yield from _field("to do", advice(reason), screen)
    if reason in MEANINGS:
        yield from _field("see", _SERVER_REASONS if reason in SERVER else _REASONS, screen)


def _field(label: str, text: str, screen: Screen) -> Iterator[str]:
    """Yield a line that starts with a label, wrapped behind it; nothing for an empty text."""
    indent = " " * (_LABEL + 2)
    width = screen.width or _WIDTH
    wrapped = textwrap.wrap(
        visible(text),
        max(width, len(indent) + 10),
        initial_indent=indent,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    )
    for number, line in enumerate(wrapped):
        head = screen.paint(label, dim=True) + " " * (_LABEL - len(label)) if number == 0 else " " * _LABEL
        yield f"  {head}{line[_LABEL + 2 :]}".rstrip()


# ---- a word in place of a call ----------------------------------------------------------------


def words() -> list[str]:
    """Return the reason codes, the codes of advice and the names of the rules."""
    return [*MEANINGS, *ADVISED, *rules()]


def word(name: str, screen: Screen) -> str:
    """Return what a reason code, a code of advice or a rule means."""
    rule = rules().get(name)
    lines = [screen.paint(name, bold=True)]
    if rule is not None:
        lines += [*_field("does", rule.sentence, screen), *_field("see", rule.page, screen)]
    if name in ADVISED:
        lines += [*_field("meaning", ADVISED[name], screen), *_field("see", _ADVISED, screen)]
    if name in ADVICE:
        lines += _about(name, screen)
    return "\n".join(lines) + "\n"
