"""One source's sound from any second on, exact to the sample, at the mix's rate.

    packets → frames → placed on the source's own sample grid → 48 kHz → wanted samples

Sample `k` of the output is the source's sound at k / 48000 s, whichever second reading began at:
the resampler always starts on a grid point that both rates share, some samples early, so that its
filter has settled. Second 0 is the source's first picture, or its first sound if it has none.
"""

from collections.abc import Generator, Iterator
from contextlib import suppress
from fractions import Fraction
from itertools import chain
from math import gcd
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard

from vidgenie.core.timebase import SAMPLE_RATE_HZ
from vidgenie.engine.audio.layout import Samples, stereo
from vidgenie.engine.demux.opened import open_container, picture_stream
from vidgenie.engine.values import LocalSource
from vidgenie.errors import DecodeError

SETTLE = 256
"""Source samples given to the resampler before the first wanted one: its filter is 32 long."""

ROLL_S = Fraction(1, 2)
"""Decoded before the first wanted sample after a seek: lossy codecs lean on the frames before."""

SEEK_FROM_S = 10
"""Up to here the source is decoded from its beginning; sound decodes some hundred times faster
than it plays."""

SEEKABLE = {"mov", "wav"}
"""Containers that say after a seek, to the sample, where they stand. MP3, ADTS and Ogg estimate it;
Matroska knows it to a millisecond, and its Opus came back a whole one late."""

JITTER_S = Fraction(20, 1000)
"""A frame whose time is off by less follows its predecessor: clocks are coarse (Matroska 1 ms)."""

RESTART_S = 1
"""A clock that jumps back by more than this was restarted: the sound simply goes on."""

SILENCE = 48_000
"""Samples of silence made at once."""


class SoundReader:
    """Reads a source's sound in order, for ever: after its end there is silence."""

    def __init__(self, source: LocalSource, start_s: Fraction) -> None:
        """Open `source` to read from `start_s` seconds on.

        Raises: AssetUnsupported.
        """
        self._name = source.path.name
        self._start = round(start_s * SAMPLE_RATE_HZ)
        self._container: InputContainer | None = open_container(source.path)
        self._blocks = self._wanted(self._container, source)
        self._left: Samples = np.zeros((2, 0), np.float32)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; reading further gives silence. May be called again."""
        self._blocks.close()
        if self._container is not None:
            self._container.close()
            self._container = None

    def read(self, count: int) -> Samples:
        """Return the next `count` samples. Shapes: (2, count) float32. Raises: DecodeError."""
        parts, missing = [], count
        while missing > 0:
            if self._left.shape[1] == 0:
                block = next(self._blocks, None)
                if block is None:
                    parts.append(np.zeros((2, missing), np.float32))
                    break
                self._left = block
            parts.append(self._left[:, :missing])
            self._left = self._left[:, missing:]
            missing -= parts[-1].shape[1]
        return np.concatenate(parts, axis=1) if len(parts) != 1 else parts[0]

    def _wanted(self, container: InputContainer, source: LocalSource) -> Generator[Samples]:
        """Yield the sound from the first wanted sample to the source's end, at 48 kHz."""
        frames = self._frames(container, source)
        head = next(frames, None)
        if head is None:
            return
        rate_hz = head.sample_rate
        # Both rates have a sample at every multiple of `step` source samples.
        step = rate_hz // gcd(rate_hz, SAMPLE_RATE_HZ)
        first = (self._start * rate_hz // SAMPLE_RATE_HZ - SETTLE) // step * step
        early = self._start - first * SAMPLE_RATE_HZ // rate_hz
        placed = _placed(chain([head], frames), first, _zero_s(container))
        for block in placed if rate_hz == SAMPLE_RATE_HZ else _resampled(placed, rate_hz):
            if block.shape[1] > early:
                yield block[:, early:]
            early = max(0, early - block.shape[1])

    def _frames(self, container: InputContainer, source: LocalSource) -> Iterator[av.AudioFrame]:
        """Yield decoded frames from some way before the first wanted sample.

        A packet that cannot be decoded is left out: its place in time stays silent.
        """
        stream = self._sound_stream(container)
        start_s = Fraction(self._start, SAMPLE_RATE_HZ)
        if start_s > SEEK_FROM_S and source.facts.container in SEEKABLE:
            at_s = start_s + _zero_s(container) - ROLL_S
            with suppress(av.FFmpegError):  # then it is read from where it stands
                container.seek(int(at_s / (stream.time_base or 1)), stream=stream)
        heard, damaged, rate_hz = 0, 0, 0
        for packet in _packets(container, stream):
            try:
                frames = packet.decode()
            except av.FFmpegError:
                damaged += 1
                continue
            for frame in frames:
                rate_hz = rate_hz or frame.sample_rate
                if frame.sample_rate != rate_hz:
                    raise DecodeError(
                        f"The sound of {self._name} changes from {rate_hz} to "
                        f"{frame.sample_rate} samples a second; convert it to one rate."
                    )
                heard += 1
                yield frame
        if damaged and not heard:
            raise DecodeError(f"The sound of {self._name} is damaged: nothing could be decoded.")

    def _sound_stream(self, container: InputContainer) -> AudioStream:
        if not container.streams.audio:
            raise DecodeError(f"{self._name} has no sound.")
        wanted = container.streams.audio[0]
        for stream in container.streams:
            if stream is not wanted:
                stream.discard = Discard.all  # pictures are not even read from the disk
        return wanted


def _packets(container: InputContainer, stream: AudioStream) -> Iterator["Packet[AudioStream]"]:
    """Yield a stream's packets; a file that breaks off ends there."""
    with suppress(av.FFmpegError):
        yield from container.demux(stream)


def _zero_s(container: InputContainer) -> Fraction:
    """Return the container's time of the source's first instant, as probe counts."""
    first = picture_stream(container) or container.streams.audio[0]
    return (first.start_time or 0) * (first.time_base or Fraction(0))


def _placed(frames: Iterator[av.AudioFrame], first: int, zero_s: Fraction) -> Iterator[Samples]:
    """Yield stereo samples from source sample `first` on without a gap; gaps become silence."""
    cursor, restart = first, 0
    expected: int | None = None
    for frame in frames:
        at = _position(frame, expected or 0, zero_s) + restart
        if expected is not None:
            if at < expected - RESTART_S * frame.sample_rate:
                restart += expected - at
                at = expected
            elif abs(at - expected) <= JITTER_S * frame.sample_rate:
                at = expected
        samples = stereo(frame)
        expected = at + samples.shape[1]
        if expected <= cursor:
            continue
        while cursor < at:
            count = min(at - cursor, SILENCE)
            yield np.zeros((2, count), np.float32)
            cursor += count
        yield samples[:, cursor - at :]
        cursor = expected


def _position(frame: av.AudioFrame, unknown: int, zero_s: Fraction) -> int:
    """Return the source sample at which a frame begins, counted from the source's second 0."""
    if frame.pts is None or frame.time_base is None:
        return unknown
    return round((frame.pts * frame.time_base - zero_s) * frame.sample_rate)


def _resampled(blocks: Iterator[Samples], rate_hz: int) -> Iterator[Samples]:
    """Yield the same sound at the mix's rate; its first sample is the first of `blocks`."""
    resampler = av.AudioResampler(format="fltp", layout="stereo", rate=SAMPLE_RATE_HZ)
    done = 0
    for block in blocks:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), "fltp", "stereo")
        frame.sample_rate = rate_hz
        frame.time_base = Fraction(1, rate_hz)
        frame.pts = done
        done += block.shape[1]
        for part in resampler.resample(frame):
            yield part.to_ndarray().astype(np.float32, copy=False)
    for part in resampler.resample(None):
        yield part.to_ndarray().astype(np.float32, copy=False)
