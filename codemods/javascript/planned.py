"""What a plan over several files does to one of them: values that any process can be given."""

from __future__ import annotations

from msgspec import Struct

from codemods.results import Edit, Site


class Planned(Struct, frozen=True):
    """What a plan does to one file: edits of the file as it is, the row of each call, names of the client module.

    ``group`` are the paths of the files that are changed with it, or not at all.
    """

    edits: tuple[Edit, ...] = ()
    sites: tuple[Site, ...] = ()
    group: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()
