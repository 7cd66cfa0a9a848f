"""Gathers what one front end is made of, beside its script files: proxies, variables, where the client module goes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct, field

from codemods.discovery import pages, scripts
from codemods.files import contents, names_in

if TYPE_CHECKING:  # what reads JavaScript is loaded when there is some to read
    from bridge.events import EventMap
    from codemods.gitignore import Patterns
    from codemods.javascript.modules import Modules
    from codemods.javascript.planned import Planned
    from codemods.javascript.proxy import Proxy
    from codemods.javascript.resolving import App

_SCRIPTS = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".mts", ".cts", ".vue")
_VARIABLE = re.compile(r"(?<!\\)\$\{?([A-Za-z_]\w*)\}?")
_MOST_STEPS = 4
_Data = TypeVar("_Data", bytes, bytes | None)
_MOST_TEXTS, _LONG_TEXT = 2000, 20_000
"""How many files are kept in memory at most, and how many bytes each has."""


class Settings(Struct, frozen=True):
    """What a run is told: the event map, hosts and constants given by hand, the rules to use (empty: all).

    ``exclude`` are patterns of files to pass over; ``jobs`` is how many processes work (0: as many as there are cores);
    ``cache`` is the folder in which what was found is kept, if it is; ``is_live`` asks for subscriptions.
    """

    event_map: EventMap
    hosts: frozenset[str] = frozenset()
    defines: dict[str, str] = field(default_factory=dict)
    rules: frozenset[str] = frozenset()
    exclude: tuple[Patterns, ...] = ()
    jobs: int = 0
    cache: Path | None = None
    is_live: bool = False


class FrontEnd:
    """One front end, read when it is first asked for; ``root`` is its folder, absolute, with forward slashes.

    ``known`` are its scripts where a walk has found them already. ``asked`` are the paths that were read for it, there
    or not: what is found here depends on them. ``plan`` is what helpers around fetch do to several files together, as
    far as it is made.
    """

    def __init__(self, root: str, settings: Settings, known: tuple[str, ...] | None = None) -> None:
        self.root = root
        self.settings = settings
        self.known = known
        self.asked: set[str] = set()
        self.plan: dict[str, Planned] = {}
        self._entries: dict[str, frozenset[str] | None] = {}
        self._texts: dict[str, bytes | None] = {}

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, or None where there is no such file to read.

        Most files are asked for several times: for what they import, for routes, to be rewritten.
        """
        self.asked.add(path)
        if path in self._texts:
            return self._texts[path]
        try:
            return self.contents(path)
        except OSError:
            return self._kept(path, None)

    def contents(self, path: str) -> bytes:
        """Return a file's bytes, whether or not what is found here depends on them. Raises OSError."""
        known = self._texts.get(path)
        return self._kept(path, contents(path)) if known is None else known

    def _kept(self, path: str, data: _Data) -> _Data:
        if len(self._texts) < _MOST_TEXTS and (data is None or len(data) < _LONG_TEXT):
            self._texts[path] = data
        return data

    def rest(self) -> None:
        """Let go of texts and trees, while another front end is worked on."""
        self._texts.clear()
        if "_modules" in self.__dict__:
            self._modules.forget_all()

    def entries(self, folder: str) -> frozenset[str] | None:
        """Return the names in a folder, in lower case, none where it is not there; None where it cannot be read.

        A name that comes or goes changes the folder, so the folder alone is what the answer depends on.
        """
        self.asked.add(folder)
        if folder not in self._entries:
            self._entries[folder] = names_in(folder)
        return self._entries[folder]

    def sources(self) -> Iterator[bytes]:
        """Yield the scripts that were read so far."""
        for path in sorted(self.asked):
            if path.endswith(_SCRIPTS):
                yield self.read(path) or b""

    @property
    def surroundings(self) -> tuple[bool, list[str], tuple[str, ...]]:
        """What it depends on beside the contents of files: whether there is ``src``, .env files, further scripts."""
        files = [str(path) for path in _environment_files(self.root)]
        return self._has_src, files, self.files if self.known is None else ()

    @property
    def _has_src(self) -> bool:
        return Path(self.root, "src").is_dir()

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The paths of its scripts."""
        if self.known is not None:
            return self.known
        return tuple(one.path for one in scripts(self.root, self.settings.exclude) if not one.passed_over)

    @cached_property
    def app(self) -> App:
        """All that a rewrite looks at beside the file itself."""
        from codemods.install import client_path
        from codemods.javascript.location import Server
        from codemods.javascript.resolving import App

        client = client_path(self.root, self.read, has_src=self._has_src)
        settings = self.settings
        defines = {**self._environment(), **settings.defines}
        server = Server(settings.hosts, self.proxies)
        is_live = settings.is_live and self._can_subscribe(client)
        return App(
            self._modules,
            settings.event_map,
            server,
            defines,
            client,
            settings.rules,
            plan=self.plan,
            is_live=is_live,
            pages=self._pages,
        )

    def _pages(self) -> tuple[str, ...]:
        """Return the paths of its HTML files and templates; a new one is noticed by its folder."""
        found, folders = pages(self.root)
        self.asked.update(folders)
        return found

    def _can_subscribe(self, client: str) -> bool:
        """True where the client module, if there is one already, is not from before it had ``subscribe``."""
        data = self.read(client)
        return data is None or b"export function subscribe(" in data

    @cached_property
    def proxies(self) -> tuple[Proxy, ...]:
        """The rules of its dev proxy."""
        from codemods.javascript.proxy import read_proxies

        return read_proxies(self._modules)

    @cached_property
    def _modules(self) -> Modules:
        from codemods.javascript.modules import Modules

        return Modules(self.root, self.read, lambda: self.files, self.entries)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what another process reads for itself."""
        kept = {name: getattr(self, name) for name in ("root", "settings", "known", "plan")}
        return {**kept, "asked": set(), "_entries": {}, "_texts": {}}

    def _environment(self) -> dict[str, str]:
        """Return the variables that all .env files which set them agree on."""
        values: dict[str, set[str]] = {}
        for path in _environment_files(self.root):
            text = (self.read(str(path)) or b"").decode(errors="replace")
            for line in text.splitlines():
                name, equals, value = line.partition("=")
                if equals and not name.lstrip().startswith("#"):
                    values.setdefault(name.strip().removeprefix("export "), set()).add(value.strip().strip("'\""))
        return _expanded({name: found.copy().pop() for name, found in values.items() if len(found) == 1})


def _expanded(values: dict[str, str]) -> dict[str, str]:
    """Put values in place of ``$NAME`` and ``${NAME}``, as Vite and Create React App do.

    A variable that refers to one which the files do not set is left out: its value is the machine's.
    """
    for _ in range(_MOST_STEPS):
        values = {name: _substituted(value, values) for name, value in values.items()}
    return {name: value for name, value in values.items() if _VARIABLE.search(value) is None}


def _substituted(text: str, values: dict[str, str]) -> str:
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


def _environment_files(root: str) -> list[Path]:
    return sorted(Path(root).glob(".env*"))
