"""The gallery: its media, its examples read and planned, and its contact sheet.

`python tools/gallery.py media` draws the media into examples/media (git ignores it), `sheet` writes
docs/gallery.png. The golden tests read the examples through this module.
"""

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import av
import cv2
import numpy as np
from numpy.typing import NDArray

import lotties
import media
import scenes
from vidgenie.core.edit.parse import parse
from vidgenie.core.plan.model import Plan
from vidgenie.core.plan.outputs import plan_output
from vidgenie.core.timeline.needs import needs
from vidgenie.core.timeline.resolve import resolve
from vidgenie.engine.audio.master import mastered
from vidgenie.engine.probe import probe
from vidgenie.engine.values import Assets, LocalSource

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
MEDIA = EXAMPLES / "media"
SHEET = ROOT / "docs" / "gallery.png"
CELL = (320, 214)
"""A picture's room on the sheet, and its name's below."""

Picture = NDArray[np.uint8]


class Example(NamedTuple):
    """An edit of the gallery as it would be made."""

    plan: Plan
    assets: Assets


# ── media ───────────────────────────────────────────────────────────────────────────────────


def make_media(folder: Path = MEDIA) -> Path:
    """Draw what is missing in the folder; return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in SOURCES.items():
        path = folder / name
        if not path.exists():
            part = path.with_name(f"part-{name}")
            write(part)
            part.replace(path)
    return folder


def _still(draw: Callable[..., None], path: Path, *, size: tuple[int, int] = scenes.SIZE) -> None:
    cv2.imwrite(str(path), cv2.cvtColor(scenes.picture(draw, size), cv2.COLOR_RGBA2BGRA))


def _moving(draw: Callable[..., None], path: Path, *, seconds: int = 4) -> None:
    """Write 640 × 360 at 25 frames per second, through `time` 0..1."""
    with av.open(path, "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "18", "threads": "1"}
        stream.codec_context.colorspace = stream.codec_context.color_primaries = 1
        stream.codec_context.color_trc = stream.codec_context.color_range = 1
        for number in range(seconds * 25):
            pixels = scenes.picture(partial(draw, time=number / (seconds * 25)), scale=0.5)
            frame = av.VideoFrame.from_ndarray(pixels, "rgba").reformat(
                format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG"
            )
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _voice(path: Path) -> None:
    """Write bursts of a low tone, as long as words are."""
    seconds = 6
    time_s = np.arange(seconds * 48_000) / 48_000
    words = (np.sin(2 * np.pi * 2.1 * time_s) > -0.2) * (np.sin(2 * np.pi * 0.31 * time_s) > -0.6)
    soft = np.convolve(words, np.ones(960) / 960, mode="same")
    tone = sum(np.sin(2 * np.pi * 150 * k * time_s) / k for k in (1, 2, 3, 5))
    samples = (0.22 * tone * soft).astype(np.float32)
    media.write_sound(path, np.stack([samples, samples]))


def _disc(path: Path) -> None:
    """Write a luma matte that shows a disc: black shows, white does not."""
    matte = np.full((400, 400), 255, np.uint8)
    cv2.circle(matte, (200, 200), 198, 0, -1, cv2.LINE_AA)
    cv2.imwrite(str(path), matte)


LESSON = """1
00:00:00,200 --> 00:00:01,700
Choose a report on the left,
and the chart follows.

2
00:00:01,900 --> 00:00:03,800
Hold the pointer over a bar
to see the figures of its week.
"""


SOURCES: dict[str, Callable[[Path], object]] = {
    "hills.png": partial(_still, scenes.hills),
    "skyline.png": partial(_still, scenes.skyline),
    "bokeh.png": partial(_still, scenes.bokeh),
    "house.png": partial(_still, scenes.house),
    "lounge.png": partial(_still, scenes.lounge),
    "kitchen.png": partial(_still, scenes.kitchen),
    "bottle.png": partial(_still, scenes.bottle, size=(480, 720)),
    "iris.png": partial(_still, scenes.iris),
    "swatches.png": partial(_still, scenes.swatches),
    "screen.mp4": partial(_moving, scenes.screen),
    "speaker.mp4": partial(_moving, scenes.speaker),
    "sunrise.mp4": partial(_moving, scenes.hills),
    "city.mp4": partial(_moving, scenes.skyline),
    "sweep.mp4": partial(_moving, scenes.sweep, seconds=2),
    "counter.mp4": lambda path: media.write_counter_video(path, rate=25, frames=100, sound=True),
    "music.wav": lambda path: media.write_music(path, 8),
    "voice.wav": _voice,
    "disc.png": _disc,
    "lesson.srt": lambda path: path.write_text(LESSON, encoding="utf-8"),
    "shipped.json": partial(lotties.write, lotties.badge()),
}


# ── examples ────────────────────────────────────────────────────────────────────────────────


def folders(part: str = "") -> list[Path]:
    """Return the examples whose name begins with `part`, in order."""
    return sorted(path.parent for path in EXAMPLES.glob(f"{part}*/edit.json"))


def read(example: Path) -> Example:
    """Return an example planned, its sources found beside it.

    Raises: EditInvalid.
    """
    edit = parse(json.loads((example / "edit.json").read_text(encoding="utf-8")), allow_local=True)
    paths = {need.src: (example / need.src).resolve() for need in needs(edit)}
    assets = {src: LocalSource(path, probe(path)) for src, path in paths.items()}
    facts = {src: source.facts for src, source in assets.items()}
    return Example(plan_output(edit.output, resolve(edit, facts)), assets)


def sound_of(example: Example) -> dict[str, object] | None:
    """Return facts of the whole sound: seconds, peak, RMS of each second; None for silence."""
    timeline = example.plan.timeline
    if not timeline.voices:
        return None
    samples = np.concatenate(list(mastered(timeline, example.assets)), axis=1)
    seconds = range(0, samples.shape[1], 48_000)
    loud = (np.sqrt(np.mean(samples[:, at : at + 48_000] ** 2)) for at in seconds)
    return {
        "duration_s": round(samples.shape[1] / 48_000, 3),
        "peak": round(float(np.abs(samples).max()), 3),
        "rms": [round(float(value), 3) for value in loud],
    }


# ── contact sheet ───────────────────────────────────────────────────────────────────────────


def write_sheet(target: Path = SHEET, *, columns: int = 5) -> Path:
    """Write one picture of all examples' middle golden frames, each with its name."""
    cells = [_cell(example) for example in folders()]
    blank = np.full((*CELL[::-1], 3), 250, np.uint8)
    cells += [blank] * (-len(cells) % columns)
    rows = [np.hstack(cells[at : at + columns]) for at in range(0, len(cells), columns)]
    cv2.imwrite(str(target), np.vstack(rows), [cv2.IMWRITE_PNG_COMPRESSION, 9])
    return target


def _cell(example: Path) -> Picture:
    frames = sorted((example / "frames").glob("*.png"))
    frame = cv2.imread(str(frames[len(frames) // 2]))
    assert frame is not None, example
    width, height = CELL[0] - 16, CELL[1] - 40
    scale = min(width / frame.shape[1], height / frame.shape[0])
    size = (round(frame.shape[1] * scale), round(frame.shape[0] * scale))
    small = cv2.resize(frame, size, interpolation=cv2.INTER_AREA)
    cell = np.full((*CELL[::-1], 3), 250, np.uint8)
    left, top = (CELL[0] - size[0]) // 2, 8 + (height - size[1]) // 2
    cell[top : top + size[1], left : left + size[0]] = small
    place = (10, CELL[1] - 12)
    font = cv2.FONT_HERSHEY_SIMPLEX
    cv2.putText(cell, example.name, place, font, 0.42, (70, 60, 60), 1, cv2.LINE_AA)
    return cell


if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    if wanted not in ("media", "sheet"):
        raise SystemExit("usage: gallery.py media | sheet")
    print(make_media() if wanted == "media" else write_sheet())
