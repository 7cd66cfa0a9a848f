"""Who goes over a tree of Python: ``fetch2socket server``, a plain visitor of LibCST's own tool, django-upgrade."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.processes import ROOT, BenchmarkError
from benchmarks.rivals import FOLDER, Rival

PACKAGES = FOLDER / "python"
OURS, VISITOR, UPGRADE = "fetch2socket", "libcst.tool", "django-upgrade"
_COMMAND = Path(sys.executable).with_name("fetch2socket")
_TOOL = (
    *(sys.executable, "-m", "libcst.tool", "codemod", "-x", "--no-format", "--hide-progress"),
    "plain_visitor.PlainVisitor",
)
_TARGET = "5.2"


def rivals(tree: Path, report: Path, where: str = "") -> list[Rival]:
    """Return the commands for one tree, which none of them changes; ``where`` tells trees apart."""
    files = sorted(path for path in map(str, tree.rglob("*.py")) if "/node_modules/" not in path)
    ours = (str(_COMMAND), "server", str(tree), "--format", "json", "--report", str(report))
    tool = (*_TOOL, str(tree))
    upgrade = (sys.executable, "-m", "django_upgrade", "--target-version", _TARGET, *files)
    return [
        Rival(OURS + where, ours, "`server`, a dry run, report as JSON"),
        Rival(VISITOR + where, tool, "`codemod` with a visitor that looks at every function and changes none"),
        Rival(UPGRADE + where, upgrade, f"all of its fixers for Django {_TARGET}, which find nothing to fix here"),
    ]


def paths() -> dict[str, str]:
    """Return the environment in which Python finds the rivals."""
    return {"PYTHONPATH": os.pathsep.join(map(str, (ROOT, FOLDER, PACKAGES)))}


def install() -> None:
    """Install django-upgrade into a folder of our own where it is not there yet; see that the visitor works."""
    if not (PACKAGES / "django_upgrade").exists():
        wanted = str(FOLDER / "requirements.txt")
        _run([sys.executable, "-m", "pip", "install", "--quiet", "--target", str(PACKAGES), "-r", wanted])
    # With no visitor it would end with 1 at once, which is what others say of changes.
    _run([*_TOOL, str(FOLDER / "plain_visitor.py")])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **paths()})
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no output"])[-1]
        msg = f"{' '.join(command[1:4])} failed: {last}"
        raise BenchmarkError(msg)


def version() -> str:
    """Return the version of django-upgrade that is used."""
    return (FOLDER / "requirements.txt").read_text(encoding="utf-8").splitlines()[0].partition("==")[2]
