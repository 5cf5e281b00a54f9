"""Decoded pictures in the two forms the painters want: YUV planes, and BGRA for Skia.

Everything leaves here upright, with square pixels, in BT.709 limited range (planes) or
premultiplied sRGB (BGRA), whatever the source was.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from av.video.reformatter import ColorRange, Colorspace, Interpolation
from numpy.typing import NDArray

from vidgenie.core.geometry import Rect, Size
from vidgenie.core.timeline.facts import VideoFacts
from vidgenie.engine.source import Assets, VideoSource

Plane = NDArray[np.uint8]

PLANES_KEPT = 4
"""Scaled pictures kept: a source slower than the output shows each more than once."""

RASTERS_KEPT = 4
"""BGRA pictures kept."""

MATRICES = {
    "bt709": Colorspace.ITU709,
    "bt601": Colorspace.ITU601,
    "bt2020": Colorspace.BT2020,
}


@dataclass(frozen=True, slots=True)
class Planes:
    """A picture in YUV 4:2:0, BT.709 limited.

    Shapes: y and a (height, width), u and v (height / 2, width / 2), uint8. The alpha is straight.
    """

    y: Plane
    u: Plane
    v: Plane
    a: Plane | None = None

    @property
    def size(self) -> Size:
        """Pixels of the luma plane."""
        return Size(self.y.shape[1], self.y.shape[0])


class FramePool:
    """The open sources of one chunk, and the last pictures made of them."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets
        self._open: dict[str, VideoSource] = {}
        self._planes: OrderedDict[tuple[str, int, Rect, Size], Planes] = OrderedDict()
        self._rasters: OrderedDict[tuple[str, int], Plane] = OrderedDict()
        self._derived: OrderedDict[Hashable, Plane] = OrderedDict()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for source in self._open.values():
            source.close()

    @property
    def frames_decoded(self) -> int:
        """Pictures decoded so far."""
        return sum(source.frames_decoded for source in self._open.values())

    def path(self, asset: str) -> Path:
        """Return a source's file."""
        return self._assets[asset].path

    def facts(self, asset: str) -> VideoFacts:
        """Return what is known of a source's pictures."""
        video = self._assets[asset].facts.video
        assert video is not None, asset
        return video

    def planes(self, asset: str, index: int, source: Rect, size: Size) -> Planes:
        """Return the part `source` of a picture, scaled to `size` (even), as planes."""
        key = (asset, index, source, size)
        if key in self._planes:
            self._planes.move_to_end(key)
            return self._planes[key]
        facts = self.facts(asset)
        made = _planes_of(self._frame(asset, index), facts, source, size)
        self._planes[key] = made
        while len(self._planes) > PLANES_KEPT:
            self._planes.popitem(last=False)
        return made

    def bgra(self, asset: str, index: int) -> Plane:
        """Return a picture at its shown size. Shapes: (height, width, 4), premultiplied BGRA."""
        key = (asset, index)
        if key not in self._rasters:
            self._rasters[key] = _bgra_of(self._frame(asset, index), self.facts(asset))
            while len(self._rasters) > RASTERS_KEPT:
                self._rasters.popitem(last=False)
        self._rasters.move_to_end(key)
        return self._rasters[key]

    def derived(self, key: Hashable, make: Callable[[], Plane]) -> Plane:
        """Return a raster made of another one; the last few are kept."""
        if key not in self._derived:
            self._derived[key] = make()
            while len(self._derived) > RASTERS_KEPT:
                self._derived.popitem(last=False)
        self._derived.move_to_end(key)
        return self._derived[key]

    def _frame(self, asset: str, index: int) -> VideoFrame:
        if asset not in self._open:
            self._open[asset] = VideoSource(self._assets[asset])
        return self._open[asset].frame(index)


def _planes_of(frame: VideoFrame, facts: VideoFacts, source: Rect, size: Size) -> Planes:
    whole = Rect(0.0, 0.0, float(facts.width), float(facts.height))
    if source.covers(whole):
        return _turned(_converted(frame, facts, _stored(size, facts.rotation)), facts.rotation)
    even = Size(facts.width + facts.width % 2, facts.height + facts.height % 2)
    planes = _turned(_converted(frame, facts, _stored(even, facts.rotation)), facts.rotation)
    across, down = even.width / facts.width, even.height / facts.height
    part = Rect(
        source.left * across, source.top * down, source.width * across, source.height * down
    )
    return _cut(planes, part, size)


def _stored(shown: Size, rotation: int) -> Size:
    """Return a size as the decoder's frames lie, before they are turned upright."""
    return Size(shown.height, shown.width) if rotation in (90, 270) else shown


def _converted(frame: VideoFrame, facts: VideoFacts, size: Size) -> Planes:
    """Return a frame scaled and converted; swscale is told every colour, it guesses BT.601."""
    made = frame.reformat(
        width=size.width,
        height=size.height,
        format="yuva420p" if facts.has_alpha else "yuv420p",
        src_colorspace=MATRICES[facts.color_space],
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG if facts.color_range == "pc" else ColorRange.MPEG,
        dst_color_range=ColorRange.MPEG,
        interpolation=Interpolation.BICUBIC | Interpolation.ACCURATE_RND,
        threads=1,
    )
    return planes_in(made)


def planes_in(frame: VideoFrame) -> Planes:
    """Return the planes of a YUV 4:2:0 frame, with or without alpha, without copying them."""
    found = []
    for plane in frame.planes:
        assert isinstance(plane, VideoPlane)
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        found.append(rows[: plane.height, : plane.width])
    return Planes(found[0], found[1], found[2], found[3] if len(found) > 3 else None)


def _turned(planes: Planes, rotation: int) -> Planes:
    """Turn a picture clockwise by its rotation."""
    if not rotation:
        return planes
    turns = -rotation // 90  # numpy turns counterclockwise

    def turned(plane: Plane) -> Plane:
        return np.ascontiguousarray(np.rot90(plane, turns))

    alpha = None if planes.a is None else turned(planes.a)
    return Planes(turned(planes.y), turned(planes.u), turned(planes.v), alpha)


def _cut(planes: Planes, part: Rect, size: Size) -> Planes:
    """Return a part of a picture, scaled: by whole pixels where it lies on them."""
    halves = Rect(part.left / 2, part.top / 2, part.width / 2, part.height / 2)
    half = Size(size.width // 2, size.height // 2)
    return Planes(
        _cut_plane(planes.y, part, size),
        _cut_plane(planes.u, halves, half),
        _cut_plane(planes.v, halves, half),
        None if planes.a is None else _cut_plane(planes.a, part, size),
    )


def _cut_plane(plane: Plane, part: Rect, size: Size) -> Plane:
    edges = (part.left, part.top, part.right, part.bottom)
    if all(abs(edge - round(edge)) < 1e-6 for edge in edges):
        left, top, right, bottom = (round(edge) for edge in edges)
        cut = plane[top:bottom, left:right]
        if cut.shape == (size.height, size.width):
            return cut
        shrinks = cut.shape[0] > size.height or cut.shape[1] > size.width
        flag = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
        return np.asarray(cv2.resize(cut, (size.width, size.height), interpolation=flag))
    across, down = part.width / size.width, part.height / size.height
    # Pixel centres: target pixel i has its centre at i + 0.5.
    matrix = np.array(
        [
            [across, 0, part.left + across / 2 - 0.5],
            [0, down, part.top + down / 2 - 0.5],
        ]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    target = (size.width, size.height)
    return np.asarray(
        cv2.warpAffine(plane, matrix, target, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    )


def _bgra_of(frame: VideoFrame, facts: VideoFacts) -> Plane:
    stored = _stored(Size(facts.width, facts.height), facts.rotation)
    made = frame.reformat(
        width=stored.width,
        height=stored.height,
        format="bgra",
        src_colorspace=MATRICES[facts.color_space],
        src_color_range=ColorRange.JPEG if facts.color_range == "pc" else ColorRange.MPEG,
        dst_color_range=ColorRange.JPEG,
        interpolation=Interpolation.BICUBIC | Interpolation.ACCURATE_RND,
        threads=1,
    )
    pixels = np.asarray(made.to_ndarray(), np.uint8)
    if facts.rotation:
        pixels = np.rot90(pixels, -facts.rotation // 90)
    if facts.has_alpha:
        return premultiplied(pixels)
    return np.ascontiguousarray(pixels)


def premultiplied(pixels: Plane) -> Plane:
    """Multiply the colours of straight BGRA by their alpha, rounded. Shapes: (h, w, 4)."""
    made = np.ascontiguousarray(pixels).copy()
    alpha = made[..., 3:].astype(np.uint16)
    made[..., :3] = (made[..., :3] * alpha + 127) // 255
    return made
