"""The ways in which PostgreSQL's programs can be started here, and the choice among them."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

from vidgenie.errors import Unavailable
from vidgenie.services.db import launch

PROBE_S = 20.0


def choose_way(folder: Path) -> str:
    """Return the gentlest way (see `launch`) that is open here and may write to a folder.

    Raises: Unavailable with what stood in each way.
    """
    problems = []
    is_handed_over = folder.stat().st_uid == launch.NOBODY != os.geteuid()
    for way in ways():
        if is_handed_over and way != "nobody":
            continue
        done = subprocess.run(
            launcher(way), capture_output=True, text=True, timeout=PROBE_S, check=False
        )
        if done.returncode == 0:
            return way
        problems.append(done.stderr.strip())
    raise Unavailable(
        f"PostgreSQL cannot be started as user {os.geteuid()} here: {'; '.join(problems)}."
        " Start as an ordinary user with a name, or give --database-url."
    )


def ways() -> tuple[str, ...]:
    """Return the ways worth trying for this user, the gentlest first."""
    if os.geteuid() == 0:
        return "mapped", "nobody"
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        return ("mapped",)
    return ("direct",)


def launcher(way: str) -> list[str]:
    """Return the words that start a program in a way, before the program's own."""
    return [sys.executable, "-I", launch.__file__, way, str(os.getpid())]


def environment() -> dict[str, str]:
    """Return the few variables that PostgreSQL's programs get: none of ours is for its backends."""
    names = ("PATH", "HOME", "LD_LIBRARY_PATH", "TMPDIR")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8"}


def is_reachable(path: Path) -> bool:
    """Tell whether any user may read and enter a folder and all above it."""
    return all(folder.stat().st_mode & 0o005 == 0o005 for folder in (path, *path.parents))
