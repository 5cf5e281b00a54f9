"""The folder of a local render: locked while it is in use, swept where its owner was killed."""

import fcntl
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

PREFIX = "vidgenie-"
LOCK = ".alive"

YOUNG_S = 60
"""A folder this young may be just about to be locked."""


class WorkFolder:
    """A temporary folder that goes with its owner, or with the next one if that cannot tidy up."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix=PREFIX)
        self.path = Path(self._folder.name)
        self._lock = os.open(self.path / LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def cleanup(self) -> None:
        """Delete the folder; it goes by itself at the end of the process."""
        self._folder.cleanup()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def sweep(young_s: float = YOUNG_S) -> int:
    """Delete the folders of renders that were killed; return how many there were."""
    gone = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):  # another user's, or no folder of a render
            if time.time() - folder.stat().st_mtime < young_s:
                continue
            lock = os.open(folder / LOCK, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder)
                gone += 1
            finally:
                os.close(lock)
    return gone
