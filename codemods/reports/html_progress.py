"""The picture at the top of the page: how far the migration is, in all, by folder and by rule."""

from __future__ import annotations

import os
from posixpath import dirname

from codemods.reports.markup import GUIDANCE, bar, escaped
from codemods.reports.tally import COLUMNS, Tally, counted, tally_by
from codemods.results import Site
from codemods.run import Run

_TOP = "(top)"


def progress_section(run: Run, found: Tally) -> str:
    """Return the heading, the picture and its legend."""
    files = f"{counted(len(run.results), 'file')} read, {len(run.changed)} changed"
    charts = ""
    if run.sites:
        charts = f'<div class="charts">{_places(run.sites)}{_chart("By rule", _by_rule(run.sites), "")}</div>'
    return (
        f'<header><p class="kicker">fetch2socket</p><h1>{_heading(found, run.noun)}</h1>'
        f'<p class="files">{files}</p>'
        f"<figure>{bar(found) if run.sites else ''}{_legend(found)}{charts}</figure></header>"
    )


def _heading(found: Tally, noun: str) -> str:
    if not found.own:
        return f"No {noun}s to rewrite"
    whose = " to the app’s server" if noun == "call" else ""
    calls = f"{found.rewritten} of {counted(found.own, noun)}{whose}"
    return f"<strong>{found.share} %</strong> <span>{calls} rewritten</span>"


def _legend(found: Tally) -> str:
    items = "".join(
        f'<li class="{name}"><i></i><b>{count}</b> {name}<span>{GUIDANCE[name]}</span></li>'
        for name, count in zip(COLUMNS, found.counts, strict=True)
    )
    return f'<ul class="legend">{items}</ul>'


def _by_rule(sites: list[Site]) -> dict[str, Tally]:
    return tally_by(sites, lambda site: site.rule or "no rule")


def _places(sites: list[Site]) -> str:
    """Return bars by folder, or by file where there are few folders."""
    shared = _shared_folder(sites)
    folders = tally_by(sites, lambda site: dirname(site.file).removeprefix(shared).strip("/") or _TOP)
    if len(folders) > 2:
        return _chart("By folder", folders, shared)
    return _chart("By file", tally_by(sites, lambda site: site.file.removeprefix(shared).lstrip("/")), shared)


def _shared_folder(sites: list[Site]) -> str:
    """Return the folder that all files lie in, without a slash at its end."""
    folders = {dirname(site.file) for site in sites}
    return os.path.commonpath(folders) if len({one.startswith("/") for one in folders}) == 1 else ""


def _chart(title: str, rows: dict[str, Tally], folder: str) -> str:
    """Return rows of bars, the largest first; their lengths compare the numbers of calls."""
    ordered = sorted(rows.items(), key=lambda row: -sum(row[1].counts))
    most = sum(ordered[0][1].counts)
    lines = "".join(_row(name, found, most) for name, found in ordered)
    where = f" <span>in {escaped(folder)}</span>" if folder else ""
    return f'<section class="chart"><h2>{title}{where}</h2>{lines}</section>'


def _row(name: str, found: Tally, most: int) -> str:
    """Return one bar; a click on it puts its name into the filter."""
    figures = f"{found.rewritten}/{found.own}" if found.own else "–"
    cells = (
        f'<span class="name"><bdi>{escaped(name)}</bdi></span>{bar(found, most)}<span class="figure">{figures}</span>'
    )
    if name == _TOP:
        return f'<div class="bars">{cells}</div>'
    return f'<button type="button" class="bars" data-find="{escaped(name)}" title="{escaped(name)}">{cells}</button>'
