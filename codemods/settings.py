"""Reads the settings of a project: ``fetch2socket.toml``, or ``[tool.fetch2socket]`` in ``pyproject.toml``.

The nearest such file at or above a path counts, and no other; options of the command line come before it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from msgspec import Struct

from codemods.wrong_use import nearest, wrong

if TYPE_CHECKING:
    from codemods.gitignore import Patterns

OWN, SHARED, TABLE = "fetch2socket.toml", "pyproject.toml", "fetch2socket"


class _File(Struct, frozen=True):
    """A settings file, for messages and for what paths are relative to."""

    path: Path

    def wrong(self, message: str) -> NoReturn:
        wrong(f"{self.path}: {message}")

    def below(self, path: str) -> str:
        return str(self.path.parent / path)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_table(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value.values()))


def _as_is(_: _File, value: Any) -> Any:
    return value


def _path(file: _File, value: str) -> str:
    return file.below(value)


def _paths(file: _File, value: list[str], name: str = "paths") -> list[str]:
    missing = next((one for one in value if not (file.path.parent / one).exists()), None)
    if missing is not None:
        file.wrong(f"{name}: {missing} does not exist")
    return [file.below(one) for one in value]


def _server_paths(file: _File, value: list[str]) -> list[str]:
    return _paths(file, value, "server")


def _source(file: _File, value: str) -> str:
    is_module = ":" in value and not (file.path.parent / value).exists()
    return value if is_module else file.below(value)


def _pairs(_: _File, value: dict[str, str]) -> list[str]:
    return [f"{name}={text}" for name, text in value.items()]


def _rules(file: _File, value: list[str]) -> list[str]:
    from codemods.commands.rules import CATALOGUES, rule_names  # Loads the engines; those who choose rules run one.

    known = [name for catalogue in CATALOGUES for name in rule_names(catalogue)]
    unknown = next((one for one in value if one not in known), None)
    if unknown is not None:
        file.wrong(f"there is no rule {unknown}{nearest(unknown, known)}")
    return value


def _form(file: _File, value: str) -> str:
    from codemods.reports import FORMATS

    if value not in FORMATS:
        file.wrong(f"format must be one of {', '.join(FORMATS)}")
    return value


def _globs(file: _File, value: list[str]) -> tuple[Patterns, ...]:
    from codemods.gitignore import patterns

    return (patterns(file.path.parent.as_posix(), value),)


class Key(Struct, frozen=True):
    """One setting: the option it stands for, what its value must be, and what the option is given for it."""

    option: str
    must_be: str
    is_right: Callable[[object], bool]
    meaning: Callable[[_File, Any], Any] = _as_is


_TEXT, _TEXTS = "a string", "a list of strings"
KEYS = {
    "app-dir": Key("app_dir", _TEXT, _is_text, _path),
    "define": Key("defines", "a table of strings", _is_table, _pairs),
    "events": Key("source", _TEXT, _is_text, _source),
    "exclude": Key("exclude", _TEXTS, _is_texts, _globs),
    "format": Key("form", _TEXT, _is_text, _form),
    "hosts": Key("hosts", _TEXTS, _is_texts),
    "jobs": Key("jobs", "a number", lambda value: type(value) is int and value >= 0),
    "live": Key("is_live", "true or false", lambda value: isinstance(value, bool)),
    "only": Key("only", _TEXTS, _is_texts, _rules),
    "paths": Key("paths", _TEXTS, _is_texts, _paths),
    "server": Key("server", _TEXTS, _is_texts, _server_paths),
    "skip": Key("skip", _TEXTS, _is_texts, _rules),
}
"""All settings (docs/settings.md)."""


def load(start: Path) -> dict[str, Any]:
    """Return the settings that hold for a path, by the parameter of the command that they stand for.

    Ends the command with one line that names file and key where they are wrong.
    """
    start = start.absolute()
    for folder in (start, *start.parents):
        for file, table in ((_File(folder / OWN), _own), (_File(folder / SHARED), _shared)):
            found = table(file)
            if found is not None:
                return _read(file, found)
    return {}


def _own(file: _File) -> dict[str, Any] | None:
    data = _bytes(file)
    return None if data is None else _toml(file, data)


def _shared(file: _File) -> dict[str, Any] | None:
    data = _bytes(file)
    if data is None or TABLE.encode() not in data:  # A pyproject.toml that has nothing to do with us is not judged.
        return None
    found = _toml(file, data).get("tool", {}).get(TABLE)
    if found is not None and not isinstance(found, dict):
        file.wrong(f"[tool.{TABLE}] must be a table")
    return found


def _bytes(file: _File) -> bytes | None:
    try:
        return file.path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        file.wrong(error.strerror or str(error))


def _toml(file: _File, data: bytes) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        file.wrong(f"this is no TOML: {error}")


def _read(file: _File, table: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in table.items():
        key = KEYS.get(name)
        if key is None:
            file.wrong(f"there is no setting {name}{nearest(name, KEYS)}")
        if not key.is_right(value):
            file.wrong(f"{name} must be {key.must_be}")
        values[key.option] = key.meaning(file, value)
    if "source" in values and "app_dir" not in values:
        values["app_dir"] = str(file.path.parent)
    return values


def start_of(given: list[str]) -> Path:
    """Return where the search starts: the folder of the first path that was given, else the current one."""
    path = Path(given[0] if given else ".")
    return path if path.is_dir() else path.parent
