"""Live lists in a real browser: what one tab changes another shows; a server that comes back heals without a reload."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sample_app.frontends import Frontends
from sample_app.server.app import create_app
from sample_app.server.mounting import mount
from sample_app.server.seed import COACHES, seed
from tests.browser import steps
from tests.browser.conftest import MIGRATED_CLIENT, Traffic
from tests.support.processes import served

NOT_RELOADED = "window.isNotReloaded = true"


@pytest.fixture
def other(browser: Browser) -> Iterator[Page]:
    """A page of somebody else's browser."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def rename_coach(page: Page, old: str, new: str) -> None:
    page.get_by_role("link", name=old).first.click()
    steps.expect_heading(page, old)
    page.get_by_role("button", name="Edit coach").click()
    form = steps.form(page, "Edit coach")
    form.get_by_label("Name", exact=True).fill(new)
    form.get_by_role("button", name="Save changes").click()
    steps.expect_heading(page, new)


def test_what_one_tab_changes_another_shows(page: Page, other: Page, bridged_url: str, traffic: Traffic) -> None:
    """A coach's new name is in the other tab's list, and in the timetable that nests it, without a reload."""
    steps.visit(page, bridged_url, "/coaches", "Coaches")
    expect(steps.cards(page, "Coaches")).to_have_count(len(COACHES))
    page.evaluate(NOT_RELOADED)
    name = steps.cards(page, "Coaches").first.get_by_role("heading").inner_text()
    steps.visit(other, bridged_url, "/coaches", "Coaches")
    rename_coach(other, name, "Ida Brandt")
    expect(steps.cards(page, "Coaches").first).to_contain_text("Ida Brandt")
    page.get_by_role("link", name="Timetable").first.click()
    expect(page.get_by_text("Ida Brandt").first).to_be_visible()
    expect(page.get_by_text(name)).to_have_count(0)
    assert page.evaluate("window.isNotReloaded")
    assert traffic.sent.count("subscribe") == 3


def test_what_the_legacy_client_changes_over_http_arrives_too(page: Page, other: Page, bridged_url: str) -> None:
    """It knows nothing of sockets."""
    steps.visit(page, bridged_url, "/coaches", "Coaches")
    expect(steps.cards(page, "Coaches")).to_have_count(len(COACHES))
    name = steps.cards(page, "Coaches").nth(1).get_by_role("heading").inner_text()
    steps.visit(other, f"{bridged_url}/legacy", "/coaches", "Coaches")
    rename_coach(other, name, "Jonas Meer")
    expect(steps.cards(page, "Coaches").nth(1)).to_contain_text("Jonas Meer")


def sample(_mode: str) -> Frontends:
    """Return the sample with its migrated front end, over the database that SAMPLE_DATABASE names."""
    database = Path(os.environ["SAMPLE_DATABASE"])
    app = create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{database}"})
    mount(app)
    return Frontends(app, {"/": MIGRATED_CLIENT / "dist"})


@pytest.mark.usefixtures("migrated_dist")
def test_a_server_that_was_killed_and_comes_back_heals_without_a_reload(
    page: Page, other: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page stays as it is meanwhile, then shows what has changed, and hears of what changes from then on."""
    monkeypatch.setenv("SAMPLE_DATABASE", str(tmp_path / "fitness.db"))
    seed(create_app({"SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'fitness.db'}"}))
    with served(sample, "threading", tmp_path) as server:
        port = int(server.url.rpartition(":")[2])
        steps.visit(page, server.url, "/coaches", "Coaches")
        expect(steps.cards(page, "Coaches")).to_have_count(len(COACHES))
        name = steps.cards(page, "Coaches").first.get_by_role("heading").inner_text()
        page.evaluate(NOT_RELOADED)
    expect(steps.cards(page, "Coaches")).to_have_count(len(COACHES))
    with sqlite3.connect(tmp_path / "fitness.db") as database:  # while nobody serves
        database.execute("UPDATE coaches SET name = 'Nora Vik' WHERE name = ?", [name])
    with served(sample, "threading", tmp_path, port=port) as server:
        expect(steps.cards(page, "Coaches").first).to_contain_text("Nora Vik", timeout=20_000)
        steps.visit(other, server.url, "/coaches", "Coaches")
        rename_coach(other, "Nora Vik", "Ola Vik")
        expect(steps.cards(page, "Coaches").first).to_contain_text("Ola Vik")
        assert page.evaluate("window.isNotReloaded")
