"""Where ``--init`` would make a bridge that is not there yet: its own plan, so that a dry run shows what will come."""

from __future__ import annotations

import os
from pathlib import Path

from codemods.python.collecting import collector_paused
from codemods.python.entries import starts
from codemods.python.server.bridge_place import BridgePlace
from codemods.python.server.init_names import has_bridge
from codemods.python.server.init_plan import Plan, comes_too_early, plan, too_early
from codemods.python.server.init_reading import Reading, project_folder, runs
from codemods.python.server.init_shadows import shadow
from codemods.python.server.init_watching import Watched
from codemods.python.server.project_routes import AppReading
from codemods.results import Left
from codemods.run import shown


def planned(app: AppReading) -> BridgePlace:
    """Return the place; where ``--init`` refuses, the app's own file, with the command's sentence as its problem."""
    reading = _reading(app)
    path = reading.app.place.path
    if has_bridge(reading):
        msg = f"The app's Bridge has no name at the level of a module that {path} could lend it."
        return BridgePlace(path, "bridge", 0, is_planned=True, problem=msg)
    try:
        made = plan(reading)
    except Left as left:
        return BridgePlace(path, "bridge", 0, is_planned=True, problem=shadow(reading) or left.message)
    problem = shadow(reading) or _started_too_early(reading, made)
    return BridgePlace(made.made.path, made.names.bridge, made.made.line + 1, is_planned=True, problem=problem)


def _started_too_early(reading: Reading, made: Plan) -> str:
    """Return a sentence on an ``app.run()`` above the place where the app is complete; "" where there is none."""
    is_run_there = b".run(" in reading.project.files[made.wired.path]
    early = [call for _, call in runs(reading) if comes_too_early(made, call)] if is_run_there else []
    return too_early(early[0]) if early else ""


def command(app: AppReading) -> str:
    """Return the command that makes the bridge; the folder is named where the file alone would lead to another."""
    assert app.start is not None
    file = app.folder / app.start.app.place.path
    folder = "" if project_folder(file) == app.folder else f"{shown(app.folder.as_posix())} "
    return f"fetch2socket server {folder}--init {shown(file.as_posix())}"


def _reading(app: AppReading) -> Reading:
    """Return the reading of ``--init``; the run in thought is made again if it was none that notes where things are."""
    start = app.start
    assert start is not None
    if not isinstance(start.world, Watched):
        with collector_paused():
            again = starts(app.project, make=Watched)
        start = next((one for one in again if one.app.place == start.app.place), start)
    assert isinstance(start.world, Watched)
    return Reading(Path(os.path.relpath(app.folder)), app.project, start, start.world)
