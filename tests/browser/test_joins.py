"""A browser plays a join of copied and encoded GOPs to its end, and seeks to the right frames.

Needs a Chromium on the PATH (or named by CHROMIUM): `make test-browser`.
"""

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any

import numpy as np

import media
from browsers import chromium
from copies import SIZE, X264, clip, rendered

PAGE = """<!doctype html><meta charset=utf-8><script>
const told = [], video = document.createElement('video'), canvas = document.createElement('canvas');
video.muted = true;
const happens = name => new Promise((done, failed) => {
  video.addEventListener(name, done, {once: true});
  video.addEventListener('error', () => failed(video.error.message), {once: true});
});
function row() {
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  const pen = canvas.getContext('2d', {willReadFrequently: true});
  pen.drawImage(video, 0, 0);
  const pixels = pen.getImageData(0, Math.round(canvas.height / 10), canvas.width, 1).data;
  return Array.from({length: canvas.width}, (_, x) => pixels[4 * x + 1]);
}
async function look(frames) {
  const ready = happens('loadeddata');
  video.src = URL.createObjectURL(await (await fetch('/video')).blob());
  await ready;
  const sought = [], played = [];
  for (const frame of frames) {
    const there = happens('seeked');
    video.currentTime = (frame + 0.5) / 30;
    await there;
    sought.push([frame, row()]);
  }
  const back = happens('seeked');
  video.currentTime = 0;
  await back;
  const note = (_, about) => {
    played.push([Math.round(about.mediaTime * 30), row()]);
    video.requestVideoFrameCallback(note);
  };
  video.requestVideoFrameCallback(note);
  const end = happens('ended');
  await video.play();
  await end;
  return {sought, played, duration_s: video.duration};
}
look(FRAMES).catch(error => ({error: String(error)}))
  .then(found => fetch('/done', {method: 'POST', body: JSON.stringify(found)}));
</script>"""


@contextmanager
def serving(video: Path, frames: list[int]) -> Iterator[tuple[str, "Queue[dict[str, Any]]"]]:
    """Serve the page and the video; what the page found comes through the queue."""
    found: Queue[dict[str, Any]] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = PAGE.replace("FRAMES", json.dumps(frames)).encode()
            self._answer(video.read_bytes() if self.path == "/video" else page)

        def do_POST(self) -> None:
            size = int(self.headers["content-length"])
            found.put(json.loads(self.rfile.read(size)))
            self._answer(b"")

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("content-type", "video/mp4" if self.path == "/video" else "text/html")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", found
    finally:
        server.shutdown()
        server.server_close()


def watched(video: Path, frames: list[int], folder: Path) -> dict[str, Any]:
    """Return what a browser shows of a video: at every sought frame, and while it plays."""
    with serving(video, frames) as (url, found):
        command = [chromium(), "--headless", "--no-sandbox", "--disable-gpu"]
        command += [
            f"--user-data-dir={folder}/profile",
            "--autoplay-policy=no-user-gesture-required",
        ]
        browser = subprocess.Popen(
            [*command, url], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            return found.get(timeout=120)
        finally:
            browser.terminate()
            browser.wait(timeout=20)


def number_in(row: list[int]) -> int:
    return media.read_counter(np.tile(np.array(row, np.uint8), (SIZE[1], 1)))


def test_chromium_plays_a_join_to_its_end_and_seeks_to_the_right_frames(tmp_path: Path) -> None:
    numbered = {**X264, "profile": "main", "bf": "3", "x264-params": "sps-id=5"}
    one, two = (
        media.write_counter_video(tmp_path / name, size=SIZE, frames=100, options=options)
        for name, options in {"one.mp4": X264, "two.mp4": numbered}.items()
    )
    made = rendered(tmp_path, clip(one, 0.5, 0, 2.5), clip(one, 1, 2.5, 2), clip(two, 0.2, 4.5, 2))
    assert len({copy.asset for _, copy in made.copies}) == 2
    expected = [*range(15, 90), *range(30, 90), *range(6, 66)]
    assert made.numbers == expected
    edges = [edge for frames, _ in made.copies for edge in (frames.start, frames.stop)]
    near = {edge + step for edge in edges for step in (-1, 0, 1)}
    wanted = sorted(
        frame for frame in near | {0, 40, len(expected) - 1} if 0 <= frame < len(expected)
    )
    wanted = wanted[::2] + wanted[1::2][::-1]  # forward, then back
    seen = watched(made.target, wanted, tmp_path)
    assert "error" not in seen, seen
    sought = [(frame, number_in(row)) for frame, row in seen["sought"]]
    assert sought == [(frame, expected[frame]) for frame in wanted]
    played = [(frame, number_in(row)) for frame, row in seen["played"]]
    assert played == [(frame, expected[frame]) for frame, _ in played]
    assert len(played) > 20, "a slow machine leaves frames out, but not most of them"
    assert played[-1][0] >= len(expected) - 10
    assert abs(seen["duration_s"] - len(expected) / 30) < 0.001
