"""What comes out of the encoder, decoded, is what the plain reference painter paints.

The recipes only differ in how they get there; each has a floor of similarity in dB, and a planted
fault per recipe must fall through it.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import media
import reference
from timelines import IMAGE_SIZE, VIDEO_SIZE, timelines
from vidgenie.core.color import Color
from vidgenie.core.geometry import Rect, Size
from vidgenie.core.plan.chunks import plan
from vidgenie.core.plan.model import Box, Chunk, EncoderSettings, Hold, Mix, Paint, Recipe, Span
from vidgenie.core.timebase import FrameRange, FrameRate
from vidgenie.core.timeline.facts import FrameTimes
from vidgenie.core.timeline.graphics.lettering import Lettering, Letters
from vidgenie.core.timeline.looks import Filter, MaskedBy, WipeKind, WipeMotion
from vidgenie.core.timeline.model import (
    FrameOf,
    ImageContent,
    Motion,
    PlacedClip,
    ResolvedTimeline,
    VideoContent,
)
from vidgenie.core.timeline.picture import picture_at
from vidgenie.core.tween import Curve, Step
from vidgenie.engine.paint import tile, warp
from vidgenie.engine.paint.box import BoxPainter
from vidgenie.engine.probe import probe
from vidgenie.engine.render import render_chunk
from vidgenie.engine.source import VideoSource
from vidgenie.engine.values import Assets, LocalSource

FLOORS_DB = {"hold": 33.0, "box": 33.0, "mix": 33.0, "paint": 33.0}
"""Luma. Chroma may be 3 dB lower: where its samples stand between pixels differs by filter."""

CHROMA_SLACK_DB = 3.0
NEARLY_LOSSLESS = EncoderSettings(crf=1, preset="ultrafast", gop_frames=30)
EXAMPLES = 100


@pytest.fixture(scope="module")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Assets:
    folder = tmp_path_factory.mktemp("media")
    size = (VIDEO_SIZE.width, VIDEO_SIZE.height)
    paths = {
        "video": media.write_counter_video(folder / "video.mp4", size=size, frames=60),
        "image": media.write_image(folder / "image.png", (IMAGE_SIZE.width, IMAGE_SIZE.height)),
        "image-alpha": media.write_image(
            folder / "alpha.png", (IMAGE_SIZE.width, IMAGE_SIZE.height), alpha=True
        ),
    }
    return {name: LocalSource(path, probe(path)) for name, path in paths.items()}


@pytest.fixture(scope="module")
def pictures(assets: Assets) -> reference.Media:
    """Every picture of every source, decoded on its own way: FFmpeg's RGB, not the pool's."""
    made: dict[str, list[reference.Pixels]] = {}
    for name, source in assets.items():
        assert source.facts.video is not None
        opened = VideoSource(source)
        frames = [opened.frame(index) for index in range(source.facts.video.frames.count)]
        made[name] = [_rgba(frame) for frame in frames]
        opened.close()
    return made


def _rgba(frame: av.VideoFrame) -> reference.Pixels:
    pixels = frame.reformat(format="rgba", src_colorspace="ITU709").to_ndarray() / 255
    pixels[..., :3] *= pixels[..., 3:]
    return pixels


def similarity(
    timeline: ResolvedTimeline, chunk: Chunk, assets: Assets, pictures: reference.Media, path: Path
) -> Iterator[tuple[Span, int, list[float]]]:
    """Render a chunk and yield, for every frame, the planes' similarity to the reference."""
    render_chunk(timeline, chunk, assets, NEARLY_LOSSLESS, path)
    decoded = []
    with av.open(str(path)) as container:
        for shown in container.decode(video=0):
            whole = shown.to_ndarray(format="yuv420p")
            rows, width = timeline.size.height, timeline.size.width
            chroma = whole[rows:].reshape(2, rows // 2, width // 2)
            decoded.append((whole[:rows], chroma[0], chroma[1]))
    assert len(decoded) == len(chunk.frames)
    for span in chunk.spans:
        for frame in range(span.frames.start, span.frames.stop):
            wanted = reference.to_yuv(reference.paint(picture_at(timeline, frame), pictures))
            found = decoded[frame - chunk.frames.start]
            yield span, frame, [reference.psnr(a, b) for a, b in zip(found, wanted, strict=True)]


def check(
    timeline: ResolvedTimeline, chunk: Chunk, assets: Assets, pictures: reference.Media, path: Path
) -> None:
    for span, frame, (luma, *chroma) in similarity(timeline, chunk, assets, pictures, path):
        floor = FLOORS_DB[span.recipe.kind]
        said = f"frame {frame} of {span}: {luma:.1f} dB luma, {min(chroma):.1f} dB chroma"
        assert luma >= floor, said
        assert min(chroma) >= floor - CHROMA_SLACK_DB, said


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(timelines(frames_max=8))
def test_rendered_frames_are_those_of_the_reference(
    assets: Assets, pictures: reference.Media, tmp_path: Path, timeline: ResolvedTimeline
) -> None:
    for chunk in plan(timeline).chunks:
        check(timeline, chunk, assets, pictures, tmp_path / "chunk.mp4")


# ── planted faults ──────────────────────────────────────────────────────────────────────────


def scene(recipe: Recipe) -> tuple[ResolvedTimeline, Chunk]:
    """A timeline that the planner makes with this recipe, whole."""
    still = Motion()
    glide = Motion(offsets_x=(Curve.of(0.0, [Step(0.0, 1.0, 0.0, 0.5)]),))
    zoom = Motion(scales=(Curve.of(1.0, [Step(0.0, 1.0, 1.0, 1.6)]),))
    image = PlacedClip(
        "1.0",
        FrameRange(0, 8),
        ImageContent("image"),
        Rect.of(IMAGE_SIZE),
        (2.5, 1.875),
        (0.5, 0.5),
        zoom if isinstance(recipe, Mix | Paint) else still,
        True,
    )
    text = Lettering("Moving", Size(100, 40), Letters(size_px=24, color=Color(255, 90, 0)))
    title = PlacedClip(
        "0.0", FrameRange(0, 8), text, Rect.of(text.box), (1, 1), (0.1, 0.5), glide, False
    )
    times = FrameTimes(60, FrameRate(30))
    video = VideoContent("video", times.rate.seconds_at(3), times)
    clip = PlacedClip(
        "2.0", FrameRange(0, 8), video, Rect.of(VIDEO_SIZE), (1.0, 1.0), (0.5, 0.5), still, True
    )
    clips = {"hold": (image,), "box": (clip, title), "mix": (clip, image), "paint": (clip, image)}[
        recipe.kind
    ]
    timeline = ResolvedTimeline(
        Size(160, 90), FrameRate(30), FrameRange(0, 8), Color(0, 0, 0), clips
    )
    spans = (Span(FrameRange(0, 8), recipe, tuple(range(len(clips)))),)
    return timeline, Chunk(0, FrameRange(0, 8), spans)


@pytest.mark.parametrize("recipe", [Hold(), Box(), Mix(), Paint()], ids=lambda recipe: recipe.kind)
def test_the_scenes_are_right_without_a_fault(
    assets: Assets, pictures: reference.Media, tmp_path: Path, recipe: Recipe
) -> None:
    timeline, chunk = scene(recipe)
    check(timeline, chunk, assets, pictures, tmp_path / "chunk.mp4")


@pytest.mark.parametrize("name", get_args(Filter))
@pytest.mark.parametrize("recipe", ["box", "mix"])
def test_a_filtered_picture_that_fills_the_frame_stays_in_its_planes(
    assets: Assets,
    pictures: reference.Media,
    tmp_path: Path,
    recipe: str,
    name: Filter,
) -> None:
    timeline, _ = scene(Box() if recipe == "box" else Mix())
    clip = timeline.clips[0 if recipe == "box" else 1]
    timeline = replace(timeline, clips=(replace(clip, filter=name),))
    (chunk,) = plan(timeline).chunks
    is_planar = name not in {"boost", "contrast"} and (recipe, name) != ("mix", "blur")
    assert not is_planar or [span.recipe.kind for span in chunk.spans] == [recipe]
    with pytest.MonkeyPatch.context() as patch:
        if is_planar:
            patch.setattr(tile.TileMaker, "tile", None)
        check(timeline, chunk, assets, pictures, tmp_path / "chunk.mp4")


MATTES = [*get_args(WipeKind), "luma", "luma-inverted"]


@pytest.mark.parametrize("name", MATTES)
@pytest.mark.parametrize("fit", [1.0, 0.73], ids=["copied", "resampled"])
def test_what_wipes_and_mattes_of_light_leave_is_laid_in_planes(
    assets: Assets, pictures: reference.Media, tmp_path: Path, name: str, fit: float
) -> None:
    timeline, _ = scene(Mix())
    video, image = timeline.clips
    if name in {"wipe", "reveal"}:
        progress = Curve.of(0.1, [Step(0.0, 0.3, 0.1, 0.9)])
        wiped = Motion(wipes=(WipeMotion(name, name == "wipe", progress),))  # type: ignore[arg-type]
        over = replace(video, fit=(fit, fit), motion=wiped)
    else:
        matte = replace(image, motion=Motion(), fit=(fit * 2.5, fit * 1.875))
        over = replace(video, masks=(MaskedBy(name, matte, False),))  # type: ignore[arg-type]
    clips = (replace(video, filter="negative"), over)
    timeline = replace(timeline, clips=clips)
    (chunk,) = plan(timeline).chunks
    assert chunk.spans[0].recipe.kind == "mix"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tile.TileMaker, "tile", None)
        check(timeline, chunk, assets, pictures, tmp_path / "chunk.mp4")


def _hold_what_moves(_: pytest.MonkeyPatch) -> tuple[ResolvedTimeline, Chunk]:
    timeline, chunk = scene(Box())
    return timeline, replace(chunk, spans=(replace(chunk.spans[0], recipe=Hold()),))


def _freeze_a_layer(_: pytest.MonkeyPatch) -> tuple[ResolvedTimeline, Chunk]:
    timeline, chunk = scene(Box())
    paint = BoxPainter.paint
    first: list[object] = []

    def frozen(self: BoxPainter, layers, static):  # type: ignore[no-untyped-def]
        first.append(layers)
        return paint(self, first[0], static)  # type: ignore[arg-type]

    _.setattr(BoxPainter, "paint", frozen)
    return timeline, chunk


def _next_source_frame(patch: pytest.MonkeyPatch) -> tuple[ResolvedTimeline, Chunk]:
    frame = VideoSource.frame
    patch.setattr(VideoSource, "frame", lambda self, index: frame(self, index + 1))
    return scene(Box())


def _wrong_matrix(patch: pytest.MonkeyPatch) -> tuple[ResolvedTimeline, Chunk]:
    patch.setattr(tile, "_TO_YUV", tile._TO_YUV[:, [2, 1, 0, 3]])
    return scene(Box())


def _half_a_pixel_off(patch: pytest.MonkeyPatch) -> tuple[ResolvedTimeline, Chunk]:
    sampled = warp._sampled

    def off(plane, back, part, size):  # type: ignore[no-untyped-def]
        return sampled(plane, replace(back, e=back.e + 0.75, f=back.f + 0.75), part, size)

    patch.setattr(warp, "_sampled", off)
    return scene(Mix())


def _layer_left_out(_: pytest.MonkeyPatch) -> tuple[ResolvedTimeline, Chunk]:
    timeline, chunk = scene(Paint())
    return timeline, replace(chunk, spans=(replace(chunk.spans[0], clips=(0,)),))


@pytest.mark.parametrize(
    "plant",
    [
        _hold_what_moves,
        _freeze_a_layer,
        _next_source_frame,
        _wrong_matrix,
        _half_a_pixel_off,
        _layer_left_out,
    ],
    ids=lambda plant: plant.__name__.strip("_"),
)
def test_a_planted_fault_is_caught(
    assets: Assets,
    pictures: reference.Media,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    plant: Callable[[pytest.MonkeyPatch], tuple[ResolvedTimeline, Chunk]],
) -> None:
    timeline, chunk = plant(monkeypatch)
    with pytest.raises(AssertionError, match="dB"):
        check(timeline, chunk, assets, pictures, tmp_path / "chunk.mp4")


def test_the_reference_itself_puts_pixels_where_geometry_says(pictures: reference.Media) -> None:
    timeline, _ = scene(Hold())
    painted = reference.paint(picture_at(timeline, 0), pictures)
    source = pictures["image"][0]
    assert np.allclose(painted[45, 80], source[24, 32, :3], atol=0.06)
    assert isinstance(picture_at(scene(Box())[0], 0).layers[0].drawable, FrameOf)
