"""Decoded pictures in the two forms the painters want: YUV planes, and BGRA for Skia.

Everything leaves here upright, with square pixels, in BT.709 limited range (planes) or
premultiplied sRGB (BGRA), whatever the source was.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
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
from vidgenie.core.plan.uses import Uses, lanes_of
from vidgenie.core.timeline.facts import VideoFacts
from vidgenie.engine.normal import to_bt709
from vidgenie.engine.source import VideoSource
from vidgenie.engine.values import Assets, LocalSource

Plane = NDArray[np.uint8]

KEPT_BYTES = 64 << 20
"""Bytes of pictures kept: a slow source shows each more than once, and clips share them. As planes
these are 21 of 1080p; one that is larger than all of this is kept alone."""

DERIVED_KEPT = 4
"""Rasters kept that were made of others (keyed, blurred)."""

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
    """The open sources of a chunk, or of several in turn, and the last pictures made of them.

    It knows what a chunk's spans show: a source stays open from span to span for as long as one
    of them wants it, with one decoder for every place that is shown at a time. Two clips far apart
    in one source would otherwise seek to and fro on every frame.
    """

    def __init__(self, assets: Assets, uses: Uses = ()) -> None:
        self._assets = assets
        self._uses = uses
        self._lanes = lanes_of(uses)
        self._open: dict[str, list[VideoSource]] = {}  # each list: longest unused first
        self._kept: OrderedDict[Key, Planes | Plane] = OrderedDict()
        self._kept_bytes = 0
        self._derived: OrderedDict[Hashable, Plane] = OrderedDict()
        self._decoded_before = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._let_go(set(self._open))

    @property
    def frames_decoded(self) -> int:
        """Pictures decoded so far."""
        readers = (reader for readers in self._open.values() for reader in readers)
        return self._decoded_before + sum(reader.frames_decoded for reader in readers)

    def begin(self, uses: Uses) -> None:
        """Go on to another chunk: what its spans show stays open."""
        self._uses = uses
        self._lanes = lanes_of(uses)

    def enter(self, span: int) -> None:
        """Begin a span: what neither it nor a later one shows is closed and forgotten."""
        wanted = {asset for shown in self._uses[span:] for asset in shown}
        self._let_go(({key[0] for key in self._kept} | set(self._open)) - wanted)

    def _let_go(self, assets: set[str]) -> None:
        for asset in assets & set(self._open):
            for reader in self._open.pop(asset):
                self._decoded_before += reader.frames_decoded
                reader.close()
        for key in [key for key in self._kept if key[0] in assets]:
            self._kept_bytes -= _size_of(self._kept.pop(key))

    def source(self, asset: str) -> LocalSource:
        """Return a source's file and facts."""
        return self._assets[asset]

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
        made = self._found(key)
        if made is None:
            made = _planes_of(self._frame(asset, index), self.facts(asset), source, size)
            self._keep(key, made)
        assert isinstance(made, Planes)
        return made

    def bgra(self, asset: str, index: int) -> Plane:
        """Return a picture at its shown size. Shapes: (height, width, 4), premultiplied BGRA."""
        key = (asset, index, None, None)
        made = self._found(key)
        if made is None:
            made = _bgra_of(self._frame(asset, index), self.facts(asset))
            self._keep(key, made)
        assert not isinstance(made, Planes)
        return made

    def _found(self, key: "Key") -> "Planes | Plane | None":
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key]

    def _keep(self, key: "Key", made: "Planes | Plane") -> None:
        self._kept[key] = made
        self._kept_bytes += _size_of(made)
        while self._kept_bytes > KEPT_BYTES and len(self._kept) > 1:
            self._kept_bytes -= _size_of(self._kept.popitem(last=False)[1])

    def derived(self, key: Hashable, make: Callable[[], Plane]) -> Plane:
        """Return a raster made of another one; the last few are kept."""
        if key not in self._derived:
            self._derived[key] = make()
            while len(self._derived) > DERIVED_KEPT:
                self._derived.popitem(last=False)
        self._derived.move_to_end(key)
        return self._derived[key]

    def _frame(self, asset: str, index: int) -> VideoFrame:
        reader = self._reader(asset, index)
        readers = self._open[asset]
        readers.remove(reader)
        readers.append(reader)
        return reader.frame(index)

    def _reader(self, asset: str, index: int) -> VideoSource:
        """Return the decoder that reaches a picture soonest; a seek goes to one long unused."""
        readers = self._open.setdefault(asset, [])
        near = [reader for reader in readers if not reader.has_to_seek(index)]
        if near:
            return max(near, key=lambda reader: reader.at)
        if len(readers) < max(1, self._lanes[asset]):
            readers.append(VideoSource(self._assets[asset]))
            return readers[-1]
        return readers[0]


Key = tuple[str, int, Rect | None, Size | None]
"""Asset, picture, and for planes the part and size; for BGRA neither."""


def _size_of(made: Planes | Plane) -> int:
    """Return about how many bytes a picture takes."""
    if isinstance(made, Planes):
        return made.y.nbytes + 2 * made.u.nbytes + (made.a.nbytes if made.a is not None else 0)
    return int(made.nbytes)


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
    """Return a frame scaled and converted; swscale is told every colour, it guesses BT.601.

    A picture that is all of this already comes back as it is: nothing is copied.
    """
    if is_wide(facts):
        wide = to_bt709(frame, (size.width, size.height), is_full=facts.color_range == "pc")
        return planes_in(wide)
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


def is_wide(facts: VideoFacts) -> bool:
    """Tell whether a source has lights or colours that BT.709 has not."""
    return facts.transfer != "sdr" or facts.primaries != "bt709"


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
    if is_wide(facts):
        even = (stored.width + stored.width % 2, stored.height + stored.height % 2)
        frame = to_bt709(frame, even, is_full=facts.color_range == "pc")
        facts = replace(facts, color_space="bt709", color_range="tv")
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
