"""The supervisor of the embedded PostgreSQL: started, found, killed, left behind, refused."""

import fcntl
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

import supervisor
from vidgenie.errors import Unavailable
from vidgenie.services.db import embedded, launch, remains, ways
from vidgenie.services.db.binaries import find_binaries
from vidgenie.services.db.embedded import EmbeddedPostgres, running_url

WAIT_S = 30.0
WAYS_HERE = ("mapped", "nobody") if os.geteuid() == 0 else ways.ways()
"""As root, every way is open to the tests; else the one for this user."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder for one server, which any user may reach (pytest's own is the user's alone)."""
    path = Path(tempfile.mkdtemp(prefix="vg", dir="/tmp"))
    path.chmod(0o755)
    yield path / "pg"
    for pid in remains.processes_of(path / "pg" / "cluster"):
        os.kill(pid, signal.SIGKILL)  # of a test that failed
    shutil.rmtree(path)


def _server(folder: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder, is_durable=False)


def _run(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchall() if cursor.description else []


def _write_mark(url: str) -> None:
    _run(url, "CREATE TABLE mark (word text)")
    _run(url, "INSERT INTO mark VALUES ('kept')")


def _mark(url: str) -> list[tuple[object, ...]]:
    return _run(url, "SELECT word FROM mark")


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not is_so():
        assert time.monotonic() < deadline, "it did not come true"


def _supervisor(folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, supervisor.__file__, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _said(process: "subprocess.Popen[str]") -> dict[str, object]:
    assert process.stdout is not None
    said: dict[str, object] = json.loads(process.stdout.readline())
    return said


def test_a_server_starts_in_nothing_and_keeps_its_data(folder: Path) -> None:
    assert running_url(folder) is None
    with _server(folder) as server:
        assert server.is_supervised_here
        assert server.is_running()
        assert running_url(folder) == server.url
        _write_mark(server.url)
    assert not server.is_running()
    assert remains.processes_of(folder / "cluster") == []
    assert running_url(folder) is None
    with _server(folder) as server:
        assert _mark(server.url) == [("kept",)]


def test_only_its_user_reaches_it(folder: Path) -> None:
    with _server(folder) as server:
        assert _run(server.url, "SHOW listen_addresses") == [("",)]
        for path in (folder, folder / "socket", folder / "cluster"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o700, path


@pytest.mark.parametrize(("is_durable", "fsync"), [(True, "on"), (False, "off")])
def test_data_is_written_through_unless_it_may_be_lost(
    folder: Path, is_durable: bool, fsync: str
) -> None:
    with EmbeddedPostgres(folder, is_durable=is_durable) as server:
        assert _run(server.url, "SHOW fsync") == [(fsync,)]
        assert _run(server.url, "SHOW synchronous_commit") == [(fsync,)]


@pytest.mark.parametrize("way", WAYS_HERE)
def test_every_way_to_start_works_and_keeps_data(
    folder: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(ways, "ways", lambda: (way,))
    for is_first in (True, False):
        with _server(folder) as server:
            if is_first:
                _write_mark(server.url)
            assert _mark(server.url) == [("kept",)]
    owner = launch.NOBODY if way == "nobody" else os.geteuid()
    assert (folder / "cluster").stat().st_uid == owner


@pytest.mark.parametrize("other", WAYS_HERE[1:] or WAYS_HERE)
def test_data_survives_a_change_of_ways(
    folder: Path, monkeypatch: pytest.MonkeyPatch, other: str
) -> None:
    with _server(folder) as server:
        _write_mark(server.url)
    with monkeypatch.context() as patch:
        patch.setattr(ways, "ways", lambda: (other,))
        patch.setattr(ways, "is_reachable", lambda path: False)
        with _server(folder) as server:
            assert _mark(server.url) == [("kept",)]
            programs = folder / "pginstall" / "bin" if other == "nobody" else None
            assert server.binaries is not None
            assert server.binaries.folder == (programs or find_binaries().folder)
    with _server(folder) as server:
        assert _mark(server.url) == [("kept",)], "what was handed over stays so"


def test_no_way_at_all_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "__file__", str(_refusing_launcher(folder)))
    with pytest.raises(Unavailable, match=r"not allowed, says the test.*--database-url"):
        _server(folder).start()


def _refusing_launcher(folder: Path) -> Path:
    script = folder.parent / "launch.py"
    script.write_text("import sys; sys.exit('not allowed, says the test')")
    return script


def test_a_killed_supervisor_takes_its_server_along(folder: Path) -> None:
    process = _supervisor(folder)
    url = str(_said(process)["url"])
    _write_mark(url)
    assert remains.processes_of(folder / "cluster")
    process.kill()
    process.communicate()
    _until(lambda: not remains.processes_of(folder / "cluster"))
    log = (folder / "postgres.log").read_text()
    assert log.endswith("database system is shut down\n"), "it did not end cleanly"
    assert running_url(folder) is None
    with _server(folder) as server:
        assert server.is_supervised_here
        assert _mark(server.url) == [("kept",)]


def test_of_many_that_start_at_once_one_supervises_and_all_connect(folder: Path) -> None:
    crowd = [_supervisor(folder) for _ in range(3)]
    try:
        said = [_said(process) for process in crowd]
        assert sorted(bool(each["is_supervised_here"]) for each in said) == [False, False, True]
        assert len({str(each["url"]) for each in said}) == 1
        assert _run(str(said[0]["url"]), "SELECT 1") == [(1,)]
    finally:
        for process in crowd:
            process.communicate("")
    assert [process.returncode for process in crowd] == [0, 0, 0]


def test_a_second_opener_leaves_the_server_running(folder: Path) -> None:
    with _server(folder) as first:
        with _server(folder) as second:
            assert second.url == first.url
            assert not second.is_supervised_here
        assert _run(first.url, "SELECT 1") == [(1,)]
        assert running_url(folder) == first.url


def test_who_waits_for_a_supervisor_that_goes_takes_its_place(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.mkdir()
    held = (folder / "supervisor.lock").open("w")
    fcntl.flock(held, fcntl.LOCK_EX)
    monkeypatch.setattr(embedded, "running_url", lambda _: held.close())
    with _server(folder) as server:
        assert server.is_supervised_here


def test_a_supervisor_without_a_server_is_named(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "START_S", 0.1)
    folder.mkdir()
    with (folder / "supervisor.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(Unavailable, match="Another process supervises"):
            _server(folder).start()


def test_backends_of_a_dead_server_are_ended_before_the_next_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remains, "PATIENCE_S", 0.1)
    cluster = folder / "cluster"
    with EmbeddedPostgres(folder) as server:
        _write_mark(server.url)
        # A backend that computes does not look whether its server lives.
        busy = threading.Thread(target=_compute, args=(server.url,), daemon=True)
        busy.start()
        active = "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT count(*) FROM many'"
        _until(lambda: _run(server.url, active) == [(1,)])
        server_pid = int((cluster / "postmaster.pid").read_text().splitlines()[0])
        os.kill(server_pid, signal.SIGKILL)
        _until(lambda: server_pid not in remains.processes_of(cluster))
        assert remains.processes_of(cluster), "the backend is still at work"
        server.stop()
        server.start()
        busy.join(WAIT_S)
        assert not busy.is_alive()
        assert _mark(server.url) == [("kept",)]


def _compute(url: str) -> None:
    view = "CREATE VIEW many AS SELECT a FROM generate_series(1, 100000) a, generate_series(1, 1e6)"
    _run(url, view)
    with suppress(psycopg.OperationalError):
        _run(url, "SELECT count(*) FROM many")


def test_the_mark_of_a_dead_server_is_forgotten_whoever_has_its_number(folder: Path) -> None:
    with _server(folder) as server:
        _write_mark(server.url)
        mark = (folder / "cluster/postmaster.pid").read_text()
    lines = mark.splitlines(keepends=True)
    (folder / "cluster/postmaster.pid").write_text(f"{os.getppid()}\n" + "".join(lines[1:]))
    with _server(folder) as server:
        assert _mark(server.url) == [("kept",)]


def test_a_cluster_that_was_not_finished_is_made_anew(folder: Path) -> None:
    (folder / "cluster.new").mkdir(parents=True)
    (folder / "cluster.new/PG_VERSION").write_text("18")
    with _server(folder) as server:
        assert _run(server.url, "SELECT 1") == [(1,)]


@pytest.mark.parametrize("name", ["a b", "50%25'&=ö", 'a,"b', "x" * 100])
def test_any_path_will_do(folder: Path, name: str) -> None:
    path = folder / name
    with _server(path) as server:
        assert _run(server.url, "SELECT current_database()") == [("vidgenie",)]
        assert running_url(path) == server.url
    note = path / "socket.path"
    if note.exists():
        shutil.rmtree(note.read_text())


def test_a_socket_too_far_down_is_put_where_nobody_else_can_put_one(folder: Path) -> None:
    path = folder / ("x" * 100)
    urls = []
    with _server(path) as server:
        urls.append(server.url)
    sockets = Path((path / "socket.path").read_text())
    assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
    with _server(path) as server:
        urls.append(server.url)
    sockets.chmod(0o777)
    with _server(path) as server:
        urls.append(server.url)
    assert urls[0] == urls[1] != urls[2]
    shutil.rmtree((path / "socket.path").read_text())
    shutil.rmtree(sockets)


def test_data_of_another_version_is_refused_untouched(folder: Path) -> None:
    with _server(folder):
        pass
    (folder / "cluster/PG_VERSION").write_text("13\n")
    with pytest.raises(Unavailable, match=r"written by PostgreSQL 13, but PostgreSQL \d+ from"):
        _server(folder).start()
    assert (folder / "cluster/PG_VERSION").read_text() == "13\n"
    assert running_url(folder) is None


def test_a_server_that_cannot_start_says_why(folder: Path) -> None:
    with _server(folder):
        pass
    (folder / "cluster/postgresql.auto.conf").write_text("nonsense = 1\n")
    with pytest.raises(Unavailable, match="nonsense"):
        _server(folder).start()
    (folder / "cluster/postgresql.auto.conf").write_text("")
    with _server(folder) as server:
        assert server.is_running()


def test_somebody_elses_folder_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    with pytest.raises(Unavailable, match=r"belongs to user \d+, but this is user 4242"):
        _server(folder).start()
    assert not (folder / "supervisor.lock").exists()


def test_a_long_log_is_put_aside(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "LOG_SIZE_MAX", 10)
    folder.mkdir()
    (folder / "postgres.log").write_text("much was said\n")
    with _server(folder):
        assert "much was said" not in (folder / "postgres.log").read_text()
    assert (folder / "postgres.log.1").read_text() == "much was said\n"
