"""Clips that their `condition` leaves out, taken out of the raw document before it is validated.

A clip is most often left out because the value it would show is missing; that its `src` is empty
then must be no fault. In its place stays a stub, so that the clips behind it keep their numbers.
"""

from collections.abc import Mapping
from typing import Any

from vidgenie.core.edit.model import holds


def without_left_out(document: dict[str, Any]) -> dict[str, Any]:
    """Return the merged document with a stub for every clip whose condition does not hold."""
    timeline = _timeline(document.get("timeline"))
    return document | {"timeline": timeline} if "timeline" in document else document


def _timeline(timeline: Any) -> Any:
    tracks = timeline.get("tracks") if isinstance(timeline, Mapping) else None
    if not isinstance(tracks, list):
        return timeline
    return {**timeline, "tracks": [_track(track) for track in tracks]}


def _track(track: Any) -> Any:
    clips = track.get("clips") if isinstance(track, Mapping) else None
    if not isinstance(clips, list):
        return track
    return {**track, "clips": [_clip(clip) for clip in clips]}


def _clip(clip: Any) -> Any:
    if not isinstance(clip, Mapping):
        return clip
    if not holds(clip.get("condition", True)):
        stub = {"asset": {"type": "text", "text": ""}, "start": 0, "length": 1}
        called = {"alias": clip["alias"]} if "alias" in clip else {}
        return {**stub, **called, "condition": False}
    asset = clip.get("asset")
    if isinstance(asset, Mapping) and asset.get("type") == "composition" and "timeline" in asset:
        return {**clip, "asset": {**asset, "timeline": _timeline(asset["timeline"])}}
    return clip
