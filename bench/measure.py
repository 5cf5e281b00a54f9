"""Runs a command and tells what it and all it started took: CPU, wall time, memory, bytes.

A program's helpers may outlive it (a fork server does) and would take their CPU time with them:
this process adopts orphans (PR_SET_CHILD_SUBREAPER, prctl(2)) and waits for every one.
"""

import ctypes
import os
import resource
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

PR_SET_CHILD_SUBREAPER = 36
SAMPLE_S = 0.05


@dataclass(frozen=True, slots=True)
class Spent:
    """What one run took. Memory is the largest sum of the tree's proportional sets (PSS)."""

    cpu_s: float
    wall_s: float
    memory_mb: float
    size_bytes: int


def run(command: Sequence[str], target: Path | None = None) -> Spent:
    """Run a command to its end; raises CalledProcessError with what it said when it fails."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, began = _children_cpu_s(), time.monotonic()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=_environment()
    )
    with _MemoryWatch() as watch:
        said, _ = process.communicate()
        wall_s = time.monotonic() - began
        with suppress(ChildProcessError):
            while True:
                os.waitpid(-1, 0)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, said)
    size = target.stat().st_size if target is not None else 0
    return Spent(
        round(_children_cpu_s() - before, 3), round(wall_s, 3), round(watch.peak_mb, 1), size
    )


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class _MemoryWatch:
    """Samples the memory of all descendants while a block runs."""

    def __init__(self) -> None:
        self.peak_mb = 0.0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "_MemoryWatch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        me = psutil.Process()
        while not self._done.wait(SAMPLE_S):
            total = 0.0
            for child in me.children(recursive=True):
                with suppress(psutil.Error):
                    total += child.memory_full_info().pss
            self.peak_mb = max(self.peak_mb, total / 2**20)
