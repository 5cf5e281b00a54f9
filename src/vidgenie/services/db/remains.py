"""What is left of a server whose supervisor died: found by its working folder, and seen to its end.

The kernel tells PostgreSQL to stop when its supervisor dies, so waiting is enough as a rule. Its
processes are looked for in /proc, not in `postmaster.pid`: that names one process only, which may
be a zombie, or a stranger with the same number, while others of the server still write.
"""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from vidgenie.errors import Unavailable

PATIENCE_S = 4.0
"""A fast shutdown ends in a tenth of a second; one with a checkpoint before it takes longer."""

FORCED_S = 2.0
LOOK_S = 0.02


def clear(cluster: Path) -> None:
    """Wait for the processes that still work on a cluster, make them end, and remove their mark.

    Raises: Unavailable when they do not end.
    """
    if not Path("/proc/self/cwd").exists():
        return  # no Linux: PostgreSQL itself judges the mark, and refuses when in doubt
    for number, patience_s in (
        (None, PATIENCE_S),
        (signal.SIGQUIT, FORCED_S),
        (signal.SIGKILL, FORCED_S),
    ):
        alive = processes_of(cluster)
        if number is not None:
            for pid in alive:
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
        if _wait(lambda: not processes_of(cluster), patience_s):
            # Its process may be a zombie nobody reaps, or its number a stranger's: PostgreSQL
            # would refuse to start then. It is safe, as nobody works here any more.
            (cluster / "postmaster.pid").unlink(missing_ok=True)
            return
    raise Unavailable(
        f"PostgreSQL's processes {processes_of(cluster)} still work on {cluster} and do not end;"
        " end them, then start again."
    )


def processes_of(cluster: Path) -> list[int]:
    """Return the live PostgreSQL processes that work in the cluster's folder; zombies do not."""
    found = []
    folder = os.path.realpath(cluster)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                is_postgres = (entry / "exe").readlink().name.startswith("postgres")
                if is_postgres and os.readlink(entry / "cwd") == folder:
                    found.append(int(entry.name))
    return found


def _wait(is_over: Callable[[], bool], patience_s: float) -> bool:
    deadline = time.monotonic() + patience_s
    while not is_over():
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK_S)
    return True
