"""`make demo`: an instance from nothing, the landing page's four steps, and a real first video.

Everything goes through HTTP as a user would do it: the sources are made here, uploaded, named in an
edit, rendered by a worker, downloaded and checked by decoding. The last line is JSON.
"""

import http.server
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
import httpx
import numpy as np
from standardwebhooks import Webhook

import media

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "demo.mp4"
SECONDS = 6
FPS = 30
START_S = 60.0
RENDER_S = 180.0


class Demo:
    """The steps, timed, each told in a line."""

    def __init__(self) -> None:
        self.steps: list[dict[str, Any]] = []

    @contextmanager
    def step(self, name: str):  # type: ignore[no-untyped-def]
        began = time.monotonic()
        entry = {"name": name, "ok": False, "seconds": 0.0}
        self.steps.append(entry)
        try:
            yield
            entry["ok"] = True
        finally:
            entry["seconds"] = round(time.monotonic() - began, 2)

    @property
    def holds(self) -> bool:
        """Every step so far held."""
        return all(step["ok"] for step in self.steps)


def main() -> int:
    """Run the demo; return the exit code."""
    demo, facts, failure = Demo(), {}, None
    folder = Path(tempfile.mkdtemp(prefix="vidgenie-demo-"))
    try:
        facts = run(demo, folder)
    except Exception as error:
        failure = f"{type(error).__name__}: {error}"
        print(f"\nthe demo failed: {failure}", file=sys.stderr)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    is_ok = failure is None and demo.holds
    line = {"ok": is_ok, "steps": demo.steps, "file": facts}
    print(json.dumps(line if failure is None else {**line, "error": failure}))
    return 0 if is_ok else 1


def run(demo: Demo, folder: Path) -> dict[str, Any]:
    """Do all steps; return the file's facts."""
    with demo.step("sources"):
        sources = make_sources(folder)
    with demo.step("up"):
        process, url = start(folder)
    try:
        with httpx.Client(base_url=url, timeout=60) as client, receiver() as (hook, received):
            api = Api(client)
            with demo.step("register"):
                api.call("account.register", REGISTER)
            with demo.step("verify"):
                api.call("account.verify_email", {"token": read_token(folder)})
            with demo.step("login"):
                login = {"username": REGISTER["username"], "password": REGISTER["password"]}
                token = api.call("account.login", login)["access_token"]
                api.headers = {"authorization": f"Bearer {token}"}
            with demo.step("key"):
                key = api.call("apikey.create", {"name": "demo"})["api_key"]["plaintext"]
                api.headers = {"x-api-key": key}
            with demo.step("webhook"):
                secret = api.call("webhook.create", {"url": hook})["webhook"]["secret"]
            with demo.step("upload"):
                names = {name: api.upload(path) for name, path in sources.items()}
            with demo.step("render"):
                render = api.wait(api.call("render.create", edit(names))["render"]["id"])
            with demo.step("delivery"):
                check_delivery(received, secret, render["id"])
            with demo.step("download"):
                download(client, render["output"], TARGET)
        with demo.step("check"):
            return check(TARGET, render["output"])
    finally:
        with demo.step("down"):
            stop(process)


REGISTER = {"username": "demo", "email": "demo@example.com", "password": "a long enough password"}


def make_sources(folder: Path) -> dict[str, Path]:
    """Make a clip, a picture and music, with the engine's own libraries."""
    made = {
        "clip": folder / "clip.mp4",
        "picture": folder / "picture.png",
        "music": folder / "music.m4a",
    }
    media.write_counter_video(made["clip"], size=(1280, 720), rate=FPS, frames=120)
    media.write_image(made["picture"], (1920, 1280))
    media.write_music(made["music"], SECONDS + 1)
    print(f"made    {', '.join(path.name for path in made.values())}", flush=True)
    return made


def edit(names: dict[str, str]) -> dict[str, Any]:
    """Return the demo's edit: a clip, a picture faded over it, a title that glides, music."""
    glide = [
        {
            "from": -0.06,
            "to": 0.0,
            "start": 0,
            "length": 1.6,
            "interpolation": "bezier",
            "easing": "easeOutCubic",
        }
    ]
    title = {
        "asset": text("One timeline in.\nOne video out.", 92, "#ffffff", "left"),
        "start": 0.6,
        "length": 5.0,
        "offset": {"x": glide, "y": -0.2},
        "transition": {"in": "fade", "out": "fade"},
        "width": 1500,
        "height": 300,
    }
    tag = {
        "asset": text("VidGenie", 40, "#ffd166", "right"),
        "start": 0,
        "length": SECONDS,
        "position": "topRight",
        "offset": {"x": -0.03, "y": -0.05},
        "width": 400,
        "height": 60,
    }
    picture = {
        "asset": {"type": "image", "src": names["picture"]},
        "start": 3.0,
        "length": 3.0,
        "transition": {"in": "fade"},
    }
    clip = {"asset": {"type": "video", "src": names["clip"], "trim": 0.5}, "start": 0, "length": 4}
    tracks = [{"clips": [entry]} for entry in (tag, title, picture, clip)]
    music = {"src": names["music"], "effect": "fadeInFadeOut", "volume": 0.8}
    return {
        "timeline": {"background": "#0b0f17", "soundtrack": music, "tracks": tracks},
        "output": {"format": "mp4", "resolution": "1080p", "fps": FPS},
        "metadata": {"made_by": "make demo"},
    }


def text(words: str, size: int, color: str, horizontal: str) -> dict[str, Any]:
    """Return a text asset."""
    return {
        "type": "text",
        "text": words,
        "font": {"family": "Montserrat", "size": size, "weight": 700, "color": color},
        "alignment": {"horizontal": horizontal, "vertical": "center"},
    }


def start(folder: Path) -> tuple["subprocess.Popen[bytes]", str]:
    """Start an instance on a free port; return it and its address when it is ready."""
    data = folder / "data"
    log = (folder / "up.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "vidgenie", "up", "--port", "0", "--data-dir", str(data)]
        + ["--allow-networks", "127.0.0.0/8"],
        stdout=log,
        stderr=log,
        stdin=subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if "VIDGENIE_" not in name},
    )
    note = data / "instance.json"
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"vidgenie up ended:\n{(folder / 'up.log').read_text()[-2000:]}")
        if note.exists():
            url = str(json.loads(note.read_text())["url"])
            if is_ready(url):
                print(f"up      {url}", flush=True)
                return process, url
        time.sleep(0.1)
    stop(process)
    raise RuntimeError(f"not ready after {START_S:g} s:\n{(folder / 'up.log').read_text()[-2000:]}")


def is_ready(url: str) -> bool:
    """Ask the instance."""
    try:
        return httpx.get(f"{url}/readyz", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Stop the instance; it must be gone within five seconds."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        status = process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        raise RuntimeError("vidgenie up did not stop within 5 s") from None
    if status != 0:
        raise RuntimeError(f"vidgenie up ended with {status}")
    print("down    everything stopped", flush=True)


def read_token(folder: Path) -> str:
    """Read the verification letter as a user on the server's machine would."""
    command = [sys.executable, "-m", "vidgenie", "mail", "list", "--json"]
    command += ["--to", REGISTER["email"], "--data-dir", str(folder / "data")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return str(json.loads(done.stdout)[0]["token"])


class Api:
    """Calls, each printed with its answer."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.headers: dict[str, str] = {}

    def call(self, name: str, body: dict[str, Any]) -> dict[str, Any]:
        """Make a call; return its data."""
        answer = self.client.post(f"/api/v1/{name}", json=body, headers=self.headers)
        return self._told(name, answer)

    def upload(self, path: Path) -> str:
        """Upload a file; return the `src` that names it."""
        with path.open("rb") as file:
            answer = self.client.post(
                "/api/v1/asset.upload", files={"file": (path.name, file)}, headers=self.headers
            )
        return str(self._told("asset.upload", answer)["asset"]["src"])

    def wait(self, render_id: str) -> dict[str, Any]:
        """Poll a render to its end, with a bar."""
        deadline = time.monotonic() + RENDER_S
        while time.monotonic() < deadline:
            answer = self.client.get(
                "/api/v1/render.get", params={"id": render_id}, headers=self.headers
            ).json()
            render: dict[str, Any] = answer["data"]["render"]
            show_bar(render["progress"], render["status"])
            if render["status"] in ("done", "failed", "cancelled"):
                print(flush=True)
                if render["status"] != "done":
                    raise RuntimeError(f"the render {render['status']}: {render['error']}")
                return render
            time.sleep(0.25)
        raise RuntimeError(f"the render was not done after {RENDER_S:g} s")

    def _told(self, name: str, answer: httpx.Response) -> dict[str, Any]:
        body = answer.json()
        shown = json.dumps(body.get("data") or body.get("error"))
        print(f"{answer.status_code}     {name:<24} {shortened(shown)}", flush=True)
        if not body["ok"]:
            raise RuntimeError(f"{name}: {body['error']['message']}")
        data: dict[str, Any] = body["data"]
        return data


def shortened(text: str, limit: int = 96) -> str:
    """Return a text cut to a line."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def show_bar(share: float, status: str) -> None:
    """Draw a progress bar; on a terminal in place, elsewhere once a change."""
    filled = round(share * 40)
    line = f"        {'█' * filled}{'·' * (40 - filled)} {share:4.0%} {status}"
    if sys.stdout.isatty():
        print(f"\r{line:<70}", end="", flush=True)
    elif line != getattr(show_bar, "last", None):
        print(line, flush=True)
        show_bar.last = line  # type: ignore[attr-defined]


@contextmanager
def receiver():  # type: ignore[no-untyped-def]
    """Receive webhooks on a free loopback port."""
    received: list[tuple[dict[str, str], bytes]] = []
    arrived = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            body = self.rfile.read(int(self.headers["content-length"]))
            received.append((dict(self.headers.items()), body))
            arrived.set()
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def take() -> tuple[dict[str, str], bytes]:
        if not arrived.wait(30):
            raise RuntimeError("no webhook arrived within 30 s")
        return received[0]

    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", take
    finally:
        server.shutdown()
        server.server_close()


def check_delivery(
    take: Callable[[], tuple[dict[str, str], bytes]], secret: str, render_id: str
) -> None:
    """The webhook came, signed, about this render."""
    headers, body = take()
    event = Webhook(secret).verify(body.decode(), {k.lower(): v for k, v in headers.items()})
    assert event["type"] == "render.done", event
    assert event["data"]["render"]["id"] == render_id, event
    print(f"hook    {event['type']} signature good", flush=True)


def download(client: httpx.Client, output: dict[str, Any], target: Path) -> None:
    """Save the video."""
    with client.stream("GET", output["url"]) as answer:
        answer.raise_for_status()
        with target.open("wb") as file:
            for block in answer.iter_bytes():
                file.write(block)
    print(f"saved   {target.name} {target.stat().st_size / 1e6:.1f} MB", flush=True)


def check(path: Path, output: dict[str, Any]) -> dict[str, Any]:
    """Decode the video and compare it with what was asked for."""
    frames, shown = 0, {}
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        tags = {stream.codec_context.colorspace, stream.codec_context.color_primaries}
        size = (stream.width, stream.height)
        for frame in container.decode(video=0):
            if frames in (0, 20, 59, 89):  # before the picture fades over the clip
                shown[frames] = media.read_counter(frame.to_ndarray(format="gray"))
            frames += 1
    _, samples = media.read_sound(path)
    loudness = float(np.sqrt(np.mean(np.square(samples))))
    facts = {
        "path": path.name,
        "width": size[0],
        "height": size[1],
        "frames": frames,
        "duration": frames / FPS,
        "size": path.stat().st_size,
        "sound_rms": round(loudness, 4),
        "counters": {str(at): number for at, number in shown.items()},
    }
    assert frames == SECONDS * FPS == output["frames"], facts
    assert size == (1920, 1080) == (output["width"], output["height"]), facts
    assert tags == {1}, f"not BT.709: {tags}"
    assert shown == {at: at + 15 for at in shown}, f"wrong source frames: {facts}"
    assert loudness > 0.02, f"no sound: {facts}"
    print(f"checked {frames} frames, counters {shown}, sound {loudness:.3f} RMS", flush=True)
    return facts


if __name__ == "__main__":
    sys.exit(main())
