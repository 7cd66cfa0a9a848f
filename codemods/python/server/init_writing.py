"""Writes the set-up of the bridge into the files of a project."""

from __future__ import annotations

import ast
from pathlib import PurePosixPath

from codemods import reasons
from codemods.python.server.drafts import Draft
from codemods.python.server.init_plan import Plan, Spot
from codemods.python.server.init_reading import Reading
from codemods.python.server.spelling import spelled
from codemods.python.values import Call
from codemods.results import Edit, Left

_NEW = '''\
"""The Socket.IO side of the app; it gets the app where that is set up."""

from bridge import Bridge
from flask_socketio import SocketIO

socketio = SocketIO()
bridge = Bridge()
'''
_COMMENT = "# An event beside every route (fetch2socket)"
_RUN_ARGUMENTS = ("host", "port", "debug", "load_dotenv")
_MOST_POSITIONAL = 2


class Writing:
    """The drafts of a project's files; ``added`` are those that are new."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.drafts: dict[str, Draft] = {}
        self.added: dict[str, str] = {}

    def draft(self, path: str) -> Draft:
        """Return the draft of a file."""
        return self.drafts.setdefault(path, Draft(self.reading.project.files[path]))

    def after(self, path: str) -> bytes:
        """Return a file as it will be."""
        project, entry = self.reading.project, self.reading.start.entry
        added = {PurePosixPath(one).stem for one in self.added}

        def is_own(source: str) -> bool:
            first = source.partition(".")[0]
            return not first or first in added or project.find(first, path, entry) is not None

        return self.draft(path).after(is_own)

    # ---- the objects --------------------------------------------------------------------------

    def set_up(self, plan: Plan) -> None:
        """Make socketio and bridge, and give them the app."""
        if plan.is_at_once:
            self._at_once(plan)
            return
        if plan.is_new:
            self._new_module(plan)
        else:
            self._put(plan.made, _made(plan))
            self._import_classes(plan)
        self._put(plan.wired, _wired(plan, self.draft(plan.wired.path).quote))
        self._import(plan.wired.path, plan.made.path, plan.names.bridge)
        self._import(plan.wired.path, plan.socketio_from, plan.names.socketio)

    def _at_once(self, plan: Plan) -> None:
        names, quote = plan.names, self.draft(plan.made.path).quote
        lines = [f"{_COMMENT}." if plan.has_socketio else f"{_COMMENT}, for pages of the same origin."]
        if not plan.has_socketio:
            lines.append(f"{names.socketio} = SocketIO({names.app}, async_mode={quote}threading{quote})")
        elif not plan.is_ready:
            lines.append(_init_socketio(plan, quote))
        lines.append(f"{names.bridge} = Bridge({_given(plan)})")
        self._put(plan.made, lines)
        self._import_classes(plan)
        self._import(plan.made.path, plan.socketio_from, names.socketio)

    def _import_classes(self, plan: Plan) -> None:
        imports = self.draft(plan.made.path).imports
        imports.append(("bridge", "Bridge"))
        if not plan.has_socketio:
            imports.append(("flask_socketio", "SocketIO"))

    def _new_module(self, plan: Plan) -> None:
        names = plan.names
        lines = _NEW.splitlines()
        if plan.has_socketio:
            lines = [one for one in lines if "SocketIO(" not in one and "import SocketIO" not in one]
        text = (
            "\n".join(lines).replace("socketio = ", f"{names.socketio} = ").replace("bridge = ", f"{names.bridge} = ")
        )
        self.added[plan.made.path] = f"{text}\n".replace("\n", self.draft(plan.wired.path).newline)

    def _put(self, spot: Spot, lines: list[str]) -> None:
        draft = self.draft(spot.path)
        indent = draft.indent(spot.like)
        texts = [indent + one for one in lines]
        if spot.is_above:
            draft.insert(spot.line, [*texts, *([""] if draft.is_blank(spot.line - 1) else [])])
            return
        is_apart = draft.is_blank(spot.line + 1) and spot.line > 0 and not spot.like
        draft.insert(spot.line + 1, [*([""] if is_apart else []), *texts])

    def _import(self, importer: str, source: str, name: str) -> None:
        if importer == source:
            return
        written = spelled(self.reading.project, importer, source, self.reading.start.entry)
        if written is None:
            raise Left(reasons.SETUP_UNCLEAR, f"How {importer} would import {source} is not certain.")
        self.draft(importer).imports.append((written, name))

    # ---- app.run ------------------------------------------------------------------------------

    def run(self, path: str, call: Call, source: str, name: str) -> None:
        """Turn ``app.run(...)`` into ``socketio.run(app, ...)``; ``source`` is the file that ``name`` comes from."""
        node = call.node
        assert isinstance(node, ast.Call)
        assert isinstance(node.func, ast.Attribute)
        _check_run(node)
        self._import(path, source, name)
        draft = self.draft(path)
        owner = node.func.value
        start, end = draft.offset(owner.lineno, owner.col_offset), _end(draft, owner)
        app = draft.data[start:end].decode()
        draft.edits.append(Edit(start, end, name.encode()))
        opening = draft.data.index(b"(", _end(draft, node.func)) + 1
        _rewrite_arguments(draft, node, opening, app)
        _keep_aligned(draft, node, opening, len(name) - (end - start))


def _made(plan: Plan) -> list[str]:
    lines = [] if plan.has_socketio else [f"{plan.names.socketio} = SocketIO()"]
    return [*lines, f"{plan.names.bridge} = Bridge()"]


def _wired(plan: Plan, quote: str) -> list[str]:
    lines = [] if plan.is_ready else [_init_socketio(plan, quote)]
    return [*lines, f"{plan.names.bridge}.init_app({_given(plan)})"]


def _init_socketio(plan: Plan, quote: str) -> str:
    return f"{plan.names.socketio}.init_app({plan.names.app}, async_mode={quote}threading{quote})"


def _given(plan: Plan) -> str:
    names = plan.names
    extra = [f"{word}={name}" for word, name in (("db", names.db), ("api", names.api)) if name]
    return ", ".join([names.app, names.socketio, *extra])


def _check_run(node: ast.Call) -> None:
    """Raise Left for options that socketio.run(), which uses threads always, does not take."""
    if any(isinstance(one, ast.Starred) for one in node.args) or any(one.arg is None for one in node.keywords):
        raise Left(reasons.RUN_OPTIONS, "The options of app.run() are not all in sight; it was left as it is.")
    for one in node.keywords:
        is_true = isinstance(one.value, ast.Constant) and one.value.value is True
        if one.arg == "processes" or (one.arg == "threaded" and not is_true):
            raise Left(reasons.RUN_OPTIONS, f"Sockets need a server with threads, and {one.arg}= says otherwise.")


def _end(draft: Draft, node: ast.expr) -> int:
    return draft.offset(node.end_lineno or node.lineno, node.end_col_offset or 0)


def _rewrite_arguments(draft: Draft, node: ast.Call, opening: int, app: str) -> None:
    """Give the app first, the server's consent at last, and what stood third by position its name."""
    closing = _end(draft, node) - 1
    values = [*node.args, *(one.value for one in node.keywords)]
    inside = draft.data[opening:closing]
    if not values:
        draft.edits.append(Edit(opening, closing, f"{app}, allow_unsafe_werkzeug=True".encode()))
        return
    is_folded = inside[:1] in {b"\n", b"\r"}
    gap = inside[: len(inside) - len(inside.lstrip())] if is_folded else b""
    draft.edits.append(Edit(opening, opening, gap + app.encode() + (b"," if is_folded else b", ")))
    for name, value in list(zip(_RUN_ARGUMENTS, node.args, strict=False))[_MOST_POSITIONAL:]:
        at = draft.offset(value.lineno, value.col_offset)
        draft.edits.append(Edit(at, at, f"{name}=".encode()))
    _drop_threaded(draft, node)
    last = max(_end(draft, one) for one in values)
    separator = gap or b" "
    draft.edits.append(Edit(last, last, b"," + separator + b"allow_unsafe_werkzeug=True"))


def _keep_aligned(draft: Draft, node: ast.Call, opening: int, shift: int) -> None:
    """Move the lines below that stand under the first argument as far as that one moves."""
    column = opening - draft.start(node.lineno)
    for line in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1):
        if shift > 0 and draft.indent(line) == " " * column:
            at = draft.start(line)
            draft.edits.append(Edit(at, at, b" " * shift))


def _drop_threaded(draft: Draft, node: ast.Call) -> None:
    """Take ``threaded=True`` out, which socketio.run() says itself."""
    for one in node.keywords:
        if one.arg == "threaded":
            start, end = draft.offset(one.lineno, one.col_offset), _end(draft, one.value)
            before = draft.data[:start].rstrip()
            cut = len(before) - 1 if before.endswith(b",") else start
            draft.edits.append(Edit(cut, end, b""))
