"""The findings, by reason: each group says what the reason means and what to do, each call where it is."""

from __future__ import annotations

from codemods.reports.markup import escaped, path_of, request_of, tag
from codemods.reports.tally import advice, alike, column, counted, findings, meaning
from codemods.results import Site
from codemods.run import Run

_MANY = 30
"""Calls up to which a group among others is open at first."""


def findings_section(run: Run) -> str:
    """Return the groups, with the line of code of each call."""
    groups = findings(run.sites)
    if not groups:
        return ""
    anchors = {result.path: index for index, result in enumerate(run.changed)}
    lines = {result.path: result.before.decode(errors="replace").split("\n") for result in run.results if result.sites}
    inner = "".join(
        _group(run.noun, reason, sites, lines, anchors, is_open=len(groups) == 1 or len(sites) <= _MANY)
        for reason, sites in groups.items()
    )
    return f'<section id="findings"><h2>Findings <span class="count"></span></h2>{inner}</section>'


def advice_section(run: Run) -> str:
    """Return what is worth knowing about code that was kept as it is."""
    items = "".join(
        f'<li><p class="place">{path_of(one.file)}<span class="at">:{one.line}:{one.column}</span> '
        f'<code class="code">{escaped(one.code)}</code></p>{tag("p", escaped(one.message))}</li>'
        for one in run.advice
    )
    return f'<section id="advice"><h2>Advice</h2><ul class="sites">{items}</ul></section>' if items else ""


def _group(
    noun: str, reason: str, sites: list[Site], lines: dict[str, list[str]], anchors: dict[str, int], *, is_open: bool
) -> str:
    blocks = "".join(_block(message, those, lines, anchors) for message, those in alike(sites).items())
    return (
        f'<details class="group {column(sites[0])}"{" open" if is_open else ""}>'
        f'<summary><code class="code">{reason}</code>'
        f'<span class="meaning">{escaped(meaning(reason))}</span>'
        f'<span class="number">{counted(len(sites), noun)}</span></summary>'
        f'<p class="advice">{escaped(advice(reason))}</p>{blocks}</details>'
    )


def _block(message: str, sites: list[Site], lines: dict[str, list[str]], anchors: dict[str, int]) -> str:
    """Return the calls of which the same is to be said, the sentence once."""
    is_shared = bool(message) and len(sites) > 1
    items = "".join(
        _item(site, _line(lines.get(site.file, []), site.line), anchors.get(site.file), "" if is_shared else message)
        for site in sites
    )
    head = f'<p class="shared">{escaped(message)}</p>' if is_shared else ""
    return f'<div class="block">{head}<ul class="sites">{items}</ul></div>'


def _line(lines: list[str], number: int) -> str:
    return lines[number - 1].strip() if number <= len(lines) else ""


def _item(site: Site, line: str, anchor: int | None, message: str) -> str:
    place = f'{path_of(site.file)}<span class="at">:{site.line}:{site.column}</span>'
    link = f'<a href="#f{anchor}">{place}</a>' if anchor is not None else f"<span>{place}</span>"
    code = f"<pre><code>{escaped(line)}</code></pre>" if line else ""
    return (
        f'<li data-outcome="{column(site)}"><p class="place">{link}<span class="request">{request_of(site)}</span></p>'
        f"{code}{tag('p', escaped(message)) if message else ''}</li>"
    )
