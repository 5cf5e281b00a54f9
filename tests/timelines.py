"""Hypothesis strategies for resolved timelines: what the planner and the engine are given."""

from dataclasses import replace
from fractions import Fraction
from typing import get_args

from hypothesis import strategies as st

from vidgenie.core.color import Color
from vidgenie.core.geometry import ANCHORS, Rect, Size, fit_scales
from vidgenie.core.timebase import FrameRange, FrameRate
from vidgenie.core.timeline.facts import Coding, FrameTimes, ParameterFacts, VideoFacts
from vidgenie.core.timeline.graphic import Graphic
from vidgenie.core.timeline.graphics.lettering import Lettering, Letters
from vidgenie.core.timeline.looks import (
    Blend,
    Filter,
    MaskedBy,
    MaskKind,
    WipeKind,
    WipeMotion,
)
from vidgenie.core.timeline.model import (
    ImageContent,
    Motion,
    PlacedClip,
    ResolvedTimeline,
    Swing,
    VideoContent,
)
from vidgenie.core.tween import EASINGS, Curve, Step

RATES = (FrameRate(30), FrameRate(25), FrameRate(30000, 1001), FrameRate(12))
VIDEO_SIZE = Size(160, 90)
IMAGE_SIZE = Size(64, 48)
BLENDS = get_args(Blend)


@st.composite
def curves(draw: st.DrawFn, low: float, high: float, base: float) -> Curve:
    """A property: mostly still, sometimes moving, with holds and jumps."""
    if draw(st.integers(0, 2)):
        return Curve.constant(draw(st.sampled_from([base, base, low, high])))
    value = st.sampled_from([low, high, base, (low + high) / 2])
    cuts = sorted(draw(st.sets(st.integers(0, 24), min_size=2, max_size=4)))
    steps = []
    for start, stop in zip(cuts[::2], cuts[1::2], strict=False):
        steps.append(
            Step(
                start / 10,
                (stop - start) / 10,
                draw(value),
                draw(value),
                draw(st.sampled_from(["linear", "bezier", "constant"])),
                draw(st.sampled_from(sorted(EASINGS))),
            )
        )
    return Curve.of(base, steps)


@st.composite
def contents(draw: st.DrawFn, has_media: bool) -> tuple[object, Size, bool]:
    """Something to show, its size, and whether it is opaque."""
    kinds = ["text", "image", "image-alpha", "video", "video"] if has_media else ["text"]
    match draw(st.sampled_from(kinds)):
        case "text":
            size = draw(st.sampled_from([Size(80, 40), Size(160, 90)]))
            text = draw(st.sampled_from(["Hi", "Two words", "A b c"]))
            return Lettering(text, size, Letters(size_px=18)), size, False
        case "image":
            return ImageContent("image"), IMAGE_SIZE, True
        case "image-alpha":
            return ImageContent("image-alpha"), IMAGE_SIZE, False
        case _:
            start = Fraction(draw(st.integers(0, 12)), 10)
            times = FrameTimes(60, draw(st.sampled_from([FrameRate(30), FrameRate(10)])))
            speed = Fraction(draw(st.sampled_from([1, 1, 1, 2, 0, Fraction(1, 3)])))
            passes = [None, 2 / times.rate.fraction, Fraction(7, 10)]
            pass_s = draw(st.sampled_from(passes)) if speed else None
            return VideoContent("video", start, times, speed, pass_s), VIDEO_SIZE, True


@st.composite
def clips(draw: st.DrawFn, name: str, frame: Size, has_media: bool) -> PlacedClip:
    """One placed clip, often plain, sometimes with everything done to it."""
    content, size, is_opaque = draw(contents(has_media))
    source = Rect.of(size)
    fit = fit_scales(source, frame, draw(st.sampled_from(["crop", "contain", "cover", "none"])))
    start = draw(st.integers(0, 40))
    motion = Motion(
        scales=(draw(curves(0.0, 1.5, 1.0)),),
        offsets_x=(draw(curves(-1.2, 1.2, 0.0)),),
        offsets_y=(draw(curves(-1.2, 0.5, 0.0)),),
        opacities=(draw(curves(0.0, 1.0, 1.0)),),
        zooms=(draw(curves(0.0, 1.3, 1.0)),) if draw(st.booleans()) else (),
        rotations=(draw(curves(-40.0, 90.0, 0.0)),) if draw(st.booleans()) else (),
        skews_x=(draw(curves(-0.4, 0.4, 0.0)),) if draw(st.booleans()) else (),
        swings=(Swing((1.0, 0.0), draw(curves(-90.0, 60.0, 0.0))),)
        if not draw(st.integers(0, 5))
        else (),
        wipes=draw(wipes()),
    )
    return PlacedClip(
        name=name,
        frames=FrameRange(start, start + draw(st.integers(1, 40))),
        content=content,  # type: ignore[arg-type]
        source=source,
        fit=fit,
        anchor=draw(st.sampled_from(sorted(ANCHORS.values()))),
        motion=motion,
        is_opaque=is_opaque,
        flips=draw(st.sampled_from([(False, False), (False, False), (True, False), (True, True)])),
        filter=draw(filters(isinstance(content, Graphic))),
        blend=draw(st.sampled_from(BLENDS)) if not draw(st.integers(0, 4)) else "normal",
    )


@st.composite
def wipes(draw: st.DrawFn) -> tuple[WipeMotion, ...]:
    """Seldom one."""
    if draw(st.integers(0, 4)):
        return ()
    kind = draw(st.sampled_from(get_args(WipeKind)))
    return (WipeMotion(kind, draw(st.booleans()), draw(curves(0.0, 1.0, 1.0))),)


def filters(is_text: bool) -> st.SearchStrategy[Filter | None]:
    """Seldom one; what blurred letters look like, the reference painter does not know."""
    names = [name for name in get_args(Filter) if not (is_text and name == "blur")]
    return st.sampled_from([None] * 3 * len(names) + names)


@st.composite
def masked(draw: st.DrawFn, clip: PlacedClip, frame: Size, has_media: bool) -> PlacedClip:
    """A clip that another one masks, seldom."""
    if draw(st.integers(0, 4)):
        return clip
    over = draw(clips(f"mask of {clip.name}", frame, has_media))
    kind = draw(st.sampled_from(get_args(MaskKind)))
    mask = MaskedBy(kind, replace(over, blend="normal"), draw(st.booleans()), draw(st.booleans()))
    return replace(clip, masks=(mask,))


@st.composite
def timelines(draw: st.DrawFn, *, frames_max: int = 60, has_media: bool = True) -> ResolvedTimeline:
    """A small timeline of up to six overlapping clips."""
    size = draw(st.sampled_from([Size(160, 90), Size(90, 160), Size(96, 96)]))
    start = draw(st.sampled_from([0, 0, 0, 7]))
    count = draw(st.integers(0, 6))
    made = [draw(clips(f"0.{index}", size, has_media)) for index in range(count)]
    return ResolvedTimeline(
        size=size,
        rate=draw(st.sampled_from(RATES)),
        frames=FrameRange(start, start + draw(st.integers(1, frames_max))),
        background=draw(st.sampled_from([Color(0, 0, 0), Color(40, 90, 160)])),
        clips=tuple(draw(masked(clip, size, has_media)) for clip in made),
    )


@st.composite
def sources(draw: st.DrawFn, rate: FrameRate) -> VideoFacts:
    """An H.264 file with the frame of the timeline, keyframes anywhere; sometimes with a flaw."""
    count = draw(st.integers(30, 120))
    keyframes = {0} | draw(st.sets(st.integers(1, count - 1), max_size=8))
    sets = ParameterFacts(draw(st.sampled_from(["one", "two"])), (draw(st.integers(0, 1)),))
    coded = Coding(
        keyframes=tuple(sorted(keyframes)),
        open_gops=(max(keyframes),) if not draw(st.integers(0, 7)) else (),
        has_hidden=not draw(st.integers(0, 7)),
        profile="High",
        width=VIDEO_SIZE.width,
        height=VIDEO_SIZE.height,
        color=(1, 1, 1),
        sets=sets,
    )
    times = FrameTimes(count, draw(st.sampled_from([rate, rate, rate, FrameRate(10)])))
    return VideoFacts(VIDEO_SIZE.width, VIDEO_SIZE.height, times, "h264", "yuv420p", coded=coded)


@st.composite
def joins(draw: st.DrawFn) -> ResolvedTimeline:
    """Trimmed sources one after the other, mostly untouched, with a clip over them here and there.

    `asset` names them by their number.
    """
    rate = draw(st.sampled_from(RATES))
    known = draw(st.lists(sources(rate), min_size=1, max_size=3))
    made: list[PlacedClip] = []
    for _ in range(draw(st.integers(1, 4))):
        number = draw(st.integers(0, len(known) - 1))
        begin = Fraction(draw(st.integers(0, 60)), draw(st.sampled_from([30, 7])))
        content = VideoContent(str(number), begin, known[number].frames, facts=known[number])
        start = (made[-1].frames.stop if made else 0) + draw(st.sampled_from([0, 0, 0, 1, 5]))
        made.append(
            PlacedClip(
                name=f"1.{len(made)}",
                frames=FrameRange(start, start + draw(st.integers(20, 90))),
                content=content,
                source=Rect.of(VIDEO_SIZE),
                fit=(1.0, 1.0) if draw(st.integers(0, 9)) else (1.5, 1.5),
                anchor=(0.5, 0.5),
                motion=Motion(opacities=(draw(curves(0.5, 1.0, 1.0)),)),
                is_opaque=True,
            )
        )
    frames = FrameRange(draw(st.sampled_from([0, 3])), made[-1].frames.stop)
    over = [
        draw(clips(f"0.{n}", VIDEO_SIZE, False)) for n in range(draw(st.sampled_from([0, 0, 1])))
    ]
    over = [clip for clip in over if clip.frames.stop <= frames.stop]
    return ResolvedTimeline(VIDEO_SIZE, rate, frames, Color(0, 0, 0), (*made, *over))
