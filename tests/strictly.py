"""Reading a file back as a player would that forgives nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
from av.container import InputContainer
from av.video.frame import VideoFrame

STRICT = {"err_detect": "crccheck+bitstream+buffer+explode"}
TALKATIVE = frozenset({"libdav1d", "libsvtav1"})


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """Open a file; any warning of any library fails the test."""
    level = av.logging.get_level()
    av.logging.set_level(av.logging.WARNING)
    try:
        with av.logging.Capture(local=False) as complaints, av.open(path, options=STRICT) as file:
            yield file
    finally:
        av.logging.set_level(level)
    assert complaints == []


def shown(path: Path, decoder: str | None = None) -> list[tuple[Fraction, VideoFrame]]:
    """Return every frame with its time; `decoder` by name where FFmpeg's choice drops alpha."""
    found = []
    with opened(path) as file:
        stream = file.streams.video[0]
        context = stream.codec_context
        if decoder is not None:
            context = av.CodecContext.create(decoder, "r")
            context.extradata = stream.codec_context.extradata
        context.options = STRICT
        for packet in file.demux(stream):
            for frame in context.decode(packet):
                assert not frame.is_corrupt
                assert frame.pts is not None
                found.append((frame.pts * stream.time_base, frame))
    return found
