"""The end of a file's rewriting: what came out of use is taken out, and the client module is imported."""

from __future__ import annotations

from msgspec import Struct

from codemods.javascript.imports import import_edit
from codemods.javascript.parser import Module
from codemods.javascript.tidy import tidy_edits
from codemods.javascript.used_less import Key, names_used_less
from codemods.javascript.words import places
from codemods.javascript.working_copy import WorkingCopy
from codemods.javascript.writing import Edits
from codemods.results import Edit, apply


class Finishing(Struct, eq=False):
    """What is left to do when the calls of a file are rewritten; ``original`` is the file as it was."""

    copy: WorkingCopy
    original: Module

    def make(self, edits: Edits) -> bool:
        """Make the edits of the last round and all that is left to do, in one go; False where it takes more than one.

        Mostly nothing comes out of use, so that the import is all that is left, and the file need be parsed once only.
        """
        module, names = self.copy.module, self.copy.names
        if module.is_vue:
            return False
        after = apply(module.data, edits.all)
        used = self._used_less(after)
        if any(len(places(after, name.encode())) == 1 for name, _, _ in used):
            return False  # where it is declared is all that is left
        statement = self._import()
        together = Edits(list(edits.all))
        if statement is not None and not together.take([statement]):
            return False
        self.copy.apply(together.all)
        if all(self._is_written(names.local(name)) for name in names.used) and not (used and self._tidy(used)):
            return True
        self.copy.become(module)
        return False

    def run(self) -> None:
        """Take out what only the rewritten calls used, and then what only that used; import what is used now."""
        copy, names = self.copy, self.copy.names
        data = b""
        while data != copy.module.data:
            data = copy.module.data
            used = self._used_less(data)
            copy.apply(self._tidy(used) if used else [])
        names.used = {name for name in names.used if self._is_written(names.local(name))}
        statement = self._import()
        copy.apply([statement] if statement is not None else [])

    def _used_less(self, data: bytes) -> frozenset[Key]:
        return names_used_less(self.original, self.copy.app.modules.scopes(self.original), data)

    def _tidy(self, used: frozenset[Key]) -> list[Edit]:
        return tidy_edits(self.copy.app.modules, self.copy.module, self.copy.style, used)

    def _is_written(self, name: str) -> bool:
        return any("identifier" in one.type for one in self.copy.module.words(name))

    def _import(self) -> Edit | None:
        copy = self.copy
        return import_edit(copy.app.modules, copy.module, copy.names, copy.style, copy.app.client)
