"""The HTML report in a real browser, opened as a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from codemods import reports
from codemods.run import Run
from tests.codemods.test_report_html import EVIL, FILES, HOSTILE
from tests.codemods.worlds import run_over


def opened(page: Page, folder: Path, run: Run) -> list[str]:
    """Open the page of a run, and return what it asks for and complains of, as it does."""
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.on("console", lambda message: seen.append(message.text))
    page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
    target = folder / "report.html"
    target.write_text(reports.render(run, "html"), encoding="utf-8")
    page.goto(target.as_uri())
    return seen


@pytest.fixture
def seen(page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A report with each outcome, opened."""
    monkeypatch.chdir(tmp_path)
    return opened(page, tmp_path, run_over(tmp_path, FILES))


def test_page_asks_for_nothing(page: Page, seen: list[str]) -> None:
    """The page is the only request, its policy lets its own script run, and nothing is complained of."""
    page.locator("details.file summary").first.click()
    assert [one.rpartition("/")[2] for one in seen] == ["report.html"]


def test_hostile_code_does_not_run(page: Page, tmp_path: Path) -> None:
    """Markup in names, code and messages is shown and not run, also in lines that are unfolded later."""
    found = opened(page, tmp_path, Run((HOSTILE,), (), (EVIL,)))
    for gap in page.locator(".gap button").all():
        gap.click()
    page.fill("#filter", EVIL)
    expect(page.locator("details.file")).to_be_visible()
    assert len(found) == 1
    assert page.locator("img").count() == 0


def test_filter(page: Page, seen: list[str]) -> None:
    """Words and outcomes narrow down both lists; Escape shows all again."""
    page.keyboard.press("/")
    page.keyboard.type("left.js no_route")
    expect(page.locator(".sites li:visible")).to_have_count(1)
    expect(page.locator("details.file:visible")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator(".sites li:visible")).to_have_count(3)
    page.locator(".toggle", has_text="external").click()
    expect(page.locator(".sites li:visible")).to_have_count(2)


def test_whole_file_can_be_read(page: Page, seen: list[str]) -> None:
    """A finding leads to its file's changes, and unchanged lines unfold with the numbers of both sides."""
    page.locator(".sites a").first.click()
    file = page.locator("details.file[open]", has_text="src/App.jsx")
    gap = file.locator(".gap button").first
    gap.click()
    expect(file.locator(".gap")).to_have_count(0)
    assert file.locator("pre.o span").evaluate_all("lines => lines.map((line) => +line.dataset.n)") == [*range(1, 33)]
    assert file.locator("pre.n span").last.get_attribute("data-n") == "34"


def test_keys_walk_through_the_files(page: Page, seen: list[str]) -> None:
    """j and Enter open one file after another, e opens all."""
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#f0")).to_have_attribute("open", "")
    page.keyboard.press("j")
    expect(page.locator("#f1 summary")).to_be_focused()
    page.keyboard.press("e")
    expect(page.locator("details.file[open]")).to_have_count(4)


@pytest.mark.parametrize("width", [320, 420, 1280])
def test_nothing_is_wider_than_the_screen(page: Page, seen: list[str], width: int) -> None:
    """The page never scrolls sideways, all files open."""
    page.set_viewport_size({"width": width, "height": 800})
    page.keyboard.press("e")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
