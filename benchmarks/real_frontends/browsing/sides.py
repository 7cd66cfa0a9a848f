"""Makes the two sides of an app: its front end bundled, its server running in a copy of the seeded folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.real_apps.sides import App, Server
from benchmarks.real_frontends.browsing.script import Script
from benchmarks.real_frontends.building import ESBUILD, PICTURES

_ROOT = Path(__file__).parents[3]
_COMMAND = (sys.executable, "-c", "from codemods.cli import main; main()")
_TOOLS = ("react-scripts", "vite", "jest", "eslint", "@testing-library", "@vitejs", "tailwindcss")
_FONTS = ("woff", "woff2", "ttf", "eot", "otf")
_PAGE = """<!doctype html><meta charset="utf-8"><title>app</title><link rel="stylesheet" href="/bundle.css">
<div id="root"></div><div id="app"></div><script type="module" src="/bundle.js"></script>
"""


def environment(script: Script) -> dict[str, str]:
    """Return what an app's processes find in their environment, beside what this one has."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**script.env, "PATH": path, "PYTHONPATH": f"{_ROOT}{os.pathsep}."}


def seed(folder: Path, script: Script) -> None:
    """Fill the database of a scratch copy, once for both sides."""
    env = {**os.environ, **environment(script)}
    folder = folder / script.server
    subprocess.run(script.seed, cwd=folder, env=env, shell=True, check=True, stdout=subprocess.DEVNULL)


def migrate(folder: Path, script: Script, events: Path | None) -> None:
    """Rewrite the front end of a scratch copy as a user would; the server's source is read where no map is given."""
    source = str(events or script.server)
    command = [*_COMMAND, "client", script.front, "--events", source, "--write", "--allow-dirty"]
    env = {**os.environ, **environment(script)}
    subprocess.run(command, cwd=folder, env=env, check=True, stdout=subprocess.DEVNULL)


def install(front: Path, modules: Path) -> None:
    """Install what a front end needs in the browser below ``modules``; build and test tools are left out."""
    known = json.loads((front / "package.json").read_bytes()).get("dependencies", {})
    wanted = {name: version for name, version in known.items() if not name.startswith(_TOOLS)}
    modules.mkdir()
    package = {"private": True, "dependencies": {**wanted, "socket.io-client": "^4.8.1"}}
    (modules / "package.json").write_text(json.dumps(package), encoding="utf-8")
    command = ["npm", "install", "--no-audit", "--no-fund", "--legacy-peer-deps", "--loglevel=error"]
    subprocess.run(command, cwd=modules, check=True, stdout=subprocess.DEVNULL)


def bundle(front: Path, script: Script, modules: Path, target: Path) -> None:
    """Bundle a front end with all that it needs into a folder with one page."""
    target.mkdir()
    if (front / "public").is_dir():
        shutil.copytree(front / "public", target, dirs_exist_ok=True)
    (target / "index.html").write_text(_PAGE, encoding="utf-8")
    (front / "node_modules").symlink_to(modules / "node_modules")
    loaders = ["--loader:.js=jsx", *(f"--loader:.{one}=dataurl" for one in (*PICTURES, *_FONTS))]
    options = ["--bundle", f"--outfile={target / 'bundle.js'}", "--jsx=automatic", "--format=esm", "--alias:@=./src"]
    command = [str(ESBUILD), script.entry, *options, *loaders, "--log-level=error"]
    subprocess.run(command, cwd=front, check=True)


@contextmanager
def served(seeded: Path, script: Script, bundled: Path, scratch: Path, *, bridged: bool) -> Iterator[str]:
    """Run the server in a copy of the seeded folder, its front end before it; yield the front end's address."""
    scratch.mkdir()
    app = App("app", seeded / script.server, script.source, environment(script))
    with Server(app, scratch, bridged=bridged) as server, _front(bundled, server.url, script) as url:
        yield url


@contextmanager
def _front(bundled: Path, server: str, script: Script) -> Iterator[str]:
    port = server.rpartition(":")[2]
    program = str(Path(__file__).with_name("front.mjs"))
    command = ["node", program, str(bundled), port, "/socket.io", *script.forwarded]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.stdin.close()
