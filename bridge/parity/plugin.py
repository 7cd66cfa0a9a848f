"""The pytest plugin: ``pytest --parity-app server.app:app`` makes a test of each route and surface.

Loaded by every pytest of an environment that has fetch2socket, so all that costs time is imported when it is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from bridge.parity.conversation import Conversation
    from bridge.parity.laboratory import Laboratory
    from bridge.parity.options import Options
    from bridge.parity.result import Result, Route


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options; each has the meaning of that of ``fetch2socket parity``."""
    group = parser.getgroup("parity", "parity of HTTP and events (fetch2socket)")
    group.addoption("--parity-app", metavar="MODULE:APP", help="compare this app's routes over HTTP and by events")
    group.addoption("--parity-app-dir", default=".", metavar="FOLDER", help="where MODULE is looked up")
    group.addoption("--parity-surface", choices=("bridge", "native", "all"), default="all")
    group.addoption("--parity-budget", type=float, default=30.0, metavar="SECONDS", help="for all routes together")
    group.addoption("--parity-seed", type=int, default=0, metavar="N")
    group.addoption("--parity-login", action="append", default=[], metavar="CALL", help="'POST /login {...}', A then B")
    group.addoption("--parity-bearer", default="", metavar="PATH", help="where a login's answer has a token")
    group.addoption("--parity-setup", default="", metavar="MODULE", help="imported in each process before the app")
    parser.addini("parity_ignore", "ROUTE | PATH | REASON [| DAY]: differences that are accepted", type="linelist")


def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add an item for each route and surface, before the items are selected by ``-k``."""
    if config.getoption("--parity-app"):
        items.extend(_Routes.from_parent(session, name="parity").collect())


pytest_collection_modifyitems = pytest.hookimpl(tryfirst=True)(pytest_collection_modifyitems)


@pytest.fixture
def parity(request: pytest.FixtureRequest) -> Conversation:
    """Calls that are asked on all surfaces: ``parity.post("/coaches", json={...})``; the rows are put back before."""
    from bridge.parity.conversation import Conversation
    from bridge.parity.ignoring import ignores_of

    if not request.config.getoption("--parity-app"):
        pytest.fail("say which app: pytest --parity-app module:app", pytrace=False)
    marked = ignores_of(request.function, request.cls, request.module)
    return Conversation(_laboratory(request.config), marked)


def _options(config: pytest.Config) -> Options:
    from bridge.parity.ignoring import read_ignores
    from bridge.parity.options import Options

    return Options(
        source=config.getoption("--parity-app"),
        app_dir=config.getoption("--parity-app-dir"),
        surface=config.getoption("--parity-surface"),
        budget=config.getoption("--parity-budget"),
        seed=config.getoption("--parity-seed"),
        logins=tuple(config.getoption("--parity-login")),
        bearer=config.getoption("--parity-bearer"),
        setup=config.getoption("--parity-setup"),
        ignores=read_ignores(config.getini("parity_ignore")),
    )


def _laboratory(config: pytest.Config) -> Laboratory:
    from bridge.errors import BridgeError
    from bridge.parity.conversation import laboratories

    try:
        return laboratories.of(_options(config))
    except BridgeError as error:
        raise pytest.UsageError(str(error)) from error


class _Routes(pytest.Collector):
    """All routes of the app; they are asked together, when the first of their items runs."""

    _result: Result | None = None

    def collect(self) -> Iterator[RouteItem]:
        """Yield an item for each route and surface."""
        for route in _laboratory(self.config).routes:
            for surface in route.surfaces:
                name = f"{route.title} = {route.event} [{surface}]"
                yield RouteItem.from_parent(self, name=name, route=route, surface=surface)

    def result(self) -> Result:
        """Return the run over the routes that were selected."""
        if self._result is None:
            from dataclasses import replace

            from bridge.parity.run import run

            selected = {item.route.event for item in self.session.items if isinstance(item, RouteItem)}
            self._result = run(replace(_options(self.config), only=tuple(sorted(selected))))
        return self._result


class RouteItem(pytest.Item):
    """One route on one surface."""

    parent: _Routes

    def __init__(self, *, route: Route, surface: str, **more: Any) -> None:
        super().__init__(**more)
        self.route = route
        self.surface = surface

    def runtest(self) -> None:
        """Fail where the surface differs from HTTP, and where it was never asked."""
        from bridge.parity.conversation import ParityError

        result = self.parent.result()
        found = [one for one in result.mismatches if (one.route, one.surface) == (self.route, self.surface)]
        if found:
            raise ParityError(found[0])
        if not any((cell.event, cell.surface) == (self.route.event, self.surface) for cell in result.cells):
            pytest.fail(f"{self.route.title} was not asked: raise --parity-budget", pytrace=False)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show the mismatch, and not our own lines of code."""
        if isinstance(excinfo.value, AssertionError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[str, int | None, str]:
        """Return what is shown in place of a file."""
        return "parity", None, self.name
