"""Makes front ends of fixtures: what the driver runs, before and after."""

from __future__ import annotations

from tests.codemods.behaviour.driver import FrontEnd
from tests.codemods.cases import Case


def front_end(case: Case, text: str) -> FrontEnd:
    """Return the front end of a fixture with ``text`` in place of its input."""
    entry = f"/app/src/{case.path.name}"
    page = case.path.with_name("page.txt")
    files = {path: data.decode() for path, data in case.others.items()} | {entry: text}
    return FrontEnd(files, entry, page.read_text().strip() if page.exists() else "/")


def before(case: Case) -> FrontEnd:
    """Return a fixture as it was, with fetch."""
    return front_end(case, case.data.decode())


def after(case: Case) -> FrontEnd:
    """Return a fixture as it is expected to become, with a socket."""
    return front_end(case, case.output.read_bytes().decode())
