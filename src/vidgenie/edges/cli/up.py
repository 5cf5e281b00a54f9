"""`vidgenie up`: PostgreSQL, API and workers as one supervised group of processes."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import structlog

from vidgenie.edges.cli.options import to_environment
from vidgenie.errors import Unavailable
from vidgenie.services.db.embedded import EmbeddedPostgres
from vidgenie.settings import Settings, read_secret_key

log = structlog.get_logger()

STOP_S = 3.0
"""API and workers have so long to give back what they hold; all must be over within 5 s."""

LOOK_S = 0.1
RESTART_FIRST_S = 0.5
RESTART_MAX_S = 30.0
STEADY_S = 60.0
"""A process that ran for so long is well: its next restart is quick again."""


@dataclass(slots=True)
class Child:
    """One process of the group, started again when it dies."""

    name: str
    arguments: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    started_at: float = 0.0
    pause_s: float = RESTART_FIRST_S
    start_after: float = field(default=0.0)


class Group:
    """The processes of an instance."""

    def __init__(self, environment: dict[str, str], inherited: Sequence[int]) -> None:
        self._environment = environment
        self._inherited = inherited
        self._children: list[Child] = []

    def add(self, name: str, *arguments: str) -> None:
        """Start a process and keep it running."""
        child = Child(name, arguments)
        self._children.append(child)
        self._start(child)

    def look_after(self) -> None:
        """Start again what has died, later each time it dies young."""
        now = time.monotonic()
        for child in self._children:
            if child.process is not None and child.process.poll() is not None:
                log.error("process_died", name=child.name, status=child.process.returncode)
                is_steady = now - child.started_at > STEADY_S
                child.pause_s = (
                    RESTART_FIRST_S if is_steady else min(RESTART_MAX_S, child.pause_s * 2)
                )
                child.process, child.start_after = None, now + child.pause_s
            if child.process is None and now >= child.start_after:
                self._start(child)

    def stop(self) -> None:
        """Ask all to end, then make them."""
        alive = [child.process for child in self._children if child.process is not None]
        for process in alive:
            with suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + STOP_S
        for process in alive:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
        for process in alive:
            if process.poll() is None:
                with suppress(ProcessLookupError):
                    process.kill()
                process.wait()

    def _start(self, child: Child) -> None:
        child.started_at = time.monotonic()
        child.process = subprocess.Popen(
            [sys.executable, "-m", "vidgenie", *child.arguments],
            env=self._environment,
            pass_fds=self._inherited,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which then asks them
        )


def run_up(settings: Settings) -> int:
    """Run an instance until Ctrl-C or SIGTERM; return the exit code."""
    stopping = _signals()
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    read_secret_key(settings)
    listener = _listen(settings.host, settings.port)
    port = listener.getsockname()[1]
    public_url = (settings.public_url or f"http://{_shown_host(settings.host)}:{port}").rstrip("/")
    postgres = None
    group = None
    try:
        url = settings.database_url
        if url is None:
            postgres = EmbeddedPostgres(
                settings.data_dir / "postgres", bin_dir=settings.postgres_bin_dir
            )
            postgres.start()
            if not postgres.is_supervised_here:
                raise Unavailable(
                    f"An instance runs in {settings.data_dir.absolute()} already; stop it, or give"
                    " another --data-dir."
                )
            url = postgres.url
        known = settings.model_copy(
            update={
                "database_url": url,
                "public_url": public_url,
                "port": port,
                "data_dir": settings.data_dir.absolute(),
            }
        )
        environment = {
            **os.environ,
            **to_environment(known),
            "VIDGENIE_SUPERVISED": str(os.getpid()),
        }
        _migrate(environment)
        group = Group(environment, [listener.fileno()])
        group.add("api", "api", "--fd", str(listener.fileno()))
        count = settings.workers or max(1, os.cpu_count() or 1)
        for number in range(count):
            group.add(f"worker {number}", "worker")
        _write_instance(settings.data_dir, public_url, url)
        _welcome(
            public_url, settings.data_dir.absolute(), count, str(postgres and postgres.binaries)
        )
        while not stopping:
            time.sleep(LOOK_S)
            group.look_after()
            if postgres is not None and not postgres.is_running():
                log.error("postgres_died", log=str(settings.data_dir / "postgres/postgres.log"))
                postgres.stop()
                postgres.start()
        print("stopping …", file=sys.stderr)
    finally:
        if group is not None:
            group.stop()
        if postgres is not None:
            postgres.stop()
        listener.close()
        if group is not None:
            (settings.data_dir / "instance.json").unlink(missing_ok=True)
    return 0


def _signals() -> list[int]:
    """Note SIGINT and SIGTERM in the list that is returned."""
    received: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        received.append(number)

    signal.signal(signal.SIGINT, note)
    signal.signal(signal.SIGTERM, note)
    return received


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise Unavailable(
            f"{host}:{port} cannot be listened on: {error.strerror}."
            " Give another --port (0 takes a free one)."
        ) from None
    listener.listen(512)
    return listener


def _shown_host(host: str) -> str:
    if host in ("0.0.0.0", "::"):  # noqa: S104  # compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def _migrate(environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "vidgenie", "migrate"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Unavailable(done.stderr.strip().removeprefix("vidgenie: "))


def _write_instance(data_dir: Path, url: str, database_url: str) -> None:
    """Leave a note by which other commands find this instance."""
    path = data_dir / "instance.json"
    part = path.with_suffix(".part")
    part.touch(mode=0o600)
    note = {"url": url, "pid": os.getpid(), "database_url": database_url}
    part.write_text(json.dumps(note))
    part.replace(path)


def _welcome(url: str, data_dir: Path, workers: int, postgres: str) -> None:
    lines = (
        f"VidGenie is up at {url}",
        f"  four steps to the first video   {url}/",
        f"  all calls, to try in a browser  {url}/docs",
        f"  data                            {data_dir}",
        f"  database                        {postgres if postgres != 'None' else 'yours'}",
        f"  workers                         {workers}",
        "Ctrl-C stops everything.",
    )
    print("\n".join(lines), file=sys.stderr, flush=True)
