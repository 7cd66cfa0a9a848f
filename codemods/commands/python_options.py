"""The options that ``server`` and ``pyclient`` share, and what they make together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from msgspec import Struct

from codemods.commands.options import exclude_option, report_options, source_options, together

if TYPE_CHECKING:
    from codemods.gitignore import Patterns

_Command = TypeVar("_Command", bound=Callable[..., Any])


class Asked(Struct, frozen=True):
    """What was given for the options that ``server`` and ``pyclient`` share."""

    paths: tuple[Path, ...]
    source: str | None
    app_dir: str
    form: str
    target: Path | None
    quiet: bool
    exclude: tuple[Patterns, ...]


def python_options(command: _Command, *, needs_paths: bool = True) -> _Command:
    """Add the options; the command takes them as one ``Asked``."""
    paths = click.Path(exists=True, path_type=Path)
    argument = click.argument("paths", nargs=-1, required=needs_paths, type=paths)
    return together(command, argument, *source_options(), *report_options(), exclude_option())
