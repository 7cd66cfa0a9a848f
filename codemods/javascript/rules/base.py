"""What every rule gets to work with, and the order in which rules are tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct, field
from tree_sitter import Node

from codemods import reasons
from codemods.javascript.callbacks import is_response_type, untyped
from codemods.javascript.chain import Chain
from codemods.javascript.emit import Emit
from codemods.javascript.modules import Modules
from codemods.javascript.names import ACK, ClientNames, fresh
from codemods.javascript.parser import Module, around, bare, child, is_async, items
from codemods.javascript.scope import Binding, Scopes
from codemods.javascript.writing import Draft
from codemods.results import Left

RESULT = "result"


class Job(Struct, eq=False):
    """One or more fetch calls that are rewritten together; ``notes`` say why a rewrite is only likely."""

    module: Module
    scopes: Scopes
    draft: Draft
    names: ClientNames
    chain: Chain
    emits: tuple[Emit, ...]
    modules: Modules
    notes: list[str] = field(default_factory=list)
    handed: frozenset[int] = frozenset()

    @property
    def emit(self) -> Emit:
        """The only emit of most jobs."""
        return self.emits[0]

    def typed(self, parameter: str) -> str:
        """Return a callback's parameter, with its type where the file is TypeScript: ``emit`` cannot infer it."""
        return f"{parameter}: {self.names[ACK]}" if self.module.is_typed else parameter

    def retype(self, annotation: Node | None, name: str) -> None:
        """Give the ack's type to what was declared a Response. Raises Left for any other type."""
        if annotation is None:
            return
        if not is_response_type(annotation):
            msg = f"{name} is declared as {self.module.text(annotation).lstrip(': ')}, which an ack is not."
            raise Left(reasons.TYPED_RESPONSE, msg)
        text = self.module.text(annotation).replace("Response", self.names[ACK])
        self.draft.swap(annotation, text)
        self.notes.append("the type Response became the type of an ack")

    def result_name(self, around_node: Node) -> str:
        """Return a free name for the ack."""
        return fresh(self.scopes, self.module, around_node, (RESULT, "answer"))

    def binding(self, name: Node) -> Binding:
        """Return the declaration of a parameter or variable."""
        found = self.scopes.binding(name)
        assert found is not None
        return found


class Rule(Struct, frozen=True):
    """A rewrite: ``applies`` looks at the chain only, ``rewrite`` makes the edits or raises Left.

    One that ``is_opt_in`` adds to what the code does, and is used only where asked for.
    """

    name: str
    sentence: str
    applies: Callable[[Module, Chain], bool]
    rewrite: Callable[[Job], None]
    is_opt_in: bool = False


def statement_around(node: Node) -> Node:
    """Return the statement that an expression stands in, or the expression where it stands in none of its function."""
    inner = node
    while True:
        outer = inner.parent
        if outer is None or outer.type == "arrow_function":
            return node
        if outer.type in {"statement_block", "program", "switch_case", "switch_default", "class_body"}:
            return inner
        if outer.type in {"if_statement", "else_clause", "for_statement", "for_in_statement", "while_statement"}:
            return inner
        inner = outer


def is_json_only(module: Module, callback: Node) -> bool:
    """True for ``r => r.json()`` and ``r => { return r.json(); }``."""
    if callback.type not in {"arrow_function", "function_expression", "function_declaration"}:
        return False
    names = list(_parameters(callback))
    if len(names) != 1 or names[0].type != "identifier":
        return False
    body = child(callback, "body")
    if body.type == "statement_block":
        statements = body.named_children
        if len(statements) != 1 or statements[0].type != "return_statement":
            return False
        body = statements[0].named_children[0] if statements[0].named_children else body
    if body.type == "await_expression" and is_async(callback):
        body = body.named_children[0]
    return "".join(module.text(bare(body)).split()) == f"{module.text(names[0])}.json()"


def _parameters(callback: Node) -> Iterator[Node]:
    single = callback.child_by_field_name("parameter")
    if single is not None:
        yield single
    else:
        yield from map(untyped, items(child(callback, "parameters")))


def rename_parameter(job: Job, callback: Node, name: str) -> None:
    """Give the only parameter of a function another name, parentheses staying as they are."""
    single = callback.child_by_field_name("parameter")
    if single is not None:
        needs = not name.isidentifier()
        job.draft.swap(single, f"({name})" if needs else name)
        return
    job.draft.swap(child(callback, "parameters"), f"({name})")


def outer_arrow_body(node: Node) -> Node | None:
    """Return the arrow function whose expression body a node is."""
    outer = around(node)
    return outer if outer.type == "arrow_function" and outer.child_by_field_name("body") == node else None


_EFFECTS = frozenset({"useEffect", "useLayoutEffect"})


def keep_effect_silent(job: Job) -> None:
    """Put braces around an effect's expression body: an effect must not return a socket or a promise."""
    effect = outer_arrow_body(job.chain.top)
    if effect is None or around(effect).type != "arguments":
        return
    called = around(around(effect)).child_by_field_name("function")
    if called is None or job.module.text(called).rpartition(".")[2] not in _EFFECTS:
        return
    top, draft = job.chain.top, job.draft
    at = effect.start_byte
    unit = job.module.indent(at) + draft.style.unit.encode()
    if job.module.line(top.start_byte) == job.module.line(at):
        draft.shift(top, job.module.indent(at), unit)
        draft.insert(top.start_byte, f"{{{draft.newline(at, 1)}")
    else:
        draft.insert(at + len(job.module.text(effect).split("=>")[0].encode()) + 2, " {")
    draft.insert(top.end_byte, f"{draft.style.semicolon}{draft.newline(at)}}}")
