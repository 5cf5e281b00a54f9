"""The child process that touches untrusted bytes, and its keeper.

Children are forked from one server that has the engine loaded already, so that a task starts in
milliseconds; the caller itself never loads it. Each gives up what it does not need (`confine.py`),
does one task and ends. A crash, a hang or a flood of memory ends one task with a clear error, never
the caller.
"""

import json
import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Self

from vidgenie import errors
from vidgenie.engine.confine import Allowance, confine, die_with_parent
from vidgenie.engine.tasks import TASKS, paths_of
from vidgenie.errors import (
    EngineCrashed,
    OutOfSpace,
    Problem,
    RenderError,
    RenderTimeout,
    VidGenieError,
)

MESSAGE_MAX = 256 << 20
"""Bytes of one answer: a 4k PNG in base64, three times over."""

WATCH_S = 0.1
"""How often a child is looked at for time-outs and stops."""

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    ["vidgenie.engine.sandbox", *dict.fromkeys(task.module for task in TASKS.values())]
)


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """What one task may take."""

    wall_s: float = 600.0
    memory_bytes: int = 6 << 30
    file_bytes: int = 32 << 30


class Stopped(RenderError):
    """The task was stopped because its result is no longer wanted."""

    code = "cancelled"
    retry = "never"


def run(
    task: str,
    arguments: tuple[Any, ...],
    *,
    limits: SandboxLimits,
    on_progress: Callable[[int], None] | None = None,
    should_stop: threading.Event | None = None,
) -> Any:
    """Do a task of `tasks.TASKS` in a child of its own and return its result.

    `on_progress` is told the frames (or samples) done so far. Blocks; call it in a thread.
    Raises: whatever the task raised; RenderTimeout; EngineCrashed; Stopped.
    """
    known = TASKS[task]
    reads, writes = paths_of(known, arguments)
    allowance = Allowance(
        reads=tuple(reads),
        writes=tuple(writes),
        memory_bytes=limits.memory_bytes,
        cpu_s=round(limits.wall_s) * 2,
        file_bytes=limits.file_bytes,
    )
    answer = run_callable(
        _do_task,
        (task, arguments),
        allowance=allowance,
        wall_s=limits.wall_s,
        on_progress=on_progress,
        should_stop=should_stop,
    )
    try:
        return known.read(answer)
    except (KeyError, TypeError, ValueError) as error:
        raise EngineCrashed(f"The engine's child answered {task} with nonsense.") from error


def sandbox_level() -> tuple[str, ...]:
    """Return which protections a child has on this machine, by trying them."""
    level = run_callable(_do_report, (), allowance=Allowance(), wall_s=30.0)
    return tuple(str(name) for name in level)


def run_callable(
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
    *,
    allowance: Allowance,
    wall_s: float,
    on_progress: Callable[[int], None] | None = None,
    should_stop: threading.Event | None = None,
) -> Any:
    """Call an importable function in a confined child; it gets `(report, held, *arguments)`.

    Its result must be JSON. Raises: as `run`.
    """
    with Child(function, arguments, allowance=allowance) as child:
        return child.answer(wall_s, on_progress, should_stop)


class Child:
    """A confined process that calls one importable function, for as long as a block runs.

    One that `takes_orders` is given two more arguments behind `(report, held)`: where its orders
    come from, and how each is answered.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        arguments: tuple[Any, ...],
        *,
        allowance: Allowance,
        takes_orders: bool = False,
    ) -> None:
        self._receiver, sender = _context.Pipe(duplex=False)
        orders: Connection[Any, Any] | None = None
        self._orders: Connection[Any, Any] | None = None
        if takes_orders:
            orders, self._orders = _context.Pipe(duplex=False)
        payload = pickle.dumps((function, arguments, allowance))
        self._process = _context.Process(target=_child, args=(sender, payload, orders), daemon=True)
        self._process.start()
        sender.close()
        if orders is not None:
            orders.close()
        assert self._process.pid is not None
        self._pid = self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        _end(self._pid)
        self._process.join(5)
        self._receiver.close()
        if self._orders is not None:
            self._orders.close()

    def order(self, arguments: tuple[Any, ...]) -> None:
        """Send an order; a child that is gone is noticed where its answer is awaited."""
        assert self._orders is not None, "it takes no orders"
        with suppress(BrokenPipeError):
            self._orders.send_bytes(pickle.dumps(arguments))

    def answer(
        self,
        wall_s: float,
        on_progress: Callable[[int], None] | None,
        should_stop: threading.Event | None,
    ) -> Any:
        """Wait for an answer. Raises: as `run`."""
        deadline = time.monotonic() + wall_s
        try:
            return _attend(self._receiver, deadline, wall_s, on_progress, should_stop)
        except EOFError:
            self._process.join(5)
            raise _crash(self._process.exitcode) from None


def _attend(
    receiver: "Connection[Any, Any]",
    deadline: float,
    wall_s: float,
    on_progress: Callable[[int], None] | None,
    should_stop: threading.Event | None,
) -> Any:
    """Read a child's messages until it answers."""
    while True:
        if should_stop is not None and should_stop.is_set():
            raise Stopped()
        if time.monotonic() > deadline:
            raise RenderTimeout(
                f"The engine worked for longer than {wall_s:g} s, which is the limit of one task."
            )
        if not receiver.poll(WATCH_S):
            continue
        message = json.loads(receiver.recv_bytes(MESSAGE_MAX))
        if "progress" in message:
            if on_progress is not None:
                on_progress(int(message["progress"]))
        elif "error" in message:
            raise _rebuilt(message["error"])
        else:
            return message["result"]


def _end(pid: int) -> None:
    """Kill a child and everything it started."""
    for kill, target in ((os.killpg, pid), (os.kill, pid)):
        try:
            kill(target, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def _crash(exit_code: int | None) -> VidGenieError:
    if exit_code is not None and exit_code < 0:
        number = -exit_code
        name = signal.Signals(number).name
        if number == signal.SIGXCPU:
            return RenderTimeout("The engine used more processor time than one task may.")
        if number == signal.SIGXFSZ:
            return OutOfSpace("The result would be larger than the limit of one file.")
        return EngineCrashed(f"The engine's child process died of {name}.")
    return EngineCrashed(f"The engine's child process ended with {exit_code} and no answer.")


def _rebuilt(data: dict[str, Any]) -> VidGenieError:
    """Return a child's error as one of our classes; unknown names become RenderError."""
    kind = getattr(errors, str(data.get("kind")), None)
    message = str(data.get("message"))
    problems = [
        Problem(str(p["path"]), str(p["code"]), str(p["message"])) for p in data.get("problems", ())
    ]
    if not (isinstance(kind, type) and issubclass(kind, VidGenieError)):
        return RenderError(message)
    return kind(message, problems=problems)


def _child(
    sender: "Connection[Any, Any]", payload: bytes, orders: "Connection[Any, Any] | None"
) -> None:
    """The child's whole life."""
    die_with_parent()
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    try:
        function, arguments, allowance = pickle.loads(payload)  # noqa: S301  # from our own parent
        held = confine(allowance)
        threading.Thread(target=_die_with_caller, daemon=True).start()
        if orders is not None:
            arguments = (orders, lambda result: _send(sender, {"result": result}), *arguments)
        result = function(_reporter(sender), held, *arguments)
        _send(sender, {"result": result})
    except BaseException as error:  # the parent is told whatever it was
        _send(sender, {"error": _described(error)})
    os._exit(0)


def _die_with_caller() -> None:
    """End when the process that asked for the task is gone.

    The kernel only watches the server this child was forked from, and the server lives as long as
    any child does: without this, a killed caller would leave both behind.
    """
    caller = multiprocessing.parent_process()
    if caller is not None:
        wait([caller.sentinel])
    os.kill(os.getpid(), signal.SIGKILL)


def _send(sender: "Connection[Any, Any]", message: dict[str, Any]) -> None:
    sender.send_bytes(json.dumps(message).encode())


def _reporter(sender: "Connection[Any, Any]") -> Callable[[int], None]:
    """Return a report that sends at most ten messages a second."""
    last = 0.0

    def report(done: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= WATCH_S:
            last = now
            _send(sender, {"progress": done})

    return report


def _described(error: BaseException) -> dict[str, Any]:
    if isinstance(error, VidGenieError):
        problems = [{"path": p.path, "code": p.code, "message": p.message} for p in error.problems]
        return {"kind": type(error).__name__, "message": error.message, "problems": problems}
    if isinstance(error, MemoryError):
        return {
            "kind": "RenderError",
            "message": "The engine needed more memory than one task may use.",
        }
    if isinstance(error, OSError) and error.errno in (28, 122):
        return {"kind": "OutOfSpace", "message": "There is no room left on the worker's disk."}
    return {
        "kind": "RenderError",
        "message": f"The engine failed inside ({type(error).__name__}: {error}); this is a bug.",
    }


def _do_task(
    report: Callable[[int], None], held: tuple[str, ...], name: str, arguments: tuple[Any, ...]
) -> Any:
    task = TASKS[name]
    told = {} if task.report is None else {task.report: report}
    return task.write(task.load()(*arguments, **told))


def _do_report(report: Callable[[int], None], held: tuple[str, ...]) -> list[str]:
    return list(held)
