"""The API under load: latency at a steady rate, a batch, claims, memory; beside a bare endpoint.

    make bench-api                                   # two minutes
    .venv/bin/python bench/api.py --only load --seconds 20
    .venv/bin/python bench/api.py --help

`bench/README.md` says what the figures mean. Figures are kept by commit in bench/results/.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
from keep import keep
from sources import media
from traffic.claims import claim_times, fill
from traffic.servers import Server, bare_command, our_command, serving, traffic

from vidgenie.services.db.embedded import EmbeddedPostgres
from vidgenie.services.db.migrate import migrate
from vidgenie.services.db.pool import Database

CLIPS = 20
RATE = 200.0
CONNECTIONS = 16
VARIANTS = 10_000
JOBS, ACCOUNTS, CLAIMS = 100_000, 200, 500
FRAMES = 16
TARGETS = {
    "load": "p99 30 ms",
    "batch": "10 s",
    "claim": "2 ms",
    "frame": "0.5 s",
    "memory": "250 MB",
}


@dataclass
class Desk:
    """What the parts share."""

    database_url: str
    folder: Path
    seconds: float


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", choices=PARTS, default=list(PARTS))
    parser.add_argument("--seconds", type=float, default=15.0, help="of load at the steady rate")
    chosen = parser.parse_args()
    table: dict[str, Any] = {"targets": TARGETS}
    for name in chosen.only:
        with tempfile.TemporaryDirectory() as folder:
            print(f"{name}: target {TARGETS[name]}", flush=True)
            table[name] = _with_database(PARTS[name], Path(folder), chosen.seconds)
    if set(chosen.only) == set(PARTS):
        keep("api", table)


def _with_database(part: Callable[[Desk], Any], folder: Path, seconds: float) -> Any:
    before = os.getloadavg()[0]
    with EmbeddedPostgres(folder / "postgres") as server:
        asyncio.run(_migrated(server.url))
        made = part(Desk(server.url, folder, seconds))
    load = f"{before:.1f} before, {os.getloadavg()[0]:.1f} after"
    print(f"    load average {load}", flush=True)
    return {**made, "load": load}


async def _migrated(url: str) -> None:
    async with Database(url) as db:
        await migrate(db)


def edit(clips: int) -> dict[str, Any]:
    """Return an edit of titles, pictures and videos, as somebody would send it."""
    kinds: list[dict[str, Any]] = [
        {"type": "video", "src": "https://media.example/a.mp4", "volume": 0.8, "trim": 2},
        {"type": "image", "src": "https://media.example/b.jpg"},
        {"type": "text", "text": "A title", "font": {"size": 36, "color": "#ff8800"}},
    ]
    made = [
        {
            "asset": kinds[n % 3],
            "start": n * 2,
            "length": 2.5,
            "transition": {"in": "fade"},
            "scale": [{"from": 1, "to": 1.2, "start": 0, "length": 2}],
        }
        for n in range(clips)
    ]
    tracks = [{"clips": made[n::2]} for n in (0, 1)]
    return {"timeline": {"tracks": tracks}, "output": {"format": "mp4", "resolution": "hd"}}


def load(desk: Desk) -> dict[str, Any]:
    """Send render.create steadily, and as fast as it goes; to ours and to the bare one in turn."""
    body = json.dumps(edit(CLIPS))
    made: dict[str, Any] = {"clips": CLIPS, "rate": RATE, "body_bytes": len(body)}
    with (
        serving(our_command(desk.database_url, desk.folder)) as ours,
        serving(bare_command(desk.database_url)) as bare,
    ):
        key = {"x-api-key": ours.make_key(desk.database_url, "bench")}
        doors = {"ours": (ours, "/api/v1/render.create"), "bare": (bare, "/create")}
        for form, rate, seconds in (("steady", RATE, desk.seconds), ("fast", 0.0, 5.0)):
            for name, (server, path) in doors.items():
                _run(server, path, body, rate=RATE, seconds=1, **key)  # warm
                told = _run(server, path, body, rate=rate, seconds=seconds, **key)
                made[f"{form}_{name}"] = told
                print(f"    {form:<6} {name}: {told}", flush=True)
    ratios = {
        "cpu": made["steady_ours"]["cpu_ms"] / made["steady_bare"]["cpu_ms"],
        "p50": made["steady_ours"]["p50_ms"] / made["steady_bare"]["p50_ms"],
        "p99": made["steady_ours"]["p99_ms"] / made["steady_bare"]["p99_ms"],
        "per_s": made["fast_ours"]["per_s"] / made["fast_bare"]["per_s"],
    }
    made["ours/bare"] = {name: round(value, 2) for name, value in ratios.items()}
    print(f"    ours/bare: {made['ours/bare']}", flush=True)
    return made


def _run(
    server: Server, path: str, body: str, *, rate: float, seconds: float, **headers: str
) -> Any:
    return traffic(
        server, path, body, rate=rate, seconds=seconds, connections=CONNECTIONS, **headers
    )


def batch(desk: Desk) -> dict[str, Any]:
    """Send template.render with 10,000 variants."""
    clips = [
        {"asset": {"type": "text", "text": "Hello {{name}}"}, "start": 0, "length": 3},
        {"asset": {"type": "image", "src": "{{photo}}"}, "start": 0, "length": 3},
    ]
    template = {
        "name": "greeting",
        "timeline": {"tracks": [{"clips": [clip]} for clip in clips]},
        "output": {"format": "mp4", "resolution": "hd"},
        "merge": [{"find": "name", "type": "string"}, {"find": "photo", "type": "string"}],
    }
    variants = [
        {"merge": {"name": f"Ada {n}", "photo": f"https://media.example/{n}.jpg"}}
        for n in range(VARIANTS)
    ]
    with serving(our_command(desk.database_url, desk.folder)) as ours:
        key = {"x-api-key": ours.make_key(desk.database_url, "bench")}
        template_id = ours.call("template.create", template, **key)["template"]["id"]
        cpu_s, began = ours.cpu_s(), time.perf_counter()
        made = ours.call("template.render", {"id": template_id, "variants": variants}, **key)
        wall_s, cpu_s = time.perf_counter() - began, ours.cpu_s() - cpu_s
    assert made["batch"]["accepted"] == VARIANTS, made["batch"]
    told = {"variants": VARIANTS, "wall_s": round(wall_s, 2), "api_cpu_s": round(cpu_s, 2)}
    print(f"    {told}", flush=True)
    return told


def claim(desk: Desk) -> dict[str, Any]:
    """Claim while 100,000 jobs of 200 accounts wait."""

    async def measured() -> dict[str, Any]:
        async with Database(desk.database_url) as db:
            await fill(db, jobs=JOBS, accounts=ACCOUNTS)
            return await claim_times(db, CLAIMS)

    told = {"jobs": JOBS, **asyncio.run(measured())}
    print(f"    {told}", flush=True)
    return told


def frame(desk: Desk) -> dict[str, Any]:
    """Ask for 1080p frames of a warm edit: a video under a title, one frame after the other."""
    path = desk.folder / "a.mp4"
    media.write_counter_video(path, size=(1920, 1080), frames=60)
    with serving(our_command(desk.database_url, desk.folder)) as ours:
        key = {"x-api-key": ours.make_key(desk.database_url, "bench")}
        with path.open("rb") as file:
            answer = httpx.post(
                f"{ours.url}/api/v1/asset.upload", files={"file": file}, headers=key, timeout=60
            )
        src = answer.json()["data"]["asset"]["src"]
        assets = ({"type": "text", "text": "A title"}, {"type": "video", "src": src})
        tracks = [{"clips": [{"asset": asset, "start": 0, "length": 2}]} for asset in assets]
        edit = {"timeline": {"tracks": tracks}, "output": {"format": "mp4", "resolution": "1080"}}
        spent = []
        for number in range(FRAMES):
            began = time.perf_counter()
            url = f"{ours.url}/api/v1/render.snapshot"
            body = {**edit, "time": 1 + number / 30}
            httpx.post(url, json=body, headers=key, timeout=60).raise_for_status()
            spent.append(time.perf_counter() - began)
    cold, warm = spent[0], sorted(spent[1:])
    told = {"cold_s": round(cold, 2), "warm_best_s": round(warm[0], 3)}
    told["warm_p50_s"] = round(warm[len(warm) // 2], 3)
    print(f"    {told}", flush=True)
    return told


def memory(desk: Desk) -> dict[str, Any]:
    """Weigh an instance with one idle worker: proportional set sizes, PostgreSQL apart."""
    data = desk.folder / "data"
    words = ("up", "--port", "0", "--workers", "1", "--data-dir", str(data))
    process = subprocess.Popen(
        [sys.executable, "-m", "vidgenie", *words], stdout=subprocess.DEVNULL
    )
    try:
        server = Server(process, _url_of(data))
        server.call("account.resend_verification", {"email": "nobody@example.com"})
        time.sleep(5)
        sizes: dict[str, float] = {}
        found = psutil.Process(process.pid)
        for one in (found, *found.children(recursive=True)):
            name = _role(one)
            sizes[name] = sizes.get(name, 0.0) + one.memory_full_info().pss / 2**20
    finally:
        process.terminate()
        process.wait(20)
    told = {name: round(size, 1) for name, size in sorted(sizes.items())}
    told["without_postgres"] = round(sum(v for k, v in sizes.items() if k != "postgres"), 1)
    print(f"    MB: {told}", flush=True)
    return told


def _role(process: psutil.Process) -> str:
    if "postgres" in process.name():
        return "postgres"
    words = process.cmdline()
    known = ("api", "worker", "up")
    return next((word for word in words[1:6] if word in known), "helpers")


def _url_of(data: Path) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if (data / "instance.json").exists():
            return str(json.loads((data / "instance.json").read_text())["url"])
        time.sleep(0.1)
    raise TimeoutError("the instance does not start")


PARTS: dict[str, Callable[[Desk], dict[str, Any]]] = {
    "load": load,
    "batch": batch,
    "claim": claim,
    "frame": frame,
    "memory": memory,
}

if __name__ == "__main__":
    main()
