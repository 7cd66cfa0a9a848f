"""Progress of a run on the terminal: one line that is overwritten; nothing where the output is no terminal."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress


class Bar:
    """Used as a context manager; ``told`` is what a run calls."""

    def __init__(self, stream: TextIO, *, quiet: bool = False) -> None:
        self._stream = stream
        self._is_shown = stream.isatty() and not quiet
        self._bar: Progress | None = None
        self._task: Any = None

    def __enter__(self) -> Self:
        if self._is_shown:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn

            columns = (
                TextColumn("{task.description}"),
                BarColumn(40),
                TextColumn("{task.percentage:>3.0f} %  {task.fields[compared]} comparisons"),
            )
            self._bar = Progress(*columns, console=Console(file=self._stream), transient=True)
            self._task = self._bar.add_task("starting the app", total=1.0, compared=0)
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def told(self, phase: str, share: float, comparisons: int) -> None:
        """Show where a run is."""
        if self._bar is not None:
            self._bar.update(self._task, description=phase, completed=share, compared=comparisons)
