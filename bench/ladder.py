"""The table of `output.quality`, measured: which rate factors of two codecs look alike.

    .venv/bin/python bench/ladder.py              # all codecs, a table in Markdown; some minutes
    .venv/bin/python bench/ladder.py --only vp9

Three films of two seconds at 960×540 (grain, no grain, drawn) are encoded by the engine's own
encoders over a grid of rate factors. H.264's steps give the SSIM to be met; in between, the others'
figures are interpolated. `core/plan/quality.py` holds what came out, `docs/reference/outputs.md`
the table itself.
"""

import argparse
import json
import math
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import av
import cv2
import numpy as np
from quality import quality
from sources import FFMPEG, ROOT

import media
from vidgenie.core.edit.limits import Quality
from vidgenie.core.geometry import Size
from vidgenie.core.plan.model import EncoderSettings
from vidgenie.core.plan.quality import PRESETS, QUALITY, VideoCodec
from vidgenie.core.timebase import FrameRate
from vidgenie.engine.encode import open_sink
from vidgenie.engine.pool import Plane, Planes

SIZE, RATE, FRAMES = Size(960, 540), FrameRate(25), 50
WORK = ROOT / "bench" / ".work"
FILMS = ("grain", "clean", "drawn")

GRIDS: Mapping[VideoCodec, Sequence[int]] = {
    "h264": (16, 19, 22, 26, 30),
    "h265": (10, 13, 16, 19, 22, 25, 29, 33),
    "av1": (8, 14, 20, 26, 32, 39, 47, 57),
    "vp9": (6, 12, 18, 24, 30, 36, 43, 51),
    "prores": (3, 6, 10, 16, 24),
}
OTHER_PRESETS: Mapping[VideoCodec, Sequence[str]] = {
    "h264": ("ultrafast", "medium"),
    "h265": ("ultrafast", "medium"),
    "av1": ("11", "7"),
    "vp9": ("8", "3"),
}
"""Beside the chosen one, at one rate factor: what another would give and cost."""


@dataclass(frozen=True, slots=True)
class Point:
    """One rate factor over all films: mean SSIM and PSNR in dB, kB a second, CPU ms a frame.

    `each` is every film's own SSIM, in the order of `FILMS`.
    """

    factor: int
    ssim_db: float
    psnr_db: float
    kb_s: float
    cpu_ms: float
    each: tuple[float, ...] = ()


def main() -> None:
    """Measure, print every point, then the table of steps."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", choices=[*GRIDS], default=[*GRIDS])
    parser.add_argument("--presets", action="store_true", help="other presets beside the chosen")
    chosen = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    curves: dict[VideoCodec, list[Point]] = {}
    with tempfile.TemporaryDirectory(dir=WORK) as name:
        folder = Path(name)
        films = {film: _reference(film, folder) for film in FILMS}
        for codec in dict.fromkeys(("h264", *chosen.only)):
            curves[codec] = [
                _shown(codec, _measured(codec, PRESETS[codec], factor, films))
                for factor in GRIDS[codec]
            ]
            for preset in OTHER_PRESETS.get(codec, ()) if chosen.presets else ():
                middle = GRIDS[codec][2]
                _shown(f"{codec} {preset}", _measured(codec, preset, middle, films))
    print("\n".join(_table(curves)))


def _shown(name: str, point: Point) -> Point:
    print(
        json.dumps({"codec": name, **{f: getattr(point, f) for f in Point.__slots__}}), flush=True
    )
    return point


def pictures(film: str) -> Iterator[Planes]:
    """Yield a film's frames: a camera over a landscape, or letters and bars that move."""
    wide = media.landscape((1200, 700), seed=3)
    chance = np.random.default_rng(11)
    for number in range(FRAMES):
        t = number / 25
        if film == "drawn":
            pixels = _drawn(number)
        else:
            x, y = (round(120 + 110 * math.sin(0.7 * t)), round(80 + 70 * math.cos(0.9 * t)))
            pixels = wide[y : y + SIZE.height, x : x + SIZE.width, :3]
        if film == "grain":
            noise = cv2.GaussianBlur(chance.normal(0, 7, pixels.shape[:2]), (0, 0), 0.9)
            pixels = np.clip(pixels + noise[..., None], 0, 255).astype(np.uint8)
        y_plane, u, v = media.yuv_planes(np.ascontiguousarray(pixels))
        yield Planes(y=y_plane, u=u, v=v, a=None)


def _drawn(number: int) -> Plane:
    """Return flat fields with hard edges, one of which moves, under a counter."""
    picture = media.counter_picture((SIZE.width, SIZE.height), number)[..., :3].copy()
    left = 40 + 7 * number
    picture[300:420, left : left + 160] = (230, 60, 40)
    picture[430:500:6, 100:860] = (250, 250, 250)
    return np.asarray(picture, np.uint8)


def _reference(film: str, folder: Path) -> Path:
    """Return a film's frames as they are, without loss."""
    target = folder / f"{film}.y4m"
    command = [FFMPEG, "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "yuv420p"]
    command += ["-s", str(SIZE).replace("×", "x"), "-r", "25", "-i", "-", str(target)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        for planes in pictures(film):
            for plane in (planes.y, planes.u, planes.v):
                process.stdin.write(plane.tobytes())
    return target


def _measured(codec: VideoCodec, preset: str, factor: int, films: Mapping[str, Path]) -> Point:
    settings = EncoderSettings(crf=factor, preset=preset, codec=codec)
    ssim, psnr, size, cpu = [], 0.0, 0, 0.0
    for film, reference in films.items():
        target = reference.with_suffix(".mkv")
        frames = list(pictures(film))
        began = _cpu_s()
        with open_sink(target, SIZE, RATE, settings) as sink:
            for planes in frames:
                sink.encode(_rgb(planes) if settings.wants_rasters else planes)
        cpu += _cpu_s() - began
        found = quality(target, reference, step=1, seconds=60)
        ssim.append(round(-10 * math.log10(1 - found["ssim"] + 1e-6), 2))
        psnr += found["psnr_db"]
        size += target.stat().st_size
    seconds = len(films) * FRAMES / 25
    return Point(
        factor,
        round(sum(ssim) / len(films), 2),
        round(psnr / len(films), 2),
        round(size / seconds / 1000, 1),
        round(cpu / len(films) / FRAMES * 1000, 1),
        tuple(ssim),
    )


def _rgb(planes: Planes) -> Plane:
    packed = np.concatenate([planes.y.ravel(), planes.u.ravel(), planes.v.ravel()])
    frame = av.VideoFrame.from_ndarray(packed.reshape(SIZE.height * 3 // 2, SIZE.width), "yuv420p")
    frame.colorspace, frame.color_range = 1, 1
    return np.asarray(frame.to_ndarray(format="bgra"), np.uint8)


def _table(curves: Mapping[VideoCodec, Sequence[Point]]) -> Iterator[str]:
    """Yield Markdown: for each step what H.264 gives, and where the others give the same."""
    yield "| step | codec | factor | would match | SSIM dB | PSNR dB | kB/s | CPU ms |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for step in get_args(Quality):
        aim = _at(curves["h264"], QUALITY[step].h264)
        for codec, points in curves.items():
            now = int(getattr(QUALITY[step], codec))
            here = _at(points, now)
            matches = [
                _factor_for(points, film, _at(curves["h264"], aim.factor).each[film])
                for film in range(len(FILMS))
            ]
            told = " / ".join(f"{match:.0f}" for match in matches)
            yield (
                f"| {step} | {codec} | {now} | {told} | {here.ssim_db:.2f} |"
                f" {here.psnr_db:.1f} | {here.kb_s:.0f} | {here.cpu_ms:.1f} |"
            )


def _at(points: Sequence[Point], factor: int) -> Point:
    """Interpolate; beyond the grid its last point holds."""
    known = [point.factor for point in points]
    values = [
        float(np.interp(factor, known, [getattr(point, name) for point in points]))
        for name in ("ssim_db", "psnr_db", "kb_s", "cpu_ms")
    ]
    each = [np.interp(factor, known, [p.each[film] for p in points]) for film in range(len(FILMS))]
    return Point(factor, *values, tuple(map(float, each)))


def _factor_for(points: Sequence[Point], film: int, ssim_db: float) -> float:
    """Return where a codec reaches a film's SSIM; beyond the grid its last point."""
    falling = sorted(points, key=lambda point: point.each[film])
    known = [point.each[film] for point in falling]
    return float(np.interp(ssim_db, known, [point.factor for point in falling]))


def _cpu_s() -> float:
    times = os.times()
    return times.user + times.system


if __name__ == "__main__":
    main()
