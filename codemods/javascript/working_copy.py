"""One file while it is rewritten: what it is at the moment, how it is written, what the client's exports are called."""

from __future__ import annotations

from functools import cached_property

from codemods.javascript.fetch_calls import FetchUse, find_uses
from codemods.javascript.names import ClientNames, client_names
from codemods.javascript.parser import Module, parse_again
from codemods.javascript.resolving import App
from codemods.javascript.scope import Scopes
from codemods.javascript.style import Style, style_of
from codemods.results import REWRITTEN, Edit, Site


class WorkingCopy:
    """A file of a front end; ``places`` are those of its uses of ``fetch``, by their node, in the original file."""

    def __init__(self, app: App, shown: str, module: Module) -> None:
        self.app = app
        self.shown = shown
        self.module = module
        self.places: dict[int, tuple[int, int]] = {}
        app.modules.adopt(module)

    @cached_property
    def style(self) -> Style:
        """How the file is written; asked for when a call is rewritten, as the file is read then."""
        return style_of(self.module)

    @cached_property
    def names(self) -> ClientNames:
        """What the client module's exports are called here."""
        return client_names(self.app.modules, self.module, self.app.client)

    def scopes(self) -> Scopes:
        """Return the scopes of the file as it is now."""
        return self.app.modules.scopes(self.module)

    def uses(self) -> list[FetchUse]:
        """Return every use of ``fetch`` in the file as it is now."""
        return find_uses(self.module, self.scopes())

    def apply(self, edits: list[Edit]) -> None:
        """Make edits."""
        if edits:
            self.become(parse_again(self.module, sorted(edits, key=lambda one: (one.start, one.end))))

    def become(self, module: Module) -> None:
        """Let the file be another version of itself."""
        self.module = module
        self.app.modules.adopt(module)

    def row(self, start: int) -> Site:
        """Return the row of what starts at a byte."""
        return Site(self.shown, self.module.line(start), self.module.column(start), REWRITTEN)
