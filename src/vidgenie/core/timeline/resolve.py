"""From an edit and the facts of its sources to a timeline on the frame grid.

Seconds become frames here, once per clip edge; geometry becomes scales and anchors; transitions
and fades become curves beside the user's own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from vidgenie.core.color import Color
from vidgenie.core.edit.model import (
    AudioAsset,
    CaptionAsset,
    Clip,
    CompositionAsset,
    Crop,
    Edit,
    ImageAsset,
    LottieAsset,
    LumaAsset,
    RichCaptionAsset,
    VideoAsset,
)
from vidgenie.core.edit.output import KEEP_ALPHA, frame_rate, frame_size, units_of
from vidgenie.core.edit.references import each_clip
from vidgenie.core.edit.units import in_fractions
from vidgenie.core.geometry import ANCHORS, Rect, Size, fit_scales
from vidgenie.core.timebase import FrameRange, exact_seconds
from vidgenie.core.timeline.crossing import all_passages
from vidgenie.core.timeline.effects import Stage, slides
from vidgenie.core.timeline.facts import ANIMATIONS, MediaFacts, VideoFacts, pass_of
from vidgenie.core.timeline.graphic import Graphic
from vidgenie.core.timeline.graphics.captioned import with_captions
from vidgenie.core.timeline.graphics.composition import CLEAR, CompositionContent
from vidgenie.core.timeline.graphics.lottie import LottieContent
from vidgenie.core.timeline.graphics.nested import edit_of, inside
from vidgenie.core.timeline.graphics.scene import Scene
from vidgenie.core.timeline.graphics.table import GRAPHICS
from vidgenie.core.timeline.grid import Grid
from vidgenie.core.timeline.looks import ChromaKey
from vidgenie.core.timeline.masks import masked
from vidgenie.core.timeline.model import (
    Content,
    ImageContent,
    PlacedClip,
    ResolvedTimeline,
    VideoContent,
)
from vidgenie.core.timeline.motion import flips_of, motion_of
from vidgenie.core.timeline.timing import Schedule, Times, schedule
from vidgenie.core.timeline.transitions import Passage
from vidgenie.core.timeline.voices import voices_of
from vidgenie.errors import EditInvalid, Problem

Facts = Mapping[str, MediaFacts]

KEY_THRESHOLD = 100
KEY_HALO = 60
"""A chroma key that says only its colour: evenly lit screens go, greys and skin stay."""


def resolve(edit: Edit, facts: Facts) -> ResolvedTimeline:
    """Return the edit's meaning: every clip on the frame grid, every curve explicit.

    Law: pure; the same edit and facts give the same timeline.
    Raises: EditInvalid for what only the sources can tell (a clip of a picture without a picture).
    """
    edit = in_fractions(edit)
    times = schedule(edit, facts)
    _check_kinds(edit, facts)
    size = Size(*frame_size(edit.output))
    rate = frame_rate(edit.output)
    grid = Grid(size, rate, max(1, rate.frame_at(times.duration)))
    return ResolvedTimeline(
        size=size,
        rate=rate,
        frames=_window(edit, grid),
        background=_ground(edit),
        clips=tuple(_clips(edit, facts, times, grid)),
        voices=() if edit.output.mute else tuple(voices_of(edit, facts, times, grid)),
        loudness_lufs=_loudness(edit),
    )


def _ground(edit: Edit) -> Color:
    """Return the background: on black where the format keeps nothing that is see-through."""
    color = Color.parse(edit.timeline.background)
    return color if edit.output.format in KEEP_ALPHA else color.on_black()


def _loudness(edit: Edit) -> float | None:
    """Return how loud the whole sound shall be."""
    audio = edit.timeline.audio
    wanted = audio.normalize if audio is not None else None
    return None if wanted is None or edit.output.mute else wanted.target_lufs


def _window(edit: Edit, grid: Grid) -> FrameRange:
    """Return the frames that are put out: all, or what `output.range` asks for."""
    rate, last = grid.rate, grid.last
    wanted = edit.output.range
    if wanted is None:
        return FrameRange(0, last)
    start = rate.frame_at(wanted.start or 0.0)
    if start >= last:
        message = (
            f"`range.start` is {wanted.start:g} s, but the timeline ends at"
            f" {float(rate.seconds_at(last)):g} s; begin earlier"
        )
        raise EditInvalid(problems=[Problem("/output/range/start", "out_of_range", message)])
    if wanted.length is None:
        return FrameRange(start, last)
    return FrameRange(start, min(last, start + max(1, rate.frame_at(wanted.length))))


def _check_kinds(edit: Edit, facts: Facts) -> None:
    """Refuse a video or image clip whose source shows nothing, an audio clip that is silent."""
    problems = []
    for track, clip_index, clip in each_clip(edit.timeline):
        message = _unsuitable(clip.asset, facts)
        if message:
            path = f"/timeline/tracks/{track}/clips/{clip_index}/asset/src"
            problems.append(Problem(path, "source_unsuitable", message))
    if edit.timeline.soundtrack and facts[edit.timeline.soundtrack.src].audio is None:
        known = facts[edit.timeline.soundtrack.src]
        message = f"the soundtrack's source has no sound (it is {known})"
        problems.append(Problem("/timeline/soundtrack/src", "source_unsuitable", message))
    for number, font in enumerate(edit.timeline.fonts):
        if font.src in facts and facts[font.src].font is None:
            message = f"this is no font that text can be set in (it is {facts[font.src]})"
            problems.append(Problem(f"/timeline/fonts/{number}/src", "source_unsuitable", message))
    if problems:
        raise EditInvalid(problems=problems)


def _unsuitable(asset: object, facts: Facts) -> str:
    """Return why an asset cannot be made of its source; empty where it can."""
    match asset:
        case CaptionAsset() | RichCaptionAsset() if not asset.words:
            known = facts.get(asset.src)
            if known is not None and known.captions is None:
                return f"the source of these captions is no caption file (it is {known})"
        case LottieAsset() if asset.src and facts[asset.src].lottie is None:
            return f"the source of this lottie clip is no animation (it is {facts[asset.src]})"
        case VideoAsset() | ImageAsset() | LumaAsset() if facts[asset.src].lottie is not None:
            return f'the source of this {asset.type} clip is a Lottie document: say type "lottie"'
        case VideoAsset() | ImageAsset() | LumaAsset() if facts[asset.src].video is None:
            return f"the source of this {asset.type} clip has no picture (it is {facts[asset.src]})"
        case AudioAsset() if facts[asset.src].audio is None:
            return f"the source of this audio clip has no sound (it is {facts[asset.src]})"
    return ""


def _clips(edit: Edit, facts: Facts, times: Schedule, grid: Grid) -> Iterator[PlacedClip]:
    """Yield what shows, bottom first: the last track is the lowest, later clips stand on top."""
    placed: dict[tuple[int, int], PlacedClip] = {}
    fonts = tuple(font.src for font in edit.timeline.fonts or ())
    aliases = {clip.alias: clip for _, _, clip in each_clip(edit.timeline) if clip.alias}
    scene = Scene(grid.size, facts, fonts, aliases)
    passages = all_passages(edit.timeline, times.clips)
    units = grid.size if units_of(edit) == "px" else None
    for track in range(len(edit.timeline.tracks) - 1, -1, -1):
        for index, clip in enumerate(edit.timeline.tracks[track].clips):
            if isinstance(clip.asset, AudioAsset) or not clip.is_shown:
                continue
            when = times.clips[track, index]
            standing = _Standing(when, passages[track, index], units)
            if isinstance(clip.asset, CompositionAsset):
                with inside(track, index):
                    made = _place(clip, scene, grid, standing)
            else:
                made = _place(clip, scene, grid, standing)
            if made.frames:
                placed[track, index] = replace(made, name=f"{track}.{index}")
    drawn = (clip for clip in masked(edit.timeline, placed) if clip.frames)
    return with_captions(edit.timeline, drawn, scene, (grid, times.clips))


@dataclass(frozen=True, slots=True)
class _Standing:
    """When a clip stands, how it comes and goes, and what its offsets count (see `Stage`)."""

    when: Times
    passages: tuple[Passage, ...]
    units: Size | None


def _place(clip: Clip, scene: Scene, grid: Grid, standing: _Standing) -> PlacedClip:
    size = grid.size
    content, natural, is_opaque = _content(clip, scene, grid)
    anchor, fills = ANCHORS[clip.position], False
    if isinstance(content, Graphic) and not isinstance(content, LottieContent):
        fit = (1.0, 1.0)
        source = content.part if isinstance(content, CompositionContent) else Rect.of(natural)
    elif isinstance(clip.asset, LumaAsset):
        source, fit = Rect.of(natural), (1.0, 1.0)  # it fits what it masks: `masks.py`
    else:
        crop = clip.asset.crop if isinstance(clip.asset, VideoAsset | ImageAsset) else None
        part = _cropped(natural, crop)
        box = _box(clip, part, size)
        fills = box.width >= size.width and box.height >= size.height
        # What a slide moves across the frame is not cut at it.
        uncut = slides(clip.effect) if fills else (False, False)
        source, fit = _fitted(part, box, clip, uncut=uncut)
        anchor = (0.5 if uncut[0] else anchor[0], 0.5 if uncut[1] else anchor[1])
        if isinstance(content, LottieContent):
            content = replace(content, part=source)
    shown = (source.width * fit[0], source.height * fit[1])
    stage = Stage(size, shown, standing.when.length, fills, standing.units)
    return PlacedClip(
        name="",
        frames=grid.frames(standing.when),
        content=content,
        source=source,
        fit=fit,
        anchor=anchor,
        motion=motion_of(clip, stage, standing.passages),
        is_opaque=is_opaque,
        flips=flips_of(clip),
        chroma_key=_chroma_key(clip),
        filter=None if clip.filter == "none" else clip.filter,
        blend=clip.blend or "normal",
    )


def _chroma_key(clip: Clip) -> ChromaKey | None:
    key = clip.asset.chroma_key if isinstance(clip.asset, VideoAsset) else None
    if key is None:
        return None
    threshold = KEY_THRESHOLD if key.threshold is None else key.threshold
    halo = KEY_HALO if key.halo is None else key.halo
    return ChromaKey(Color.parse(key.color), threshold, halo)


def _composition(clip: Clip, scene: Scene, grid: Grid) -> CompositionContent:
    """Return a composition: its timeline resolved in its own box, at the output's rate."""
    asset = clip.asset
    assert isinstance(asset, CompositionAsset), asset
    box = scene.box(clip, asset.width, asset.height)
    edit = edit_of(asset, scene.fonts)
    times = schedule(edit, scene.facts)
    _check_kinds(edit, scene.facts)
    inner = Grid(box, grid.rate, max(1, grid.rate.frame_at(times.duration)))
    has_background = "background" in asset.timeline.model_fields_set
    timeline = ResolvedTimeline(
        size=box,
        rate=grid.rate,
        frames=FrameRange(0, inner.last),
        background=Color.parse(asset.timeline.background) if has_background else CLEAR,
        clips=tuple(_clips(edit, scene.facts, times, inner)),
    )
    first = grid.rate.frame_at(asset.trim)
    return CompositionContent(box, _cropped(box, asset.crop), timeline, first)


def _content(clip: Clip, scene: Scene, grid: Grid) -> tuple[Content, Size, bool]:
    """Return what a clip shows, its own size, and whether no pixel of it is transparent."""
    asset = clip.asset
    if isinstance(asset, CompositionAsset):
        composition = _composition(clip, scene, grid)
        return composition, composition.box, False
    assert not isinstance(asset, AudioAsset), asset
    make = GRAPHICS.get(asset.type)
    if make is not None:
        graphic = make(clip, scene)
        return graphic, graphic.box, False
    assert isinstance(asset, VideoAsset | ImageAsset | LumaAsset), asset.type  # others: refused
    known = scene.facts[asset.src]
    video = known.video
    assert isinstance(video, VideoFacts), asset.src
    natural = Size(video.width, video.height)
    if not isinstance(asset, VideoAsset) and known.is_image:
        return ImageContent(asset.src), natural, not video.has_alpha
    return _moving(asset, known, video), natural, not video.has_alpha


def _moving(
    asset: VideoAsset | ImageAsset | LumaAsset, known: MediaFacts, video: VideoFacts
) -> VideoContent:
    """Return the pictures of a video: at its speed, from its `trim` on (EDIT.md §7), in its loop.

    An animated image goes on for ever, as in a browser (decision 0041).
    """
    speed = exact_seconds(asset.speed) if isinstance(asset, VideoAsset) else Fraction(1)
    start = speed * exact_seconds(0 if isinstance(asset, ImageAsset) else asset.trim)
    is_animation = isinstance(asset, ImageAsset) and known.container in ANIMATIONS
    is_loop = is_animation or (isinstance(asset, VideoAsset) and asset.loop)
    pass_s = pass_of(known, start, speed) if is_loop and video.frames.count > 1 else None
    return VideoContent(asset.src, start, video.frames, speed, pass_s, video)


def _cropped(natural: Size, crop: Crop | None) -> Rect:
    """Return the part of a source that its crop leaves; at least one pixel each way."""
    if crop is None:
        return Rect.of(natural)
    left, top = (crop.left or 0.0) * natural.width, (crop.top or 0.0) * natural.height
    width = natural.width * (1 - (crop.left or 0.0) - (crop.right or 0.0))
    height = natural.height * (1 - (crop.top or 0.0) - (crop.bottom or 0.0))
    return Rect(left, top, max(1.0, width), max(1.0, height))


def _box(clip: Clip, part: Rect, frame: Size) -> Size:
    """Return the box that a picture is fitted to: the frame, or as the clip says.

    Of a box with one side the other follows from the picture, as in CSS.
    """
    width, height = clip.width, clip.height
    if width is None and height is None:
        return frame
    width = width or (height or 0) * part.width / part.height
    height = height or width * part.height / part.width
    return Size(max(1, round(width)), max(1, round(height)))


def _fitted(
    part: Rect, box: Size, clip: Clip, *, uncut: tuple[bool, bool]
) -> tuple[Rect, tuple[float, float]]:
    """Return what of a source shows and its scales; what overflows its box is cut.

    `uncut` leaves what overflows across, or down. With `fit: none` the frame is no box: it cuts
    what stands on it anyway, wherever that is moved.
    """
    across, down = fit_scales(part, box, clip.fit)
    is_boxed = clip.width is not None or clip.height is not None
    if clip.fit != "crop" and not (clip.fit == "none" and is_boxed):
        return part, (across, down)
    width = part.width if uncut[0] else min(part.width, box.width / across)
    height = part.height if uncut[1] else min(part.height, box.height / down)
    left = part.left + (part.width - width) / 2
    top = part.top + (part.height - height) / 2
    return Rect(left, top, width, height), (across, down)
