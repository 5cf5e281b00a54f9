"""What a sandboxed child may be asked to do, what it is told, and how its answers are read.

Arguments go to the child as pickles of our own values. Answers come back as JSON and are rebuilt
here field by field: a child that was taken over can lie, but it cannot run anything in its parent.
"""

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vidgenie.core.lottie.document import LottieFacts
from vidgenie.core.plan.hls import Rung, segment_frames
from vidgenie.core.plan.model import Plan
from vidgenie.core.plan.quality import QUALITY
from vidgenie.core.timebase import FrameRate
from vidgenie.core.timeline.facts import (
    AudioFacts,
    CaptionFacts,
    Coding,
    Cue,
    FontFacts,
    FrameTimes,
    MediaFacts,
    ParameterFacts,
    SpokenWord,
    VideoFacts,
)
from vidgenie.engine.values import (
    Assets,
    HlsFile,
    LocalSource,
    RenderStats,
    StillSettings,
    Stitched,
)

if TYPE_CHECKING:  # what an output asks for is read from a document, which no child has
    from vidgenie.core.plan.outputs import Still

Report = Callable[[int], None]
"""Takes the frames (or samples) done so far."""


@dataclass(frozen=True, slots=True)
class Task:
    """One kind of work: `run` in the child, `read` its JSON answer in the parent.

    `run` is named ("module:function"), not held: the parent never loads what touches codecs.
    `target` is the position of the argument that is the file to be written, if there is one;
    `report` the keyword under which `run` takes a `Report`.
    """

    run: str
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]
    target: int | None = None
    report: str | None = None

    @property
    def module(self) -> str:
        """The module that does it."""
        return self.run.partition(":")[0]

    def load(self) -> Callable[..., Any]:
        """Return the function that does it: for the child, which was forked with it loaded."""
        function: Callable[..., Any] = getattr(
            import_module(self.module), self.run.partition(":")[2]
        )
        return function


def paths_of(task: Task, arguments: tuple[Any, ...]) -> tuple[list[Path], list[Path]]:
    """Return the files a task reads and the folders it writes to."""
    reads, writes = [], []
    for position, argument in enumerate(arguments):
        for path in _paths_in(argument):
            if position == task.target:
                writes.append(path.parent.resolve())
            else:
                reads.append(path.resolve())
    return reads, writes


def _paths_in(value: Any) -> Iterator[Path]:
    if isinstance(value, Path):
        yield value
    elif isinstance(value, LocalSource):
        yield value.path
    elif isinstance(value, Mapping):
        for entry in value.values():
            yield from _paths_in(entry)
    elif isinstance(value, list | tuple) and not hasattr(value, "_fields"):
        for entry in value:
            yield from _paths_in(entry)


def facts_to_json(facts: MediaFacts) -> dict[str, Any]:
    """Return facts as JSON values."""
    return asdict(facts)


def facts_from_json(data: Mapping[str, Any]) -> MediaFacts:
    """Rebuild facts; raises KeyError, TypeError or ValueError for anything else."""
    video, audio = data["video"], data["audio"]
    return MediaFacts(
        container=str(data["container"]),
        duration_s=float(data["duration_s"]),
        video=None if video is None else _video_from_json(video),
        audio=None
        if audio is None
        else AudioFacts(int(audio["sample_rate_hz"]), int(audio["channels"]), str(audio["codec"])),
        is_image=bool(data["is_image"]),
        font=None if data["font"] is None else _font_from_json(data["font"]),
        captions=None if data["captions"] is None else _captions_from_json(data["captions"]),
        lottie=None if data["lottie"] is None else _lottie_from_json(data["lottie"]),
    )


def _lottie_from_json(data: Mapping[str, Any]) -> LottieFacts:
    return LottieFacts(
        width=float(data["width"]),
        height=float(data["height"]),
        rate=float(data["rate"]),
        count=float(data["count"]),
        stills=tuple((float(start), float(stop)) for start, stop in data["stills"]),
        notes=tuple(str(note) for note in data["notes"]),
    )


def _captions_from_json(data: Mapping[str, Any]) -> CaptionFacts:
    return CaptionFacts(
        cues=tuple(
            Cue(
                float(cue["start_s"]),
                float(cue["end_s"]),
                str(cue["text"]),
                tuple(
                    SpokenWord(str(word["text"]), float(word["start_s"]), float(word["end_s"]))
                    for word in cue["words"]
                ),
            )
            for cue in data["cues"]
        ),
        notes=tuple(str(note) for note in data["notes"]),
    )


def _font_from_json(data: Mapping[str, Any]) -> FontFacts:
    return FontFacts(
        family=str(data["family"]),
        full_name=str(data["full_name"]),
        weight=int(data["weight"]),
        is_italic=bool(data["is_italic"]),
    )


def _video_from_json(data: Mapping[str, Any]) -> VideoFacts:
    frames = data["frames"]
    return VideoFacts(
        width=int(data["width"]),
        height=int(data["height"]),
        frames=FrameTimes(
            count=int(frames["count"]),
            rate=FrameRate(int(frames["rate"]["num"]), int(frames["rate"]["den"])),
            ticks=tuple(int(tick) for tick in frames["ticks"]),
            tick_rate=int(frames["tick_rate"]),
            stop_tick=int(frames["stop_tick"]),
        ),
        codec=str(data["codec"]),
        pixel_format=str(data["pixel_format"]),
        has_alpha=bool(data["has_alpha"]),
        rotation=int(data["rotation"]),
        color_space=str(data["color_space"]),
        color_range=str(data["color_range"]),
        primaries=str(data["primaries"]),
        transfer=str(data["transfer"]),
        is_interlaced=bool(data["is_interlaced"]),
        coded=_coded_from_json(data["coded"]),
    )


def _coded_from_json(data: Mapping[str, Any]) -> Coding:
    primaries, transfer, matrix = data["color"]
    return Coding(
        clock=FrameRate(int(data["clock"]["num"]), int(data["clock"]["den"])),
        first_tick=int(data["first_tick"]),
        keyframes=tuple(int(number) for number in data["keyframes"]),
        open_gops=tuple(int(number) for number in data["open_gops"]),
        reorder_depth=int(data["reorder_depth"]),
        profile=str(data["profile"]),
        level=int(data["level"]),
        is_counted=bool(data["is_counted"]),
        has_hidden=bool(data["has_hidden"]),
        width=int(data["width"]),
        height=int(data["height"]),
        color=(int(primaries), int(transfer), int(matrix)),
        has_square_pixels=bool(data["has_square_pixels"]),
        sets=None if data["sets"] is None else _sets_from_json(data["sets"]),
    )


def _sets_from_json(data: Mapping[str, Any]) -> ParameterFacts:
    told_depth = data["told_depth"]
    return ParameterFacts(
        digest=str(data["digest"]),
        ids=tuple(int(number) for number in data["ids"]),
        nal_length_size=int(data["nal_length_size"]),
        is_progressive=bool(data["is_progressive"]),
        told_depth=None if told_depth is None else int(told_depth),
    )


def _stats_from_json(data: Mapping[str, Any]) -> RenderStats:
    return RenderStats(
        frames_decoded=int(data["frames_decoded"]),
        frames_painted=int(data["frames_painted"]),
        frames_encoded=int(data["frames_encoded"]),
        frames_copied=int(data["frames_copied"]),
        frames_by_recipe={
            str(name): int(count) for name, count in data["frames_by_recipe"].items()
        },
        encoder_starts=int(data["encoder_starts"]),
        cpu_s=float(data["cpu_s"]),
        wall_s=float(data["wall_s"]),
        not_copied=str(data["not_copied"]),
    )


def _stitched_from_json(data: Mapping[str, Any]) -> Stitched:
    return Stitched(
        frames=int(data["frames"]),
        duration_s=float(data["duration_s"]),
        size_bytes=int(data["size_bytes"]),
        sha256=str(data["sha256"]),
    )


def _hashes_from_json(data: Any) -> list[str]:
    return [str(each) for each in data]


def _hls_from_json(data: Mapping[str, Any]) -> HlsFile:
    segments = tuple(int(size) for size in data["segments"])
    return HlsFile(str(data["codecs"]), int(data["head"]), segments)


def _bytes_to_json(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes_from_json(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _nothing(_: Any) -> None:
    return None


TASKS: Mapping[str, Task] = {
    "probe": Task("vidgenie.engine.probe:probe", facts_to_json, facts_from_json),
    "render_chunk": Task(
        "vidgenie.engine.render:render_chunk", asdict, _stats_from_json, target=4, report="on_frame"
    ),
    "encode_sound": Task(
        "vidgenie.engine.encode:encode_sound", _nothing, _nothing, target=2, report="on_progress"
    ),
    "finish": Task("vidgenie.engine.finish:finish", asdict, _stitched_from_json, target=3),
    "render_still": Task("vidgenie.engine.still:render_still", asdict, _stats_from_json, target=4),
    "package": Task("vidgenie.engine.artifact.hls:package", asdict, _hls_from_json, target=2),
    "frame_hashes": Task(
        "vidgenie.engine.artifact.framehash:frame_hashes", list, _hashes_from_json
    ),
    "render_frame": Task("vidgenie.engine.render:render_frame", _bytes_to_json, _bytes_from_json),
    "still_bytes": Task("vidgenie.engine.still:still_bytes", _bytes_to_json, _bytes_from_json),
}


WORKS: Mapping[str, Task] = {
    "render_chunks": Task("vidgenie.engine.render:chunk_renderer", asdict, _stats_from_json),
}
"""What a session (`session.py`) does: each `run` returns the function that does one piece of it."""


SIDE_NAMES = {"poster": "-poster.jpg", "thumbnail": "-thumb.jpg"}
"""How the files beside an output are named: its own name without the ending, and this."""


def in_order(plan: Plan, files: Mapping[int, Path]) -> list[Path]:
    """Return the chunks' files as they follow each other; a repeated one stands there often."""
    return [files[chunk.index] for chunk in plan.chunks for _ in range(chunk.repeat)]


def finish_arguments(
    plan: Plan, files: Mapping[int, Path], sound: Path | None, target: Path
) -> tuple[Any, ...]:
    """Return what `finish` is told; `files` are the chunks' by their index."""
    grid = (plan.timeline.rate, len(plan.timeline.frames))
    return plan.form, in_order(plan, files), sound, target, grid


def package_arguments(
    plan: Plan, files: Mapping[int, Path], sound: Path | None, target: Path
) -> tuple[Any, ...]:
    """Return what `package` is told."""
    return in_order(plan, files), sound, target, plan.timeline.rate, segment_frames(plan)


def rung_of(name: str, plan: Plan, made: HlsFile) -> Rung:
    """Return a packaged file as a rung of the ladder."""
    rate, frames = plan.timeline.rate, segment_frames(plan)
    return Rung(name, plan.size, rate, made.codecs, made.head, made.segments, frames)


def image_arguments(plan: Plan, assets: Assets, target: Path) -> tuple[Any, ...]:
    """Return what `render_still` is told to make a plan's only frame."""
    form = plan.form
    assert form.format in ("jpg", "png", "bmp"), form
    settings = StillSettings(
        plan.size,
        form.format,
        QUALITY[form.quality].jpg,
        keep_alpha=form.format == "png" and plan.encoder.has_alpha,
    )
    return plan.timeline, plan.timeline.frames.start, assets, settings, target


def still_arguments(plan: Plan, still: "Still", assets: Assets, target: Path) -> tuple[Any, ...]:
    """Return what `render_still` is told to make a poster or a thumbnail."""
    settings = StillSettings(still.size, "jpg", QUALITY[plan.form.quality].jpg)
    return plan.timeline, still.frame, assets, settings, target
