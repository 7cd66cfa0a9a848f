"""Says which code of a helper only makes its request, and so goes, and which parameters stay."""

from __future__ import annotations

from msgspec import Struct, field
from tree_sitter import Node

from codemods import reasons
from codemods.javascript.declarations import names_of
from codemods.javascript.literals import key_of
from codemods.javascript.names import fresh
from codemods.javascript.parser import Module, ancestors, arguments, around, bare, child, is_within, items, walk
from codemods.javascript.request import is_carried
from codemods.javascript.scope import Binding, Scopes
from codemods.javascript.values import changed_member, changes, parameters
from codemods.results import Left

_DROPPED = frozenset({"content-type", "accept"})


class Signature(Struct, eq=False):
    """What a helper becomes. ``kept`` are the places of the parameters that stay, ``fed`` those of them that
    the request is made of too, ``removed`` the statements that go.

    ``headers`` is the code of the helper's own headers; ``edits`` are (node, text) within what stays. ``key`` names the
    text by which an effect tells whether its arguments have changed, "" where there is no such effect.
    """

    module: Module
    scopes: Scopes
    function: Node
    call: Node
    has_own: bool
    kept: list[int] = field(default_factory=list)
    fed: list[int] = field(default_factory=list)
    removed: list[Node] = field(default_factory=list)
    edits: list[tuple[Node, str]] = field(default_factory=list)
    headers: str = ""
    names: tuple[str, str, str] = ("event", "args", "body")
    key: str = ""
    _staying: list[Node] = field(default_factory=list)
    _pinned: list[Node] = field(default_factory=list)

    def work_out(self) -> None:
        """Look at the helper's code. Raises Left where what makes the request cannot be told from the rest."""
        gone = [child(self.call, "arguments")]
        if self.has_own:
            self._own_headers(gone)
        self._collect(gone)
        for index, one in enumerate(parameters(self.function)):
            if any(self._is_kept(name, gone) for name in names_of(one)):
                self._check_plain(one)
                self.kept.append(index)
                if any(self._is_in(name, gone) for name in names_of(one)):
                    self.fed.append(index)
        self.names = (self._fresh("event"), self._fresh("params" if self.has_own else "args"), self._fresh("body"))
        self._dependencies(gone)

    def _fresh(self, name: str) -> str:
        return fresh(self.scopes, self.module, self.function, (name, f"{name}_"))

    @property
    def taken(self) -> list[int]:
        """The places of the parameters that the event takes."""
        return [index for index in range(len(parameters(self.function))) if index not in self.kept]

    @property
    def is_list(self) -> bool:
        """True where the arguments of the event are one parameter, as others follow it."""
        return any(index > min(self.taken, default=len(self.kept)) for index in self.kept)

    # ---- what goes ----------------------------------------------------------------------------

    def _collect(self, gone: list[Node]) -> None:
        """Add the declarations and steps that only what goes needs, until nothing more is found."""
        is_changed = True
        while is_changed:
            is_changed = False
            for binding in self._locals(gone):
                statement = self._removable(binding, gone)
                if statement is not None and statement not in self.removed:
                    steps = self._steps(binding)
                    self.removed += [statement, *steps]
                    gone += [statement, *steps]
                    is_changed = True

    def _locals(self, gone: list[Node]) -> list[Binding]:
        found = []
        for node in (one for range_ in list(gone) for one in walk(range_)):
            binding = self.scopes.binding(node) if "identifier" in node.type else None
            is_local = binding is not None and binding.declaration.type == "variable_declarator"
            if binding is not None and is_local and is_within(binding.node, self.function) and binding not in found:
                found.append(binding)
        return found

    def _removable(self, binding: Binding, gone: list[Node]) -> Node | None:
        statement = around(binding.declaration)
        if len(items(statement)) != 1 or statement in self._pinned:
            return None
        allowed = [*gone, *self._steps(binding)]
        for name in names_of(child(binding.declaration, "name")):
            other = self.scopes.binding(name)
            allowed += self._steps(other) if other is not None else []
            for reference in other.references if other is not None else ():
                if not any(is_within(reference, one) for one in allowed):
                    return None
        return statement

    def _steps(self, binding: Binding) -> list[Node]:
        """Return the statements that only set members of a variable, with the ``if`` that they alone are in."""
        found = []
        for reference in changes(self.module, binding):
            node = changed_member(self.module, reference)
            statement = next((one for one in ancestors(node or reference) if one.type == "expression_statement"), None)
            if statement is not None and statement not in self._pinned:
                found.append(statement)
        return [self._outermost(one, found) for one in found]

    def _outermost(self, statement: Node, steps: list[Node]) -> Node:
        node = statement
        for outer in ancestors(statement):
            if outer.type == "if_statement":
                inside = [one for one in walk(outer) if one.type in {"expression_statement", "return_statement"}]
                if not all(one in steps for one in inside):
                    break
                node = outer
            elif outer.type not in {"statement_block", "else_clause"} or outer == child(self.function, "body"):
                break
        return node

    # ---- what stays ---------------------------------------------------------------------------

    def _is_kept(self, name: Node, gone: list[Node]) -> bool:
        """True for a parameter that more than the request needs."""
        binding = self.scopes.binding(name)
        uses = binding.references if binding is not None else []
        return any(
            not any(is_within(one, range_) for range_ in gone) and not is_dependency(self.module, one) for one in uses
        ) or any(is_within(one, part) for one in uses for part in self._staying)

    def _is_in(self, name: Node, gone: list[Node]) -> bool:
        binding = self.scopes.binding(name)
        return binding is not None and any(is_within(one, range_) for one in binding.references for range_ in gone)

    def _check_plain(self, parameter: Node) -> None:
        if any(one.type in {"object_pattern", "rest_pattern"} for one in walk(parameter)):
            msg = f"The parameter {self.module.text(parameter)} is used for more than the request."
            raise Left(reasons.OPTIONS_NOT_CONSTANT, msg)

    def _dependencies(self, gone: list[Node]) -> None:
        """Let an effect depend on the event and what it is given, in place of what the URL was made of.

        The arguments are a new list on every call, so it is their text that tells; a name for it, as the linter of
        hooks wants plain names (react-hooks/exhaustive-deps).
        """
        event, given, _ = self.names
        key = "" if self.headers or child(self.function, "body").type != "statement_block" else self._fresh("asked")
        text = f"{event}, {key or f'JSON.stringify({given})'}"
        done: set[int] = set()
        for index in self.taken:
            for name in names_of(parameters(self.function)[index]):
                binding = self.scopes.binding(name)
                for one in binding.references if binding is not None else ():
                    if not is_dependency(self.module, one) or any(is_within(one, range_) for range_ in gone):
                        continue
                    if around(one).id in done:
                        msg = "An effect depends on more than one part of the request."
                        raise Left(reasons.OPTIONS_NOT_CONSTANT, msg)
                    done.add(around(one).id)
                    self.edits.append((one, text))
        self.key = key if done else ""

    # ---- the helper's own headers -------------------------------------------------------------

    def _own_headers(self, gone: list[Node]) -> None:
        """Keep the headers that an event carries, without those that it does not need."""
        given = arguments(self.call)
        value = self._headers_of(given[1]) if len(given) > 1 else None
        if value is None:
            msg = "The helper's own headers are put together in a way that is not understood."
            raise Left(reasons.OPTIONS_NOT_CONSTANT, msg)
        node = bare(value)
        if node.type == "object":
            self.headers = self._stripped(node)
            return
        binding = self.scopes.binding(node) if "identifier" in node.type else None
        is_local = binding is not None and binding.value is not None and bare(binding.value).type == "object"
        if binding is None or not is_local or binding.value is None:
            if node.type == "call_expression" and not arguments(node):
                self.headers = self.module.text(node)
                return
            msg = "The helper's own headers are put together in a way that is not understood."
            raise Left(reasons.OPTIONS_NOT_CONSTANT, msg)
        self._keep_variable(binding, bare(binding.value))
        gone.append(bare(binding.value))
        self.headers = self.module.text(node)

    def _headers_of(self, options: Node) -> Node | None:
        node = bare(options)
        if node.type == "identifier":
            binding = self.scopes.binding(node)
            node = bare(binding.value) if binding is not None and binding.value is not None else node
        for one in reversed(items(node)) if node.type == "object" else ():
            if one.type == "pair" and key_of(self.module, child(one, "key")) == "headers":
                return child(one, "value")
            if one.type == "shorthand_property_identifier" and one.text == b"headers":
                return one
        return None

    def _keep_variable(self, binding: Binding, literal: Node) -> None:
        statement = around(binding.declaration)
        text = self._stripped(literal)
        self.edits.append((literal, text))
        self._pinned.append(statement)
        for reference in changes(self.module, binding):
            member = changed_member(self.module, reference)
            key = self.module.text(member or reference).rpartition(".")[2].strip("[]'\"").rpartition("['")[2].lower()
            step = next((one for one in ancestors(reference) if one.type == "expression_statement"), None)
            if step is None or any(word in key for word in _DROPPED):
                continue
            self._pinned += [step, self._outermost(step, self._steps_of(binding))]

    def _steps_of(self, binding: Binding) -> list[Node]:
        return [
            one
            for reference in changes(self.module, binding)
            for one in ancestors(reference)
            if one.type == "expression_statement"
        ]

    def _stripped(self, literal: Node) -> str:
        """Return an object of headers without Content-Type, Accept and what callers give."""
        kept = []
        for one in items(literal):
            if one.type == "spread_element":
                if not any(self._is_parameter(name) for name in walk(one)):
                    kept.append(one)
                continue
            key = child(one, "key") if one.type == "pair" else one
            name = key_of(self.module, key) if one.type == "pair" else self.module.text(one)
            if is_carried(name):
                kept.append(one)
        self._staying += kept
        return f"{{ {', '.join(self.module.text(one) for one in kept)} }}" if kept else "{}"

    def _is_parameter(self, name: Node) -> bool:
        binding = self.scopes.binding(name) if "identifier" in name.type else None
        return binding is not None and binding.kind == "param" and is_within(binding.node, self.function)


def is_dependency(module: Module, reference: Node) -> bool:
    """True for a name in the array of dependencies that a hook gets."""
    array = around(reference)
    if array.type != "array" or around(array).type != "arguments":
        return False
    called = around(around(array)).child_by_field_name("function")
    return called is not None and module.text(called).rpartition(".")[2].startswith("use")
