"""Makes front ends of fixtures: what the driver runs, before and after."""

from __future__ import annotations

from tests.codemods.behaviour.driver import FrontEnd
from tests.codemods.cases import Case


def front_end(case: Case, text: str, others: dict[str, bytes] | None = None) -> FrontEnd:
    """Return the front end of a fixture with ``text`` in place of its input."""
    others = case.others if others is None else others
    entry = f"/app/src/{case.path.name}"
    page = case.path.with_name("page.txt")
    files = {path: data.decode() for path, data in others.items()} | {entry: text}
    return FrontEnd(files, entry, page.read_text().strip() if page.exists() else "/")


def before(case: Case) -> FrontEnd:
    """Return a fixture as it was, with fetch."""
    return front_end(case, case.data.decode())


def after(case: Case) -> FrontEnd:
    """Return a fixture as it is expected to become, with a socket."""
    return front_end(case, case.output.read_bytes().decode(), case.others_after)
