"""A media file opened by FFmpeg, with no leave to open anything else; its streams and decoders."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from vidgenie.engine.demux.sniff import CONTAINERS, container_of
from vidgenie.errors import AssetUnsupported


@contextmanager
def reading(name: str) -> Iterator[None]:
    """Turn FFmpeg's errors on the reading side into AssetUnsupported."""
    try:
        yield
    except (av.FFmpegError, av.error.InvalidDataError) as error:
        raise AssetUnsupported(
            f"The {name} file is damaged or cut off: {error.strerror or error}."
        ) from error


def open_container(path: Path) -> InputContainer:
    """Open a media file by its content, never by its name, and nothing that it may name.

    Raises: AssetUnsupported.
    """
    name = container_of(path)
    with reading(name):
        return av.open(
            str(path),
            format=CONTAINERS[name],
            container_options={
                "protocol_whitelist": "file",
                "format_whitelist": CONTAINERS[name],
            },
            metadata_errors="replace",
        )


def picture_stream(container: InputContainer) -> VideoStream | None:
    """Return the first video stream that is not an embedded cover picture."""
    for stream in container.streams.video:
        if av.stream.Disposition.attached_pic not in stream.disposition:
            return stream
    return None


def make_decoder(stream: VideoStream) -> av.VideoCodecContext:
    """Return the decoder of a stream; transparent VP8 and VP9 need libvpx to keep their alpha."""
    context = stream.codec_context
    if has_side_alpha(stream):
        name = "libvpx" if context.name == "vp8" else "libvpx-vp9"
        decoder = av.CodecContext.create(name, "r")
        assert isinstance(decoder, av.VideoCodecContext)
        decoder.extradata = context.extradata
        context = decoder
    context.thread_count = 1  # workers are processes: a second thread takes another's core
    return context


def has_side_alpha(stream: VideoStream) -> bool:
    """Tell whether WebM carries the alpha beside the picture, where most decoders drop it."""
    is_vpx = stream.codec_context.name in ("vp8", "vp9", "libvpx", "libvpx-vp9")
    return is_vpx and stream.metadata.get("alpha_mode", stream.metadata.get("ALPHA_MODE")) == "1"
