"""`output.hls`: playlists of a ladder of files, in segments that begin at the same keyframes.

Each rung is one fragmented MP4, of which the playlist names byte ranges: few files, few links. A
segment is a chunk, and chunks of one timeline begin at the same frames in every size.
Source: RFC 8216 with EXT-X-VERSION 7 (fragmented MP4); Apple's HLS authoring specification.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from vidgenie.core.geometry import Size
from vidgenie.core.plan.model import Plan
from vidgenie.core.timebase import FrameRate

MASTER = "master.m3u8"
FIRST_RUNG = "main"
"""The name of the output among the rungs."""

SOUND_CODEC = "mp4a.40.2"


@dataclass(frozen=True, slots=True)
class Rung:
    """One size of the ladder: its file's head and segments in bytes, one after the other."""

    name: str
    size: Size
    rate: FrameRate
    codecs: str
    head: int
    segments: tuple[int, ...]
    frames: tuple[int, ...]

    def seconds(self, index: int) -> float:
        """Return how long a segment lasts."""
        return float(self.rate.seconds_at(self.frames[index]))


def segment_frames(plan: Plan) -> tuple[int, ...]:
    """Return how many frames each segment has; a chunk that is put out often is as many."""
    return tuple(len(chunk.frames) for chunk in plan.chunks for _ in range(chunk.repeat))


def is_rung(plan: Plan, first: Plan) -> bool:
    """Tell whether a plan's file can stand in one ladder with the output's."""
    is_h264 = plan.form.format == "mp4" and plan.encoder.codec == "h264"
    one, other = plan.timeline, first.timeline
    is_alike = (one.size, one.rate) == (other.size, other.rate)
    return is_h264 and is_alike and segment_frames(plan) == segment_frames(first)


def media_playlist(rung: Rung) -> str:
    """Return the playlist of one rung, beside its file."""
    longest = max(rung.seconds(index) for index in range(len(rung.segments)))
    lines = [
        "#EXTM3U",
        "#EXT-X-VERSION:7",
        f"#EXT-X-TARGETDURATION:{ceil(longest)}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        f'#EXT-X-MAP:URI="{rung.name}.mp4",BYTERANGE="{rung.head}@0"',
    ]
    place = rung.head
    for index, size in enumerate(rung.segments):
        lines.append(f"#EXTINF:{rung.seconds(index):.6f},")
        lines.append(f"#EXT-X-BYTERANGE:{size}@{place}")
        lines.append(f"{rung.name}.mp4")
        place += size
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def master_playlist(rungs: Sequence[Rung]) -> str:
    """Return the playlist of all rungs, the largest first: players begin with it."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for rung in sorted(rungs, key=_peak, reverse=True):
        seconds = float(rung.rate.seconds_at(sum(rung.frames)))
        mean = ceil(sum(rung.segments) * 8 / seconds)
        lines.append(
            f"#EXT-X-STREAM-INF:BANDWIDTH={_peak(rung)},AVERAGE-BANDWIDTH={mean},"
            f'CODECS="{rung.codecs}",RESOLUTION={rung.size.width}x{rung.size.height},'
            f"FRAME-RATE={float(rung.rate):.3f}"
        )
        lines.append(f"{rung.name}.m3u8")
    return "\n".join([*lines, ""])


def _peak(rung: Rung) -> int:
    return max(ceil(size * 8 / rung.seconds(index)) for index, size in enumerate(rung.segments))
