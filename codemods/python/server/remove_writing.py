"""Takes Resource methods, classes and registrations out of files, and tells their handlers what they stood on."""

from __future__ import annotations

import ast

from codemods.python.server.drafts import Draft
from codemods.python.server.init_names import words
from codemods.python.server.remove_plan import Removal
from codemods.python.server.remove_reading import HANDLER, IMPORT, REGISTRATION, Handler, Reference, Removing
from codemods.results import Edit

_LONGEST = 88
_Body = list[ast.stmt]


class RemoveWriting:
    """The drafts of a project's files, and which statements of them go."""

    def __init__(self, removing: Removing) -> None:
        self.removing = removing
        self.project = removing.reading.project
        self.drafts: dict[str, Draft] = {}
        self.gone: dict[int, tuple[str, _Body, list[ast.stmt]]] = {}
        self.imports: dict[tuple[str, int], tuple[ast.ImportFrom, _Body, set[str]]] = {}

    def draft(self, path: str) -> Draft:
        """Return the draft of a file."""
        return self.drafts.setdefault(path, Draft(self.project.files[path]))

    def remove(self, removal: Removal) -> None:
        """Note all that goes with one class."""
        for handler, endpoint in removal.handlers.items():
            self._tell(handler, removal, endpoint)
        cls = removal.cls
        if not removal.is_whole or removal.is_holder:
            self._methods(removal)
        else:
            tree = self.project.tree(cls.module.path)
            assert tree is not None
            self._statement(cls.module.path, tree.body, cls.node)
        for one in removal.references:
            if one.kind == REGISTRATION:
                self._statement(one.path, one.body, one.statement)
            elif one.kind == IMPORT and not self._is_used_in(removal, one.path):
                self._import(one)

    # ---- handlers -----------------------------------------------------------------------------

    def _tell(self, handler: Handler, removal: Removal, endpoint: str) -> None:
        """Add to ``@bridge.event(...)`` what the event needs once HTTP has the route no more."""
        quote = self.draft(handler.path).quote
        words = {"endpoint": f"{quote}{endpoint}{quote}", "resource": f"{quote}{removal.cls.name}{quote}"}
        decorators = removal.decorators.get(handler.key[0].lower(), "") if removal.is_whole else ""
        if decorators:
            words["method_decorators"] = decorators
        known = {one.arg for one in handler.call.keywords}
        new = [f"{name}={value}" for name, value in words.items() if name not in known]
        if new:
            self._rewrite(handler, new)

    def _rewrite(self, handler: Handler, new: list[str]) -> None:
        draft, call = self.draft(handler.path), handler.call
        source = draft.data.decode()
        values = [*call.args, *(one.value for one in call.keywords)]
        last = max(values, key=lambda one: (one.end_lineno or 0, one.end_col_offset or 0))
        end = draft.offset(last.end_lineno or 0, last.end_col_offset or 0)
        line = draft.lines[call.lineno - 1].decode().rstrip()
        if call.end_lineno != call.lineno or len(line) + len(", ".join(new)) + 2 <= _LONGEST:
            is_folded = last.lineno != call.lineno
            gap = f",{draft.newline}{draft.indent(last.lineno)}" if is_folded else ", "
            draft.edits.append(Edit(end, end, "".join(gap + one for one in new).encode()))
            return
        texts = [ast.get_source_segment(source, one) or "" for one in call.args]
        texts += [f"{one.arg}={ast.get_source_segment(source, one.value)}" for one in call.keywords]
        step = f"{draft.newline}    "
        inside = "".join(f"{step}{one}," for one in (*texts, *new)) + draft.newline
        start = draft.data.index(b"(", draft.offset(call.func.end_lineno or 0, call.func.end_col_offset or 0)) + 1
        closing = draft.offset(call.end_lineno or 0, call.end_col_offset or 0) - 1
        draft.edits.append(Edit(start, closing, inside.encode()))

    # ---- classes ------------------------------------------------------------------------------

    def _methods(self, removal: Removal) -> None:
        cls, path = removal.cls, removal.cls.module.path
        for method in removal.methods.values():
            self._statement(path, cls.node.body, method)
        if not removal.is_holder:
            return
        for node in cls.node.body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            if any(isinstance(one, ast.Name) and one.id == "method_decorators" for one in targets):
                self._statement(path, cls.node.body, node)
        self._plain_class(removal)

    def _plain_class(self, removal: Removal) -> None:
        """Let a class that is no Resource any more derive from nothing, if it derived from Resource alone."""
        node, draft = removal.cls.node, self.draft(removal.cls.module.path)
        for decorator in node.decorator_list:
            start = draft.start(decorator.lineno)
            draft.edits.append(Edit(start, draft.start((decorator.end_lineno or 0) + 1), b""))
        if len(node.bases) == 1 and not node.keywords and ast.unparse(node.bases[0]).endswith("Resource"):
            base = node.bases[0]
            name = draft.data.index(node.name.encode(), draft.start(node.lineno)) + len(node.name.encode())
            end = draft.data.index(b")", draft.offset(base.end_lineno or 0, base.end_col_offset or 0)) + 1
            draft.edits.append(Edit(name, end, b""))
            draft.dropped.add(ast.unparse(base).partition(".")[0])

    # ---- imports ------------------------------------------------------------------------------

    def _is_used_in(self, removal: Removal, path: str) -> bool:
        return any(one.path == path and one.kind == HANDLER for one in removal.references)

    def _import(self, one: Reference) -> None:
        statement = one.statement
        assert isinstance(statement, ast.ImportFrom)
        key = (one.path, id(statement))
        found = self.imports.setdefault(key, (statement, one.body, set()))
        found[2].add(one.alias)

    def _finish_imports(self) -> None:
        for (path, _), (statement, body, names) in self.imports.items():
            kept = [one for one in statement.names if (one.asname or one.name) not in names]
            if kept:
                self._thin(path, statement, kept)
            else:
                self._replace_import(path, statement, body)

    def _thin(self, path: str, statement: ast.ImportFrom, kept: list[ast.alias]) -> None:
        """Take names out of an import, each with the comma behind it, or the one before where it is the last."""
        draft = self.draft(path)
        names = statement.names
        for index, one in enumerate(names):
            if one in kept:
                continue
            start, end = (
                draft.offset(one.lineno, one.col_offset),
                draft.offset(one.end_lineno or 0, one.end_col_offset or 0),
            )
            if index + 1 < len(names) and any(later in kept for later in names[index + 1 :]):
                following = names[index + 1]
                end = draft.offset(following.lineno, following.col_offset)
            else:
                before = names[index - 1]
                start = draft.offset(before.end_lineno or 0, before.end_col_offset or 0)
            draft.edits.append(Edit(start, end, b""))

    def _replace_import(self, path: str, statement: ast.ImportFrom, body: _Body) -> None:
        """Take an import away; where only it loads a module with handlers, the module is imported as such."""
        draft = self.draft(path)
        if not self._must_load(path, statement):
            self._statement(path, body, statement)
            return
        text = f"{_module_import(statement, set(words(self.project.tree(path))))}  # noqa: F401 - its events"
        start = draft.offset(statement.lineno, statement.col_offset)
        end = draft.offset(statement.end_lineno or 0, statement.end_col_offset or 0)
        draft.edits.append(Edit(start, end, text.encode()))

    def _must_load(self, path: str, statement: ast.ImportFrom) -> bool:
        from codemods.python.server.spelling import module_at

        target = module_at(self.project, path, statement, self.removing.reading.start.entry)
        return any(one.path == target for one in self.removing.handlers.values())

    # ---- statements ---------------------------------------------------------------------------

    def _statement(self, path: str, body: _Body, statement: ast.stmt) -> None:
        self.gone.setdefault(id(body), (path, body, []))[2].append(statement)

    def finish(self) -> dict[str, bytes]:
        """Return the files that change, as they will be."""
        self._finish_imports()
        for path, body, gone in self.gone.values():
            self._cut(path, body, gone)
        return {path: draft.after(lambda source: source.startswith(".")) for path, draft in self.drafts.items()}

    def _cut(self, path: str, body: _Body, gone: list[ast.stmt]) -> None:
        draft, tree = self.draft(path), self.project.tree(path)
        assert tree is not None
        is_empty = body is not tree.body and all(one in gone or _is_docstring(one) for one in body)
        has_text = any(one not in gone for one in body)
        for one in gone:
            draft.dropped |= _names(one)
            start, end = self._lines(draft, body, one, gone)
            text = b""
            if is_empty and not has_text and one is body[-1]:
                text = f"{draft.indent(one.lineno)}pass{draft.newline}".encode()
            draft.edits.append(Edit(draft.start(start), draft.start(end + 1), text))

    def _lines(self, draft: Draft, body: _Body, one: ast.stmt, gone: list[ast.stmt]) -> tuple[int, int]:
        """Return the lines that go with a statement: its decorators and comments, and the blank lines behind it."""
        decorators = getattr(one, "decorator_list", [])
        start = min([one.lineno, *(decorator.lineno for decorator in decorators)])
        end = one.end_lineno or one.lineno
        is_class = isinstance(one, ast.ClassDef)
        while not is_class and isinstance(one, ast.FunctionDef) and _is_comment(draft, start - 1):
            start -= 1
        if not isinstance(one, ast.ClassDef | ast.FunctionDef):
            is_apart = draft.is_blank(_first(body, one, gone).lineno - 1) or _next_goes(body, one, gone)
            return start, _past_blank(draft, end) if is_apart else end
        if one is body[-1] and not is_class:
            while draft.is_blank(start - 1) and start > 1:
                start -= 1
            return start, end
        return start, _past_blank(draft, end)


def _past_blank(draft: Draft, line: int) -> int:
    """Return the last of the blank lines behind a line; those at the end of a file stay."""
    end = line
    while draft.is_blank(end + 1) and end < len(draft.lines):
        end += 1
    return line if end == len(draft.lines) else end


def _first(body: _Body, one: ast.stmt, gone: list[ast.stmt]) -> ast.stmt:
    """Return the first of the statements around one that go together."""
    index = body.index(one)
    while index > 0 and body[index - 1] in gone:
        index -= 1
    return body[index]


def _next_goes(body: _Body, one: ast.stmt, gone: list[ast.stmt]) -> bool:
    index = body.index(one)
    return index + 1 < len(body) and body[index + 1] in gone


def _is_comment(draft: Draft, line: int) -> bool:
    return 0 < line <= len(draft.lines) and draft.lines[line - 1].lstrip().startswith(b"#")


def _is_docstring(one: ast.stmt) -> bool:
    return isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant)


def _names(statement: ast.stmt) -> set[str]:
    return {one.id for one in ast.walk(statement) if isinstance(one, ast.Name)}


def _module_import(statement: ast.ImportFrom, taken: set[str]) -> str:
    """Return the import of the module that a statement imported from, by a name that is free."""
    before, _, last = (statement.module or "").rpartition(".")
    dots = "." * statement.level
    alias = f" as _{last}" if last in taken else ""
    return f"from {dots}{before} import {last}{alias}" if before or dots else f"import {last}{alias}"
