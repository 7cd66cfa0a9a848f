"""The npm packages that tests drive: installed when one of them is missing."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

NODE = Path(__file__).parent / "node"


def node() -> str:
    """Return the path of Node, the packages of tests/support/node being there."""
    wanted = json.loads((NODE / "package.json").read_text())["dependencies"]
    if not all((NODE / "node_modules" / name).is_dir() for name in wanted):
        npm = shutil.which("npm") or "npm"
        subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=NODE, check=True, capture_output=True)
    return shutil.which("node") or "node"
