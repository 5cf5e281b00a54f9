"""What a file shows, as one number: the hash of its decoded frames (`frames_sha256`).

A file's own hash changes with the muxer; this one changes only when a frame does. Its text is what
ffmpeg's `framehash` muxer prints, so that anybody can check it without us:

    ffmpeg -i out.mp4 -map 0:v:0 -f framehash -hash sha256 - | grep -v '^#' \
        | sed 's/.*, *//' | sha256sum

The hash of the whole (`values.frames_sha256`) is made of the frames' own, so that it need not be
decoded as a whole: a chunk that is shown many times, or kept from an earlier render, is decoded
once.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from av.video.frame import VideoFrame

from vidgenie.engine.animation import Animation
from vidgenie.engine.demux.opened import make_decoder, open_container, reading
from vidgenie.engine.demux.sniff import container_of


def frame_hashes(path: Path) -> list[str]:
    """Return the SHA-256 of every frame of a video, an animation or an image, as they are shown.

    A frame's bytes are its planes one after the other, in the decoder's own pixel format (of a
    transparent WebM: of libvpx's), row by row from the top, without padding.
    Raises: AssetUnsupported.
    """
    return [_hash(frame) for frame in _frames(path)]


def _frames(path: Path) -> Iterator[VideoFrame]:
    if container_of(path) == "webp":
        animation = Animation(path)
        yield from (animation.frame(index) for index in range(len(animation.pictures)))
        return
    with reading(path.name), open_container(path) as container:
        stream = container.streams.video[0]
        decoder = make_decoder(stream)
        for packet in container.demux(stream):
            yield from decoder.decode(packet)


def _hash(frame: VideoFrame) -> str:
    digest = hashlib.sha256()
    is_packed = len(frame.planes) == 1
    for plane, component in zip(frame.planes, frame.format.components, strict=False):
        bits = frame.format.padded_bits_per_pixel if is_packed else component.bits
        row = plane.width * ((bits + 7) // 8)
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        digest.update(np.ascontiguousarray(rows[:, :row]).data)
    return digest.hexdigest()
