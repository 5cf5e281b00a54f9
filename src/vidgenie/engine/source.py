"""An opened source: any picture of it by its number, exactly.

Pictures are counted in the order in which they are shown. Reading goes forward where that is near
and seeks where it is not; a picture that cannot be decoded is replaced by the last good one.
"""

from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from vidgenie.core.timeline.facts import FrameTimes, MediaFacts, VideoFacts
from vidgenie.engine.probe import make_decoder, open_container, picture_stream
from vidgenie.errors import DecodeError

__all__ = ["Assets", "LocalSource", "VideoSource", "open_container"]

FORWARD_MAX = 48
"""Pictures decoded and dropped rather than sought for: about one GOP."""


@dataclass(frozen=True, slots=True)
class LocalSource:
    """A source as a file on this machine, and what is known of it."""

    path: Path
    facts: MediaFacts


Assets = Mapping[str, LocalSource]
"""Sources by the name the edit gives them (its `src`)."""


class VideoSource:
    """Decodes one source's pictures."""

    def __init__(self, source: LocalSource) -> None:
        assert source.facts.video is not None, source
        self.frames_decoded = 0
        self.frames_damaged = 0
        self._path = source.path
        self._facts: VideoFacts = source.facts.video
        self._open()

    def _open(self) -> None:
        self._container = open_container(self._path)
        stream = picture_stream(self._container)
        assert stream is not None, self._path
        assert stream.time_base is not None, self._path
        self._stream = stream
        self._time_base: Fraction = stream.time_base
        self._decoder = make_decoder(stream)
        self._zero: int | None = None
        self._pictures = self._decode()
        self._current: tuple[int, VideoFrame] | None = None
        self._ahead: tuple[int, VideoFrame] | None = None

    def close(self) -> None:
        """Let go of the file."""
        self._pictures.close()
        self._container.close()

    def frame(self, index: int) -> VideoFrame:
        """Return picture `index` (0 is the first shown); the last one for anything beyond.

        Raises: DecodeError when nothing of the source can be decoded.
        """
        index = min(max(index, 0), self._facts.frames.count - 1)
        if self._current is not None and self._current[0] == index:
            return self._current[1]
        if self._needs_seek(index):
            self._seek(index)
        return self._forward(index)

    def _needs_seek(self, index: int) -> bool:
        at = -1 if self._current is None else self._current[0]
        return index < at or index - at > FORWARD_MAX

    def _seek(self, index: int) -> None:
        """Stand at or before a picture; from the beginning where the container cannot tell."""
        if self._zero is not None and index > FORWARD_MAX:
            ticks = _ticks_of(self._facts.frames, index, self._time_base) + self._zero
            with suppress(av.FFmpegError):
                self._container.seek(ticks, stream=self._stream, backward=True)
                self._decoder.flush_buffers()
                self._pictures.close()
                self._pictures = self._decode()
                self._current, self._ahead = None, self._next()
                if self._ahead is not None and self._ahead[0] <= index:
                    return
        self.close()
        self._open()

    def _forward(self, index: int) -> VideoFrame:
        """Decode on to a picture; where it is missing, its predecessor is shown longer."""
        while True:
            if self._ahead is None:
                self._ahead = self._next()
            if self._ahead is None or (self._current is not None and self._ahead[0] > index):
                break
            self._current, self._ahead = self._ahead, None
            if self._current[0] >= index:
                break
        if self._current is None:
            raise DecodeError(f"No picture of {self._path.name} can be decoded.")
        return self._current[1]

    def _next(self) -> tuple[int, VideoFrame] | None:
        return next(self._pictures, None)

    def _decode(self) -> Generator[tuple[int, VideoFrame]]:
        """Yield pictures with their numbers, from where the container stands."""
        count = 0
        with suppress(av.EOFError):
            for packet in self._packets():
                try:
                    frames = self._decoder.decode(packet)
                except av.EOFError:
                    return
                except av.FFmpegError:
                    self.frames_damaged += 1
                    continue
                for frame in frames:
                    number = self._number(frame, count)
                    count += 1
                    self.frames_decoded += 1
                    if number >= 0:
                        yield number, frame

    def _packets(self) -> "Iterator[av.Packet[VideoStream] | None]":
        """Yield packets; a file that breaks off ends there, and the decoder is emptied."""
        with suppress(av.FFmpegError):
            for packet in self._container.demux(self._stream):
                if packet.size:
                    if self._zero is None:
                        self._zero = self._stream.start_time or packet.pts or 0
                    yield packet
        yield None

    def _number(self, frame: VideoFrame, unknown: int) -> int:
        """Return which picture this is, by its time; -1 for one before the first shown."""
        if frame.pts is None:
            return unknown
        seconds = (frame.pts - (self._zero or 0)) * self._time_base
        times = self._facts.frames
        if times.is_regular:
            return round(seconds * times.rate.fraction)
        return times.index_at(seconds) if seconds >= 0 else -1


def _ticks_of(times: FrameTimes, index: int, time_base: Fraction) -> int:
    """Return the time stamp of a picture, counted from the source's first."""
    if times.is_regular:
        return int(index / times.rate.fraction / time_base)
    return int(Fraction(times.ticks[index], times.tick_rate) / time_base)
