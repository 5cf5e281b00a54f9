"""The timelines for MoviePy 2, written as its guide shows; run in `.venv-bench`.

    .venv-bench/bin/python bench/films.py FILM GIVEN.json OUT.mp4

`GIVEN` is a case's `given`: the same files, and titles drawn as PNGs, as ffmpeg gets them.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from moviepy import (
    AudioFileClip,
    ColorClip,
    CompositeVideoClip,
    ImageClip,
    VideoFileClip,
    concatenate_videoclips,
    vfx,
)

FPS, FADE_S = 30, 1.0
WIDE, TALL = (1920, 1080), (1080, 1920)
Given = dict[str, Any]


def headline(given: Given) -> Any:
    """Videos, camera moves, cross-fades, a moving title, a logo."""
    part_s = given["part_s"]
    parts = [
        VideoFileClip(given["videos"][0], audio=False).subclipped(0, part_s),
        camera(given["photos"][0], part_s, (1.0, 1.2)),
        camera(given["photos"][1], part_s, (1.25, 1.05)),
        VideoFileClip(given["videos"][1], audio=False).subclipped(0, part_s),
    ]
    faded, seconds = cross_faded(parts, part_s)
    title, length, move = given["title"], given["title_length"], given["move_px"]
    moving = (
        ImageClip(title["path"], duration=length)
        .with_start(given["title_start"])
        .with_position(lambda t: (title["x"] + move * t / length, title["y"]))
        .with_effects([vfx.CrossFadeIn(FADE_S), vfx.CrossFadeOut(FADE_S)])
    )
    return CompositeVideoClip([*faded, moving, placed(given["logo"], 0, seconds)], size=WIDE)


def talk(given: Given) -> Any:
    """One video, a logo, two lower thirds."""
    seconds = given["seconds"]
    speaker = VideoFileClip(given["video"], audio=False).subclipped(0, seconds)
    fades = [vfx.CrossFadeIn(FADE_S), vfx.CrossFadeOut(FADE_S)]
    thirds = [placed(t, t["start"], t["length"]).with_effects(fades) for t in given["thirds"]]
    return CompositeVideoClip([speaker, *thirds, placed(given["logo"], 0, seconds)], size=WIDE)


def slideshow(given: Given) -> Any:
    """Camera moves, cross-fades, captions."""
    part_s = given["part_s"]
    zooms = ((1.0, 1.2), (1.25, 1.05))
    parts = [camera(path, part_s, zooms[n % 2]) for n, path in enumerate(given["photos"])]
    faded, _ = cross_faded(parts, part_s)
    captions = [
        placed(one, n * (part_s - FADE_S) + FADE_S, part_s - 2 * FADE_S)
        for n, one in enumerate(given["captions"])
    ]
    return CompositeVideoClip([*faded, *captions], size=WIDE)


def short(given: Given) -> Any:
    """A video cropped to 9:16, captions, a growing bar."""
    seconds = given["seconds"]
    base = VideoFileClip(given["video"], audio=False).subclipped(0, seconds)
    base = base.resized(height=TALL[1]).cropped(x_center=1707, width=TALL[0])
    captions = [placed(one, n, 1) for n, one in enumerate(given["captions"])]
    bar = ColorClip((TALL[0], given["bar_px"]), (255, 210, 63), duration=seconds)
    bar = bar.with_position(lambda t: (-TALL[0] + TALL[0] * t / seconds, 0))
    return CompositeVideoClip([base, *captions, bar], size=TALL)


def concat(given: Given) -> Any:
    """Four cuts, joined."""
    parts = [
        VideoFileClip(path, audio=False).subclipped(trim, trim + given["part_s"])
        for path, trim in given["parts"]
    ]
    return concatenate_videoclips(parts)


def template(given: Given) -> Any:
    """A video, then a still with words."""
    intro, seconds = given["intro_s"], given["seconds"]
    opening = VideoFileClip(given["video"], audio=False).subclipped(0, intro)
    photo = ImageClip(given["photo"]).resized(width=WIDE[0]).with_position("center")
    words = [placed(one, one["start"], seconds - one["start"]) for one in given["words"]]
    shown = photo.with_start(intro).with_duration(seconds - intro)
    return CompositeVideoClip([opening, shown, *words], size=WIDE)


def still(given: Given) -> Any:
    """A photograph and a title."""
    photo = ImageClip(given["photo"], duration=given["seconds"]).resized(width=WIDE[0])
    title = placed(given["title"], 0, given["seconds"])
    return CompositeVideoClip([photo.with_position("center"), title], size=WIDE)


def camera(path: str, seconds: float, zoom: tuple[float, float]) -> Any:
    """Return a move into or out of a photograph."""
    first, last = zoom
    photo = ImageClip(path).resized(width=WIDE[0]).with_duration(seconds)
    moved = photo.resized(lambda t: first + (last - first) * t / seconds)
    return CompositeVideoClip([moved.with_position("center")], size=WIDE).with_duration(seconds)


def cross_faded(parts: list[Any], part_s: float) -> tuple[list[Any], float]:
    """Return the parts, each fading in over the one before, and how long they are."""
    step = part_s - FADE_S
    faded = [
        part.with_start(n * step).with_effects([vfx.CrossFadeIn(FADE_S)] if n else [])
        for n, part in enumerate(parts)
    ]
    return faded, len(parts) * step + FADE_S


def placed(one: Given, start: float, seconds: float) -> Any:
    """Return a drawn title at its place."""
    shown = ImageClip(one["path"], duration=seconds).with_start(start)
    return shown.with_position((one["x"], one["y"]))


FILMS: dict[str, Callable[[Given], Any]] = {
    one.__name__: one for one in (headline, talk, slideshow, short, concat, template, still)
}


def main() -> None:
    """Make one film."""
    name, told, target = sys.argv[1:]
    given = json.loads(Path(told).read_text())
    made = FILMS[name](given)
    music = AudioFileClip(given["music"])
    made.with_audio(music.with_duration(min(music.duration, made.duration))).write_videofile(
        target,
        fps=FPS,
        codec="libx264",
        preset="veryfast",
        ffmpeg_params=["-crf", "22", "-g", "60"],
        audio_codec="aac",
        audio_bitrate="192k",
        logger=None,
    )


if __name__ == "__main__":
    main()
