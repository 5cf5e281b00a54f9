"""A child that crashes, hangs, floods or lies ends one task with a clear error; nothing else."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import media
from children import break_inside, count, crash, flood, hang, leave, reach, read
from vidgenie.engine import sandbox
from vidgenie.engine.confine import Allowance
from vidgenie.engine.sandbox import SandboxLimits, Stopped, run, run_callable
from vidgenie.errors import AssetUnsupported, EngineCrashed, RenderError, RenderTimeout

LIMITS = SandboxLimits(wall_s=60)


def call(function: Callable[..., Any], *arguments: Any, **changes: Any) -> Any:
    options = {"allowance": Allowance(), "wall_s": 30.0, **changes}
    return run_callable(function, arguments, **options)


@pytest.mark.parametrize(
    ("function", "error", "words"),
    [
        (crash, EngineCrashed, "SIGSEGV"),
        (leave, EngineCrashed, "ended with 3"),
        (break_inside, RenderError, "ZeroDivisionError"),
    ],
)
def test_a_child_that_fails_says_how(
    function: Callable[..., Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        call(function)


def test_a_hang_ends_at_its_limit() -> None:
    began = time.monotonic()
    with pytest.raises(RenderTimeout, match=r"longer than 0\.5 s"):
        call(hang, wall_s=0.5)
    assert time.monotonic() - began < 5


def test_a_flood_of_memory_is_told() -> None:
    with pytest.raises(RenderError, match="more memory"):
        call(flood, allowance=Allowance(memory_bytes=2 << 30))


def test_a_stop_is_quick() -> None:
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    began = time.monotonic()
    with pytest.raises(Stopped):
        call(hang, should_stop=stop)
    assert time.monotonic() - began < 3


def test_progress_arrives_in_order() -> None:
    seen: list[int] = []
    assert call(count, on_progress=seen.append) == 5
    assert len(seen) >= 3
    assert seen == sorted(seen)


def test_the_network_and_other_files_are_out_of_reach(tmp_path: Path) -> None:
    held = sandbox.sandbox_level()
    assert "limits" in held
    secret = tmp_path / "secret"
    secret.write_text("another tenant's")
    if "landlock" in held:
        assert call(read, str(secret)) == "denied"
        assert call(read, str(secret), allowance=Allowance(reads=(secret,))) != "denied"
    if "network" in held:
        with socket.create_server(("127.0.0.1", 0)) as server:
            assert call(reach, server.getsockname()[1]) != "connected"


def test_a_tasks_own_errors_come_back_as_themselves(tmp_path: Path) -> None:
    path = tmp_path / "page.mp4"
    path.write_text("<html>")
    with pytest.raises(AssetUnsupported, match="a web page"):
        run("probe", (path,), limits=LIMITS)


def test_facts_survive_the_way_back(tmp_path: Path) -> None:
    from vidgenie.engine.probe import probe

    times = [0, 33, 70, 200]
    path = media.write_counter_video(tmp_path / "v.mkv", size=(64, 36), frames=4, times_ms=times)
    assert run("probe", (path,), limits=LIMITS) == probe(path)


def test_an_answer_of_nonsense_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "run_callable", lambda *_, **__: {"container": 3})
    with pytest.raises(EngineCrashed, match="nonsense"):
        run("probe", (Path("x"),), limits=LIMITS)


SCRIPT = """
import sys, threading, time
sys.path.insert(0, {tests!r})
from children import hang
from vidgenie.engine.confine import Allowance
from vidgenie.engine.sandbox import run_callable
if __name__ == "__main__":
    threading.Thread(
        target=run_callable, args=(hang, ()),
        kwargs=dict(allowance=Allowance(), wall_s=60.0), daemon=True,
    ).start()
    time.sleep(1.5)
    print("up", flush=True)
    time.sleep(60)
"""


def test_a_killed_parent_leaves_no_child(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    tests = Path(__file__).parents[1]
    script.write_text(SCRIPT.format(tests=str(tests)))
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        family = descendants(parent.pid)
        assert family
        parent.kill()
    deadline = time.monotonic() + 10
    while family & alive() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not family & alive()


def alive() -> set[int]:
    """Return the processes that are not zombies."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
            except OSError:
                continue
            if state != "Z":
                found.add(int(entry.name))
    return found


def descendants(pid: int) -> set[int]:
    """Return all processes below one."""
    parents = {}
    for other in alive():
        try:
            stat = Path(f"/proc/{other}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[other] = int(stat[1])
    found, level = set(), {pid}
    while level:
        level = {child for child, parent in parents.items() if parent in level}
        found |= level
    return found
