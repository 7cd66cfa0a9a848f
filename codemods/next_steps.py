"""Says what is left to do by hand after a rewrite: install, start the server with the bridge, let sockets through."""

from __future__ import annotations

import re
from collections.abc import Iterator

from codemods.connection import Connection
from codemods.javascript.modules import Read
from codemods.javascript.proxy import PACKAGE, Proxy

_PORT = re.compile(rb"\bport\s*:\s*(\d+)|\bPORT=(\d+)")
_OLD_MIDDLEWARE = re.compile(rb'"http-proxy-middleware"\s*:\s*"[\^~]?[12]\.')
_UNBUNDLED = (
    'no package.json: without a bundler, load the files with <script type="module">, '
    'and say in a <script type="importmap"> where the browser gets socket.io-client'
)
_LOCKS = {"yarn.lock": "yarn install", "pnpm-lock.yaml": "pnpm install", "bun.lock": "bun install"}


def is_polling_first(connection: Connection, proxies: tuple[Proxy, ...]) -> bool:
    """True where sockets go through the proxy of package.json, which passes WebSockets of some browsers only.

    It wants an Accept header, which Chrome does not send with them (create-react-app issue 5280); nobody answers then.
    """
    return not connection.origin and bool(proxies) and all(proxy.file == PACKAGE for proxy in proxies)


def next_steps(
    root: str, read: Read, proxies: tuple[Proxy, ...], connection: Connection, *, folder: str, is_package_changed: bool
) -> list[str]:
    """Return what is left to do by hand, in order; ``folder`` is the root as it is shown, "" for the current folder."""
    steps = [f"{_install(root, read)}{f' (in {folder})' if folder else ''}"] if is_package_changed else []
    if read(f"{root}/{PACKAGE}") is None:
        steps.append(_UNBUNDLED)
    steps.append(_serve(root, read, proxies, connection))
    if not connection.origin:
        steps += _forward(root, read, proxies)
    if connection.elsewhere:
        target = connection.origin or "the page's own origin, through the dev proxy"
        others = " and ".join(connection.elsewhere)
        steps.append(f"calls to {others} became events too, which go to {target}: see that it is the same server")
    return steps


def _install(root: str, read: Read) -> str:
    return next((command for lock, command in _LOCKS.items() if read(f"{root}/{lock}") is not None), "npm install")


def _serve(root: str, read: Read, proxies: tuple[Proxy, ...], connection: Connection) -> str:
    host = connection.host or (proxies[0].host if proxies else "")
    port = host.rpartition(":")[2] if re.search(r":\d+$", host) else ""
    command = f"fetch2socket serve MODULE:APP{f' --port {port}' if port else ''}"
    if not connection.origin:
        return f"start the server with the bridge: {command}"
    page = _page(root, read)
    return (
        f"start the server with the bridge, and let it take sockets from the page's origin: {command} --origin {page}"
        f' (in code: SocketIO(app, cors_allowed_origins=["{page}"]))'
    )


def _page(root: str, read: Read) -> str:
    """Return where the dev server shows the page, as far as its files tell."""
    package = read(f"{root}/{PACKAGE}") or b""
    config = next(filter(None, (read(f"{root}/vite.config.{ending}") for ending in ("js", "ts", "mjs", "mts"))), b"")
    found = _PORT.search(config) or _PORT.search(package)
    is_vite = bool(config) or b'"vite"' in package
    port = (found[1] or found[2]).decode() if found is not None else "5173" if is_vite else "3000"
    return f"http://localhost:{port}"


def _forward(root: str, read: Read, proxies: tuple[Proxy, ...]) -> Iterator[str]:
    """Yield what the dev proxy needs so that Socket.IO's path reaches the server."""
    if not proxies or any(proxy.prefix.startswith("/socket.io") for proxy in proxies):
        return
    files = {proxy.file: proxy for proxy in reversed(proxies)}
    package = files.pop(PACKAGE, None)
    for name, proxy in files.items():
        target = f'target: "http://{proxy.host}", ws: true'
        if name.startswith("vite.config"):
            yield f'{name}: add "/socket.io": {{ {target} }} to server.proxy'
        else:
            yield f"{name}: add {_middleware(root, read, target)}"
        return
    if package is not None and package.puts:
        target = f'target: "http://{package.host}", ws: true'
        yield (
            f'package.json: the path {package.puts} of "proxy" is put before /socket.io too; '
            f"in src/setupProxy.js: {_middleware(root, read, target)}"
        )


def _middleware(root: str, read: Read, target: str) -> str:
    """Return the line for setupProxy.js; the middleware's second argument went with its version 3."""
    if _OLD_MIDDLEWARE.search(read(f"{root}/{PACKAGE}") or b""):
        return f'app.use(createProxyMiddleware("/socket.io", {{ {target} }}));'
    return f'app.use(createProxyMiddleware({{ pathFilter: "/socket.io", {target} }}));'
