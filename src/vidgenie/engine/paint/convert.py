"""Painted pictures made ready for an encoder: scaled to the finished size, alpha made straight."""

import av
import cv2
import numpy as np
import skia
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation

from vidgenie.core.geometry import Size
from vidgenie.engine.pool import Plane, Planes


def scaled_planes(planes: Planes, size: Size) -> Planes:
    """Return an opaque picture at another (even) size."""
    half = Size(size.width // 2, size.height // 2)
    return Planes(scaled(planes.y, size), scaled(planes.u, half), scaled(planes.v, half))


def scaled(pixels: Plane, size: Size) -> Plane:
    """Return pixels at another size. Shapes: (height, width) or (height, width, 4) premultiplied.

    Areas are averaged where it shrinks, so that nothing flickers; cubic where it grows.
    """
    if pixels.shape[:2] == (size.height, size.width):
        return pixels
    shrinks = pixels.shape[0] > size.height or pixels.shape[1] > size.width
    flag = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    resized = cv2.resize(pixels, (size.width, size.height), interpolation=flag)
    made = np.asarray(resized, np.uint8)
    if made.ndim == 3 and not shrinks:  # a cubic overshoots: no colour is above its alpha
        np.minimum(made[..., :3], made[..., 3:], out=made[..., :3])
    return made


def straight(pixels: Plane) -> Plane:
    """Return premultiplied BGRA as straight BGRA; where nothing shows, black."""
    if int(pixels[..., 3].min()) == 255:
        return pixels
    height, width = pixels.shape[:2]
    made = np.empty_like(pixels)
    kind = skia.kBGRA_8888_ColorType
    source = skia.Pixmap(
        skia.ImageInfo.Make(width, height, kind, skia.kPremul_AlphaType),
        np.ascontiguousarray(pixels),
        width * 4,
    )
    target = skia.Pixmap(
        skia.ImageInfo.Make(width, height, kind, skia.kUnpremul_AlphaType), made, width * 4
    )
    assert source.readPixels(target), pixels.shape
    return made


def frame_of(pixels: Plane, pixel_format: str) -> VideoFrame:
    """Return a raster as an encoder's frame. Shapes: (height, width, 4) premultiplied BGRA.

    YUV is BT.709 limited. In 4:2:0 with alpha the colour of four pixels is the mean of what shows
    of them: a straight mean would let see-through pixels' black into every edge.
    """
    plain = VideoFrame.from_ndarray(straight(pixels), format="bgra")
    if pixel_format == "bgra":
        return plain
    frame = _in_yuv(plain, pixel_format)
    if pixel_format == "yuva420p" and int(pixels[..., 3].min()) < 255:
        half = Size(pixels.shape[1] // 2, pixels.shape[0] // 2)
        small = VideoFrame.from_ndarray(straight(scaled(pixels, half)), format="bgra")
        chroma = _in_yuv(small, "yuv444p")
        for number in (1, 2):
            copy_plane(frame.planes[number], _rows(chroma.planes[number]))
    return frame


def _in_yuv(frame: VideoFrame, pixel_format: str) -> VideoFrame:
    return frame.reformat(
        format=pixel_format,
        dst_colorspace=Colorspace.ITU709,
        src_color_range=ColorRange.JPEG,
        dst_color_range=ColorRange.MPEG,
        interpolation=Interpolation.BICUBIC | Interpolation.ACCURATE_RND,
        threads=1,
    )


def _rows(plane: "av.video.plane.VideoPlane") -> Plane:
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    return rows[: plane.height, : plane.width]


def copy_plane(target: "av.video.plane.VideoPlane", values: Plane) -> None:
    """Write values into a frame's plane. Shapes: (height, width) of the plane, uint8."""
    assert values.shape == (target.height, target.width), (values.shape, target)
    _rows(target)[:] = values
