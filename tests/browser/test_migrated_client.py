"""The codemod's output in a real browser: the very steps of the legacy client, over one socket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from sample_app.server.seed import COACHES
from tests.browser import steps
from tests.browser.conftest import Traffic

TICKET = "POST /socket.io/ticket"
FAVICON = "GET /favicon.svg"


@pytest.mark.parametrize("step", steps.ALL, ids=lambda step: step.__name__)
def test_step(page: Page, bridged_url: str, traffic: Traffic, step: Callable[[Page, str], None]) -> None:
    """What people do in the studio works over the socket, and nothing but tickets goes over HTTP."""
    step(page, bridged_url)
    assert set(traffic.calls) - {TICKET, FAVICON} == set()
    assert traffic.sent, "the page has used its socket"


def test_all_four_kinds_are_listed_made_changed_and_deleted_by_events(
    page: Page, bridged_url: str, traffic: Traffic
) -> None:
    """Each kind's events are really used by the page, or its list is subscribed to."""
    for step in (steps.coach_life, steps.plan_life, steps.move_life, steps.class_life):
        step(page, bridged_url)
    singulars = ("coach", "workout_plan", "exercise_move", "schedule")
    wanted = {f"{verb}_{name}" for verb in ("new", "update", "delete") for name in singulars}
    wanted |= {"subscribe", "get_exercise_moves", "login", "get_check_session"}
    assert wanted <= set(traffic.sent)
    assert set(traffic.calls) - {FAVICON} == {TICKET}


def test_log_in_and_out(page: Page, bridged_url: str, traffic: Traffic) -> None:
    """A session lasts from login to logout, over reloads of the page; its cookie comes by a ticket."""
    steps.log_in(page, bridged_url)
    cookies = {cookie["name"]: cookie for cookie in page.context.cookies()}
    assert cookies["session"]["httpOnly"]
    steps.log_out(page, bridged_url)
    assert set(traffic.calls) - {FAVICON} == {TICKET}


def test_the_legacy_client_on_the_same_server_sees_the_same_data(page: Page, bridged_url: str) -> None:
    """A coach who is added by socket is there for the client that fetches, and the other way round."""
    add_coach(page, bridged_url, "Ida Brandt")
    steps.visit(page, f"{bridged_url}/legacy", "/coaches", "Coaches")
    expect(steps.cards(page, "Coaches").filter(has_text="Ida Brandt")).to_have_count(1)
    add_coach(page, f"{bridged_url}/legacy", "Jonas Meer")
    steps.visit(page, bridged_url, "/coaches", "Coaches")
    expect(steps.cards(page, "Coaches").filter(has_text="Jonas Meer")).to_have_count(1)


def test_a_login_in_the_legacy_client_reaches_the_migrated_one(page: Page, bridged_url: str) -> None:
    """One browser, two front ends: a login over HTTP in one tab is known to the other tab's open socket."""
    page.add_init_script(KEEP_SOCKETS)
    steps.visit(page, bridged_url, "/schedules", "Timetable")
    legacy = page.context.new_page()
    steps.log_in(legacy, f"{bridged_url}/legacy")
    page.get_by_role("link", name="Coaches").first.click()  # no reload: the socket stays open
    assert asked(page, "get_check_session")["status"] == 200
    steps.visit(legacy, f"{bridged_url}/legacy", "/schedules", "Timetable")
    legacy.get_by_role("button", name="Log out").click()
    expect(legacy.get_by_role("link", name="Log in").first).to_be_visible()
    assert asked(page, "get_check_session")["status"] == 401


def test_a_connection_that_was_cut_is_made_again(page: Page, bridged_url: str) -> None:
    """After its WebSocket was cut the page goes on without a reload, over a new one."""
    page.add_init_script(KEEP_SOCKETS)
    steps.visit(page, bridged_url, "/coaches", "Coaches")
    expect(steps.cards(page, "Coaches")).to_have_count(len(COACHES))
    page.evaluate("window.sockets.at(-1).close()")
    page.wait_for_function("window.sockets.length > 1 && window.sockets.at(-1).readyState === WebSocket.OPEN")
    page.get_by_role("link", name="Add coach").click()
    fill_coach(page, "Nora Vik")
    steps.expect_heading(page, "Nora Vik")


def test_two_browsers_do_not_share_a_login(browser: Browser, page: Page, bridged_url: str) -> None:
    """A login in one profile is none in another."""
    steps.log_in(page, bridged_url)
    other = browser.new_context()
    stranger = other.new_page()
    steps.visit(stranger, bridged_url, "/schedules", "Timetable")
    expect(stranger.get_by_role("link", name="Log in").first).to_be_visible()
    other.close()


KEEP_SOCKETS = """
window.sockets = [];
window.WebSocket = class extends WebSocket {
  constructor(...args) { super(...args); window.sockets.push(this); }
};
"""
EMIT = """event => new Promise(resolve => {
  const socket = window.sockets.at(-1);
  socket.addEventListener("message", ({ data }) => {
    if (data.startsWith("43999999[")) resolve(JSON.parse(data.slice(8))[0]);
  });
  socket.send(`42999999["${event}"]`);
})"""


def asked(page: Page, event: str) -> Any:
    """Emit on the page's own open socket, frame by frame, past whatever the page remembers."""
    return page.evaluate(EMIT, event)


def add_coach(page: Page, url: str, name: str) -> None:
    steps.visit(page, url, "/coaches", "Coaches")
    page.get_by_role("link", name="Add coach").click()
    fill_coach(page, name)
    steps.expect_heading(page, name)


def fill_coach(page: Page, name: str) -> None:
    form = steps.form(page, "New coach")
    form.get_by_label("Name", exact=True).fill(name)
    form.get_by_label("Age").fill("33")
    form.get_by_label("Specialty").fill("Rowing")
    form.get_by_role("button", name="Save coach").click()
