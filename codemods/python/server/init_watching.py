"""An imagined run of an app that notes, in Python's order, where its parts are made and set up, and by whose call."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from msgspec import Struct, field

from codemods.python.project import Project
from codemods.python.values import (
    UNKNOWN,
    Api,
    App,
    Bridged,
    Call,
    Class,
    Function,
    Instance,
    Native,
    Registrar,
    Scope,
    Value,
)
from codemods.python.world import World

DB, SOCKETIO, API, BRIDGE, APP = "db", "socketio", "api", "bridge", "app"
_KINDS = {
    "flask_sqlalchemy.SQLAlchemy": DB,
    "flask_sqlalchemy.extension.SQLAlchemy": DB,
    "flask_socketio.SocketIO": SOCKETIO,
}
_RESOURCES = frozenset({"flask_restful.Resource", "flask_restful.resources.Resource"})


class Frame(Struct, eq=False):
    """A module or a function while it runs; ``node`` is the import or the call of it that runs just now."""

    path: str
    owner: ast.AST
    node: ast.AST | None = None
    scope: Scope | None = None


class Extension(Instance, eq=False):
    """A Flask extension of interest; ``call`` made it."""

    kind: str = ""
    call: Call | None = None
    frame: Frame | None = None
    number: int = 0


class Step(Struct, frozen=True):
    """Something that was set up, with the frames that led to it, the outermost first, and where each of them was."""

    kind: str
    value: Value
    app: App | None
    call: Call
    frames: tuple[tuple[Frame, ast.AST | None], ...]
    number: int


class Defined(Struct, frozen=True):
    """A Resource class, and when it was defined."""

    cls: Class
    number: int


class Said(Struct, frozen=True):
    """A native handler, as ``@bridge.event(...)`` says it."""

    owner: Bridged
    call: Call


class Notes(Struct, eq=False):
    """What a run noted."""

    frames: list[Frame] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    made: list[Extension] = field(default_factory=list)
    defined: list[Defined] = field(default_factory=list)
    edges: set[tuple[str, str]] = field(default_factory=set)
    runs: list[tuple[App, Call]] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    begun: dict[str, int] = field(default_factory=dict)
    count: int = 0


class Watched(World):
    """A run that keeps ``notes``."""

    def __init__(self, project: Project, entry: str, *, is_main: bool = False) -> None:
        self.notes = Notes()
        super().__init__(project, entry, is_main=is_main)

    def _tick(self) -> int:
        self.notes.count += 1
        return self.notes.count

    def _note(self, kind: str, value: Value, app: App | None, call: Call) -> None:
        *outer, last = self.notes.frames or [Frame(call.scope.module.path, call.node)]
        frames = (*((one, one.node) for one in outer), (last, call.node))
        self.notes.steps.append(Step(kind, value, app, call, frames, self._tick()))

    # ---- frames -------------------------------------------------------------------------------

    def _load(self, path: str, name: str) -> Value:
        frames = self.notes.frames
        if frames:
            self.notes.edges.add((frames[-1].path, path))
        tree = self.project.tree(path) if path not in self.modules else None
        if tree is None:
            return super()._load(path, name)
        self.notes.begun[path] = self._tick()
        frames.append(Frame(path, tree))
        try:
            return super()._load(path, name)
        finally:
            frames.pop()

    def do_import(self, node: ast.Import, scope: Scope) -> None:
        """Run ``import a.b as c``."""
        self._at_node(node)
        super().do_import(node, scope)

    def do_import_from(self, node: ast.ImportFrom, scope: Scope) -> None:
        """Run ``from a import b``."""
        self._at_node(node)
        super().do_import_from(node, scope)

    def _at_node(self, node: ast.AST) -> None:
        if self.notes.frames:
            self.notes.frames[-1].node = node

    def _follow(self, function: Function, args: Sequence[Value], call: Call) -> Value:
        self._at_node(call.node)
        self.notes.frames.append(Frame(function.scope.module.path, function.node))
        try:
            return super()._follow(function, args, call)
        finally:
            self.notes.frames.pop()

    def execute(self, statements: Sequence[ast.stmt], scope: Scope) -> bool:
        """Run statements; True where control never runs past them."""
        if self.notes.frames and self.notes.frames[-1].scope is None:
            self.notes.frames[-1].scope = scope
        return super().execute(statements, scope)

    # ---- what is made -------------------------------------------------------------------------

    def _new_app(self, cls: Class | None, call: Call) -> App:
        app = super()._new_app(cls, call)
        self._note(APP, app, app, call)
        return app

    def _external(self, name: str, call: Call) -> Value:
        if name in _KINDS:
            return self._extension(Extension(kind=_KINDS[name]), call)
        made = super()._external(name, call)
        if isinstance(made, Bridged) and made.app is not None:
            self._note(BRIDGE, made, made.app, call)
        return made

    def _instance(self, cls: Class, call: Call) -> Value:
        kind = next((kind for name, kind in _KINDS.items() if cls.derives(frozenset({name}))), None)
        return super()._instance(cls, call) if kind is None else self._extension(Extension(cls, kind=kind), call)

    def _extension(self, made: Extension, call: Call) -> Extension:
        made.call, made.frame = call, self.notes.frames[-1] if self.notes.frames else None
        made.number = self._tick()
        self.notes.made.append(made)
        self._told_of(made, call)
        return made

    def _told_of(self, made: Extension, call: Call) -> None:
        app = call.get(0, "app")
        if isinstance(app, App):
            self._note(made.kind, made, app, call)

    def attribute(self, value: Value, name: str) -> Value:
        """Return an attribute of a value."""
        if isinstance(value, Extension) and name == "init_app":
            return Native(value, name)
        return super().attribute(value, name)

    def _native(self, native: Native, call: Call) -> Value:
        if isinstance(native.owner, Extension):
            self._told_of(native.owner, call)
            return UNKNOWN
        found = super()._native(native, call)
        if isinstance(native.owner, Bridged) and native.name == "init_app" and native.owner.app is not None:
            self._note(BRIDGE, native.owner, native.owner.app, call)
        return found

    def native(self, owner: Value, name: str, call: Call) -> Value:
        """Call a method of a Flask object."""
        found = super().native(owner, name, call)
        if isinstance(owner, Api) and name in {"__init__", "init_app"}:
            app = call.get(0, "app")
            self._note(API, owner, app if isinstance(app, App) else None, call)
        if isinstance(owner, App) and name == "run":
            self.notes.runs.append((owner, call))
        return found

    def register(self, registrar: Registrar, target: Value) -> Value:
        """Do what a decorator that registers something does."""
        if registrar.kind == "event" and isinstance(registrar.owner, Bridged):
            self.notes.said.append(Said(registrar.owner, registrar.call))
        return super().register(registrar, target)

    def _decorated(
        self, made: Value, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, scope: Scope
    ) -> Value:
        if isinstance(made, Class) and made.derives(_RESOURCES):
            self.notes.defined.append(Defined(made, self._tick()))
        return super()._decorated(made, node, scope)
