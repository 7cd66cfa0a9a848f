"""The HTML report: one file that needs nothing else, neither a network nor a script; light and dark."""

from __future__ import annotations

from html import escape
from importlib.resources import files

from bridge.parity.reports.describing import by_event, place
from bridge.parity.reports.html_matrix import picture
from bridge.parity.reports.html_mismatch import card
from bridge.parity.reports.matrix import Matrix, matrix_of, percent, totals, verdict
from bridge.parity.reports.text import untested_cells
from bridge.parity.result import Note, Result

_NOTES = (
    ("noise", "Noise", "Differs between two runs over HTTP, and is not compared."),
    ("warnings", "Warnings", "The same today, and nothing keeps it so."),
    ("ignored", "Ignored", "Differs, and was accepted with a reason."),
)


def render(result: Result) -> str:
    """Return the page. Whatever stands in it came from an app: all of it is escaped."""
    matrix = matrix_of(result)
    kind = "bad" if result.mismatches else "good" if result.comparisons else "none"
    parts = [
        f'<header class="{kind}"><p class="source">parity of <b>{_text(result.source)}</b></p>',
        f"<h1>{_text(verdict(result))}</h1>",
        f'<p class="totals">{_text(totals(result))} · {percent(result)} % of cells reached · seed {result.seed}</p>',
        "</header>",
        f"<section><h2>Routes</h2>{picture(matrix)}</section>" if matrix.rows else "",
        _mismatches(result),
        *(_notes(title, says, getattr(result, name)) for name, title, says in _NOTES),
        _untested(matrix),
        _versions(result),
    ]
    style = files(__package__).joinpath("page.css").read_text(encoding="utf-8")
    title = f"{'✗' if result.mismatches else '✓'} parity of {result.source}"
    page = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,">'
        f"<title>{_text(title)}</title><style>{style}</style></head>\n<body>{''.join(parts)}</body></html>\n"
    )
    return page.encode("utf-8", "replace").decode()


def _text(text: str) -> str:
    return escape(text)


def _mismatches(result: Result) -> str:
    if not result.mismatches:
        return ""
    known = by_event(result.routes)
    cards = "".join(card(one, known) for one in result.mismatches)
    return f"<section><h2>Mismatches <small>{len(result.mismatches)}</small></h2>{cards}</section>"


def _notes(title: str, says: str, notes: tuple[Note, ...]) -> str:
    if not notes:
        return ""
    rows = "".join(
        f"<tr><td>{_text(place(note))}</td><td>{_text(note.sentence)}</td><td class=n>{note.times:,}</td></tr>"
        for note in notes
    )
    head = "<tr><th>where</th><th>what</th><th class=n>times</th></tr>"
    small = f" <small>{len(notes)}</small>"
    return f"<section><h2>{title}{small}</h2><p>{says}</p><div class=wide><table>{head}{rows}</table></div></section>"


def _untested(matrix: Matrix) -> str:
    rows = [row for row in matrix.rows if row.untested]
    if not rows:
        return ""
    items = "".join(f"<li><b>{_text(row.route.title)}</b> {_text('; '.join(untested_cells(row)))}</li>" for row in rows)
    says = "A class of status that a route ought to give, and that no step reached."
    return f"<section><h2>Untested</h2><p>{says}</p><ul class=plain>{items}</ul></section>"


def _versions(result: Result) -> str:
    found = " · ".join(f"{_text(name)} {_text(number)}" for name, number in result.versions.items())
    return f"<footer>{found}</footer>"
