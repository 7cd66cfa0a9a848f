"""Finds the fixtures and rewrites them, in memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bridge.events import EventMap
from codemods.javascript.location import Server
from codemods.javascript.modules import Modules
from codemods.javascript.proxy import read_proxies
from codemods.javascript.resolving import App
from codemods.javascript.rewrite import rewrite
from codemods.javascript.wrappers.plan import plan_wrappers
from codemods.results import FileResult

FIXTURES = Path(__file__).parent / "fixtures"
EVENTS = EventMap.load(FIXTURES / "events.json")
LIVE = "live_effect"
"""The rule that is asked for by --live; its fixtures have tests of their own."""
_AT_ROOT = ("package.json", "vite.config.js")


@dataclass(frozen=True)
class Case:
    """One fixture: its input, the other files of its front end, and the output that is expected."""

    name: str
    path: Path
    others: dict[str, bytes]

    @property
    def data(self) -> bytes:
        return self.path.read_bytes()

    @property
    def is_tree(self) -> bool:
        """True for a fixture of several files that are rewritten: those in ``input`` become those in ``output``."""
        return self.path.parent.name == "input"

    @property
    def others_after(self) -> dict[str, bytes]:
        """The other files as they are expected to become."""
        return _tree(self.path.parent.with_name("output"), self.path.name) if self.is_tree else self.others

    @property
    def output(self) -> Path:
        if self.is_tree:
            return self.path.parent.with_name("output") / self.path.name
        return self.path.with_name(f"output{self.path.suffix}")

    @property
    def rule(self) -> str:
        return self.name.split("/")[0]


def pairs() -> list[Case]:
    """Return the fixtures that are rewritten."""
    return [_pair(path) for path in sorted(FIXTURES.glob("*/*/input.*")) if path.parts[-3] != LIVE] + trees()


def trees() -> list[Case]:
    """Return the fixtures of several files that are rewritten together; ``main`` is where they start."""
    return [
        Case(path.parents[1].relative_to(FIXTURES).as_posix(), path, _tree(path.parent, path.name))
        for path in sorted(FIXTURES.glob("*/*/input/main.*"))
    ]


def _tree(folder: Path, entry: str) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    named = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    return {f"/app/src/{name}": data for name, data in named.items() if name != entry}


def live_pairs() -> list[Case]:
    """Return the fixtures that --live makes subscriptions of."""
    return [_pair(path) for path in sorted(FIXTURES.glob(f"{LIVE}/*/input.*"))]


def _pair(path: Path) -> Case:
    folder = path.parent
    others = {}
    for other in folder.rglob("*"):
        name = other.relative_to(folder).as_posix()
        if other.is_file() and not name.startswith(("input.", "output.", "page.")):
            inside = name if name in _AT_ROOT or name.startswith("src/") else f"src/{name}"
            others[f"/app/{inside}"] = other.read_bytes()
    return Case(folder.relative_to(FIXTURES).as_posix(), path, others)


def noops() -> list[Case]:
    """Return the fixtures that are left alone."""
    return [_single(path) for path in sorted(FIXTURES.glob("*/noop_*")) if path.parts[-2] != LIVE]


def live_noops() -> list[Case]:
    """Return the fixtures with which --live does what is done without it."""
    return [_single(path) for path in sorted(FIXTURES.glob(f"{LIVE}/noop_*"))]


def _single(path: Path) -> Case:
    return Case(path.relative_to(FIXTURES).as_posix(), path, {})


def app_of(path: str, data: bytes, others: dict[str, bytes] | None = None, **options: object) -> App:
    """Return a front end in memory with one file of interest."""
    modules = Modules.of({"/app/package.json": b"{}", **(others or {}), path: data})
    server = Server(proxies=read_proxies(modules))
    app = App(modules, EVENTS, server, client="/app/src/socket.js", **options)  # type: ignore[arg-type]
    app.plan = plan_wrappers(app, modules.files, modules.files)
    return app


def rewrite_text(
    text: str, name: str = "input.jsx", others: dict[str, bytes] | None = None, **options: object
) -> FileResult:
    """Rewrite a piece of source."""
    path = f"/app/src/{name}"
    data = text.encode()
    return rewrite(data, path, app_of(path, data, others, **options), name)


def rewrite_case(case: Case, data: bytes | None = None, **options: object) -> FileResult:
    """Rewrite a fixture, or other bytes in its place."""
    data = case.data if data is None else data
    path = f"/app/src/{case.path.name}"
    return rewrite(data, path, app_of(path, data, case.others, **options), case.path.name)


def rewrite_tree(case: Case, files: dict[str, bytes] | None = None) -> dict[str, FileResult]:
    """Rewrite all files of a fixture together, or other files in their place."""
    entry = f"/app/src/{case.path.name}"
    files = {**case.others, entry: case.data} if files is None else files
    app = app_of(entry, files[entry], files)
    return {path: rewrite(data, path, app, path.removeprefix("/app/src/")) for path, data in files.items()}
