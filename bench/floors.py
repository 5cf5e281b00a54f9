"""The floors below which no renderer of these frames can come, and the yardstick of quality.

    floors.py EDIT.json READS.json FRAMES REFERENCE.mp4     # prints JSON

Paints every frame by the general recipe into a file without loss; then times, in one thread, only
the calls that encode these frames with the settings of the edit, and only those that decode what
the film needs of its sources. What is around them (paths, Python, painting, writing) is not in it.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.codec.context import ThreadType

from vidgenie.core.edit.parse import parse
from vidgenie.core.plan.model import Chunk, EncoderSettings, Paint, Plan, Span
from vidgenie.core.plan.outputs import plan_output
from vidgenie.core.plan.spans import cut_spans
from vidgenie.core.timebase import FrameRange
from vidgenie.core.timeline.needs import needs
from vidgenie.core.timeline.resolve import resolve
from vidgenie.engine.encode import X264_FIXED
from vidgenie.engine.probe import probe
from vidgenie.engine.render import render_chunk
from vidgenie.engine.values import LocalSource

LOSSLESS = EncoderSettings(crf=0, preset="ultrafast")


def main() -> None:
    """Paint, encode, decode; print seconds of CPU."""
    edit_path, reads_path, frames, target = sys.argv[1:]
    document = json.loads(Path(edit_path).read_text())
    made = paint(document, int(frames), Path(target))
    told = json.loads(Path(reads_path).read_text())
    spent = {
        "frames": len(made.timeline.frames),
        "encode_s": round(encode(Path(target), made.encoder), 3),
        "decode_s": round(sum(decode(*read) for read in told), 3),
    }
    print(json.dumps(spent))


def paint(document: dict[str, Any], frames: int, target: Path) -> Plan:
    """Paint the first frames of an edit, each of them, and keep them without loss."""
    edit = parse(document, allow_local=True)
    assets = {n.src: LocalSource(Path(n.src), probe(Path(n.src))) for n in needs(edit)}
    made = plan_output(
        edit.output, resolve(edit, {src: source.facts for src, source in assets.items()})
    )
    timeline = made.timeline
    count = min(frames, len(timeline.frames))
    shown = FrameRange(timeline.frames.start, timeline.frames.start + count)
    # A span paints all clips it is given: it must be given those that are seen, as planned.
    spans = tuple(
        Span(FrameRange(span.frames.start, min(span.frames.stop, shown.stop)), Paint(), span.clips)
        for span in cut_spans(timeline)
        if span.frames.start < shown.stop
    )
    render_chunk(timeline, Chunk(0, shown, spans), assets, LOSSLESS, target)
    return replace(made, timeline=replace(timeline, frames=shown))


def encode(reference: Path, settings: EncoderSettings) -> float:
    """Return the CPU seconds of encoding its frames, nothing else."""
    spent = 0.0
    with av.open(reference) as source, av.open("/dev/null", "w", format="mp4") as target:
        stream = source.streams.video[0]
        options = {"crf": str(settings.crf), "preset": settings.preset, "x264-params": X264_FIXED}
        rate = Fraction(stream.average_rate or 30)
        out = target.add_stream("libx264", rate=rate, options=options)
        out.width, out.height, out.pix_fmt = stream.width, stream.height, "yuv420p"
        out.codec_context.gop_size = settings.gop_frames
        out.codec_context.thread_type = ThreadType.FRAME
        for number, frame in enumerate(source.decode(stream)):
            frame.pts, frame.time_base = number, 1 / rate
            frame.pict_type = av.video.frame.PictureType.NONE
            spent += timed(lambda frame=frame: out.encode(frame))
        return spent + timed(lambda: out.encode(None))


def decode(path: str, start: int, stop: int) -> float:
    """Return the CPU seconds of decoding frames of a video, from the keyframe before them."""
    with av.open(path) as source:
        stream = source.streams.video[0]
        stream.thread_type = ThreadType.NONE
        assert stream.average_rate is not None, path
        assert stream.time_base is not None, path
        source.seek(int(start / stream.average_rate / stream.time_base), stream=stream)
        last = float((stop - 1) / stream.average_rate)

        def until_last() -> None:
            for frame in source.decode(stream):
                if frame.time is not None and frame.time >= last - 1e-3:
                    return

        return timed(until_last)


def timed(work: Callable[[], object]) -> float:
    """Return this process's CPU seconds for a piece of work."""
    before = time.process_time()
    work()
    return time.process_time() - before


if __name__ == "__main__":
    main()
