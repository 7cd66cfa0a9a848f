"""Small pieces of HTML that the parts of the page share."""

from __future__ import annotations

from html import escape

from codemods.reports.screen import visible
from codemods.reports.tally import Tally
from codemods.results import EXTERNAL, LEFT, LIKELY, SAFE, Site

GUIDANCE = {
    SAFE: "merge without review",
    LIKELY: "look at it",
    LEFT: "stays HTTP",
    EXTERNAL: "another server",
}
"""What a reviewer does with a call, by its outcome."""


def escaped(text: str) -> str:
    """Return text as it can stand in an element or an attribute, control characters shown."""
    return escape(visible(text))


def tag(name: str, inner: str, **attributes: str) -> str:
    """Return an element; attributes are escaped here, ``inner`` is HTML."""
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{given}>{inner}</{name}>"


def path_of(path: str) -> str:
    """Return a path whose file name stands out from its folder."""
    folder, slash, name = path.rpartition("/")
    return f'<span class="path"><span class="folder">{escaped(folder + slash)}</span><wbr>{escaped(name)}</span>'


def chip(outcome: str, count: int) -> str:
    """Return a dot, a figure and the name of an outcome."""
    return f'<span class="chip {outcome}"><i></i>{count} {outcome}</span>'


def bar(found: Tally, most: int = 0) -> str:
    """Return a stacked bar of a tally; its whole width stands for ``most`` calls, or for all there are."""
    total = most or sum(found.counts) or 1
    rects, x = [], 0.0
    for name, count in zip((SAFE, LIKELY, LEFT, EXTERNAL), found.counts, strict=True):
        width = 1000 * count / total
        if count:
            rects.append(f'<rect class="{name}" x="{x:.1f}" width="{width:.1f}" height="10"/>')
        x += width
    label = ", ".join(f"{n} {name}" for name, n in zip((SAFE, LIKELY, LEFT, EXTERNAL), found.counts, strict=True) if n)
    return (
        f'<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label="{label}">'
        f"{''.join(rects)}</svg>"
    )


def request_of(site: Site) -> str:
    """Return what a call asks for, and the event that stands for it."""
    asked = " ".join(filter(None, (site.method, site.url)))
    event = f' <span class="to">→</span> <code class="event">{escaped(site.event)}</code>' if site.event else ""
    return f"<code>{escaped(asked)}</code>{event}" if asked else ""
