"""The embedded PostgreSQL: our own supervisor over somebody else's good binaries.

One folder holds the cluster, its socket, its log and a lock; whoever holds the lock supervises, all
others connect. The server ends with its supervisor, even when that is killed. Only a socket in a
folder of mode 0700 leads to it: that folder is what keeps others out, so no password is needed.
"""

import fcntl
import json
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import psycopg

from vidgenie.errors import Unavailable
from vidgenie.services.db import launch
from vidgenie.services.db.binaries import Binaries, find_binaries

DATABASE = "vidgenie"
SOCKET_PATH_MAX = 90
"""A socket's path has at most 107 bytes (unix(7)), its file name takes 16 of them."""

START_S = 30.0
"""Recovery after a crash may take a while."""

STOP_S = 4.0
"""A fast shutdown ends in a tenth of that; then an immediate one follows."""

SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "wal_compression": "on",
    "log_min_messages": "warning",
    "log_line_prefix": "%m ",
    "timezone": "UTC",
}
UNSAFE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""For tests, whose data may be lost."""


class EmbeddedPostgres:
    """A PostgreSQL server in a folder, for as long as the block lasts."""

    def __init__(
        self, folder: Path, *, bin_dir: Path | None = None, is_durable: bool = True
    ) -> None:
        self._folder = folder.absolute()
        self._cluster = self._folder / "cluster"
        self._log = self._folder / "postgres.log"
        self._bin_dir = bin_dir
        self._settings = SETTINGS | ({} if is_durable else UNSAFE)
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._mode = "direct"
        self.binaries: Binaries | None = None
        self.url = ""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def is_supervised_here(self) -> bool:
        """Whether this process started the server, and not another one."""
        return self._process is not None

    def start(self) -> None:
        """Start the server, or find the one that runs; `url` leads to it then.

        Call it from a thread that lives as long as the server shall: the server ends with it.
        Raises: Unavailable with the last lines of the server's log.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        if not self._take_lock():
            self.url = _wait_for(self._folder)
            return
        try:
            self.binaries = find_binaries(self._bin_dir)
            self._check_version()
            self._clear_stale_pid()
            if not (self._cluster / "PG_VERSION").exists():
                self._init_cluster()
            else:
                self._mode = (self._folder / "mode").read_text().strip()
            self._start_server()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server if it was started here: fast, then at once, then by force."""
        process = self._process
        if process is not None:
            for number, patience in (
                (signal.SIGINT, STOP_S),
                (signal.SIGQUIT, 2.0),
                (signal.SIGKILL, 2.0),
            ):
                if process.poll() is None:
                    process.send_signal(number)
                    with suppress(subprocess.TimeoutExpired):
                        process.wait(patience)
            self._process = None
        if self._lock is not None:
            _state_file(self._folder).unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    def is_running(self) -> bool:
        """Tell whether the server that was started here is still alive."""
        return self._process is not None and self._process.poll() is None

    def _take_lock(self) -> bool:
        lock = (self._folder / "supervisor.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def _check_version(self) -> None:
        assert self.binaries is not None
        file = self._cluster / "PG_VERSION"
        if file.exists() and file.read_text().strip() != str(self.binaries.major):
            raise Unavailable(
                f"The data in {self._folder} was written by PostgreSQL {file.read_text().strip()},"
                f" but {self.binaries} was found. Use that version (--postgres-bin-dir), or dump"
                " the data there and restore it here."
            )

    def _clear_stale_pid(self) -> None:
        """Wait for a server whose supervisor died, and forget one that is dead."""
        file = self._cluster / "postmaster.pid"
        deadline = time.monotonic() + STOP_S
        while (pid := _pid_in(file)) is not None:
            if not _is_ours(pid, self._cluster):
                file.unlink(missing_ok=True)  # the number belongs to some other process now
                return
            if time.monotonic() > deadline:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGQUIT)
                deadline = time.monotonic() + STOP_S
            time.sleep(0.02)

    def _init_cluster(self) -> None:
        shutil.rmtree(self._cluster, ignore_errors=True)
        problems = []
        for mode in _modes():
            self._mode = mode
            if mode == "nobody":
                self._hand_over()
            done = subprocess.run(
                self._command(
                    "initdb",
                    "--pgdata",
                    str(self._cluster),
                    "--no-sync",
                    "--locale=C.UTF-8",
                    "--encoding=UTF8",
                    "--auth=trust",
                    "--username=postgres",
                ),
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
                env=_environment(),
            )
            if done.returncode == 0:
                (self._folder / "mode").write_text(mode)
                return
            problems.append(f"{mode}: {(done.stderr or done.stdout).strip()[-600:]}")
        raise Unavailable("PostgreSQL could not make its data folder.\n" + "\n".join(problems))

    def _hand_over(self) -> None:
        """Let user 65534 own the folder, and reach the programs where it may not."""
        assert self.binaries is not None
        os.chown(self._folder, launch.NOBODY, launch.NOBODY)
        if not _is_reachable(self.binaries.folder):
            copy = self._folder / "pginstall"
            if not copy.exists():
                shutil.copytree(self.binaries.folder.parent, copy, symlinks=True)
            self.binaries = Binaries(copy / "bin", self.binaries.origin, self.binaries.major)

    def _command(self, program: str, *arguments: str) -> list[str]:
        assert self.binaries is not None
        path = str(self.binaries.folder / program)
        return [sys.executable, "-I", launch.__file__, self._mode, path, *arguments]

    def _start_server(self) -> None:
        if self._mode == "nobody":
            self._hand_over()
        sockets = self._socket_folder()
        options = [part for item in self._settings.items() for part in ("-c", "=".join(item))]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command("postgres", "-D", str(self._cluster), "-k", str(sockets), *options),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=_environment(),
                start_new_session=True,  # Ctrl-C is the supervisor's to answer
            )
        admin = f"postgresql://postgres@/postgres?host={sockets}"
        self._await_ready(admin)
        with psycopg.connect(admin, autocommit=True) as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)
            ).fetchone()
            if found is None:
                connection.execute(f"CREATE DATABASE {DATABASE}".encode())
        self.url = f"postgresql://postgres@/{DATABASE}?host={sockets}"
        _state_file(self._folder).write_text(json.dumps({"url": self.url}))

    def _socket_folder(self) -> Path:
        folder = self._folder / "socket"
        if len(str(folder).encode()) > SOCKET_PATH_MAX:
            note = self._folder / "socket.path"
            folder = Path(note.read_text()) if note.exists() else Path()
            if not note.exists() or not folder.is_dir():
                folder = Path(tempfile.mkdtemp(prefix="vidgenie-", dir="/tmp"))
                note.write_text(str(folder))
        folder.mkdir(mode=0o700, exist_ok=True)
        if self._mode == "nobody":
            os.chown(folder, launch.NOBODY, launch.NOBODY)
        return folder

    def _await_ready(self, url: str) -> None:
        assert self._process is not None
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                break
            with suppress(psycopg.OperationalError):
                psycopg.connect(url, connect_timeout=5).close()
                return
            time.sleep(0.02)
        lines = self._log.read_text(errors="replace").splitlines()[-8:]
        raise Unavailable("PostgreSQL did not start; its log ends:\n" + "\n".join(lines))


def running_url(folder: Path) -> str | None:
    """Return the address of the server that runs in a folder, or None."""
    with suppress(OSError, ValueError, KeyError, psycopg.Error):
        url = str(json.loads(_state_file(folder.absolute()).read_text())["url"])
        psycopg.connect(url, connect_timeout=2).close()
        return url
    return None


def _wait_for(folder: Path) -> str:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        url = running_url(folder)
        if url is not None:
            return url
        time.sleep(0.05)
    raise Unavailable(
        f"Another process supervises the database in {folder}, but the database does not answer."
    )


def _state_file(folder: Path) -> Path:
    return folder / "postgres.json"


def _modes() -> list[str]:
    """Return the ways to start, the gentlest first."""
    if os.geteuid() == 0:
        return ["mapped", "nobody"]
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        return ["mapped"]
    return ["direct"]


def _environment() -> dict[str, str]:
    names = ("PATH", "HOME", "LD_LIBRARY_PATH", "TMPDIR")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8"}


def _pid_in(file: Path) -> int | None:
    with suppress(OSError, ValueError, IndexError):
        return int(file.read_text().splitlines()[0])
    return None


def _is_ours(pid: int, cluster: Path) -> bool:
    """Tell whether a live process is the server of this cluster; a zombie is not alive."""
    with suppress(OSError):
        status = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return status != "Z" and os.fsencode(cluster) in command
    return False


def _is_reachable(path: Path) -> bool:
    """Tell whether any user may read and enter a folder and all above it."""
    return all(folder.stat().st_mode & 0o005 == 0o005 for folder in (path, *path.parents))
