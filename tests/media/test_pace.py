"""Speed, loops and held frames, from the edit to the encoded file: counters read back."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import media
from documents import VIDEO, clip, edit
from vidgenie.core.edit.parse import parse
from vidgenie.core.plan.chunks import plan
from vidgenie.core.timeline.resolve import resolve
from vidgenie.engine.probe import probe
from vidgenie.engine.render import render_chunk
from vidgenie.engine.values import LocalSource

COUNT = 50
RATE = 25


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> LocalSource:
    path = tmp_path_factory.mktemp("pace") / "a.mp4"
    media.write_counter_video(path, size=(320, 180), frames=COUNT, rate=RATE)
    return LocalSource(path, probe(path))


def wanted(seconds: Fraction, trim: Fraction, speed: Fraction, *, loop: bool) -> int:
    """Second t of a clip is second `speed × (trim + t)` of its source (EDIT.md §7)."""
    left = Fraction(COUNT, RATE) / speed - trim if speed else Fraction(0)
    if loop:
        seconds %= left
    return min(int(speed * (trim + seconds) * RATE), COUNT - 1)


@pytest.mark.parametrize(
    ("asset", "decoded_max"),
    [
        ({"speed": 2, "trim": 0.2}, COUNT + 1),  # held from second 0.8 on
        ({"speed": 0.5, "trim": 0.4}, 44),
        ({"speed": 0, "trim": 1}, 1),
        ({"speed": 10}, COUNT + 1),
        ({"trim": 1.4, "loop": True}, 3 * COUNT),
        ({"speed": 2.5, "trim": 0.2, "loop": True}, 3 * COUNT),
    ],
)
def test_every_frame_shows_its_second_of_the_source(
    source: LocalSource, tmp_path: Path, asset: dict[str, Any], decoded_max: int
) -> None:
    document = edit(
        clip(asset=VIDEO | asset, start=0, length=1.6),
        output={"size": {"width": 320, "height": 180}, "fps": 25, "resolution": None},
    )
    assets = {VIDEO["src"]: source}
    made = plan(resolve(parse(document), {VIDEO["src"]: source.facts}))
    (chunk,) = made.chunks
    stats = render_chunk(made.timeline, chunk, assets, made.encoder, tmp_path / "chunk.mp4")
    shown = [media.read_counter(luma) for _, luma in media.luma_frames(tmp_path / "chunk.mp4")]
    trim, speed = (
        Fraction(str(asset.get(name, value))) for name, value in (("trim", 0), ("speed", 1))
    )
    told = [wanted(Fraction(n, 25), trim, speed, loop=asset.get("loop", False)) for n in range(40)]
    assert shown == told[: len(shown)]
    assert len(shown) == chunk.frames.stop - chunk.frames.start
    assert stats.frames_decoded <= decoded_max


@pytest.mark.parametrize(
    ("name", "codec", "pixel_format"), [("a.gif", "gif", "rgb8"), ("a.apng", "apng", "rgba")]
)
def test_an_animated_image_moves_and_begins_again(
    tmp_path: Path, name: str, codec: str, pixel_format: str
) -> None:
    path = media.write_counter_video(
        tmp_path / name,
        size=(320, 180),
        frames=10,
        rate=25,
        codec=codec,
        pixel_format=pixel_format,
        options={},
    )
    image = {"type": "image", "src": "https://media.example/a"}
    assets = {image["src"]: LocalSource(path, probe(path))}
    document = edit(
        clip(asset=image, start=0, length=1.6),
        output={"size": {"width": 320, "height": 180}, "fps": 25, "resolution": None},
    )
    made = plan(resolve(parse(document), {image["src"]: assets[image["src"]].facts}))
    (chunk,) = made.chunks
    render_chunk(made.timeline, chunk, assets, made.encoder, tmp_path / "chunk.mp4")
    shown = [media.read_counter(luma) for _, luma in media.luma_frames(tmp_path / "chunk.mp4")]
    assert shown == [number % 10 for number in range(40)]
