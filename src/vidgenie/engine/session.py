"""A child that does one kind of work again and again, and keeps what it has open in between.

A chunk that follows the last one goes on decoding where that ended, with its photographs and tiles
at hand; a child of its own would begin each source at a keyframe again.
"""

import pickle
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from vidgenie.engine.confine import Allowance
from vidgenie.engine.sandbox import Child, SandboxLimits
from vidgenie.engine.tasks import WORKS, paths_of
from vidgenie.errors import EngineCrashed


class Session:
    """One work of `tasks.WORKS` in a child of its own; it ends with `close`."""

    def __init__(
        self, work: str, arguments: tuple[Any, ...], folder: Path, *, limits: SandboxLimits
    ) -> None:
        """Begin it; its results are written into `folder`, and nowhere else."""
        self._work = WORKS[work]
        self._limits = limits
        reads, _ = paths_of(self._work, arguments)
        allowance = Allowance(
            reads=tuple(reads),
            writes=(folder.resolve(),),
            memory_bytes=limits.memory_bytes,
            cpu_s=round(limits.wall_s) * 2,
            file_bytes=limits.file_bytes,
        )
        self._child = Child(_serve, (work, arguments), allowance=allowance, takes_orders=True)

    def do(
        self,
        arguments: tuple[Any, ...],
        *,
        on_progress: Callable[[int], None] | None = None,
        should_stop: threading.Event | None = None,
    ) -> Any:
        """Do one piece of the work and return its result.

        Raises: as `sandbox.run`; the session is then of no more use.
        """
        self._child.order(arguments)
        answer = self._child.answer(self._limits.wall_s, on_progress, should_stop)
        try:
            return self._work.read(answer)
        except (KeyError, TypeError, ValueError) as error:
            raise EngineCrashed("The engine's child answered with nonsense.") from error

    def close(self) -> None:
        """End the child."""
        self._child.__exit__()


def _serve(
    report: Callable[[int], None],
    held: tuple[str, ...],
    orders: "Connection[Any, Any]",
    answer: Callable[[Any], None],
    *told: Any,
) -> None:
    """The child's side: one order after the other, until it is ended from outside."""
    name, arguments = told
    work = WORKS[name]
    do = work.load()(*arguments)
    while True:
        order = pickle.loads(orders.recv_bytes())  # noqa: S301  # from our own parent
        answer(work.write(do(*order, on_frame=report)))
