"""Build a front end with npm, unless what is there was built from the very same sources."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

_NOT_SOURCES = {"node_modules", "dist"}
_NOT_WRITTEN = _NOT_SOURCES | {"package-lock.json"}


def build(client: Path, base: str = "/") -> Path:
    """Return the ``dist`` folder of a Vite client, built for the given base path.

    Installs the packages of the lock file first where they are missing.
    """
    dist = client / "dist"
    stamp = dist / ".built-from"
    digest = _digest(client, base)
    if not stamp.is_file() or stamp.read_text() != digest:
        if not (client / "node_modules").is_dir():
            _npm(client, "ci")
        _npm(client, "run", "build", VITE_BASE=base)
        stamp.write_text(digest)
    return dist


def sources(client: Path) -> dict[str, bytes]:
    """Return the files that people or the codemod write, by name; the lock file is npm's work."""
    return {
        str(path.relative_to(client)): path.read_bytes()
        for path in client.rglob("*")
        if path.is_file() and _NOT_WRITTEN.isdisjoint(path.relative_to(client).parts)
    }


def _digest(client: Path, base: str) -> str:
    digest = hashlib.sha256(base.encode())
    for path in sorted(client.rglob("*")):
        relative = path.relative_to(client)
        if path.is_file() and relative.parts[0] not in _NOT_SOURCES:
            digest.update(f"\0{relative}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _npm(client: Path, *arguments: str, **environment: str) -> None:
    command = ["npm", *arguments]
    done = subprocess.run(command, cwd=client, env={**os.environ, **environment}, capture_output=True, text=True)
    if done.returncode:
        message = f"`{' '.join(command)}` failed in {client}:\n{done.stdout}{done.stderr}"
        raise RuntimeError(message)
