"""The HTML report: whole, self-contained, harmless whatever it was made of."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from bridge.parity.reports import render
from bridge.parity.reports.html_matrix import cut_middle, short_number
from bridge.parity.reports.html_page import render as render_html
from bridge.parity.result import Cell, Note, Route
from bridge.parity.steps import Step
from tests.parity.reports.examples import BOTH, COACHES, COMMAND, EVIL, LOGIN, mismatch, run
from tests.parity.reports.pages import Page

LEGEND = 1
"""The legend shows each state once more."""


@pytest.mark.parametrize(("routes", "mismatches"), [(5, 0), (5, 4), (60, 30)])
def test_page_needs_nothing_beside_it(routes: int, mismatches: int) -> None:
    """Every element is closed, none loads anything, and the policy forbids it."""
    page = Page(render_html(run(routes, mismatches)))
    assert not [tag for tag, _ in page.elements if tag in {"link", "img", "iframe", "object", "base", "form"}]
    assert not [one for _, one in page.elements if {"src", "style", "onclick"} & one.keys()]
    assert all((one["href"] or "").startswith("#") for one in page.all("a"))
    policy = next(one["content"] or "" for one in page.all("meta") if one.get("http-equiv"))
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


def test_policy_names_the_style_and_the_script() -> None:
    """The hashes of the policy are those of the only style and the only script."""
    source = render_html(run(5, 1))
    for tag in ("style", "script"):
        (inner,) = re.findall(f"<{tag}>(.*?)</{tag}>", source, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in source


def test_links_lead_somewhere() -> None:
    """Sections are linked from the top, mismatched cells lead to the first card of their route and surface."""
    page = Page(render_html(run(60, 30)))
    anchors = {one["id"] for _, one in page.elements if "id" in one}
    links = [(one["href"] or "#")[1:] for one in page.all("a")]
    assert set(links) <= anchors
    assert {"mismatches", "noise", "warnings", "ignored", "untested"} <= set(links)
    assert sum(bool(re.fullmatch(r"m\d+", one)) for one in links) == len(page.classed("cell", "mismatched")) - LEGEND


def test_cell_leads_to_the_first_of_its_cards() -> None:
    """Where a route differs in several ways on a surface, all its cells lead to the first one."""
    cell = Cell("new_coach", "native", "4xx", 9, 2)
    page = Page(render_html(run(routes=(LOGIN, COACHES), cells=(cell,), mismatches=(mismatch(), mismatch("$.status")))))
    assert [
        one["href"] for one in page.all("a") if (one["href"] or "").startswith("#m") and one["href"] != "#mismatches"
    ] == ["#m0"]


def test_every_cell_is_in_the_picture() -> None:
    """A row a route, a column a surface and class; each cell is in one of four states and says so."""
    result = run(60, 30)
    page = Page(render_html(result))
    assert len(page.classed("row")) == 60
    counts = {name: len(page.classed("cell", name)) - LEGEND for name in ("equal", "mismatched", "untested", "none")}
    assert counts["untested"] == len(result.untested)
    assert counts["mismatched"] == sum(bool(cell.mismatched) for cell in result.cells)
    assert counts["equal"] + counts["mismatched"] == len(result.cells)
    assert sum(counts.values()) == 60 * 2 * 4
    assert len(page.all("title")) == 60 * 2 * 4 + 60 + 1  # cells, names, the page


@pytest.mark.parametrize(
    "text",
    [
        "POST /trainers, native, 4xx: 1 of 14 answers differ",
        "GET /trainers, bridge, 2xx: 77 answers, all the same as over HTTP",
        "GET /trainers, native, 5xx: untested",
        "POST /login, native, 2xx: not expected",
    ],
)
def test_cells_have_titles(text: str) -> None:
    """A title tells without colours what the picture shows."""
    assert text in Page(render_html(run(5, 2))).text


def test_a_state_is_more_than_a_colour() -> None:
    """A mismatched cell has a cross, an untested one no fill and a dashed frame, one that is not expected a dot."""
    source = render_html(run(5, 1))
    assert re.search(
        r'<g class="cell mismatched" role="img"><title>[^<]*</title><rect[^>]*/><text[^>]*>✕ 1</text>', source
    )
    assert "stroke-dasharray" in source
    assert re.search(r'<g class="cell none"><title>[^<]*</title><circle', source)


def test_answers_that_never_came_have_a_column() -> None:
    """Class none is shown where it was seen, and only there."""
    seen = run()
    silent = replace(seen, cells=(*seen.cells, replace(seen.cells[0], status_class="none")))
    assert "no ans." in Page(render_html(silent)).text
    assert "no ans." not in Page(render_html(seen)).text


def test_verdict_is_said_first() -> None:
    """The heading is the run in one sentence."""
    for result, heading in (
        (run(), "No mismatch in 1,200 comparisons of 5 routes."),
        (run(5, 3), "3 mismatches on 3 routes, in 1,200 comparisons of 5 routes."),
        (run(comparisons=0), "Nothing was compared."),
    ):
        (inner,) = re.findall("<h1>(.*?)</h1>", render_html(result))
        assert re.sub("<.*?>", "", inner) == heading


def test_mismatch_is_a_card() -> None:
    """It has the path, the sequence, both observations with the line of the path marked, and the command."""
    source = render_html(run(mismatches=(mismatch(),)))
    page = Page(source)
    for text in ("$.errors.name", "as A", '{"username": "ada", "password": "secret-1"}', COMMAND, "14 times"):
        assert text in page.text
    (own,) = re.findall('<tr class="own">(.*?)</tr>', source)
    assert "&quot;name&quot;: <mark>[&quot;Shorter than minimum length 2.&quot;]</mark>" in own
    assert "&quot;name&quot;: <mark>null</mark>" in own
    assert len(page.classed("other")) == 3


def test_many_mismatches_are_closed_at_first() -> None:
    """Few are open, which needs no script."""
    assert all("open" in one for one in Page(render_html(run(5, 4))).classed("card"))
    assert not any("open" in one for one in Page(render_html(run(60, 30))).classed("card"))


def test_all_that_is_no_mismatch_is_told_too() -> None:
    """Noise, warnings, ignored and untested have their sections, the run its versions and its seed."""
    text = Page(render_html(run())).text
    for word in (
        "Two runs over HTTP differ here.",
        "no ORDER BY",
        "until 2031-01-01",
        "native 5xx",
        "3.11.9",
        "seed 7",
    ):
        assert word in text


def test_hostile_values_are_text() -> None:
    """Markup in any value, name or sentence stays text; control characters and bidirectional marks are shown."""
    route = Route(EVIL, EVIL, EVIL, BOTH)
    one = mismatch(
        f"$.data.{EVIL}",
        (EVIL, [EVIL, {EVIL: EVIL}]),
        steps=(Step("new_coach", {"q": EVIL}, {EVIL: EVIL}, EVIL, {EVIL: EVIL}), Step(EVIL, {EVIL: EVIL})),
        command=EVIL,
    )
    note = Note(route, EVIL, EVIL, EVIL)
    result = run(
        source=EVIL,
        routes=(COACHES, route),
        mismatches=(one, replace(one, route=route, surface=EVIL), one),
        noise=(note,),
        warnings=(note,),
        ignored=(note,),
        untested=((EVIL, EVIL, EVIL),),
        versions={EVIL: EVIL},
    )
    source = render(result, "html")
    page = Page(source)
    assert len(page.all("script")) == 1
    assert page.all("img") == []
    assert not [one for _, one in page.elements if any(key.startswith("on") for key in one)]
    assert "<script>alert" not in source
    assert page.text.count("<script>alert(1)") > 40
    assert not re.search(r"[\x00-\x08\x0b-\x1f\u202e]", source)
    source.encode()


def test_page_is_the_same_each_time() -> None:
    """Nothing of the moment or the machine goes into a page, so that two can be compared."""
    assert render_html(run(60, 30)) == render_html(run(60, 30))


def test_run_without_routes() -> None:
    """There is no picture, and the page says why."""
    page = Page(render_html(run(routes=(), cells=(), untested=(), comparisons=0)))
    assert "Nothing was compared." in page.text
    assert page.all("svg") == []


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0"), (999, "999"), (1200, "1.2k"), (12_345, "12k"), (2_500_000, "2.5M"), (99_000_000, "99M")],
)
def test_numbers_fit_their_cells(number: int, text: str) -> None:
    """Four characters are enough for any."""
    assert short_number(number) == text


def test_long_rules_lose_their_converters_before_their_middle() -> None:
    """What a parameter is called says more than its type."""
    rule = "/organizations/<int:organization_id>/members/<int:member_id>/notes"
    text = Page(render_html(run(routes=(LOGIN, Route("get_notes", "GET", rule, BOTH)), cells=()))).text
    assert "GET /organizations/<organization_id>/members/<member_id>/notes" in text


def test_names_are_cut_in_their_middle() -> None:
    """Rules differ at their ends."""
    assert cut_middle("GET /organizations/<id>/members", 13) == "GET /o…embers"
    assert cut_middle("GET /me", 13) == "GET /me"
