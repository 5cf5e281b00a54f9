"""A render's progress, as a bar on standard error."""

from types import TracebackType
from typing import TYPE_CHECKING

from vidgenie.client.models import Render

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class RenderBar:
    """A bar that takes a render's states; it is drawn on a terminal only."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> "RenderBar":
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeElapsedColumn

        columns = ("{task.description:<9}", BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=Console(stderr=True))
        self._progress.start()
        self._task = self._progress.add_task("queued", total=1.0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._progress is not None:
            self._progress.stop()

    def show(self, render: Render) -> None:
        """Show how far a render is."""
        if self._progress is not None and self._task is not None:
            self._progress.update(
                self._task, description=render["status"], completed=render["progress"]
            )
