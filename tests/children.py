"""What children of the sandbox are made to do in tests; importable, as a child must find it."""

import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

Report = Callable[[int], None]


def crash(report: Report, held: Any) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def hang(report: Report, held: Any) -> None:
    time.sleep(600)


def flood(report: Report, held: Any) -> int:
    return len(bytearray(3 << 30))


def leave(report: Report, held: Any) -> None:
    os._exit(3)


def break_inside(report: Report, held: Any) -> None:
    raise ZeroDivisionError("nothing by nothing")


def count(report: Report, held: Any) -> int:
    for number in range(5):
        report(number)
        time.sleep(0.15)
    return 5


def reach(report: Report, held: Any, port: int) -> str:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError as error:
        return type(error).__name__
    return "connected"


def read(report: Report, held: Any, path: str) -> str:
    try:
        return Path(path).read_text()
    except PermissionError:
        return "denied"
