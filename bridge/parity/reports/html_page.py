"""The HTML report: one file that needs nothing beside it, read without a script, light and dark.

What comes from the app is escaped, and the page's policy runs no script but its own.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from bridge.parity.reports.describing import counted
from bridge.parity.reports.html_matrix import matrix_section, matrix_style
from bridge.parity.reports.html_mismatches import mismatches_section
from bridge.parity.reports.html_notes import notes_sections, run_section, untested_section
from bridge.parity.reports.markup import escaped
from bridge.parity.reports.matrix import matrix_of, percent, verdict
from bridge.parity.result import Result

_SECTIONS = ("mismatches", "warnings", "noise", "ignored", "untested")


def render(result: Result) -> str:
    """Return the page."""
    matrix = matrix_of(result)
    style, script = _asset("page.css") + matrix_style(matrix), _asset("page.js")
    body = "\n".join(
        [
            _header(result),
            matrix_section(result, matrix),
            _toolbar(result),
            mismatches_section(result),
            *notes_sections(result),
            untested_section(result, matrix),
            run_section(result),
        ]
    )
    head = _head(result, style, script)
    return f"{head}<body>\n<main>\n{body}\n</main>\n<script>{script}</script>\n</body>\n</html>\n"


def _asset(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _head(result: Result, style: str, script: str) -> str:
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>Parity of {escaped(result.source)}: {escaped(verdict(result))}</title>\n"
        f"<style>{style}</style>\n</head>\n"
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _header(result: Result) -> str:
    """Return the verdict, in which the first words stand out, and the figures of the run."""
    sentence = verdict(result)
    start, between, rest = sentence.partition(" in " if result.ok else " on ")
    kind = "differs" if result.mismatches else "same" if result.comparisons else "nothing"
    speed = f", {result.comparisons / result.seconds:,.0f} comparisons a second" if result.seconds > 0 else ""
    figures = [
        f"<b>{percent(result)} %</b> of the cells reached",
        f"<b>{counted(result.steps, 'step')}</b> in {result.seconds:.1f} s{speed}",
        f"<b>seed {result.seed}</b>",
    ]
    return (
        f'<header class="{kind}"><p class="kicker">fetch2socket parity <span>{escaped(result.source)}</span></p>'
        f"<h1><strong>{escaped(start)}</strong>{escaped(between + rest)}</h1>"
        f'<p class="figures">{"".join(f"<span>{one}</span>" for one in figures)}</p>{_parts(result)}</header>'
    )


def _parts(result: Result) -> str:
    """Return links to the sections, which lie far below where there are many routes."""
    counts = {name: len(getattr(result, name)) for name in _SECTIONS}
    links = "".join(
        f'<a href="#{name}">{name.capitalize()} <b>{count:,}</b></a>' for name, count in counts.items() if count
    )
    return f'<nav class="parts" aria-label="Sections">{links}</nav>' if links else ""


def _toolbar(result: Result) -> str:
    """Return the filter, which the script shows; one or two mismatches need none."""
    if len(result.mismatches) < 3:
        return ""
    surfaces = dict.fromkeys(one.surface for one in result.mismatches)
    buttons = "".join(
        f'<button type="button" class="toggle" data-surface="{one}" aria-pressed="true">{one}</button>'
        for one in map(escaped, surfaces)
    )
    return (
        '<search class="toolbar" hidden><input type="search" id="filter" aria-label="Filter" autocomplete="off" '
        'spellcheck="false" placeholder="Filter mismatches by route, path, value …">'
        f'<span class="toggles" role="group" aria-label="Surfaces">{buttons if len(surfaces) > 1 else ""}</span>'
        '<button type="button" class="toggle" id="fold">Close all</button>'
        '<output id="matches" aria-live="polite"></output></search>'
    )
