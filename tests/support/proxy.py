"""A proxy between a client and its server that loses frames, cuts connections, and keeps what it has passed on.

It stands for a browser, too: it sends the cookie that it is given with each handshake.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit


class Proxy:
    """``url`` is where a client connects to. Everything but that may be changed while it runs."""

    def __init__(self, target: str) -> None:
        self.target = urlsplit(target).netloc.split(":")
        self.cookie = ""
        self.frames: list[str] = []
        """The text of each frame that the server has sent, lost ones left out."""
        self.lose: Callable[[str], bool] = lambda text: False
        self.is_hole = False
        self.delay = 0.0
        self.open = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        threading.Thread(target=self._run, args=(started,), daemon=True).start()
        started.wait(5)

    def cut(self) -> None:
        """End all connections."""
        done = threading.Event()
        self._loop.call_soon_threadsafe(lambda: ([task.cancel() for task in self._tasks], done.set()))
        done.wait(5)

    def close(self) -> None:
        """Cut all connections and take no more."""

        self._loop.call_soon_threadsafe(lambda: (self._server.close(), self._loop.stop()))

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        self._server = self._loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        started.set()
        self._loop.run_forever()
        self._loop.run_until_complete(self._ended())
        self._loop.close()

    @staticmethod
    async def _ended() -> None:
        """Return when every connection is gone."""
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers = [writer]
        try:
            to_server, out = await asyncio.open_connection(*self.target)
            writers.append(out)
            head = await reader.readuntil(b"\r\n\r\n")
            cookie = f"\r\nCookie: {self.cookie}\r\n\r\n".encode() if self.cookie else b"\r\n\r\n"
            out.write(head.removesuffix(b"\r\n\r\n") + cookie)
            ways: tuple[Awaitable[None], ...] = (self._upstream(reader, out), self._downstream(to_server, writer))
            tasks = {asyncio.ensure_future(way) for way in ways}
            self._tasks |= tasks
            self.open += 1
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            self.open -= 1
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._tasks -= tasks
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            for one in writers:
                one.transport.abort()

    async def _upstream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if not self.is_hole:
                    writer.write(data)

    async def _downstream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            writer.write(head)
            while b" 101 " not in head.split(b"\r\n")[0]:
                writer.write(await reader.readexactly(1))
            while True:
                frame, text = await _frame(reader)
                await asyncio.sleep(self.delay)
                if self.is_hole or self.lose(text):
                    continue
                self.frames.append(text)
                writer.write(frame)
                await writer.drain()


async def _frame(reader: asyncio.StreamReader) -> tuple[bytes, str]:
    """Read one WebSocket frame of a server, which masks none; return it with its text."""
    head = await reader.readexactly(2)
    size = head[1] & 127
    more = await reader.readexactly({126: 2, 127: 8}.get(size, 0))
    body = await reader.readexactly(int.from_bytes(more) if more else size)
    return head + more + body, body.decode(errors="replace")
