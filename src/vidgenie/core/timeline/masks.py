"""Which clip masks which: luma mattes within a track, and masks by name.

A luma asset masks the other clips of its track while it is there: where it is white, they are not
(EDIT.md §5). `mask` names any clip; that clip shows through this one only. Neither is drawn itself.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from vidgenie.core.edit.model import Clip, LumaAsset, Timeline
from vidgenie.core.edit.names import named
from vidgenie.core.edit.references import aliases_of, each_clip
from vidgenie.core.geometry import Rect
from vidgenie.core.timeline.looks import MaskedBy
from vidgenie.core.timeline.model import PlacedClip
from vidgenie.core.timeline.timing import Place


def masked(timeline: Timeline, placed: Mapping[Place, PlacedClip]) -> Iterator[PlacedClip]:
    """Yield the clips that are drawn, in the order of `placed`, with what masks them."""
    masking = _Masking(timeline, placed)
    for place in placed:
        if not masking.is_mask(place):
            yield masking.made(place)


class _Masking:
    """The masks of one timeline; those that mask others may be masked themselves."""

    def __init__(self, timeline: Timeline, placed: Mapping[Place, PlacedClip]) -> None:
        self._placed = placed
        self._clips: dict[Place, Clip] = {(t, c): clip for t, c, clip in each_clip(timeline)}
        self._aliases = aliases_of(timeline)
        self._lumas: dict[int, list[Place]] = {}
        self._named: set[Place] = set()
        for place, clip in self._clips.items():
            if isinstance(clip.asset, LumaAsset) and place in placed:
                self._lumas.setdefault(place[0], []).append(place)
            if clip.mask is not None:
                self._named.add(self._source(clip))

    def _source(self, clip: Clip) -> Place:
        """Return the place of the clip that a clip's `mask` names; rules know it is there."""
        assert clip.mask is not None
        return self._aliases[named(clip.mask.src) or ""]

    def is_mask(self, place: Place) -> bool:
        """Tell whether a clip is not drawn, because it masks others."""
        return place in self._named or isinstance(self._clips[place].asset, LumaAsset)

    def made(self, place: Place) -> PlacedClip:
        """Return a clip with what masks it. Names do not go round: a rule has seen to it."""
        clip, own = self._clips[place], self._placed[place]
        masks = []
        if not isinstance(clip.asset, LumaAsset):
            for matte in self._lumas.get(place[0], ()):
                if self._placed[matte].frames.overlaps(own.frames):
                    fitted = _fitted(self.made(matte), self._clips[matte].fit, own)
                    masks.append(MaskedBy("luma-inverted", fitted, is_fitted=True))
        if clip.mask is not None:
            mode, source = clip.mask.mode, self._source(clip)
            is_open = mode.endswith("inverted")
            if source in self._placed:
                masks.append(MaskedBy(mode, self.made(source), is_open_outside=is_open))
            elif not is_open:
                # What masks it is never on the frame, so neither is it.
                return replace(own, frames=own.frames.clamped(own.frames.shifted(len(own.frames))))
        return replace(own, masks=tuple(masks))


def _fitted(matte: PlacedClip, fit: str, target: PlacedClip) -> PlacedClip:
    """Return a matte with the part of its picture that lies over what it masks.

    It fills that, keeping its shape and cut where it overflows, whatever the frame is: a circle
    stays one on a square badge in an upright video. `fit: cover` stretches it.
    """
    whole = matte.source
    if fit == "cover":
        return matte
    width, height = target.source.width * target.fit[0], target.source.height * target.fit[1]
    scale = max(width / whole.width, height / whole.height)
    across, down = width / scale, height / scale
    left, top = (whole.width - across) / 2, (whole.height - down) / 2
    return replace(matte, source=Rect(left, top, across, down))
