"""Reads where the dev server sends API calls: Vite's ``server.proxy``, CRA's ``"proxy"`` and ``setupProxy``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from msgspec import Struct
from tree_sitter import Node

from codemods.javascript.literals import properties, string_value
from codemods.javascript.modules import Modules
from codemods.javascript.parser import Module, arguments, around, bare, child, walk

_REPLACE = re.compile(r"""replace\(\s*(?:/\^?((?:\\.|[^/\\])*)/\w*|["']([^"']*)["'])\s*,\s*["']([^"']*)["']""")
_TARGET = re.compile(r"https?://(?P<host>[^/:]+)(?::(?P<port>\d+))?(?P<path>/.*)?")
_VITE = tuple(f"vite.config.{ending}" for ending in ("js", "ts", "mjs", "mts", "cjs"))
PACKAGE = "package.json"
_SETUP = tuple(f"src/setupProxy.{ending}" for ending in ("js", "cjs"))


class Proxy(Struct, frozen=True):
    """One rule of the dev proxy. What starts with ``prefix`` goes to ``host`` (host:port).

    ``strips`` is replaced by ``puts`` in the path; ``is_certain`` is False where the proxy may or may not do so.
    ``file`` is where it stands, from the front end's folder.
    """

    prefix: str
    host: str
    strips: str = ""
    puts: str = ""
    is_certain: bool = True
    file: str = ""


def read_proxies(modules: Modules) -> tuple[Proxy, ...]:
    """Return the proxy rules of a front end, longest prefix first."""
    rules = [*_vite(modules), *_setup(modules), *_package(modules)]
    return tuple(sorted(rules, key=lambda proxy: -len(proxy.prefix)))


def _parsed(modules: Modules, names: Iterable[str]) -> Iterator[Module]:
    for name in names:
        module = modules.module(f"{modules.root}/{name}")
        if module is not None:
            yield module


def _vite(modules: Modules) -> Iterator[Proxy]:
    for module in _parsed(modules, _VITE):
        for word in module.words("proxy"):
            name = around(word) if word.type == "string_fragment" else word
            pair = around(name)
            if pair.type == "pair" and child(pair, "key") == name:
                for key, value in properties(module, _value(modules, module, child(pair, "value"))):
                    yield from _entry(modules, module, key, value)


def _value(modules: Modules, module: Module, node: Node) -> Node:
    """Return a node, or the value of the constant that it names."""
    node = bare(node)
    if node.type in {"identifier", "shorthand_property_identifier"}:
        binding = modules.scopes(module).binding(node)
        if binding is not None and binding.value is not None:
            return bare(binding.value)
    return node


def _entry(modules: Modules, module: Module, key: str, value: Node) -> Iterator[Proxy]:
    node = _value(modules, module, value)
    options = dict(properties(module, node))
    target = _value(modules, module, options.get("target", node))
    found = _TARGET.match(string_value(module, target))
    if found is None:
        return
    prefix = re.split(r"[(\[.*?+$|]", key.removeprefix("^"))[0] if key.startswith("^") else key
    strips, puts, is_certain = "", "", True
    if "rewrite" in options:
        rewrite = _REPLACE.search(module.text(options["rewrite"]))
        is_certain = rewrite is not None
        strips = rewrite[1].replace("\\", "") if rewrite and rewrite[1] else (rewrite[2] or "" if rewrite else prefix)
        puts = rewrite[3] if rewrite else ""
    puts += (found["path"] or "").rstrip("/")
    yield Proxy(prefix, _host(found), strips, puts, is_certain, _name(modules, module))


def _name(modules: Modules, module: Module) -> str:
    return module.path.removeprefix(f"{modules.root}/")


def _host(found: re.Match[str]) -> str:
    return f"{found['host']}:{found['port']}" if found["port"] else found["host"]


def _setup(modules: Modules) -> Iterator[Proxy]:
    for module in _parsed(modules, _SETUP):
        for node in walk(module.root):
            if node.type == "call_expression" and "roxy" in module.text(child(node, "function")):
                yield from _middleware(modules, module, node)


def _middleware(modules: Modules, module: Module, call: Node) -> Iterator[Proxy]:
    given = arguments(call)
    prefixes = [given[0]] if len(given) == 2 else arguments(call.parent.parent)[:1] if _is_mounted(call) else []  # type: ignore[union-attr, arg-type]
    options = dict(properties(module, _value(modules, module, given[-1]))) if given else {}
    found = (
        _TARGET.match(string_value(module, _value(modules, module, options["target"]))) if "target" in options else None
    )
    if found is None:
        return
    for prefix in (string_value(module, one) for node in prefixes for one in _strings(node)):
        rewrites = properties(module, options["pathRewrite"]) if "pathRewrite" in options else []
        strips, puts = next(((key, string_value(module, to)) for key, to in rewrites), (f"^{prefix}", ""))
        where = _name(modules, module)
        yield Proxy(prefix, _host(found), strips.removeprefix("^"), puts, bool(rewrites), where)


def _is_mounted(call: Node) -> bool:
    outer = call.parent.parent if call.parent is not None else None
    return outer is not None and outer.type == "call_expression" and len(arguments(outer)) == 2


def _strings(node: Node) -> Iterator[Node]:
    return (one for one in walk(node) if one.type == "string")


def _package(modules: Modules) -> Iterator[Proxy]:
    data = modules.read(f"{modules.root}/{PACKAGE}")
    try:
        target = json.loads(data or b"{}").get("proxy")
    except (ValueError, AttributeError):
        return
    found = _TARGET.match(target) if isinstance(target, str) else None
    if found is not None:
        yield Proxy("/", _host(found), "", (found["path"] or "").rstrip("/"), file=PACKAGE)
