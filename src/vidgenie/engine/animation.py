"""Animated WebP: FFmpeg 8 writes such files and cannot read them, OpenCV (libwebp) can."""

from pathlib import Path

import cv2
import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from vidgenie.core.timebase import FrameRate
from vidgenie.core.timeline.facts import Coding, FrameTimes, MediaFacts, VideoFacts
from vidgenie.errors import AssetUnsupported

MEMORY_MAX = 512 << 20
"""Bytes of all pictures of an animation: they are decoded at once (1 minute of 500 × 500)."""

DELAY_MIN_MS = 11
DELAY_MS = 100
"""Browsers show a picture that claims to last 10 ms or less for 100 ms: so do we."""


class Animation:
    """All pictures of an animated WebP, composed. Shapes: (height, width, 4), straight BGRA."""

    def __init__(self, path: Path) -> None:
        """Decode a file. Raises: AssetUnsupported."""
        data = np.frombuffer(path.read_bytes(), np.uint8)
        _check_size(data)
        done, found = cv2.imdecodeanimation(data)
        if not done or not found.frames:
            raise AssetUnsupported("The webp file is damaged or cut off: no picture in it.")
        self.pictures: list[NDArray[np.uint8]] = [
            _with_alpha(np.asarray(frame, np.uint8)) for frame in found.frames
        ]
        delays = [int(delay) for delay in np.ravel(found.durations)]
        self.delays_ms = [delay if delay >= DELAY_MIN_MS else DELAY_MS for delay in delays]

    def frame(self, index: int) -> VideoFrame:
        """Return a picture as a decoder would."""
        return VideoFrame.from_ndarray(self.pictures[index], "bgra")


def animation_facts(path: Path) -> MediaFacts:
    """Find out what an animated WebP holds. Raises: AssetUnsupported."""
    animation = Animation(path)
    height, width = animation.pictures[0].shape[:2]
    ends = np.cumsum(animation.delays_ms)
    count = len(animation.pictures)
    rate = FrameRate(count * 1000, int(ends[-1]))
    is_regular = len(set(animation.delays_ms)) == 1
    ticks = () if is_regular else (0, *(int(end) for end in ends[:-1]))
    times = FrameTimes(count, rate, ticks, 1000, 0 if is_regular else int(ends[-1]))
    return MediaFacts(
        container="webp",
        duration_s=float(times.duration_s),
        video=VideoFacts(
            width=width,
            height=height,
            frames=times,
            codec="webp",
            pixel_format="bgra",
            has_alpha=True,
            coded=Coding(clock=FrameRate(1000)),
        ),
        is_image=count == 1,
    )


def _check_size(data: NDArray[np.uint8]) -> None:
    """Refuse more than memory holds, before decoding: canvas size (RFC 9649 §2.7.1) × frames."""
    head = data[:30].tobytes()
    width = int.from_bytes(head[24:27], "little") + 1
    height = int.from_bytes(head[27:30], "little") + 1
    count = data.tobytes().count(b"ANMF")
    if width * height * 4 * count > MEMORY_MAX:
        raise AssetUnsupported(
            f"The animation is {width}×{height} with {count} pictures, which need more than"
            f" {MEMORY_MAX >> 20} MB; convert it to a video."
        )


def _with_alpha(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    if frame.shape[2] == 4:
        return frame
    return np.asarray(cv2.cvtColor(frame, cv2.COLOR_BGR2BGRA), np.uint8)
