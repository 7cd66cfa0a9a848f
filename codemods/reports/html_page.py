"""The HTML report: one file that needs nothing beside it, for reading a migration before it is merged.

What comes from the code that was read is escaped, and the page's policy runs no script but its own (docs/report.md).
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from codemods.reports.html_files import files_section
from codemods.reports.html_findings import advice_section, findings_section
from codemods.reports.html_progress import progress_section
from codemods.reports.markup import chip, escaped, tag
from codemods.reports.screen import Screen
from codemods.reports.tally import COLUMNS, Tally, tally
from codemods.reports.version import tool_version
from codemods.run import Run

_KEYS = (("/", "filter"), ("j k", "next and previous file"), ("Enter", "open, close"), ("e", "open or close all files"))


def render(run: Run, screen: Screen) -> str:
    """Return the page."""
    style, script = _asset("page.css"), _asset("page.js")
    found = tally(run.sites)
    body = "\n".join(
        [
            progress_section(run, found),
            _steps(run.steps),
            _toolbar(found) if run.sites else "",
            findings_section(run),
            advice_section(run),
            files_section(run),
            _passed_over(run.unparsable),
            _footer(),
        ]
    )
    head = _head(found, run.noun, style, script)
    return f"{head}<body>\n<main>\n{body}\n</main>\n<script>{script}</script>\n</body>\n</html>\n"


def _asset(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _head(found: Tally, noun: str, style: str, script: str) -> str:
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    title = f"fetch2socket: {found.rewritten} of {found.own} {noun}s rewritten"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n"
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _steps(steps: tuple[str, ...]) -> str:
    items = "".join(tag("li", escaped(step)) for step in steps)
    return f'<section class="steps"><h2>Next steps</h2><ol>{items}</ol></section>' if items else ""


def _toolbar(found: Tally) -> str:
    buttons = "".join(
        f'<button type="button" class="toggle" data-outcome="{name}" aria-pressed="true">{chip(name, count)}</button>'
        for name, count in zip(COLUMNS, found.counts, strict=True)
        if count
    )
    return (
        '<search class="toolbar"><input type="search" id="filter" aria-label="Filter" autocomplete="off" '
        'spellcheck="false" placeholder="Filter by file, reason, event, message …">'
        f'<span class="toggles" role="group" aria-label="Outcomes">{buttons}</span>'
        '<output id="matches" aria-live="polite"></output></search>'
    )


def _passed_over(unparsable: list[dict[str, str]]) -> str:
    rows = "".join(f"<li><code>{escaped(one['file'])}</code> {escaped(one['reason'])}</li>" for one in unparsable)
    return f'<section><h2>Files not read whole</h2><ul class="plain">{rows}</ul></section>' if rows else ""


def _footer() -> str:
    keys = " ".join(f"<span><kbd>{key}</kbd> {what}</span>" for key, what in _KEYS)
    return f'<footer><span>fetch2socket {tool_version()}</span><span class="keys">{keys}</span></footer>'
