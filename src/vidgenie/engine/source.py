"""An opened source: any picture of it by its number, exactly.

Pictures are counted in the order in which they are shown. Reading goes forward where that is near
and seeks where it is not; a picture that cannot be decoded is replaced by the last good one.
"""

from collections.abc import Generator, Iterator
from contextlib import suppress

import av
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from vidgenie.core.timeline.facts import VideoFacts
from vidgenie.engine.animation import Animation
from vidgenie.engine.demux.index import WHOLE, read_packets
from vidgenie.engine.demux.opened import make_decoder, open_container, picture_stream
from vidgenie.engine.normal import Deinterlacer
from vidgenie.engine.values import LocalSource
from vidgenie.errors import DecodeError

SEEK_GAIN = 4
"""Pictures that a seek must save: it empties the decoder, which then has to fill up again."""

RETRIES = 3
"""Keyframes tried, each before the last one, where a container seeks too far."""


class VideoSource:
    """Decodes one source's pictures."""

    def __init__(self, source: LocalSource) -> None:
        assert source.facts.video is not None, source
        self.frames_decoded = 0
        self.frames_damaged = 0
        self._path = source.path
        self._facts: VideoFacts = source.facts.video
        self._coded = self._facts.coded
        self._tick_s = 1 / self._coded.clock.fraction
        self._animation: Animation | None = None
        if (
            source.facts.container == "webp"
            and self._facts.codec == "webp"
            and (self._facts.frames.count > 1 or not source.facts.is_image)
        ):
            self._animation = Animation(source.path)
            self.frames_decoded = len(self._animation.pictures)
            return
        self._open()

    def _open(self) -> None:
        self._container = open_container(self._path)
        stream = picture_stream(self._container)
        assert stream is not None, self._path
        self._stream = stream
        self._decoder = make_decoder(stream)
        self._start_reading(from_keyframe=False)

    def _start_reading(self, *, from_keyframe: bool) -> None:
        self._skip_before: int | None = None
        self._pictures = self._decode(from_keyframe)
        self._current: tuple[int, VideoFrame] | None = None
        self._ahead: tuple[int, VideoFrame] | None = None

    def close(self) -> None:
        """Let go of the file."""
        if self._animation is None:
            self._pictures.close()
            self._container.close()

    @property
    def at(self) -> int:
        """The number of the picture it stands at; -1 before the first."""
        return -1 if self._animation or self._current is None else self._current[0]

    def has_to_seek(self, index: int) -> bool:
        """Tell whether a picture cannot be reached, or only at some length, by reading on."""
        if self._animation is not None or index == self.at:
            return False
        return index < self.at or self._key_before(index) > self.at + SEEK_GAIN

    def frame(self, index: int) -> VideoFrame:
        """Return picture `index` (0 is the first shown); the last one for anything beyond.

        Raises: DecodeError when nothing of the source can be decoded.
        """
        index = min(max(index, 0), self._facts.frames.count - 1)
        if self._animation is not None:
            return self._animation.frame(index)
        if self._current is not None and self._current[0] == index:
            return self._current[1]
        if self.has_to_seek(index):
            self._seek(index)
        if not self._coded.is_counted:
            self._skip_before = self._tick_before(index - self._lead)
        return self._forward(index)

    @property
    def _lead(self) -> int:
        """Pictures needed before the wanted one: the deinterlacer looks back at one."""
        return 1 if self._facts.is_interlaced else 0

    def _key_before(self, index: int) -> int:
        """Return the picture to seek to for another; 0 where only reading through is right."""
        if self._coded.is_counted or self._facts.codec in WHOLE:
            return 0
        return self._coded.keyframe_before(max(0, index - self._lead))

    def _tick_before(self, index: int) -> int:
        """Return a time stamp between a picture's begin and its predecessor's."""
        times = self._facts.frames
        if index <= 0:
            return self._coded.first_tick - 1
        middle = (times.begin_of(index - 1) + times.begin_of(index)) / 2
        return self._coded.first_tick + int(middle / self._tick_s)

    def _seek(self, index: int) -> None:
        """Stand at or before a picture; from the beginning where the container cannot tell."""
        key = self._key_before(index)
        for _ in range(RETRIES):
            if key <= 0:
                break
            with suppress(av.FFmpegError):
                begin = self._facts.frames.begin_of(key)
                ticks = self._coded.first_tick + round(begin / self._tick_s)
                self._container.seek(ticks, stream=self._stream, backward=True)
                self._pictures.close()
                self._decoder.flush_buffers()
                self._start_reading(from_keyframe=True)
                self._skip_before = self._tick_before(index - self._lead)
                self._ahead = self._next()
                if self._ahead is not None and self._ahead[0] <= index:
                    return
            key = self._key_before(key - 1)
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

    def _decode(self, from_keyframe: bool) -> Generator[tuple[int, VideoFrame]]:
        """Yield pictures with their numbers, from where the container stands."""
        whole = Deinterlacer() if self._facts.is_interlaced else None
        count = 0
        for packet in self._packets(from_keyframe):
            for decoded in self._decoded(packet):
                for frame in whole.put(decoded) if whole else (decoded,):
                    number = self._number(frame, count)
                    count += 1
                    if number >= 0:
                        yield number, frame
        for frame in whole.put(None) if whole else ():
            yield self._number(frame, count), frame
            count += 1

    def _decoded(self, packet: "Packet[VideoStream] | None") -> list[VideoFrame]:
        """Return what a packet gives; pictures that none leans on are left out before the wanted.

        Some are decoded for nothing all the same: those that later pictures are made of.
        """
        limit = self._skip_before
        may_skip = packet is not None and None not in (limit, packet.pts)
        if may_skip and packet is not None and (packet.pts or 0) < (limit or 0):
            self._decoder.skip_frame = "NONREF"
        else:
            self._decoder.skip_frame = "DEFAULT"
        try:
            frames = self._decoder.decode(packet)
        except av.EOFError:
            return []
        except av.FFmpegError:
            self.frames_damaged += 1
            return []
        self.frames_decoded += len(frames)
        return frames

    def _packets(self, from_keyframe: bool) -> "Iterator[Packet[VideoStream] | None]":
        """Yield packets; a file that breaks off ends there, and the decoder is emptied."""
        with suppress(av.FFmpegError):
            for packet in read_packets(self._container, self._stream):
                if from_keyframe and not packet.is_keyframe:
                    continue
                from_keyframe = False
                if packet.size:
                    yield packet
        yield None

    def _number(self, frame: VideoFrame, unknown: int) -> int:
        """Return which picture this is, by its time; -1 for one before the first shown."""
        if frame.pts is None or self._coded.is_counted:
            return unknown
        seconds = (frame.pts - self._coded.first_tick) * self._tick_s
        times = self._facts.frames
        if times.is_regular:
            return round(seconds * times.rate.fraction)
        return times.index_at(seconds) if seconds >= 0 else -1
