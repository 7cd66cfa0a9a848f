"""The HTML report of parity in a real browser, opened as a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bridge.parity.reports import render
from bridge.parity.result import Result
from tests.parity.reports.examples import EVIL, mismatch, run


def opened(page: Page, folder: Path, result: Result) -> list[str]:
    """Open the report of a run, and return what it asks for and complains of, as it does."""
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.on("console", lambda message: seen.append(message.text))
    page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
    target = folder / "parity.html"
    target.write_text(render(result, "html"), encoding="utf-8")
    page.goto(target.as_uri())
    return seen


def test_page_asks_for_nothing(page: Page, tmp_path: Path) -> None:
    """The page is the only request, its policy lets its own script run, and nothing is complained of."""
    seen = opened(page, tmp_path, run(60, 30))
    page.locator(".card summary").first.click()
    expect(page.locator("#filter")).to_be_visible()
    assert [one.rpartition("/")[2] for one in seen] == ["parity.html"]


def test_hostile_values_do_not_run(page: Page, tmp_path: Path) -> None:
    """Markup in values is shown and not run."""
    seen = opened(page, tmp_path, run(mismatches=(mismatch(f"$.data.{EVIL}", (EVIL, None)),) * 3))
    page.fill("#filter", "alert(1)")
    expect(page.locator(".card:visible")).to_have_count(3)
    assert len(seen) == 1
    assert page.locator("img").count() == 0


def test_page_is_read_without_its_script(page: Page, tmp_path: Path) -> None:
    """With scripts off everything can be opened, and nothing that needs them is shown."""
    target = tmp_path / "parity.html"
    target.write_text(render(run(60, 30), "html"), encoding="utf-8")
    assert page.context.browser is not None
    context = page.context.browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(target.as_uri())
    plain.locator(".card summary").nth(2).click()
    expect(plain.locator("#m2 .sides")).to_be_visible()
    expect(plain.locator(".toolbar")).to_be_hidden()
    context.close()


def test_filter_and_links(page: Page, tmp_path: Path) -> None:
    """Words narrow the cards down, and a mismatched cell opens its card all the same."""
    opened(page, tmp_path, run(60, 30))
    page.keyboard.press("/")
    page.keyboard.type("workout_sessions $.status")
    expect(page.locator(".card:visible")).to_have_count(3)
    page.locator("a[href='#m0']").click()
    expect(page.locator("#m0")).to_have_attribute("open", "")
    expect(page.locator("#m0")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 900, 1280])
@pytest.mark.parametrize(("routes", "mismatches"), [(5, 4), (60, 30)])
def test_nothing_is_wider_than_the_screen(page: Page, tmp_path: Path, width: int, routes: int, mismatches: int) -> None:
    """The page never scrolls sideways, all cards open; no name in the picture runs into its cells."""
    page.set_viewport_size({"width": width, "height": 800})
    opened(page, tmp_path, run(routes, mismatches))
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    overlaps = """() => [...document.querySelectorAll(".row")].filter((row) => {
      const cells = row.querySelector(".cells").getBoundingClientRect();
      return [...row.querySelectorAll(".name, .event")].some((one) => {
        const name = one.getBoundingClientRect();
        return name.width && name.right > cells.left && name.bottom > cells.top + 2;
      });
    }).length"""
    assert page.evaluate(overlaps) == 0
