"""The end of a file's rewrite: the helper's import comes in; variables and imports that nothing needs any more go."""

from __future__ import annotations

import ast

from codemods.python.pyclient.connections import MODULE
from codemods.python.pyclient.tidy import tidied
from codemods.python.source import Source, UnparsableError

_GO = frozenset(["requests", "httpx", "json", "urllib", "urllib.parse"])
"""Only imports of what the rewritten calls used may go."""


def finished(source: Source, data: bytes, names: set[str]) -> bytes | None:
    """Return the file with its imports put right, None where it would not parse."""
    try:
        data = tidied(source.tree, data)
        gone = (_used(source.tree) - _used(ast.parse(data))) & _imported(source.tree)
        after = _with_imports(data, names, gone) if names or gone else data
        compile(after, source.name, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, UnparsableError):
        return None
    return after


def _with_imports(data: bytes, names: set[str], gone: set[str]) -> bytes:
    """Put names in and take names out; LibCST, which is slow, is loaded for that only."""
    import libcst as cst

    from codemods.python.imports import add_import
    from codemods.python.unused_imports import remove_unused_imports

    module = cst.parse_module(data)
    for name in sorted(names):
        module = add_import(module, MODULE, name)
    return (remove_unused_imports(module, gone) if gone else module).bytes


def _used(tree: ast.Module) -> set[str]:
    return {one.id for one in ast.walk(tree) if isinstance(one, ast.Name)}


def _imported(tree: ast.Module) -> set[str]:
    """Return the names that imports of HTTP libraries, and of what goes into URLs and bodies, bind."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {one.asname or one.name.partition(".")[0] for one in node.names if one.name in _GO}
        elif isinstance(node, ast.ImportFrom) and (node.module or "") in _GO:
            found |= {one.asname or one.name for one in node.names}
    return found
