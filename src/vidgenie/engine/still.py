"""One frame of a timeline as an image file: an output, a poster, a thumbnail."""

import time
from pathlib import Path

import cv2
import numpy as np

from vidgenie.core.timeline.model import ResolvedTimeline
from vidgenie.core.timeline.picture import picture_at
from vidgenie.engine.paint.convert import scaled, straight
from vidgenie.engine.paint.raster import raster_of
from vidgenie.engine.pool import FramePool
from vidgenie.engine.values import Assets, RenderStats, StillSettings
from vidgenie.errors import ComposeError, OutOfSpace


def render_still(
    timeline: ResolvedTimeline, frame: int, assets: Assets, settings: StillSettings, target: Path
) -> RenderStats:
    """Paint one frame and write it as an image; colours are sRGB.

    Raises: DecodeError, ComposeError, OutOfSpace.
    """
    wall, cpu = time.monotonic(), time.process_time()
    data, decoded = _painted(timeline, frame, assets, settings)
    try:
        target.write_bytes(data)
    except OSError as error:
        raise OutOfSpace(f"{target.name} could not be written: {error.strerror}.") from error
    return RenderStats(
        frames_decoded=decoded,
        frames_painted=1,
        frames_encoded=1,
        frames_copied=0,
        frames_by_recipe={"paint": 1},
        encoder_starts=1,
        cpu_s=round(time.process_time() - cpu, 4),
        wall_s=round(time.monotonic() - wall, 4),
    )


def still_bytes(
    timeline: ResolvedTimeline, frame: int, assets: Assets, settings: StillSettings
) -> bytes:
    """Paint one frame and return it as an image file: for somebody who waits for it.

    Raises: DecodeError, ComposeError.
    """
    return _painted(timeline, frame, assets, settings)[0]


def _painted(
    timeline: ResolvedTimeline, frame: int, assets: Assets, settings: StillSettings
) -> tuple[bytes, int]:
    """Return a frame as an image file, and how many frames were decoded for it."""
    with FramePool(assets) as pool:
        picture = picture_at(timeline, frame)
        pixels = raster_of(picture, pool, keep_alpha=settings.keep_alpha)
        decoded = pool.frames_decoded
    pixels = scaled(pixels, settings.size)
    pixels = straight(pixels) if settings.keep_alpha else np.ascontiguousarray(pixels[..., :3])
    done, data = cv2.imencode(f".{settings.format}", pixels, _options(settings))
    if not done:
        raise ComposeError(f"Frame {frame} could not be written as {settings.format}.")
    return bytes(data), decoded


def _options(settings: StillSettings) -> list[int]:
    if settings.format == "jpg":
        # Above 90 the colour is kept at full size too: thin red letters need it.
        sampling = 0x111111 if settings.quality > 90 else 0x221111
        return [
            cv2.IMWRITE_JPEG_QUALITY,
            settings.quality,
            cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
            sampling,
        ]
    return [cv2.IMWRITE_PNG_COMPRESSION, settings.png_level] if settings.format == "png" else []
