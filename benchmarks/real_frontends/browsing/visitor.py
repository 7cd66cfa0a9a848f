"""A visitor: does the steps of a script in a real browser, and notes after each what the page shows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Locator, Page, Request, Route

from benchmarks.real_frontends.browsing.script import Script, Step

_SHOWN = """() => {
  const fields = [...document.querySelectorAll("input, select, textarea")].map((one) => `[${one.value}]`);
  return `${location.pathname}\\n${document.body.innerText}\\n${fields.join(" ")}`;
}"""
_PATIENCE = 10.0
"""Seconds within which a page must show what the other side's shows."""
_CALM = 0.5
"""Seconds for which a page must stay the same before it counts as what the first side shows."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a page showed after a step, and the paths that it asked for by HTTP meanwhile."""

    step: Step
    shown: str
    asked: tuple[str, ...]


class Visitor:
    """One browser page on one side; ``expected`` are the notes of the side that went before, if one did."""

    def __init__(self, page: Page, url: str, pictures: Path | None = None) -> None:
        self.page = page
        self.url = url
        self.pictures = pictures
        self._asked: list[str] = []
        self._waiting: set[Request] = set()
        self.errors: list[str] = []
        page.on("request", self._note)
        page.on("requestfinished", self._answered)
        page.on("requestfailed", self._answered)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def visit(self, script: Script, expected: list[Note]) -> Iterator[Note]:
        """Do all steps; yield a note for each."""
        for index, step in enumerate(script.steps):
            self._asked.clear()
            self._do(step)
            shown = self._settled(expected[index].shown if expected else None)
            if self.pictures is not None:
                self.page.screenshot(path=self.pictures / f"{index:02}.png")
            yield Note(step, shown, tuple(self._asked))

    def _note(self, request: Request) -> None:
        if request.resource_type in {"fetch", "xhr"}:
            self._asked.append(f"{request.method} {urlsplit(request.url).path}")
            if "/socket.io/" not in request.url:
                self._waiting.add(request)

    def _answered(self, request: Request) -> None:
        self._waiting.discard(request)

    def _do(self, step: Step) -> None:
        if step.verb == "visit":
            self.page.goto(f"{self.url}{step.what}")
        elif step.verb == "click":
            self._clickable(step.what).filter(visible=True).first.click()
        elif step.verb == "fill":
            self._field(step.what).first.fill(step.value)
        elif step.verb == "choose":
            self._field(step.what).first.select_option(label=step.value)
        elif step.verb == "reload":
            self.page.reload()
        else:
            self.page.go_back()

    def _clickable(self, text: str) -> Locator:
        # The text "Submit" of an <input type="submit"> without a value is its name, but not in the page.
        return self.page.get_by_text(text, exact=True).or_(self.page.get_by_role("button", name=text, exact=True))

    def _field(self, name: str) -> Locator:
        return self.page.locator(f'[name="{name}"], [id="{name}"]')

    def _settled(self, expected: str | None) -> str:
        """Return what the page shows: once it is as expected, else when all is answered and nothing changes."""
        started = since = time.monotonic()
        shown = self.page.evaluate(_SHOWN)
        while shown != expected and time.monotonic() - started < _PATIENCE:
            if expected is None and time.monotonic() - since > _CALM:
                break
            self.page.wait_for_timeout(50)
            latest = self.page.evaluate(_SHOWN)
            if latest != shown or self._waiting:
                shown, since = latest, time.monotonic()
        return shown


@contextmanager
def visitor(browser: Browser, url: str, pictures: Path | None) -> Iterator[Visitor]:
    """Open a page in a fresh profile that reaches this machine only."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    context.set_default_timeout(_PATIENCE * 1000)
    context.route("**/*", _local_only)
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
    yield Visitor(context.new_page(), url, pictures)
    context.close()


def _local_only(route: Route) -> None:
    if urlsplit(route.request.url).hostname == "127.0.0.1":
        route.continue_()
    else:
        route.abort()
