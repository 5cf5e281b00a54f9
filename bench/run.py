"""The benchmarks: every timeline by us, by ffmpeg and by MoviePy in turn; ratios of CPU seconds.

    make bench                                  # quick: short timelines, two minutes
    make bench-full                             # the lengths of the targets, and MoviePy
    .venv/bin/python bench/run.py --only headline --rounds 2

`bench/README.md` says how to read it. Every renderer is a process of its own, measured with all
its children from start to end; the floors are measured on the same frames (`floors.py`).
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from keep import keep
from measure import Spent, run
from quality import quality
from table import line, write
from timelines.model import FPS, Case, Desk

from timelines import CASES

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "bench" / ".work"
OTHER = ROOT / ".venv-bench" / "bin" / "python"
QUICK_S = {"headline": 8.0, "still": 20.0, "template": 6.0, "cut-gop": 6.0, "cut-mid": 6.0}
FULL_S = {"still": 60.0, "template": 10.0, "cut-gop": 60.0, "cut-mid": 60.0}
REFERENCE_S = 20.0
"""So much of a film is painted without loss, encoded for the floor, and compared."""


def main() -> None:
    """Measure the cases, print a line for each, keep table and plot."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="full lengths, 20 variants, MoviePy")
    parser.add_argument("--only", nargs="*", choices=CASES, default=list(CASES))
    parser.add_argument("--rounds", type=int, default=1)
    chosen = parser.parse_args()
    kind = "full" if chosen.full else "quick"
    load, start_s = os.getloadavg()[0], started()
    print(f"load average {load:.1f}: CPU seconds hold, wall time only when idle")
    print(f"start of a local render of one small frame: {start_s:.2f} CPU s", flush=True)
    rows: dict[str, Any] = {}
    for name in chosen.only:
        seconds = FULL_S.get(name, 20.0) if chosen.full else QUICK_S.get(name, 5.0)
        many = 20 if name == "template" else 1
        case = CASES[name](Desk(WORK, seconds, many if chosen.full else min(many, 3)))
        with tempfile.TemporaryDirectory(dir=WORK) as folder:
            rows[name] = measured(case, Path(folder), rounds=chosen.rounds, full=chosen.full)
        print(line(name, rows[name]), flush=True)
    if set(chosen.only) == set(CASES):
        figures = {"load": round(load, 1), "start_cpu_s": start_s, "cases": rows}
        write(keep(kind, {"kind": kind, **figures}))


def measured(case: Case, folder: Path, *, rounds: int, full: bool) -> dict[str, Any]:
    """Run everybody in turn, `rounds` times; return medians, floors and quality."""
    runs: dict[str, list[Spent]] = {}
    for _ in range(rounds):
        for name, spent in _round(case, folder, full=full).items():
            runs.setdefault(name, []).append(spent)
    row: dict[str, Any] = {"says": case.says, "seconds": round(case.seconds, 3)}
    row["spent"] = {name: asdict(_median(spent)) for name, spent in runs.items()}
    row["floor"], row["quality"] = _floor(case, folder, step=1 if full else 4)
    row["ratio"] = _ratios(row)
    return row


def _round(case: Case, folder: Path, *, full: bool) -> dict[str, Spent]:
    cache = folder / "chunks"
    shutil.rmtree(cache, ignore_errors=True)
    spent = {"ours": _ours(case.edit, folder, "ours", cache)}
    ffmpeg = folder / "ffmpeg.mp4"
    spent["ffmpeg"] = run([*case.command, str(ffmpeg)], ffmpeg)
    if case.variants:
        nexts = [_ours(edit, folder, "next", cache) for edit in case.variants]
        spent["next"] = Spent(*(statistics.mean(values) for values in _columns(nexts)))
    spent["again"] = _ours(case.edit, folder, "again", cache)
    if full and case.film and OTHER.exists():
        told, target = folder / "given.json", folder / "moviepy.mp4"
        told.write_text(json.dumps(dict(case.given)))
        films = str(ROOT / "bench" / "films.py")
        spent["moviepy"] = run([str(OTHER), films, case.film, str(told), str(target)], target)
    return spent


def _ours(edit: dict[str, Any], folder: Path, name: str, cache: Path) -> Spent:
    """Render as a user does, from the command line."""
    document, target = folder / "edit.json", folder / f"{name}.mp4"
    document.write_text(json.dumps(edit))
    command = [sys.executable, "-m", "vidgenie", "render", str(document), "-o", str(target)]
    return run([*command, "--cache", str(cache)], target)


def _columns(runs: Sequence[Spent]) -> list[tuple[Any, ...]]:
    return list(zip(*(asdict(one).values() for one in runs), strict=True))


def _median(runs: Sequence[Spent]) -> Spent:
    return Spent(*(round(statistics.median(values), 3) for values in _columns(runs)))


def _floor(
    case: Case, folder: Path, *, step: int
) -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Return the floors' CPU seconds for the whole film, and how near each file is to the law."""
    reads, document = folder / "reads.json", folder / "first.json"
    document.write_text(json.dumps(case.edit))
    share = min(1.0, REFERENCE_S / case.seconds)
    reads.write_text(json.dumps([(str(r.path), r.start, r.stop) for r in case.reads]))
    reference = folder / "reference.mp4"
    frames = round(case.seconds * share * FPS)
    command = [sys.executable, str(ROOT / "bench" / "floors.py"), str(document), str(reads)]
    done = subprocess.run(
        [*command, str(frames), str(reference)], capture_output=True, text=True, check=True
    )
    told = json.loads(done.stdout)
    encode_s = round(told["encode_s"] / share, 3)
    floor = {"encode_s": encode_s, "limit_s": round(encode_s + told["decode_s"], 3)}
    return floor, {
        name: quality(folder / f"{name}.mp4", reference, step=step, seconds=frames / FPS)
        for name in ("ours", "ffmpeg", "moviepy")
        if (folder / f"{name}.mp4").exists()
    }


def _ratios(row: dict[str, Any]) -> dict[str, float]:
    cpu = {name: spent["cpu_s"] for name, spent in row["spent"].items()}
    cpu["limit"] = row["floor"]["limit_s"]
    pairs = [("ours", other) for other in ("limit", "ffmpeg", "moviepy") if other in cpu]
    pairs += [(one, "ffmpeg") for one in ("next", "again") if one in cpu]
    ratios = {f"{one}/{other}": round(cpu[one] / cpu[other], 3) for one, other in pairs}
    sizes = (row["spent"][name]["size_bytes"] for name in ("ours", "ffmpeg"))
    ours, theirs = sizes
    return {**ratios, "bytes": round(ours / theirs, 3)}


def started() -> float:
    """Return the CPU seconds of rendering one frame of a colour: what starting costs."""
    clip = {
        "asset": {
            "type": "shape",
            "shape": "circle",
            "circle": {"radius": 9},
            "width": 32,
            "height": 32,
        },
        "start": 0,
        "length": 0.04,
    }
    edit = {
        "timeline": {"tracks": [{"clips": [clip]}]},
        "output": {"format": "mp4", "size": {"width": 64, "height": 64}, "fps": 25},
    }
    WORK.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=WORK) as name:
        return _ours(edit, Path(name), "start", Path(name) / "chunks").cpu_s


if __name__ == "__main__":
    main()
