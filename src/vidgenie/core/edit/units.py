"""Offsets in pixels made fractions of the frame: behind this, an edit counts in fractions only."""

from typing import Any

from vidgenie.core.edit.model import (
    Clip,
    CompositionAsset,
    Edit,
    Keyframe,
    Offset,
    Timeline,
    TitleAsset,
    Transform,
    Tween,
)
from vidgenie.core.edit.output import Units, frame_size, units_of

Frame = tuple[float, float]
"""Width and height in pixels."""


def in_fractions(edit: Edit) -> Edit:
    """Return the edit with every offset a fraction of its frame.

    A composition is a frame of its own; its timeline counts as the outer one does unless it says.
    """
    timeline = _timeline(edit.timeline, frame_size(edit.output), units_of(edit))
    return edit if timeline is edit.timeline else edit.model_copy(update={"timeline": timeline})


def _timeline(timeline: Timeline, frame: Frame, units: Units) -> Timeline:
    tracks = [
        (track, tuple(_clip(clip, frame, units) for clip in track.clips))
        for track in timeline.tracks
    ]
    pairs = [pair for track, clips in tracks for pair in zip(track.clips, clips, strict=True)]
    if all(before is after for before, after in pairs):
        return timeline
    made = tuple(track.model_copy(update={"clips": clips}) for track, clips in tracks)
    return timeline.model_copy(update={"tracks": made, "units": "fraction"})


def _clip(clip: Clip, frame: Frame, units: Units) -> Clip:
    changed: dict[str, Any] = {}
    asset = clip.asset
    if isinstance(asset, CompositionAsset):
        inner = (
            asset.width or clip.width or frame[0],
            asset.height or clip.height or frame[1],
        )
        timeline = _timeline(asset.timeline, inner, asset.timeline.units or units)
        if timeline is not asset.timeline:
            changed["asset"] = asset.model_copy(update={"timeline": timeline})
    if units == "px":
        changed |= _in_pixels(clip, frame)
    return clip.model_copy(update=changed) if changed else clip


def _in_pixels(clip: Clip, frame: Frame) -> dict[str, Any]:
    """Return what changes of a clip whose offsets count pixels."""
    changed: dict[str, Any] = {}
    asset = clip.asset
    if clip.offset is not None:
        changed["offset"] = _offset(clip.offset, frame)
    if isinstance(asset, TitleAsset) and asset.offset is not None:
        changed["asset"] = asset.model_copy(update={"offset": _offset(asset.offset, frame)})
    if clip.transform is not None:
        changed["transform"] = _transform(clip.transform, frame)
    return changed


def _offset(offset: Offset, frame: Frame) -> Offset:
    return offset.model_copy(
        update={"x": _moving(offset.x, frame[0]), "y": _moving(offset.y, frame[1])}
    )


def _moving(value: float | tuple[Tween, ...] | None, side: float) -> Any:
    if not isinstance(value, tuple):
        return _part(value, side)
    return tuple(
        tween.model_copy(update={"from_": _part(tween.from_, side), "to": _part(tween.to, side)})
        for tween in value
    )


def _transform(transform: Transform, frame: Frame) -> Transform:
    changed: dict[str, Any] = {}
    if transform.keyframes is not None:
        changed["keyframes"] = tuple(_keyframe(one, frame) for one in transform.keyframes)
    config, preset = transform.preset_config, transform.preset or ""
    if config is not None and config.pan_distance is not None:
        side = frame[1] if preset.endswith(("up", "down")) else frame[0]
        part = {"pan_distance": _part(config.pan_distance, side)}
        changed["preset_config"] = config.model_copy(update=part)
    return transform.model_copy(update=changed) if changed else transform


def _keyframe(keyframe: Keyframe, frame: Frame) -> Keyframe:
    return keyframe.model_copy(
        update={"x": _part(keyframe.x, frame[0]), "y": _part(keyframe.y, frame[1])}
    )


def _part(pixels: float | None, side: float) -> float | None:
    return None if pixels is None else pixels / side
