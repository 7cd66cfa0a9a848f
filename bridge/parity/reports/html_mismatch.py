"""One mismatch of the HTML report: what differs, the shortest sequence, both observations side by side."""

from __future__ import annotations

from html import escape

from bridge.parity.reports.comparing import Line, lines
from bridge.parity.reports.describing import (
    Routes,
    body_text,
    counted,
    cut,
    full_title,
    headers_text,
    request_text,
    value_text,
    visible,
    who_text,
)
from bridge.parity.result import Mismatch

_MOST_LINES, _AROUND, _LONG = 120, 40, 400


def card(one: Mismatch, known: Routes) -> str:
    """Return the card; its values are cut where they are long, the JSON report has all of them."""
    times = f"<small>{counted(one.times, 'time')}</small>" if one.times > 1 else ""
    return (
        f'<article id="{one.id}"><h3>{_text(full_title(one.route))} <span class=tag>{_text(one.surface)}</span> '
        f"<code class=path>{_text(one.difference.path)}</code> {times}</h3>"
        f"{_values(one)}{_sequence(one, known)}{_observations(one)}"
        f"<p class=repeat>id {one.id}, seed {one.seed}; repeat it with</p><pre class=command>{_text(one.command)}</pre>"
        "</article>"
    )


def _text(text: str) -> str:
    return escape(visible(text))


def _values(one: Mismatch) -> str:
    rows = (
        ("control", "HTTP", one.control.status, one.difference.control),
        ("candidate", one.surface, one.candidate.status, one.difference.candidate),
    )
    cells = "".join(
        f'<div class="{kind}"><span>{_text(name)} · {status or "no answer"}</span>'
        f"<code>{_text(cut(value_text(value), _LONG))}</code></div>"
        for kind, name, status, value in rows
    )
    return f"<div class=values>{cells}</div>"


def _sequence(one: Mismatch, known: Routes) -> str:
    items = []
    for step in one.steps:
        said = [text for text in (headers_text(step), body_text(step)) if text]
        more = "".join(f"<code class=body>{_text(cut(text, _LONG))}</code>" for text in said)
        request = f"<b>{_text(request_text(step, known))}</b>"
        items.append(f"<li>{request} <span class=who>{_text(who_text(step))}</span>{more}</li>")
    return f"<h4>Shortest sequence</h4><ol class=steps>{''.join(items)}</ol>"


def _observations(one: Mismatch) -> str:
    found, own = lines(one)
    first = max(0, min(own - _AROUND, len(found) - _MOST_LINES))
    shown = found[first : first + _MOST_LINES]
    rows = "".join(_row(line, is_own=first + number == own) for number, line in enumerate(shown))
    left = len(found) - len(shown)
    more = f"<p>{counted(left, 'line')} more in the JSON report.</p>" if left else ""
    head = f"<tr><th>HTTP</th><th>{_text(one.surface)}</th></tr>"
    return (
        "<details open><summary>Both observations, where they differ</summary>"
        f"<div class=wide><table class=diff>{head}{rows}</table></div>{more}</details>"
    )


def _row(line: Line, *, is_own: bool) -> str:
    kind = "own" if is_own else "same" if line.is_equal else "other"
    cells = "".join(_cell(text, line) for text in (line.control, line.candidate))
    return f'<tr class="{kind}">{cells}</tr>'


def _cell(text: str | None, line: Line) -> str:
    if text is None:
        return "<td class=gone></td>"
    return f"<td>{'  ' * line.depth}{_text(cut(text, _LONG))}</td>"
