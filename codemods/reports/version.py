"""The version of fetch2socket, for reports that are kept."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def tool_version() -> str:
    """Return the version of the installed package; 0.0.0 where it runs from a folder."""
    try:
        return version("fetch2socket")
    except PackageNotFoundError:
        return "0.0.0"
