"""Tells the scripts that a page loads with a plain ``<script src>``: those cannot ``import`` the client module.

Pages are HTML files and Jinja templates, ``url_for('static', filename=...)`` included. Only a file that neither imports
nor exports is looked up in them: one that does is a module, whatever loads it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator

from msgspec import Struct, field
from tree_sitter import Node

from codemods.javascript.importers import leading_to
from codemods.javascript.modules import Modules
from codemods.javascript.parser import Module, arguments, child

_TAG = re.compile(rb"<script\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>(.*?)</script", re.DOTALL | re.IGNORECASE)
_SOURCE = re.compile(
    rb"""\bsrc\s*=\s*(?:["']?(\{\{.*?\}\}[^"'\s>]*)|"([^"]*)"|'([^']*)'|([^\s>]+))""", re.DOTALL | re.IGNORECASE
)
_MODULE = re.compile(rb"""\b(?:data-)?type\s*=\s*["']?module\b""", re.IGNORECASE)
_STATIC = re.compile(r"""url_for\(\s*["'](?:\w+\.)?static["']\s*,\s*filename\s*=\s*["']([^"']+)["']""")
_PREFIX = re.compile(r"^(?:%PUBLIC_URL%|<%=.*?%>|\{\{.*?\}\})")
_IMPORT = re.compile(rb"""\bimport\b[^;"']*["']([^"']+)["']""")
_COMMENT = re.compile(rb"<!--.*?-->|\{#.*?#\}", re.DOTALL)
_MODULES_ONLY = frozenset({"import_statement", "export_statement"})
_NEEDS_A_BUNDLER = (".jsx", ".ts", ".tsx", ".vue", ".mjs", ".cjs")


class _Loaded(Struct, frozen=True):
    """A script that a page loads: by which paths it may be meant, and how."""

    paths: tuple[str, ...]
    page: str
    is_module: bool


class ClassicScripts(Struct, eq=False):
    """The plain scripts of one front end; its pages are read when the first file without imports asks."""

    modules: Modules
    listing: Callable[[], tuple[str, ...]] = tuple
    _loaded: list[_Loaded] | None = field(default=None)

    def why(self, module: Module) -> str:
        """Say why a file cannot import, "" where it can."""
        top = module.statements
        if module.is_vue or any(one.type in _MODULES_ONLY for one in top):
            return ""
        if any(_is_amd(module, one) for one in top):
            return "The file is an AMD module (define), which cannot import the client module."
        if _is_common_js(module):
            return ""
        users = [one for one in self._pages() if module.path in one.paths]
        page = next((one.page for one in users if not one.is_module), "")
        if page:
            return (
                f'{page} loads the file with a <script> that is no type="module": it cannot import the client module.'
            )
        return "" if users or not self._is_alone(module) else _ALONE

    def _is_alone(self, module: Module) -> bool:
        """True for a file that no bundler and no other file can have made a module of."""
        if module.path.endswith(_NEEDS_A_BUNDLER) or self.modules.read(f"{self.modules.root}/package.json") is not None:
            return False
        return len(leading_to(self.modules, [module.path])) < 2

    def _pages(self) -> list[_Loaded]:
        if self._loaded is None:
            self._loaded = [one for path in self.listing() for one in self._scripts(path)]
        return self._loaded

    def _scripts(self, page: str) -> Iterator[_Loaded]:
        data = _COMMENT.sub(b"", self.modules.read(page) or b"")
        shown = posixpath.relpath(page, self.modules.root)
        for attributes, inside in _TAG.findall(data):
            is_module = _MODULE.search(attributes) is not None
            found = _SOURCE.search(attributes)
            sources = [next(filter(None, found.groups()), b"")] if found is not None else []
            for source in sources or (_IMPORT.findall(inside) if is_module else []):
                paths = self._meant(page, source.decode(errors="replace").strip())
                yield _Loaded(paths, shown, is_module)

    def _meant(self, page: str, source: str) -> tuple[str, ...]:
        """Return where a script may lie: how the server maps its URL to a folder is not known for sure."""
        static = _STATIC.search(source)
        name = f"/static/{static[1]}" if static is not None else _PREFIX.sub("", source).partition("?")[0]
        if not name or "://" in name or name.startswith("//"):
            return ()
        folder = posixpath.dirname(page)
        if name.startswith("."):
            return (posixpath.normpath(f"{folder}/{name}"),)
        bases = [*_up_to(folder, self.modules.root)]
        inner = [f"{base}/{below}" for base in bases for below in ("public", "static")]
        return tuple(posixpath.normpath(f"{base}/{name}") for base in (*bases, *inner))


_ALONE = (
    "There is no package.json, and the file neither imports nor exports: a page loads it with a plain <script>, "
    "which cannot import the client module."
)


def _up_to(folder: str, root: str) -> Iterator[str]:
    """Yield a folder and those above it, up to the front end's root."""
    while folder.startswith(root):
        yield folder
        if folder == root:
            return
        folder = posixpath.dirname(folder)


def _is_common_js(module: Module) -> bool:
    return module.path.endswith((".mjs", ".cjs")) or b"require(" in module.data or b"module.exports" in module.data


def _is_amd(module: Module, statement: Node) -> bool:
    """True for ``define([...], function () {})`` and ``require([...], function () {})``."""
    call = statement.named_children[0] if statement.type == "expression_statement" else statement
    if call.type != "call_expression" or child(call, "function").type != "identifier":
        return False
    name, given = module.text(child(call, "function")), arguments(call)
    has_list = any(one.type == "array" for one in given[:2])
    has_function = bool(given) and given[-1].type in {"function_expression", "arrow_function"}
    return has_function and (name == "define" or (name in {"require", "requirejs"} and has_list))
