"""Bundles a front end with esbuild: bare imports stay outside, assets are empty; does it build or not?"""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

ESBUILD = Path(__file__).parents[1] / "node_modules" / ".bin" / "esbuild"
_ENTRIES = [
    f"{folder}{name}{ending}"
    for folder in ("src/", "", "app/", "src/app/")
    for name in ("index", "main", "App")
    for ending in (".jsx", ".js", ".tsx", ".ts")
]
PICTURES = ["png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "mp3", "mp4", "webm", "wav"]
_ASSETS = [*PICTURES, "woff", "woff2", "ttf", "otf", "eot", "pdf", "css", "scss", "sass", "less", "md", "txt", "vue"]


def entry(front: Path) -> str | None:
    """Return the script that a front end starts with."""
    return next((name for name in _ENTRIES if (front / name).is_file()), None)


def problem(front: Path, start: str) -> str:
    """Return why a front end cannot be bundled, in one line, or "" if it can."""
    with tempfile.TemporaryDirectory() as out:
        command = [
            str(ESBUILD),
            start,
            "--bundle",
            f"--outdir={out}",
            "--packages=external",
            "--format=esm",
            "--jsx=automatic",
            "--log-level=error",
            "--log-limit=1",
            "--loader:.js=jsx",
            "--alias:@=./src",
            *(f"--loader:.{one}=empty" for one in _ASSETS),
        ]
        env = {**os.environ, "NO_COLOR": "1"}
        done = subprocess.run(command, cwd=front, capture_output=True, text=True, check=False, env=env)
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    return "" if done.returncode == 0 else " ".join(lines[:2]) or f"esbuild ended with {done.returncode}"
