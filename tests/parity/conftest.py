"""The sample in folders of its own: with native handlers, made once by the two commands, and a filled database."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from sample_app.server.seed import PASSWORD

ROOT = Path(__file__).parents[2]
LOGINS = tuple(f'POST /login {{"username": "{name}", "password": "{PASSWORD}"}}' for name in ("maya", "tomasz"))
SOURCE = "sample_app.server.app:create_app"


def environ(folder: Path, **more: str) -> dict[str, str]:
    """Return what a process that hosts the sample in this folder is told."""
    database = f"sqlite:///{folder / 'studio.db'}"
    return {**os.environ, "SQLALCHEMY_DATABASE_URI": database, "PYTHONPATH": str(ROOT), **more}


def _run(folder: Path, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**environ(folder), "PYTHONPATH": f"{folder}:{ROOT}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def native_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample's server, its native handlers as the codemod makes them, and a seeded database."""
    folder = tmp_path_factory.mktemp("native")
    shutil.copytree(ROOT / "sample_app" / "server", folder / "sample_app" / "server")
    shutil.copy(ROOT / "sample_app" / "__init__.py", folder / "sample_app")
    command = "from codemods.cli import main; main()"
    _run(folder, "-m", "sample_app.server.seed")
    _run(folder, "-c", command, "server", "--init", "sample_app/server/app.py", "--write")
    _run(folder, "-c", command, "server", "sample_app", "--write")
    return folder


@pytest.fixture
def own_native_sample(native_sample: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(native_sample, tmp_path / "native"))


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The environment of the sample as it is in the repository, with a seeded database of its own."""
    folder = tmp_path_factory.mktemp("seeded")
    _run(folder, "-m", "sample_app.server.seed")
    return environ(folder)
