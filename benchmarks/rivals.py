"""Who rewrites the tree: fetch2socket, jscodeshift with a like transform, ast-grep with a like rule."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import ROOT, BenchmarkError

FOLDER = Path(__file__).resolve().parent / "rivals"
_COMMAND = Path(sys.executable).with_name("fetch2socket")


@dataclass(frozen=True, slots=True)
class Rival:
    """A column of the report: the command that reads the tree and writes nothing into it."""

    name: str
    command: tuple[str, ...]
    says: str


def rivals(tree: Path, events: Path, report: Path) -> list[Rival]:
    """Return all commands for one tree; the one that the others are compared with comes first."""
    ours = (str(_COMMAND), "client", str(tree), "--events", str(events), "--format", "json", "--report", str(report))
    cold = (*ours, "--no-cache")
    shift = (str(FOLDER / "node_modules/.bin/jscodeshift"), "--dry", "--silent", "--parser=tsx")
    files = ("--extensions=js,jsx,ts,tsx,mjs,cjs", "--ignore-pattern=**/node_modules/**")
    transform = (*shift, *files, f"--transform={FOLDER / 'transform.cjs'}", str(tree))
    scan = (str(_ast_grep()), "scan", f"--rule={FOLDER / 'rules.yml'}", "--json=stream", str(tree))
    return [
        Rival("fetch2socket", cold, "`client`, a dry run, report as JSON, no cache"),
        Rival("one job", (*cold, "--jobs", "1"), "the same with `--jobs 1`"),
        Rival("warm", (*ours, "--check"), "the same as `--check`, of a tree that has not changed since the last run"),
        Rival(
            "jscodeshift", transform, "a like transform, parser `tsx`, files without `fetch` passed over, its workers"
        ),
        Rival("jscodeshift, 1", (*transform, "--run-in-band"), "the same in one process"),
        Rival("ast-grep", scan, "`scan` with a like rule for JavaScript, TypeScript and TSX"),
    ]


def start_up() -> list[Rival]:
    """Return the commands that show what starting costs."""
    return [Rival("--help", (str(_COMMAND), "--help"), "the list of commands")]


def one_file(tree: Path, events: Path) -> Rival:
    """Return the command that checks a single small file, as a pre-commit hook does."""
    path = next(iter(sorted(tree.rglob("src/rows.js"))), next(iter(sorted(tree.rglob("*.js*")))))
    return Rival("one file", (str(_COMMAND), "client", str(path), "--events", str(events), "--check"), "one small file")


def install() -> None:
    """Install the rivals where they are not there yet."""
    if shutil.which("npm") is None:
        msg = "npm is not on the PATH; jscodeshift and ast-grep need Node 18 or newer with npm"
        raise BenchmarkError(msg)
    if (FOLDER / "node_modules" / "jscodeshift").exists():
        return
    command = ["npm", "ci", "--silent", "--ignore-scripts"]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no output"])[-1]
        msg = f"npm ci in {FOLDER.relative_to(ROOT)} failed: {last}"
        raise BenchmarkError(msg)


def _ast_grep() -> Path:
    """Return the program itself, without the script in front of it that would be measured too."""
    found: Sequence[Path] = sorted((FOLDER / "node_modules/@ast-grep").glob("cli-*/ast-grep*"))
    if not found:
        msg = "ast-grep has no program for this machine"
        raise BenchmarkError(msg)
    return found[0]
