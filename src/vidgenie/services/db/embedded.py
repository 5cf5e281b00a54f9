"""The embedded PostgreSQL: our own supervisor over somebody else's good binaries.

One folder holds the cluster, its socket, its log and a lock; whoever holds the lock supervises, all
others connect. The server ends with its supervisor, even when that is killed. Only a socket in a
folder of mode 0700 leads to it: that folder is what keeps others out, so no password is needed
(and `peer` would not do: in a user namespace the server sees its own user under another number).
"""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

import psycopg

from vidgenie.errors import Unavailable
from vidgenie.services.db import launch, remains, ways
from vidgenie.services.db.binaries import Binaries, find_binaries

DATABASE = "vidgenie"
SOCKET_PATH_MAX = 90
"""A socket's path has at most 107 bytes (unix(7)), its file name takes 16 of them."""

LIST_SIGNS = frozenset(',"')
"""Clients and server take a list of socket folders: these would end an item."""

START_S = 30.0
"""Recovery after a crash may take a while."""

STOP_S = 4.0
"""A fast shutdown ends in a tenth of that; then an immediate one follows."""

LOG_SIZE_MAX = 8 << 20
"""A longer log is put aside at the next start, over the one before."""

LOG_LINES_SHOWN = 8
LOOK_S = 0.02

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
        self._is_durable = is_durable
        self._settings = SETTINGS | ({} if is_durable else UNSAFE)
        self._lock: IO[str] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._way = "direct"
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
        self._claim_folder()
        deadline = time.monotonic() + START_S
        while not self._take_lock():
            url = running_url(self._folder)
            if url is not None:
                self.url = url
                return
            if time.monotonic() > deadline:
                raise Unavailable(
                    f"Another process supervises the database in {self._folder}, but the database"
                    " does not answer; stop that process, then start again."
                )
            time.sleep(LOOK_S)
        try:
            self._start_own()
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

    def _claim_folder(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner, user = self._folder.stat().st_uid, os.geteuid()
        if owner != user and not (user == 0 and owner == launch.NOBODY):
            raise Unavailable(
                f"The folder {self._folder} belongs to user {owner}, but this is user {user};"
                " start as that user, or give another --data-dir."
            )
        self._folder.chmod(0o700)

    def _take_lock(self) -> bool:
        lock = (self._folder / "supervisor.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def _start_own(self) -> None:
        self.binaries = self._binaries()
        remains.clear(self._cluster)
        self._way = ways.choose_way(self._folder)
        if self._way == "nobody":
            self._hand_over()
        if not self._cluster.exists():
            self._init_cluster()
        self._start_server()

    def _binaries(self) -> Binaries:
        version = self._cluster / "PG_VERSION"
        written_by = int(version.read_text()) if version.exists() else None
        found = find_binaries(self._bin_dir, for_major=written_by)
        if written_by not in (None, found.major):
            raise Unavailable(
                f"The data in {self._folder} was written by PostgreSQL {written_by}, but {found}"
                " was found. Use that version (--postgres-bin-dir), or dump the data there and"
                " restore it here."
            )
        return found

    def _init_cluster(self) -> None:
        # Elsewhere first: an initdb that was killed must not look like a cluster.
        new = self._folder / "cluster.new"
        shutil.rmtree(new, ignore_errors=True)
        done = subprocess.run(
            self._command(
                "initdb",
                "--pgdata",
                str(new),
                *([] if self._is_durable else ["--no-sync"]),
                "--locale=C.UTF-8",
                "--encoding=UTF8",
                "--auth=trust",
                "--username=postgres",
            ),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            env=ways.environment(),
        )
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip()[-600:]
            raise Unavailable(f"PostgreSQL could not make its data folder {new}:\n{said}")
        new.rename(self._cluster)

    def _hand_over(self) -> None:
        """Let user 65534 own the folder and all in it, and reach the programs it may not read."""
        assert self.binaries is not None
        if not ways.is_reachable(self.binaries.folder):
            copy = self._folder / "pginstall"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(self.binaries.folder.parent, copy, symlinks=True)
            self.binaries = Binaries(copy / "bin", self.binaries.origin, self.binaries.major)
        for path in (self._folder, *self._folder.rglob("*")):
            os.chown(path, launch.NOBODY, launch.NOBODY, follow_symlinks=False)

    def _command(self, program: str, *arguments: str) -> list[str]:
        assert self.binaries is not None
        path = str(self.binaries.folder / program)
        return [*ways.launcher(self._way), path, *arguments]

    def _start_server(self) -> None:
        sockets = self._socket_folder()
        options = [part for item in self._settings.items() for part in ("-c", "=".join(item))]
        if self._log.exists() and self._log.stat().st_size > LOG_SIZE_MAX:
            self._log.replace(self._log.with_suffix(".log.1"))
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command("postgres", "-D", str(self._cluster), "-k", str(sockets), *options),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=ways.environment(),
                start_new_session=True,  # Ctrl-C is the supervisor's to answer
            )
        address = f"host={quote(str(sockets), safe='/')}"
        with self._connected(f"postgresql://postgres@/postgres?{address}") as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)
            ).fetchone()
            if found is None:
                connection.execute(f"CREATE DATABASE {DATABASE}".encode())
        self.url = f"postgresql://postgres@/{DATABASE}?{address}"
        _state_file(self._folder).write_text(json.dumps({"url": self.url}))

    def _socket_folder(self) -> Path:
        folder = self._folder / "socket"
        if len(os.fsencode(folder)) > SOCKET_PATH_MAX or LIST_SIGNS & set(str(folder)):
            note = self._folder / "socket.path"
            if note.exists() and _is_private(Path(note.read_text())):
                folder = Path(note.read_text())
            else:
                folder = Path(tempfile.mkdtemp(prefix="vidgenie-", dir="/tmp"))
                note.write_text(str(folder))
        folder.mkdir(mode=0o700, exist_ok=True)
        if self._way == "nobody":
            os.chown(folder, launch.NOBODY, launch.NOBODY)
        return folder

    def _connected(self, url: str) -> "psycopg.Connection[tuple[object, ...]]":
        """Return a connection as soon as the server takes one."""
        assert self._process is not None
        deadline = time.monotonic() + START_S
        reason = ""
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                return psycopg.connect(url, connect_timeout=5, autocommit=True)
            except psycopg.OperationalError as error:
                reason = str(error)
            time.sleep(LOOK_S)
        lines = self._log.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:]
        raise Unavailable(
            f"PostgreSQL did not start ({reason}); its log {self._log} ends:\n" + "\n".join(lines)
        )


def running_url(folder: Path) -> str | None:
    """Return the address of the server that runs in a folder, or None."""
    with suppress(OSError, ValueError, KeyError, psycopg.Error):
        url = str(json.loads(_state_file(folder.absolute()).read_text())["url"])
        psycopg.connect(url, connect_timeout=2).close()
        return url
    return None


def _state_file(folder: Path) -> Path:
    return folder / "postgres.json"


def _is_private(folder: Path) -> bool:
    """Tell whether a folder is ours alone: in /tmp, anybody may have made one of its name."""
    with suppress(OSError):
        found = folder.lstat()
        mine = {os.geteuid(), launch.NOBODY} if os.geteuid() == 0 else {os.geteuid()}
        return folder.is_dir() and found.st_uid in mine and found.st_mode & 0o077 == 0
    return False
