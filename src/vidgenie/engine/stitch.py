"""Chunk files and the sound into one file, without touching a picture or a sample.

Packets are copied and get new times. Frame `n` of the whole is shown at n / rate; packet `k` (in
decoding order) is decoded at (k - reorder depth) / rate, which never lies after its presentation.
Counting afresh matters: x264 cannot lead with its usual delay in a chunk of one or two frames.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from fractions import Fraction
from heapq import merge
from itertools import groupby
from pathlib import Path
from typing import TypeAlias

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.subtitles.stream import SubtitleStream
from av.video.stream import VideoStream

from vidgenie.core.plan.subtitles import Subtitles
from vidgenie.core.timebase import SAMPLE_RATE_HZ, FrameRate
from vidgenie.engine.demux.avcc import ParameterSets, find_record, joined, sequence_of
from vidgenie.engine.demux.opened import has_side_alpha, open_container, reading
from vidgenie.engine.mux import (
    BT709,
    LIMITED,
    MILLISECOND,
    StreamT,
    open_target,
    stamp,
    text_packets,
)
from vidgenie.engine.values import Stitched
from vidgenie.errors import AssetUnsupported, MuxError

TAGS = {"hevc": "hvc1", "prores": "ap4h"}
"""How an MP4 or MOV names a codec where the muxer's own choice is not understood everywhere (Apple
plays no `hev1`), or is another profile."""

# Quoted: PyAV's packets are generic in its stubs only.
AnyPacket: TypeAlias = "Packet[VideoStream] | Packet[AudioStream] | Packet[SubtitleStream]"


def stitch(
    chunks: Sequence[Path],
    sound: Path | None,
    target: Path,
    rate: FrameRate,
    container: str = "mp4",
    *,
    subtitles: Subtitles | None = None,
    is_fragmented: bool = False,
) -> Stitched:
    """Join chunk files, in order, and the sound into one file; an MP4's index stands at the front.

    A chunk may be named more than once: it is then shown more than once. `container` is FFmpeg's
    name of the file's muxer; one for `subtitles` is MP4's or MOV's. `is_fragmented`: an MP4 in
    fragments, one at each keyframe, without edit lists.
    Raises: MuxError when the chunks do not fit together; OutOfSpace.
    """
    assert chunks, "an output has at least one chunk"
    with ExitStack() as stack:
        whole = stack.enter_context(
            open_target(
                target,
                rate=rate,
                faststart=not is_fragmented,
                is_fragmented=is_fragmented,
                container=container,
            )
        )
        head = stack.enter_context(_open(chunks[0]))
        stream = whole.add_stream_from_template(head.streams.video[0], opaque=True)
        tag = TAGS.get(stream.codec_context.name)
        if tag is not None:
            stream.codec_context.codec_tag = tag
        if has_side_alpha(head.streams.video[0]):
            stream.metadata["alpha_mode"] = "1"
        sets = None
        if stream.codec_context.name == "h264":
            sets = _parameter_sets(chunks)
            _describe(stream, sets)
        joined = _Joined(head.streams.video[0], stream, rate, sets=sets)
        tracks: list[Iterator[AnyPacket]] = [joined.packets(chunks)]
        if sound is not None:
            voice = stack.enter_context(_open(sound))
            track = whole.add_stream_from_template(voice.streams.audio[0], opaque=True)
            packets = _sound_packets(sound.name, voice, track)
            if is_fragmented:  # no edit list says that the priming is not to be heard
                packets = (packet for packet in packets if (packet.pts or 0) >= 0)
            tracks.append(packets)
        if subtitles is not None and subtitles.cues:
            tracks.append(text_packets(subtitles, whole))
        # In the order of decoding, so that the muxer need not hold packets back.
        for packet in merge(*tracks, key=_decoded_at):
            whole.mux_one(packet)
    return measured(target, frames=joined.frames, duration_s=float(rate.seconds_at(joined.frames)))


def measured(target: Path, *, frames: int, duration_s: float) -> Stitched:
    """Return a finished file's measures."""
    with target.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return Stitched(frames, duration_s, target.stat().st_size, sha256)


def _parameter_sets(chunks: Sequence[Path]) -> ParameterSets:
    """Return the parameter sets of all chunks: one, or several under different numbers."""
    made: ParameterSets | None = None
    known: set[bytes] = set()
    for path in dict.fromkeys(chunks):
        try:
            with path.open("rb") as file:
                record = find_record(file)
            if record in known:
                continue
            known.add(record)
            sets = ParameterSets.read(record)
            made = sets if made is None else joined([made, sets])
        except ValueError as error:
            raise MuxError(f"Chunk {path.name} cannot be joined: {error}.") from error
    assert made is not None
    return made


def _describe(stream: VideoStream, sets: ParameterSets) -> None:
    """Say in the container what the pictures are, whichever part comes first."""
    context = stream.codec_context
    context.extradata = sets.record()
    context.colorspace = context.color_primaries = context.color_trc = BT709
    context.color_range = LIMITED


class _Joined:
    """The chunks' pictures as one stream; `frames` counts those that have passed."""

    def __init__(
        self,
        template: VideoStream,
        stream: VideoStream,
        rate: FrameRate,
        *,
        sets: ParameterSets | None,
    ) -> None:
        """`sets` are all parts' parameter sets; None where all have those of `template`."""
        stream.time_base = 1 / rate.fraction
        self._stream = stream
        self._rate = rate
        self._sets = sets
        self._parameters = template.codec_context.extradata
        self._reorder_depth = template.codec_context.reorder_depth
        if sets is not None:
            # The deepest of all parts: a packet that comes earlier than it must is no fault.
            self._reorder_depth = max(sequence_of(d).reorder_depth or 0 for d in sets.sequences)
        self.frames = 0

    def packets(self, chunks: Sequence[Path]) -> Iterator["Packet[VideoStream]"]:
        """Yield all packets of all chunks in the order of decoding, with their new times."""
        for path, times in groupby(chunks):
            with _open(path) as container:
                source = container.streams.video[0]
                if self._sets is None and source.codec_context.extradata != self._parameters:
                    raise MuxError(
                        f"Chunk {path.name} cannot be joined: its parameter sets differ from "
                        "the first chunk's; both must be encoded with the same settings."
                    )
                for number, _ in enumerate(times):
                    if number:  # a repeated chunk: opening it again would cost 16 ms of probing
                        container.seek(0, stream=source)
                    yield from self._renumbered(
                        path.name, source, _demux(path.name, container, source)
                    )

    def _renumbered(
        self, name: str, source: VideoStream, packets: Iterator["Packet[VideoStream]"]
    ) -> Iterator["Packet[VideoStream]"]:
        places: set[int] = set()
        for packet in packets:
            if packet.pts is None or packet.size == 0:
                continue  # the demuxer's farewell
            exact = packet.pts * packet.time_base * self._rate.fraction
            place = round(exact)
            tick = packet.time_base * self._rate.fraction
            slack = tick / 2 if packet.time_base == MILLISECOND else 0
            if abs(exact - place) > slack:
                raise MuxError(f"{name} cannot be joined: its frames do not run at {self._rate}.")
            if not places and not packet.is_keyframe:
                raise MuxError(f"{name} cannot be joined: it does not begin with a keyframe.")
            yield stamp(
                packet,
                self._stream,
                pts=self.frames + place,
                dts=self.frames + len(places) - self._reorder_depth,
                duration=1,
                unit_s=1 / self._rate.fraction,
            )
            places.add(place)
        expected = source.frames or len(places)  # Matroska does not say how many
        if not places or places != set(range(expected)):
            raise MuxError(f"Chunk {name} is damaged: {len(places)} of {expected} frames.")
        self.frames += len(places)


def _sound_packets(
    name: str, container: InputContainer, stream: AudioStream
) -> Iterator["Packet[AudioStream]"]:
    source = container.streams.audio[0]
    unit_s = Fraction(1, SAMPLE_RATE_HZ)
    stream.time_base = unit_s
    for packet in _demux(name, container, source):
        if packet.pts is None or packet.dts is None or packet.size == 0:
            continue
        assert packet.time_base == unit_s, packet.time_base
        yield stamp(
            packet,
            stream,
            pts=packet.pts,
            dts=packet.dts,
            duration=packet.duration or 0,
            unit_s=unit_s,
        )


def _open(path: Path) -> InputContainer:
    try:
        return open_container(path)
    except AssetUnsupported as error:
        raise MuxError(f"{path.name} cannot be joined. {error.message}") from error


def _demux(name: str, container: InputContainer, stream: StreamT) -> Iterator["Packet[StreamT]"]:
    try:
        with reading(name):
            yield from container.demux(stream)
    except AssetUnsupported as error:
        raise MuxError(f"{name} cannot be joined. {error.message}") from error


def _decoded_at(packet: AnyPacket) -> Fraction:
    assert packet.dts is not None
    return packet.dts * packet.time_base
