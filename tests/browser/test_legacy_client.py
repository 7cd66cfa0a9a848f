"""The legacy front end in a real browser, before anything was moved."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps


@pytest.mark.parametrize("step", steps.ALL, ids=lambda step: step.__name__)
def test_step(page: Page, legacy_url: str, step: Callable[[Page, str], None]) -> None:
    """What people do in the studio works over fetch."""
    step(page, legacy_url)


def test_log_in_and_out(page: Page, legacy_url: str) -> None:
    """A session lasts from login to logout, over reloads of the page."""
    steps.log_in(page, legacy_url)
    steps.log_out(page, legacy_url)


@pytest.mark.parametrize("path", ["/", "/schedules", "/coaches/1", "/workout_plans/new", "/exercise_moves"])
def test_small_screen(page: Page, legacy_url: str, path: str) -> None:
    """On a phone no page is wider than the screen."""
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{legacy_url}{path}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("status", name="Loading")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_keyboard(page: Page, legacy_url: str) -> None:
    """The first tab stop skips to the content, and a dialog gives the focus to its harmless button."""
    steps.visit(page, legacy_url, "/coaches/1", "Maya Lindqvist")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.get_by_role("button", name="Delete coach").press("Enter")
    expect(page.get_by_role("button", name="Keep")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("alertdialog")).to_have_count(0)
