"""Compares an app before and after its migration in a real browser: `python -m benchmarks.real_frontends.browsing`.

The app's front end is bundled as it is and rewritten; its server, never edited, runs by `flask run` for the first and
under `fetch2socket serve` for the second, on equal databases. A visitor does the steps of a script on both, and each
page must show the same. Run it with a Python that has the app's packages; the app's code is run, so read it first.
"""

from __future__ import annotations

import argparse
import difflib
import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.real_frontends.apps import PASSED_OVER
from benchmarks.real_frontends.browsing.script import Script, read
from benchmarks.real_frontends.browsing.sides import bundle, install, migrate, seed, served
from benchmarks.real_frontends.browsing.visitor import Note, visitor

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    """Run it; return the exit code."""
    arguments = _arguments()
    script = read(arguments.script)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=FLAGS)
        before, after, errors = _both(arguments, script, browser, Path(scratch))
        browser.close()
    return _report(before, after, errors)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.real_frontends.browsing")
    parser.add_argument("app", type=Path, help="folder of the app")
    parser.add_argument("script", type=Path, help="what a visitor does (browsing/script.py)")
    parser.add_argument("--events", type=Path, metavar="FILE", help="event map (else the server's source is read)")
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="write a picture of each page here")
    return parser.parse_args()


def _chromium() -> str | None:
    names = (os.environ.get("CHROMIUM"), *_BROWSERS)
    return next((found for name in names if name and (found := shutil.which(name))), None)


def _both(
    arguments: argparse.Namespace, script: Script, browser: Browser, scratch: Path
) -> tuple[list[Note], list[Note], list[str]]:
    legacy = _copy(arguments.app, scratch / "legacy")
    seed(legacy, script)
    migrated = _copy(legacy, scratch / "migrated")
    migrate(migrated, script, arguments.events and arguments.events.resolve())
    modules = scratch / "modules"
    install(legacy / script.front, modules)
    notes: list[list[Note]] = []
    errors: list[str] = []
    for name, folder, bridged in (("before", legacy, False), ("after", migrated, True)):
        bundled = scratch / f"{name}-bundle"
        bundle(folder / script.front, script, modules, bundled)
        shown = arguments.pictures / name if arguments.pictures else None
        with (
            served(legacy, script, bundled, scratch / name, bridged=bridged) as url,
            visitor(browser, url, shown) as who,
        ):
            notes.append(list(who.visit(script, notes[0] if notes else [])))
            errors += [f"{name}: {error}" for error in who.errors]
    return notes[0], notes[1], errors


def _copy(folder: Path, target: Path) -> Path:
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns(*PASSED_OVER), copy_function=_copied)
    return target


def _copied(source: str, target: str) -> None:
    shutil.copyfile(source, target)


def _report(before: list[Note], after: list[Note], errors: list[str]) -> int:
    differing = [(one, two) for one, two in zip(before, after, strict=True) if one.shown != two.shown]
    asked = sorted({path for note in after for path in note.asked if " /socket.io/" not in path})
    for one, two in differing:
        sys.stdout.write(f"after «{one.step}» the pages differ:\n")
        lines = difflib.unified_diff(
            one.shown.splitlines(), two.shown.splitlines(), "before", "after", lineterm="", n=1
        )
        sys.stdout.writelines(f"  {line}\n" for line in lines)
    sys.stdout.writelines(f"{error}\n" for error in errors)
    calls = sum(len(note.asked) for note in before)
    sys.stdout.write(
        f"{len(before)} steps, {len(before) - len(differing)} pages alike; "
        f"{calls} HTTP calls before, after: {', '.join(asked) or 'none but tickets'}\n"
    )
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
