"""Small pieces of HTML that the parts of the page share."""

from __future__ import annotations

from html import escape

from bridge.parity.reports.describing import visible
from bridge.parity.result import Route


def escaped(text: str) -> str:
    """Return text as it can stand in an element or an attribute, control characters shown."""
    return escape(visible(text))


def tag(name: str, inner: str, **attributes: object) -> str:
    """Return an element; attributes are escaped here (``class_`` is class), ``inner`` is HTML."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escaped(str(value))}"' for key, value in attributes.items()
    )
    return f"<{name}{given}>{inner}</{name}>"


def code(text: str, class_: str = "") -> str:
    """Return text in the face of code."""
    return tag("code", escaped(text), **({"class_": class_} if class_ else {}))


def route_of(route: Route) -> str:
    """Return ``POST /coaches = new_coach``, in which the rule stands out."""
    method, rule = escaped(route.method), escaped(route.rule).replace("/", "/<wbr>")
    return (
        f'<span class="route"><code><b>{method}</b> {rule}</code> '
        f'<span class="event">= <code>{escaped(route.event)}</code></span></span>'
    )


def pill(text: str, class_: str = "pill") -> str:
    """Return a word in a frame."""
    return tag("span", escaped(text), class_=class_)


def section(name: str, title: str, count: int, inner: str, about: str = "") -> str:
    """Return a part of the page with its heading."""
    lead = f'<p class="about">{escaped(about)}</p>' if about else ""
    return f'<section id="{name}"><h2>{escaped(title)} <span class="count">{count:,}</span></h2>{lead}{inner}</section>'
