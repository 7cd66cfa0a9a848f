"""The file that a recorder adds lines to: readable by its owner only, and whole whenever the recorder ends."""

from __future__ import annotations

import os
from pathlib import Path

from bridge.errors import BridgeError
from bridge.parity.tapes.tape import HEADER, check_header

_MODE = 0o600


class TapeFile:
    """A tape that is open for writing; an older one is gone on with, behind its last whole line.

    A line is handed to the system by one call, at the file's end wherever that is by now, so threads and processes
    that write to one tape don't write into each other's lines.
    """

    def __init__(self, path: Path | str) -> None:
        """Open or make the file; raises BridgeError where that cannot be, or it is something else than a tape."""
        self.path = Path(path)
        try:
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, _MODE)
        except OSError as error:
            msg = f"cannot write the tape {self.path}: {error.strerror}"
            raise BridgeError(msg) from error
        try:
            os.fchmod(self._file, _MODE)
            self._go_on()
        except BaseException as error:
            os.close(self._file)
            if isinstance(error, OSError):
                msg = f"cannot write the tape {self.path}: {error.strerror}"
                raise BridgeError(msg) from error
            raise

    def _go_on(self) -> None:
        first, size, whole = _first_line(self._file)
        if size:
            check_header(self.path, first, is_whole=whole > 0)
        if whole < size:
            os.ftruncate(self._file, whole)  # half a line
        if not whole:
            self(HEADER)

    def __call__(self, line: str) -> None:
        """Add a line; raises OSError where the disk is full."""
        data = line.encode() + b"\n"
        written = os.write(self._file, data)
        while written < len(data):
            written += os.write(self._file, data[written:])

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def _first_line(file: int) -> tuple[bytes, int, int]:
    """Return the first line of a file, the file's size, and where its last whole line ends."""
    with os.fdopen(os.dup(file), "rb") as stream:
        first = stream.readline(4096)
        size = stream.seek(0, os.SEEK_END)
        end, step = size, 1 << 16
        while end > 0:
            start = max(0, end - step)
            stream.seek(start)
            found = stream.read(end - start).rfind(b"\n")
            if found >= 0:
                return first.rstrip(b"\n"), size, start + found + 1
            end = start
        return first, size, 0
