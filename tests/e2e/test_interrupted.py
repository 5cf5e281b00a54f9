"""A local render that is interrupted or killed leaves nothing behind but its finished chunks."""

import http.server
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
import pytest

import media
from instances import clean_environment, parent_of, processes, wait_for

STOP_S = 2.0
SLACK_S = 6
"""For what a loaded machine adds: the interpreter's own end takes some tenths of a second."""

TESTS = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds with sound."""
    folder = tmp_path_factory.mktemp("interrupted")
    path = folder / "clip.mp4"
    return media.write_counter_video(path, size=(640, 360), frames=360, sound=True)


def write_edit(folder: Path, src: str, length: float, **output: Any) -> Path:
    asset = {"type": "video", "src": src}
    tracks = [{"clips": [{"asset": asset, "start": 0, "length": length}]}]
    form = {"format": "mp4", "resolution": "hd", "fps": 30, **output}
    path = folder / "edit.json"
    path.write_text(json.dumps({"timeline": {"tracks": tracks}, "output": form}))
    return path


class Desk:
    """A folder to render in, with a cache and a place for temporary files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cache, self.temp, self.out = folder / "cache", folder / "temp", folder / "out.mp4"
        self.temp.mkdir()

    @contextmanager
    def rendering(
        self, edit: Path, *program: str, more: tuple[str, ...] = ()
    ) -> Iterator["subprocess.Popen[str]"]:
        """Render; nothing is alive when the block has ended."""
        words = [*(program or ("-m", "vidgenie")), "render", str(edit), "-o", str(self.out)]
        environment = {
            **clean_environment(), "TMPDIR": str(self.temp), "PYTHONPATH": str(TESTS),
        }  # fmt: skip
        with subprocess.Popen(
            [sys.executable, *words, "--cache", str(self.cache), "--workers", "2", *more],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
            preexec_fn=heed_interrupts,
        ) as process:  # fmt: skip
            try:
                yield process
            finally:
                process.kill()

    def rendered(self, edit: Path) -> dict[str, Any]:
        """Render to the end; return the figures."""
        stats = self.folder / "stats.json"
        done = subprocess.run(
            [sys.executable, "-m", "vidgenie", "render", edit, "-o", self.out, "--stats", stats,
             "--cache", self.cache],
            check=False, capture_output=True, text=True, timeout=120,
            env={**clean_environment(), "TMPDIR": str(self.temp)},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        figures: dict[str, Any] = json.loads(stats.read_text())
        return figures

    def kept(self) -> list[Path]:
        """Return the chunks kept so far."""
        return [path for path in self.cache.glob("*") if not path.name.startswith(".")]

    def check_tidy(self) -> None:
        """Nothing of the render is left but what it keeps on purpose."""
        assert not list(self.temp.glob("vidgenie-*"))
        assert not list(self.folder.glob(".*.part"))
        assert not self.out.exists()


def heed_interrupts() -> None:
    """Undo what a shell does to a job in its background: such a suite ignores Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def family_of(pid: int) -> set[int]:
    """Return a process's descendants."""
    everybody = {other: parent_of(other) for other in processes()}
    found, level = set(), {pid}
    while level:
        level = {child for child, parent in everybody.items() if parent in level}
        found |= level
    return found


def check_gone(family: set[int]) -> None:
    def are_gone() -> bool:
        known = processes()
        return not any(known.get(pid) for pid in family)

    wait_for(f"the end of {family}", are_gone, 5)


def interrupted(process: "subprocess.Popen[str]", number: signal.Signals = signal.SIGINT) -> str:
    """Interrupt a command; return what it said. It and all it started are gone in time."""
    family = family_of(process.pid)
    began = time.monotonic()
    process.send_signal(number)
    _, said = process.communicate(timeout=20)
    assert time.monotonic() - began < STOP_S + SLACK_S
    check_gone(family)
    return str(said)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 128 + signal.SIGTERM)]
)
def test_an_interrupted_render_goes_on_from_its_finished_chunks(
    tmp_path: Path, clip: Path, number: signal.Signals, code: int
) -> None:
    desk = Desk(tmp_path)
    edit = write_edit(tmp_path, str(clip), 12)
    with desk.rendering(edit) as process:
        wait_for("facts, the sound and a chunk", lambda: len(desk.kept()) > 2)
        said = interrupted(process, number)
    assert process.returncode == code
    assert "goes on from there" in said
    assert "Traceback" not in said
    desk.check_tidy()
    figures = desk.rendered(edit)
    assert figures["chunks_from_cache"] >= 1
    assert figures["frames_encoded"] < figures["frames"] == 360
    with av.open(str(desk.out)) as container:
        shown = [media.read_counter(f.to_ndarray(format="gray")) for f in container.decode(video=0)]
    assert shown == list(range(360))


def test_a_killed_render_leaves_no_process_and_the_next_one_sweeps_its_folder(
    tmp_path: Path, clip: Path
) -> None:
    desk = Desk(tmp_path)
    edit = write_edit(tmp_path, str(clip), 12)
    with desk.rendering(edit) as process:
        wait_for("a finished piece", desk.kept)
        family = family_of(process.pid)
        assert family
        process.kill()
        check_gone(family)
    (left,) = desk.temp.glob("vidgenie-*")
    os.utime(left, (1, 1))
    assert desk.rendered(edit)["frames"] == 360
    assert not left.exists()


@pytest.mark.parametrize("task", ["probe", "encode_sound", "finish", "render_still"])
def test_every_phase_ends_at_once(tmp_path: Path, clip: Path, task: str) -> None:
    desk = Desk(tmp_path)
    edit = write_edit(tmp_path, str(clip), 0.2, resolution="preview", poster={"capture": 0})
    with desk.rendering(edit, str(TESTS / "stopping.py"), task) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "hanging\n"
        said = interrupted(process)
    assert process.returncode == 130
    assert "Traceback" not in said
    if task == "render_still":
        desk.out.unlink()  # the film itself was finished by then
    desk.check_tidy()


def test_a_source_that_never_comes_is_not_waited_for(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    asked = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library's name
            self.send_response(200)
            self.send_header("content-length", "1000000")
            self.end_headers()
            asked.set()
            self.connection.settimeout(30)
            self.connection.recv(1)

    Handler.log_message = lambda *_: None  # type: ignore[method-assign, assignment]
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        edit = write_edit(tmp_path, f"http://127.0.0.1:{server.server_port}/clip.mp4", 1)
        with desk.rendering(edit, more=("--allow-networks", "127.0.0.0/8")) as process:
            assert asked.wait(30)
            said = interrupted(process)
        server.shutdown()
    assert process.returncode == 130
    assert "Traceback" not in said
    desk.check_tidy()
