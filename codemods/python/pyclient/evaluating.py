"""What a URL is made of: constants followed, values left as holes, and the constant that names the server."""

from __future__ import annotations

import ast
import string
from collections.abc import Mapping
from urllib.parse import urljoin

from msgspec import Struct
from msgspec.structs import replace

from codemods import reasons
from codemods.python.pyclient.scopes import Binding, Scopes, is_own
from codemods.python.source import Source
from codemods.results import Left
from codemods.urls import Hole, Part, Parts, Text, Unknown, join, leading_text

_DEPTH = 12
_ENVIRON = {"os.environ.get", "os.getenv", "environ.get", "os.environ.setdefault"}
_QUOTES = {"urllib.parse.quote", "urllib.parse.quote_plus", "requests.utils.quote", "urllib.quote"}


class Url(Struct, frozen=True):
    """A URL, the code of the module's constant that it starts with ("" if none), and what to look at in it."""

    parts: Parts
    base: str = ""
    notes: tuple[str, ...] = ()
    is_given: bool = False
    """True where a caller may give another base: what is known is the default of a parameter."""


def _texts(*texts: str) -> Url:
    return Url(tuple(Text(one) for one in texts))


def joined(urls: list[Url]) -> Url:
    """Return several pieces as one; the first of them says where the URL starts."""
    parts = join(part for one in urls for part in one.parts)
    notes = tuple(dict.fromkeys(note for one in urls for note in one.notes))
    first = next((one for one in urls if join(one.parts)), Url(()))
    return Url(parts, first.base, notes, first.is_given)


class Evaluator:
    """Reads expressions of one file; ``defines`` are values of names that somebody gave."""

    def __init__(self, source: Source, scopes: Scopes, defines: Mapping[str, str]) -> None:
        self.source = source
        self.scopes = scopes
        self.defines = defines

    def code(self, node: ast.expr) -> str:
        """Return a node's source, without parentheses around it."""
        start, end = self.source.span(node)
        return self.source.data[start:end].decode()

    def url(self, node: ast.expr) -> Url:
        """Return what a URL expression gives."""
        return self._url(node, 0)

    def text(self, node: ast.expr | None) -> str | None:
        """Return the constant text of an expression, or None."""
        if node is None:
            return None
        parts = self._url(node, 0).parts
        if not parts:
            return ""
        return parts[0].value if len(parts) == 1 and isinstance(parts[0], Text) else None

    def _url(self, node: ast.expr, depth: int) -> Url:
        if depth > _DEPTH:
            return self._hole(node)
        if isinstance(node, ast.Constant):
            is_text = isinstance(node.value, str | int) and not isinstance(node.value, bool)
            return _texts(str(node.value)) if is_text else self._hole(node)
        if isinstance(node, ast.JoinedStr):
            return joined([self._formatted(one, depth) for one in node.values])
        if isinstance(node, ast.BinOp):
            return self._operator(node, depth)
        if isinstance(node, ast.Call):
            return self._call(node, depth)
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            return self._url(node.values[-1], depth + 1)
        return self._name(node, depth)

    def _formatted(self, node: ast.expr, depth: int) -> Url:
        if not isinstance(node, ast.FormattedValue):
            return self._url(node, depth + 1)
        if node.conversion not in (-1, ord("s")) or node.format_spec is not None:
            spec = f":{ast.unparse(node.format_spec)[2:-1]}" if node.format_spec is not None else ""
            sign = f"!{chr(node.conversion)}" if node.conversion != -1 else ""
            return Url((Hole(f'f"{{{self.code(node.value)}{sign}{spec}}}"', is_plain=False),))
        return self._url(node.value, depth + 1)

    def _operator(self, node: ast.BinOp, depth: int) -> Url:
        if isinstance(node.op, ast.Add):
            return joined([self._url(node.left, depth + 1), self._url(node.right, depth + 1)])
        text = node.left.value if isinstance(node.left, ast.Constant) else None
        if isinstance(node.op, ast.Mod) and isinstance(text, str) and not isinstance(node.right, ast.Dict):
            values = list(node.right.elts) if isinstance(node.right, ast.Tuple) else [node.right]
            return self._filled(node, text.replace("%d", "%s").split("%s"), values, depth)
        return self._hole(node)

    def _filled(self, node: ast.expr, texts: list[str], values: list[ast.expr], depth: int) -> Url:
        if len(texts) != len(values) + 1 or any("%" in one for one in texts):
            return self._hole(node)
        pieces = [_texts(texts[0])]
        for value, text in zip(values, texts[1:], strict=True):
            pieces += [self._url(value, depth + 1), _texts(text)]
        return joined(pieces)

    # ---- calls --------------------------------------------------------------------------------

    def _call(self, node: ast.Call, depth: int) -> Url:
        name = self.scopes.imported(node.func)
        if name in _ENVIRON and len(node.args) == 2:
            found = self._url(node.args[1], depth + 1)
            note = f"{self.code(node.args[0])} of the environment is taken for its default"
            return replace(found, notes=(*found.notes, note)) if leading_text(found.parts) else self._hole(node)
        if name in _QUOTES and node.args:
            return Url((Hole(self.code(node.args[0]), is_encoded=True),))
        if name == "urllib.parse.urljoin" and len(node.args) == 2:
            return self._urljoin(node, depth)
        if isinstance(node.func, ast.Name) and node.func.id == "str" and len(node.args) == 1 and not node.keywords:
            return self._url(node.args[0], depth + 1)
        if isinstance(node.func, ast.Attribute):
            return self._method(node, node.func, depth)
        return self._hole(node)

    def _urljoin(self, node: ast.Call, depth: int) -> Url:
        base, rest = (self._url(one, depth + 1) for one in node.args)
        text, target = leading_text(base.parts), leading_text(rest.parts)
        if len(base.parts) != 1 or not text or not target or "//" in target:
            return self._hole(node)
        mark = "\0"
        whole = urljoin(text, target + mark).partition(mark)[0]
        return Url(join((Text(whole), *rest.parts[1:])), base.base, (*base.notes, *rest.notes))

    def _method(self, node: ast.Call, func: ast.Attribute, depth: int) -> Url:
        whole = self._url(func.value, depth + 1)
        if func.attr == "format" and len(whole.parts) == 1 and isinstance(whole.parts[0], Text):
            found = self._format(node, whole.parts[0].value, depth)
            return replace(found, base=found.base or whole.base, notes=(*whole.notes, *found.notes))
        args = [self.text(one) for one in node.args]
        if func.attr in ("rstrip", "strip", "lstrip") and len(whole.parts) == 1 and len(args) <= 1 and None not in args:
            text = leading_text(whole.parts)
            return replace(whole, parts=(Text(getattr(text, func.attr)(*args)),)) if text else self._hole(node)
        return self._hole(node)

    def _format(self, node: ast.Call, text: str, depth: int) -> Url:
        named = {one.arg: one.value for one in node.keywords if one.arg}
        if len(named) != len(node.keywords) or any(isinstance(one, ast.Starred) for one in node.args):
            return self._hole(node)
        pieces: list[Url] = []
        try:
            fields = list(string.Formatter().parse(text))
        except ValueError:
            return self._hole(node)
        for number, (literal, field, spec, conversion) in enumerate(fields):
            pieces.append(_texts(literal))
            if field is None:
                continue
            key = field or str(number)
            value = node.args[int(key)] if key.isdigit() and int(key) < len(node.args) else named.get(key)
            if value is None or spec or conversion:
                return self._hole(node)
            pieces.append(self._url(value, depth + 1))
        return joined(pieces)

    # ---- names --------------------------------------------------------------------------------

    def _name(self, node: ast.expr, depth: int) -> Url:
        found: Url | None = None
        if isinstance(node, ast.Name):
            found = self._variable(node, depth)
        elif isinstance(node, ast.Attribute) and is_own(node):
            found = self._member(node, depth)
        return found or self._defined(node)

    def _variable(self, node: ast.Name, depth: int) -> Url | None:
        scope, _ = self.scopes.bindings(node.id, node)
        found = self.scopes.reaching(node)
        default = self._default(found[0]) if len(found) == 1 and found[0].kind == "param" else None
        if default is not None:
            return Url((Text(default),), node.id, (f"{node.id} is taken for its default",), is_given=True)
        followed = self._followed(node, found, depth)
        if followed is None or followed.base or not isinstance(scope, ast.Module):
            return followed
        return replace(followed, base=node.id)

    def _member(self, node: ast.Attribute, depth: int) -> Url | None:
        values = self.scopes.member(node)
        found = self._url(values[0], depth + 1) if len(values) == 1 else None
        if found is None or not self._is_readable(found):
            return None
        note = f"{self.code(node)} is taken for what its class gives it"
        return replace(found, base=self.code(node) if found.is_given else found.base, notes=(*found.notes, note))

    def _defined(self, node: ast.expr) -> Url:
        """Return the value that somebody gave for a name, else a hole."""
        dotted = self.code(node)
        defined = self.defines.get(dotted) or self.defines.get(dotted.rpartition(".")[2])
        if defined is None and isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
            defined = self.defines.get(str(node.slice.value))
        return Url((Text(defined),), dotted) if defined is not None else self._hole(node)

    def _default(self, binding: Binding) -> str | None:
        """Return the default of a parameter where that is a URL."""
        function = next(one for one in self.scopes.around(binding.node) if isinstance(one, ast.arguments))
        args = [*function.posonlyargs, *function.args]
        defaults = dict(zip(reversed(args), reversed(function.defaults), strict=False))
        defaults |= {arg: value for arg, value in zip(function.kwonlyargs, function.kw_defaults, strict=True) if value}
        value = defaults.get(binding.node)  # type: ignore[call-overload]
        text = self.text(value) if isinstance(value, ast.expr) else None
        return text if text is not None and "://" in text else None

    def _followed(self, node: ast.Name, found: list[Binding], depth: int) -> Url | None:
        if len(found) != 1 or found[0].value is None or found[0].kind != "assign":
            return None
        if isinstance(found[0].node, ast.Assign) and any(isinstance(one, ast.Tuple) for one in found[0].node.targets):
            return None
        url = self._url(found[0].value, depth + 1)
        if not any(isinstance(part, Text) for part in url.parts) and url.parts:
            return None
        return url if self._still_hold(node, found[0], url) else None

    def _still_hold(self, node: ast.Name, binding: Binding, url: Url) -> bool:
        """True where the values in a URL that was put together earlier mean the same where it is used."""
        for name in {one.id for hole in _holes(url.parts) for one in _names(hole.code)}:
            if not self.scopes.is_same(name, binding, node):
                return False
        return True

    def _is_readable(self, url: Url) -> bool:
        """True where the values in it can be read in any method: they start at self or at the module."""
        for hole in _holes(url.parts):
            for one in _names(hole.code):
                scope, found = self.scopes.bindings(one.id, self.scopes.tree.body[0])
                if one.id != "self" and not (found and isinstance(scope, ast.Module)):
                    return False
        return True

    def _hole(self, node: ast.expr) -> Url:
        is_plain = isinstance(node, ast.Name | ast.Attribute | ast.Subscript)
        return Url((Hole(self.code(node), is_plain=is_plain),))


def _holes(parts: Parts) -> list[Hole]:
    return [one for one in parts if isinstance(one, Hole)]


def _names(code: str) -> list[ast.Name]:
    return [one for one in ast.walk(ast.parse(code, mode="eval")) if isinstance(one, ast.Name)]


def unknown_start(parts: Parts, is_parameter: bool) -> Left:
    """Return why a URL that starts with a value reaches nothing that is known."""
    first: Part = parts[0]
    name = first.code if isinstance(first, Hole) else first.name if isinstance(first, Unknown) else ""
    if is_parameter and len(parts) == 1:
        return Left(reasons.URL_IS_PARAMETER, f"The URL {name} is a parameter.")
    if len(parts) == 1:
        return Left(reasons.URL_UNRESOLVED, f"What {name} is cannot be told from this file.")
    return Left(reasons.UNKNOWN_BASE, f"The URL starts with {name}, whose value is not known.")
