"""A TCP proxy that goes silent on a connection once it carries certain bytes: neither side ever hears of it again."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


@contextmanager
def swallowing(url: str, marks: bytes) -> Iterator[str]:
    """Give the URL of a proxy before ``url``; what comes with or after ``marks``, in either direction, is kept."""
    target = urlsplit(url)
    address = (target.hostname or "", target.port or 80)
    opened: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        opened.append(server)
        threading.Thread(target=_accept, args=(server, address, marks, opened), daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        for one in opened:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


def _accept(server: socket.socket, address: tuple[str, int], marks: bytes, opened: list[socket.socket]) -> None:
    with suppress(OSError):
        while True:
            near, _ = server.accept()
            far = socket.create_connection(address)
            opened += [near, far]
            silent = threading.Event()
            for source, target in ((near, far), (far, near)):
                threading.Thread(target=_pass_on, args=(source, target, marks, silent), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket, marks: bytes, silent: threading.Event) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            if marks in data.lower():
                silent.set()
            if not silent.is_set():
                target.sendall(data)
        target.shutdown(socket.SHUT_WR)
