"""What an expression of the app's source is known to be, without the app being run."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct, field

Value = Any
"""A constant, list, tuple or dict of Python itself, or one of the classes below."""

Names = dict[str, Value]
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Unknown(Struct, frozen=True):
    """A value that only a run would tell."""


UNKNOWN = Unknown()


class External(Struct, frozen=True):
    """Something of a package that is not in the folder, by its full name: ``flask.Flask``."""

    name: str


def external(name: str) -> External:
    """Return something of another package; ``flask.ext.restful`` is what ``flask_restful`` was called once."""
    return External(name.replace("flask.ext.", "flask_"))


class Place(Struct, frozen=True):
    """A line of the source."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


class ModuleValue(Struct, eq=False):
    """A module of the folder, or one of its packages without a file; ``names`` fill while it is read."""

    name: str
    path: str
    names: Names = field(default_factory=dict)


class Scope(Struct, eq=False):
    """Where names are looked up: a function's own, then those of the functions around it, then the module's."""

    names: Names
    module: ModuleValue
    parent: Scope | None = None
    is_class: bool = False
    results: list[Value] = field(default_factory=list)
    global_names: set[str] = field(default_factory=set)

    def closure(self) -> Scope | None:
        """Return the scope that a function defined here sees: the names of a class body are not among them."""
        return self.parent if self.is_class else self

    def place(self, node: ast.AST) -> Place:
        """Return where a node stands."""
        return Place(self.module.path, getattr(node, "lineno", 1))


class Function(Struct, eq=False):
    """A function of the folder; ``wrapped`` is what it stands for where ``functools.wraps`` says so."""

    name: str
    node: FunctionNode
    scope: Scope
    cls: Class | None = None
    wrapped: Function | None = None
    marks: frozenset[str] = frozenset()

    def original(self) -> Function:
        """Return the function that was written by hand, as ``inspect.unwrap`` would."""
        return self.wrapped.original() if self.wrapped is not None else self


class Class(Struct, eq=False):
    """A class of the folder."""

    name: str
    node: ast.ClassDef
    module: ModuleValue
    bases: tuple[Value, ...]
    names: Names

    def ancestry(self) -> Iterator[Value]:
        """Yield the class and its bases, depth first, each once: Class and External, Unknown too."""
        seen: set[int] = set()
        stack: list[Value] = [self]
        while stack:
            one = stack.pop(0)
            if id(one) not in seen:
                seen.add(id(one))
                yield one
                stack[:0] = one.bases if isinstance(one, Class) else ()

    def find(self, name: str) -> Value:
        """Return an attribute of the class or of its bases, or UNKNOWN."""
        owners = (one for one in self.ancestry() if isinstance(one, Class) and name in one.names)
        owner = next(owners, None)
        return UNKNOWN if owner is None else owner.names[name]

    def has(self, name: str) -> bool:
        """True where the class or a base of the folder defines an attribute."""
        return any(isinstance(one, Class) and name in one.names for one in self.ancestry())

    def derives(self, names: frozenset[str]) -> bool:
        """True where a base is one of these classes of other packages."""
        return any(isinstance(one, External) and one.name in names for one in self.ancestry())


class Instance(Struct, eq=False):
    """An object of a class of the folder; ``names`` are its attributes."""

    cls: Class | None = None
    names: Names = field(default_factory=dict)


class Bound(Struct, frozen=True):
    """A method together with its object."""

    owner: Value
    function: Function


class Super(Struct, frozen=True):
    """``super()`` within a method of a class, for one object."""

    cls: Class
    owner: Value


class Native(Struct, frozen=True):
    """A method of a Flask object or of a str, list or dict."""

    owner: Value
    name: str


class View(Struct, frozen=True):
    """What ``Class.as_view("name")`` makes."""

    cls: Class
    name: str


class Call(Struct, frozen=True):
    """What a call is given, and where it stands."""

    args: tuple[Value, ...]
    keywords: dict[str, Value]
    node: ast.AST
    scope: Scope

    @property
    def place(self) -> Place:
        """Where the call stands."""
        return self.scope.place(self.node)

    def get(self, index: int, name: str, default: Value = None) -> Value:
        """Return an argument by position or by name."""
        return self.args[index] if index < len(self.args) else self.keywords.get(name, default)


class Registrar(Struct, frozen=True):
    """What ``app.route("/x")``, ``api.resource("/x")``, ``bridge.event("x")`` give: a decorator that registers."""

    owner: Value
    kind: str
    call: Call


class Wraps(Struct, frozen=True):
    """``functools.wraps(function)``."""

    function: Function | View


class Config(dict[str, Value]):
    """``app.config``, as far as the source fills it."""


class Rule(Struct, frozen=True):
    """One URL rule of an app, as Flask would hold it."""

    rule: str
    endpoint: str
    view: Value
    methods: frozenset[str]
    is_options_automatic: bool
    defaults: frozenset[str] = frozenset()


class App(Instance, eq=False):
    """A Flask app; ``place`` is where it is made, which is the same for each call of a factory."""

    place: Place = Place("", 0)
    config: Config = field(default_factory=Config)
    variable: str = ""
    rules: list[Rule] = field(default_factory=list)
    bridge: Bridged | None = None
    blueprints: set[str] = field(default_factory=set)


class Gone(Struct, frozen=True):
    """A native handler that names the endpoint of its route, which may be gone from HTTP, and the Resource there."""

    endpoint: str
    resource: str
    handler: Value


class Bridged(Instance, eq=False):
    """The app's Bridge, where it has one: names that it chooses, routes that may be gone, and its live calls."""

    app: App | None = None
    chosen: dict[tuple[str, str], str] = field(default_factory=dict)
    gone: dict[tuple[str, str], Gone] = field(default_factory=dict)
    lives: list[Call] = field(default_factory=list)


class Setup(Struct, eq=False):
    """A blueprint that is being registered on an app (Flask's ``BlueprintSetupState``).

    ``is_patched`` once Flask-RESTful has taken over how it joins prefix and rule.
    """

    app: App
    blueprint: Blueprint
    prefix: str | None
    name: str
    is_patched: bool = False


class Blueprint(Instance, eq=False):
    """A blueprint: what it does to the app that it is registered on, in order."""

    name: str = ""
    url_prefix: Value = None
    deferred: list[Callable[[Setup], None]] = field(default_factory=list)
    children: list[tuple[Blueprint, Call]] = field(default_factory=list)


class Api(Instance, eq=False):
    """A Flask-RESTful Api, and what it was given to register before it had an app."""

    prefix: Value = ""
    order: str = "bae"
    target: App | Blueprint | None = None
    blueprint: Blueprint | None = None
    setup: Setup | None = None
    late: App | None = None
    late_call: Call | None = None
    resources: list[tuple[Class, Call]] = field(default_factory=list)
