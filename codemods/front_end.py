"""Gathers what one front end is made of, beside its script files: proxies, variables, where the client module goes."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from bridge.events import EventMap
from codemods.discovery import scripts
from codemods.files import read
from codemods.gitignore import Patterns
from codemods.install import client_path
from codemods.javascript.location import Server
from codemods.javascript.modules import Modules
from codemods.javascript.proxy import Proxy, read_proxies
from codemods.javascript.resolving import App


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run is told: the event map, hosts and constants given by hand, the rules to use (empty: all).

    ``exclude`` are patterns of files to pass over; ``jobs`` is how many processes work (0: as many as there are cores).
    """

    event_map: EventMap
    hosts: frozenset[str] = frozenset()
    defines: dict[str, str] = field(default_factory=dict)
    rules: frozenset[str] = frozenset()
    exclude: tuple[Patterns, ...] = ()
    jobs: int = 0


@dataclass(eq=False)
class FrontEnd:
    """One front end, read when it is first asked for; ``root`` is its folder, absolute, with forward slashes."""

    root: str
    settings: Settings

    @cached_property
    def app(self) -> App:
        """All that a rewrite looks at beside the file itself."""
        client = client_path(self.root, read, has_src=Path(self.root, "src").is_dir())
        settings = self.settings
        defines = {**_environment(Path(self.root)), **settings.defines}
        server = Server(settings.hosts, self.proxies)
        return App(self._modules, settings.event_map, server, defines, client, settings.rules)

    @cached_property
    def proxies(self) -> tuple[Proxy, ...]:
        """The rules of its dev proxy."""
        return read_proxies(self._modules)

    @cached_property
    def _modules(self) -> Modules:
        return Modules(self.root, read, self._listing)

    def _listing(self) -> tuple[str, ...]:
        return tuple(one.path for one in scripts(self.root, self.settings.exclude) if not one.passed_over)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what another process reads for itself."""
        return {"root": self.root, "settings": self.settings}


def _environment(root: Path) -> dict[str, str]:
    """Return the variables that all .env files which set them agree on."""
    values: dict[str, set[str]] = {}
    for path in sorted(root.glob(".env*")):
        text = (read(str(path)) or b"").decode(errors="replace")
        for line in text.splitlines():
            name, equals, value = line.partition("=")
            if equals and not name.lstrip().startswith("#"):
                values.setdefault(name.strip().removeprefix("export "), set()).add(value.strip().strip("'\""))
    return {name: found.copy().pop() for name, found in values.items() if len(found) == 1}
