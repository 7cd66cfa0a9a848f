"""Decides where the set-up of the bridge goes: where its objects are made, and where they are given the app.

Both at once, in the module that sets up app, database and api, where the Resources come later. Where they come
earlier, or a factory makes the app, the objects are made in a module that every Resource can import.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import PurePosixPath

from msgspec import Struct

from codemods import reasons
from codemods.python.server.init_names import BRIDGES, free, name_in, name_of, name_of_socketio, socketio_of
from codemods.python.server.init_reading import Reading
from codemods.python.server.init_watching import API, APP, DB, SOCKETIO, Extension, Frame, Step
from codemods.python.server.spelling import spelled
from codemods.python.values import Call, Class, View
from codemods.results import Left

_NEW_MODULES = ("realtime", "realtime_events", "socket_events")
_BEFORE_BRIDGE = (APP, DB, API, SOCKETIO)


class Spot(Struct, frozen=True):
    """A place for statements: below a line of a file, 0 for its top, or above it; ``like`` is a line indented alike."""

    path: str
    line: int
    is_above: bool = False
    like: int = 0


class Names(Struct, frozen=True):
    """What the parts are called where they are set up; "" for one that there is not."""

    app: str
    socketio: str
    bridge: str
    db: str = ""
    api: str = ""


class Plan(Struct, frozen=True):
    """Where the objects are made and where they get the app; the same spot where that is done at once.

    ``socketio_from`` is the file where the Flask-SocketIO object is found, ``is_ready`` if it has the app already;
    ``is_new`` for a module to be added.
    """

    made: Spot
    wired: Spot
    names: Names
    socketio_from: str
    has_socketio: bool
    is_ready: bool
    is_new: bool = False

    @property
    def is_at_once(self) -> bool:
        """True where one statement makes an object with its app."""
        return self.made == self.wired


def plan(reading: Reading) -> Plan:
    """Return where the set-up goes; raises Left, with a sentence, where no place is certain."""
    frame, last = _frame(reading)
    wired = _wired(reading, frame, last)
    socketio = socketio_of(reading)
    resources = _resources(reading)
    made, is_new = _made(reading, wired, frame, last, socketio)
    files = {made.path, wired.path, *(one.module.path for one in resources)}
    names = Names(
        app=name_in(frame, reading.app) or "",
        socketio=name_of_socketio(reading, socketio, files),
        bridge=free(reading, files, BRIDGES),
        db=name_of(reading, frame, DB),
        api=name_of(reading, frame, API),
    )
    if not names.app:
        raise Left(reasons.SETUP_UNCLEAR, f"The app has no name in {frame.path} that the bridge could be given.")
    is_found = socketio is not None
    found = socketio.frame.path if socketio is not None and socketio.frame is not None else made.path
    is_ready = any(one.kind == SOCKETIO for one in reading.steps)
    return Plan(made, wired, names, found, is_found, is_ready, is_new)


# ---- where the app is complete ----------------------------------------------------------------


def _frame(reading: Reading) -> tuple[Frame, Step]:
    """Return the innermost module or function in which app, database and api all come together, and the last step.

    An app that a module makes and a function sets up and returns comes together in the function.
    """
    steps = [one for one in reading.steps if one.kind in _BEFORE_BRIDGE]
    if not steps:
        raise Left(reasons.SETUP_UNCLEAR, "Where the app is made cannot be followed.")
    inner = _common([one for one in steps if one.kind != APP])
    if inner is not None and isinstance(inner.owner, ast.FunctionDef) and _last_return(reading, inner, inner.owner):
        return inner, steps[-1]
    frame = _common(steps)
    if frame is None:
        raise Left(reasons.SETUP_UNCLEAR, "The app is not set up in one module or function.")
    return frame, steps[-1]


def _common(steps: list[Step]) -> Frame | None:
    """Return the innermost frame that all steps have in common."""
    found = None
    for frames in zip(*(one.frames for one in steps), strict=False):
        if len({id(frame) for frame, _ in frames}) > 1:
            break
        found = frames[0][0]
    return found


def _wired(reading: Reading, frame: Frame, last: Step) -> Spot:
    """Return where the app is complete: at the end of a factory, else below the last step."""
    if isinstance(frame.owner, ast.FunctionDef):
        return _end_of_factory(reading, frame, frame.owner)
    if not isinstance(frame.owner, ast.Module):
        raise Left(reasons.SETUP_UNCLEAR, "The app is set up neither by a module nor by a plain function.")
    line = max(_line_in(frame, one) for one in reading.steps if one.kind in _BEFORE_BRIDGE)
    statements = [one for one in frame.owner.body if one.lineno <= line or _wraps(one, name_in(frame, reading.app))]
    return Spot(frame.path, max(one.end_lineno or one.lineno for one in statements))


def _line_in(frame: Frame, step: Step) -> int:
    node = next((node for one, node in step.frames if one is frame), None)
    return getattr(node, "lineno", 1)


def _wraps(statement: ast.stmt, app: str | None) -> bool:
    """True for ``app.wsgi_app = ProxyFix(app.wsgi_app)``, which belongs below the sockets as it does below HTTP."""
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(ast.unparse(one) == f"{app}.wsgi_app" for one in targets)


def _end_of_factory(reading: Reading, frame: Frame, owner: ast.FunctionDef) -> Spot:
    line = _last_return(reading, frame, owner)
    if line:
        return Spot(frame.path, line, is_above=True, like=line)
    if not _returns(owner):
        return Spot(frame.path, owner.body[-1].end_lineno or owner.lineno, like=owner.body[-1].lineno)
    name = name_in(frame, reading.app) or "app"
    msg = f"{owner.name}() does not end with one `return {name}`; the set-up would have to go above that."
    raise Left(reasons.SETUP_UNCLEAR, msg)


def _last_return(reading: Reading, frame: Frame, owner: ast.FunctionDef) -> int:
    """Return the line of the one statement that returns the app, 0 where another comes after it or there are more."""
    name = name_in(frame, reading.app)
    returns = _returns(owner)
    ours = [one for one in returns if isinstance(one.value, ast.Name) and one.value.id == name]
    is_last = len(ours) == 1 and all(one in ours or one.lineno < ours[0].lineno for one in returns)
    return ours[0].lineno if is_last else 0


def _returns(owner: ast.FunctionDef) -> list[ast.Return]:
    return [one for one in _own(owner) if isinstance(one, ast.Return)]


def _own(owner: ast.AST) -> Iterable[ast.AST]:
    """Yield the nodes of a function that belong to no function within it."""
    for one in ast.iter_child_nodes(owner):
        if not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            yield one
            yield from _own(one)


def comes_too_early(plan: Plan, call: Call) -> bool:
    """True for an ``app.run(...)`` of a module that is set up further down."""
    is_there = call.place.path == plan.wired.path and not plan.wired.like
    return is_there and call.place.line <= plan.wired.line and call.scope.names is call.scope.module.names


def too_early(call: Call) -> str:
    """Say of a call that it comes too early."""
    return f"{call.place.path} runs the app in line {call.place.line}, before it is all set up."


# ---- where the objects are made ---------------------------------------------------------------


def _made(reading: Reading, wired: Spot, frame: Frame, last: Step, socketio: Extension | None) -> tuple[Spot, bool]:
    """Return where the objects are made, and whether that is a module to be added."""
    resources = _resources(reading)
    if isinstance(frame.owner, ast.Module) and all(_comes_after(reading, one, wired, last) for one in resources):
        return wired, False
    tree = reading.project.tree(frame.path)
    if tree is not None and resources and all(one.module.path == frame.path for one in resources):
        return _above_classes(tree, wired, resources), False
    at = _extensions(reading, resources, socketio)
    if at is not None:
        return at, False
    return Spot(_new_module(reading, wired.path), 0), True


def _resources(reading: Reading) -> list[Class]:
    views = {id(one.view.cls): one.view.cls for one in reading.app.rules if isinstance(one.view, View)}
    return list(views.values())


def _comes_after(reading: Reading, cls: Class, wired: Spot, last: Step) -> bool:
    """True where a Resource's module can import what is made at the spot."""
    number = next((one.number for one in reading.notes.defined if one.cls is cls), 0)
    if cls.module.path == wired.path:
        return cls.node.lineno > wired.line
    return number > last.number and _can_import(reading, cls.module.path, wired.path, last.number)


def _can_import(reading: Reading, importer: str, target: str, number: int) -> bool:
    """True where a module may import a name that another one binds at the moment ``number`` of the run."""
    notes = reading.notes
    if (importer, target) in notes.edges or importer not in _reached(notes.edges, target):
        return True
    # A script is another module than the one that its own imports would load by its name.
    is_script = target == reading.start.entry and not target.endswith("__init__.py")
    return not is_script and notes.begun.get(importer, 0) > number


def _reached(edges: set[tuple[str, str]], start: str) -> set[str]:
    found, work = {start}, [start]
    while work:
        here = work.pop()
        for importer, imported in edges:
            if importer == here and imported not in found:
                found.add(imported)
                work.append(imported)
    return found


def _above_classes(module: ast.Module, wired: Spot, resources: list[Class]) -> Spot:
    """Return the spot below the last statement of the set-up that stands above every Resource, or below the imports."""
    first = min(one.node.lineno for one in resources)
    lines = [
        one.end_lineno or one.lineno
        for one in module.body
        if one.lineno < first and isinstance(one, ast.Import | ast.ImportFrom | ast.Assign)
    ]
    return Spot(wired.path, max(lines, default=0))


def _extensions(reading: Reading, resources: list[Class], socketio: Extension | None) -> Spot | None:
    """Return the spot beside an extension that is made without an app, where every Resource can import it from."""
    made = [one for one in reading.notes.made if one.kind == DB and _is_bare(one)]
    for one in [socketio, *made] if socketio is not None else made:
        if one.frame is None or one.call is None or not isinstance(one.frame.owner, ast.Module):
            continue
        path, tree = one.frame.path, one.frame.owner
        is_early = all(_can_import(reading, cls.module.path, path, one.number) for cls in resources)
        if is_early and (one is socketio or not _has_models(tree)):
            return Spot(path, _statement_end(tree, one.call.node))
    return None


def _is_bare(one: Extension) -> bool:
    return one.call is not None and one.call.get(0, "app") is None


def _has_models(tree: ast.Module) -> bool:
    classes = [one for one in tree.body if isinstance(one, ast.ClassDef)]
    return any(isinstance(base, ast.Attribute) and base.attr == "Model" for one in classes for base in one.bases)


def _statement_end(tree: ast.Module, node: ast.AST) -> int:
    line = getattr(node, "lineno", 1)
    return next((one.end_lineno or line for one in tree.body if one.lineno <= line <= (one.end_lineno or line)), line)


def _new_module(reading: Reading, beside: str) -> str:
    folder = PurePosixPath(beside).parent
    taken = {PurePosixPath(path).parts[: len(folder.parts) + 1] for path in reading.project.files}
    names = (*_NEW_MODULES, *(f"{_NEW_MODULES[0]}_{number}" for number in range(2, 100)))
    for name in names:
        if not taken & {(*folder.parts, name), (*folder.parts, f"{name}.py")}:
            path = (folder / f"{name}.py").as_posix()
            if spelled(reading.project, beside, path, reading.start.entry) is not None:
                return path
    raise Left(reasons.SETUP_UNCLEAR, f"How a module beside {beside} would be imported is not certain.")
