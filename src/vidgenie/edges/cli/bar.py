"""How far a local render is, as a bar on a terminal."""

import sys
from contextlib import suppress
from threading import Lock
from typing import Any


class Bar:
    """A progress bar on a terminal; silence elsewhere."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done: dict[int, int] = {}
        self._lock = Lock()
        self._progress: Any = None
        self._task: Any = None

    def __enter__(self) -> "Bar":
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

            self._progress = Progress(
                "rendering",
                BarColumn(),
                MofNCompleteColumn(),
                "frames",
                TimeRemainingColumn(),
                console=Console(stderr=True),
            )
            self._progress.start()
            self._task = self._progress.add_task("render", total=self._total)
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            with suppress(Exception):
                self._progress.stop()

    def note(self, chunk: int, frames: int) -> None:
        """Take a chunk's finished frames."""
        with self._lock:
            self._done[chunk] = max(frames, self._done.get(chunk, 0))
            if self._progress is not None:
                self._progress.update(self._task, completed=sum(self._done.values()))
