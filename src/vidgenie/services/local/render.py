"""Rendering on this machine: the data path of a worker, in one process and its children."""

import fnmatch
import json
import os
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from vidgenie.core.edit.model import Edit
from vidgenie.core.edit.parse import parse
from vidgenie.core.geometry import Size
from vidgenie.core.plan.form import KINDS
from vidgenie.core.plan.hls import FIRST_RUNG, MASTER, is_rung, master_playlist, media_playlist
from vidgenie.core.plan.model import Plan
from vidgenie.core.plan.outputs import Still, plan_output, stills_of
from vidgenie.core.plan.renditions import Rendering, plan_renditions
from vidgenie.core.plan.subtitles import written
from vidgenie.core.timeline.needs import Need, needs
from vidgenie.core.timeline.resolve import resolve
from vidgenie.core.timeline.sources.dead import deaths, without_dead
from vidgenie.core.timeline.warnings import warnings
from vidgenie.engine import sandbox
from vidgenie.engine.kept import KeptChunks
from vidgenie.engine.lettering.families import families, missing
from vidgenie.engine.tasks import SIDE_NAMES, still_arguments
from vidgenie.engine.values import LocalSource, StillSettings, Stitched, frames_sha256
from vidgenie.errors import AssetError, AssetForbidden, AssetUnreachable, Problem, RequestInvalid
from vidgenie.services.local.facts import facts_of
from vidgenie.services.local.parts import LIMITS, Made, Note, Parts, identities_of

if TYPE_CHECKING:
    from vidgenie.services.net.client import GuardedClient


@dataclass(frozen=True, slots=True)
class LocalJob:
    """An edit ready to be rendered here."""

    edit: Edit
    plan: Plan
    assets: Mapping[str, LocalSource]
    stills: Mapping[str, Still]
    folder: "tempfile.TemporaryDirectory[str]"
    warnings: tuple[str, ...] = ()
    renditions: tuple[Rendering, ...] = ()

    @property
    def frames(self) -> int:
        """How many frames are to be made, those of renditions included."""
        plans = [self.plan, *(each.plan for each in self.renditions)]
        return sum(len(chunk.frames) for plan in plans for chunk in plan.chunks)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished file and those beside it, with figures of the work."""

    path: Path
    beside: tuple[Path, ...]
    size: str
    """Width × height; empty for what is only heard."""
    figures: Mapping[str, Any]

    def __str__(self) -> str:
        made = self.figures
        pictures = f"{self.size}  {made['frames']} frames  " if self.size else ""
        return (
            f"{self.path}  {pictures}{made['duration_s']:.3f} s"
            f"  {made['size_bytes'] / 1e6:.1f} MB  in {made['wall_s']:.1f} s"
        )


def load(
    document: dict[str, Any],
    base: Path,
    *,
    sources: Path | None = None,
    allow_networks: str = "",
    is_held_in: bool = False,
    kept: KeptChunks | None = None,
) -> LocalJob:
    """Parse an edit, find and probe its sources, plan it.

    Names of files start from `base`; with `is_held_in` they may not lead out of it, as befits an
    edit that the owner of this machine did not write. What is in `kept` is not probed again.

    Raises: EditInvalid; AssetError.
    """
    edit = parse(document, allow_local=True)
    folder = tempfile.TemporaryDirectory(prefix="vidgenie-")
    finder = _Finder(base, _source_map(sources), Path(folder.name), allow_networks)
    finder.is_held_in = is_held_in
    wanted = needs(edit)
    paths = finder.find_all(wanted)

    def probed(need: Need, path: Path | AssetError) -> LocalSource | AssetError:
        return _probed(need, path, Path(folder.name), kept)

    with ThreadPoolExecutor(max_workers=4) as pool:
        found = dict(zip(wanted, pool.map(probed, wanted, paths), strict=True))
    failed = {need.src: e for need, e in found.items() if isinstance(e, AssetError)}
    living = without_dead(edit, deaths(failed))
    if living.fatal:
        raise failed[living.fatal[0]]
    edit = living.edit
    assets = {need.src: e for need, e in found.items() if isinstance(e, LocalSource)}
    facts = {src: source.facts for src, source in assets.items()}
    timeline = resolve(edit, facts)
    told = tuple(map(str, (*living.warnings, *warnings(edit, facts, families(), missing))))
    plan = plan_output(edit.output, timeline)
    renditions = plan_renditions(edit, facts, timeline)
    return LocalJob(edit, plan, assets, stills_of(edit.output, plan), folder, told, renditions)


def _probed(
    need: Need, path: Path | AssetError, folder: Path, kept: KeptChunks | None
) -> LocalSource | AssetError:
    """Return a source with its facts, or why it cannot be had."""
    try:
        if isinstance(path, AssetError):
            raise path
        return LocalSource(path, facts_of(path, folder, kept))
    except AssetError as error:
        if not error.problems:
            error.message = f"{need.src}: {error.message}"
            error.problems = (Problem(need.path, error.code, error.message),)
        error.src = need.src
        return error


def _source_map(path: Path | None) -> dict[str, Path]:
    if path is None:
        return {}
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RequestInvalid(f"--sources {path} cannot be read: {error}") from None
    if not isinstance(given, dict):
        raise RequestInvalid(f"--sources {path} must be an object of URLs and files")
    base = path.absolute().parent
    return {str(pattern): base / str(target) for pattern, target in given.items()}


class _Finder:
    """Turns the sources an edit names into files of this machine."""

    def __init__(
        self, base: Path, sources: Mapping[str, Path], folder: Path, allow_networks: str
    ) -> None:
        self.is_held_in = False
        self._base = base
        self._sources = sources
        self._folder = folder
        self._networks = [part.strip() for part in allow_networks.split(",") if part.strip()]

    def find_all(self, wanted: tuple[Need, ...]) -> list[Path | AssetError]:
        """Return each source's file, or why there is none."""
        if not any(self._is_remote(need) for need in wanted):
            return [self._found(need) for need in wanted]
        # Here and not above: they take longer to load than a small edit to render.
        import asyncio

        from vidgenie.services.net.client import GuardedClient

        async def fetched() -> list[Path | AssetError]:
            async with GuardedClient(self._networks) as client:
                return list(await asyncio.gather(*(self._fetched(n, client) for n in wanted)))

        return asyncio.run(fetched())

    def _is_remote(self, need: Need) -> bool:
        is_web = urlsplit(need.src).scheme.lower() in ("http", "https")
        return is_web and self._mapped(need.src) is None

    async def _fetched(self, need: Need, client: "GuardedClient") -> Path | AssetError:
        if not self._is_remote(need):
            return self._found(need)
        from vidgenie.services.net.client import FetchLimits

        target = self._folder / f"source-{abs(hash(need.src)):x}"
        try:
            await client.download(need.src, target, FetchLimits())
        except AssetError as error:
            return error
        return target

    def _found(self, need: Need) -> Path | AssetError:
        path = self._mapped(need.src) or self._local(need.src)
        if self.is_held_in and not path.resolve().is_relative_to(self._base.resolve()):
            message = f"{need.src}: it is not within {self._base}"
            problem = Problem(need.path, AssetForbidden.code, message)
            return AssetForbidden(message, src=need.src, problems=[problem])
        if path.is_file():
            return path.resolve()
        message = f"{need.src}: there is no file {path}; give it with --sources"
        problem = Problem(need.path, "source_unreachable", message)
        return AssetUnreachable(message, src=need.src, problems=[problem])

    def _mapped(self, src: str) -> Path | None:
        if src in self._sources:
            return self._sources[src]
        for pattern, target in self._sources.items():
            if fnmatch.fnmatchcase(src, pattern):
                return target
        return None

    def _local(self, src: str) -> Path:
        if src.startswith("file://"):
            return Path(unquote(urlsplit(src).path))
        return self._base / src


def render(
    job: LocalJob,
    output: Path,
    *,
    workers: int,
    kept: KeptChunks | None,
    note: Note,
    hash_frames: bool = False,
) -> Rendered:
    """Render to a file that appears when it is complete, and those beside it.

    With `hash_frames` the figures have `frames_sha256` (`engine/artifact/framehash.py`), which
    costs the decoding of what was not decoded for it before.
    """
    check_name(output, job.plan.form.format)
    began = time.monotonic()
    folder = Path(job.folder.name)
    identities = identities_of(job.assets)

    def parts_of(plan: Plan, place: Path, first: int) -> Parts:
        return Parts(
            plan, job.assets, place, kept, identities, hash_frames=hash_frames, first=first
        )

    parts = parts_of(job.plan, folder, 0)
    others = [
        parts_of(each.plan, folder / f"_{each.name}", number * NUMBERS)
        for number, each in enumerate(job.renditions, 1)
    ]
    workers = workers or os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        try:
            for each in (parts, *others):
                each.begin(pool, workers, note)
            for each in (parts, *others):
                each.wait()
        except BaseException:
            for each in (parts, *others):
                each.stop()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    target, made = parts.finish()
    renditions = [_rendition(*pair, output) for pair in zip(job.renditions, others, strict=True)]
    if kept is not None:
        kept.shrink()
    _deliver(target, output)
    beside = (*_stills(job, output), *_subtitles(job, output))
    beside += tuple(output.with_name(told["file"]) for told in renditions)
    beside += _ladder(job, parts, others, output)
    wall = time.monotonic() - began
    figures = {**_figures(job, parts.done, made), "wall_s": round(wall, 3)}
    if renditions:
        figures["renditions"] = renditions
    if hash_frames:
        figures["frames_sha256"] = _frames_sha256(job, parts.frame_hashes(), target)
    size = "" if job.plan.form.kind == "sound" else str(job.plan.size)
    return Rendered(output, beside, size, figures)


NUMBERS = 1_000_000
"""A rendition's chunks are counted from a multiple of this: no plan has so many."""


def _rendition(rendering: Rendering, parts: Parts, output: Path) -> dict[str, Any]:
    """Write a rendition's file beside the output; return its figures."""
    made_at, made = parts.finish()
    target = output.with_name(f"{output.stem}-{rendering.name}.{rendering.plan.form.format}")
    _deliver(made_at, target)
    size = rendering.plan.size
    return {
        "name": rendering.name,
        "file": target.name,
        "width": size.width,
        "height": size.height,
        "frames": made.frames,
        "duration_s": made.duration_s,
        "size_bytes": made.size_bytes,
        "sha256": made.sha256,
    }


def _ladder(job: LocalJob, parts: Parts, others: Sequence[Parts], output: Path) -> tuple[Path, ...]:
    """Write the HLS ladder into a folder beside the output, if the edit asks for it."""
    if not job.edit.output.hls:
        return ()
    pairs = zip(job.renditions, others, strict=True)
    found = {each.name: of for each, of in pairs if is_rung(each.plan, job.plan)}
    folder, rungs = output.with_name(f"{output.stem}-hls"), []
    for name, of in {FIRST_RUNG: parts, **found}.items():
        made_at, rung = of.package(name)
        _deliver(made_at, folder / f"{name}.mp4")
        (folder / f"{name}.m3u8").write_text(media_playlist(rung))
        rungs.append(rung)
    (folder / MASTER).write_text(master_playlist(rungs))
    return (folder / MASTER,)


def _frames_sha256(job: LocalJob, hashes: list[str], made: Path) -> str | None:
    """Return the hash of what the finished file shows; None where there is nothing to see."""
    kind = job.plan.form.kind
    if kind == "sound":
        return None
    if kind != "video":  # its chunks are not what it shows
        hashes = sandbox.run("frame_hashes", (made,), limits=LIMITS)
    return frames_sha256(hashes)


def _stills(job: LocalJob, output: Path) -> tuple[Path, ...]:
    """Write the poster and the thumbnail that the edit asks for."""
    beside = []
    for name, still in job.stills.items():
        picture = Path(job.folder.name) / f"{name}.jpg"
        told = still_arguments(job.plan, still, job.assets, picture)
        sandbox.run("render_still", told, limits=LIMITS)
        beside.append(output.with_name(output.stem + SIDE_NAMES[name]))
        _deliver(picture, beside[-1])
    return tuple(beside)


ENDINGS = {"jpeg": "jpg", "m4v": "mp4", "wave": "wav"}
"""Other names of formats, as files end in them."""


def check_name(output: Path, form: str) -> None:
    """Refuse a file name that promises another format than the edit.

    Raises: RequestInvalid.
    """
    ending = output.suffix.lower().lstrip(".")
    named = ENDINGS.get(ending, ending)
    if named in KINDS and named != form:
        raise RequestInvalid(
            f"{output.name} would hold {form}, as the edit's output.format says: name it"
            f" {output.stem}.{form}, or render another format with --format {named}"
        )


def _deliver(made: Path, output: Path) -> None:
    """Put a finished file in its place, at once."""
    output.parent.mkdir(parents=True, exist_ok=True)
    part = output.with_name(f".{output.name}.part")
    shutil.copyfile(made, part)
    part.replace(output)


def _subtitles(job: LocalJob, output: Path) -> tuple[Path, ...]:
    """Write the files of subtitles that the edit asks for."""
    subtitles = job.plan.form.subtitles
    if subtitles is None:
        return ()
    beside = []
    for form in subtitles.sidecar:
        made = Path(job.folder.name) / f"subtitles.{form}"
        made.write_text(written(subtitles.cues, form), encoding="utf-8")
        beside.append(output.with_suffix(f".{form}"))
        _deliver(made, beside[-1])
    return tuple(beside)


def _figures(job: LocalJob, parts: Sequence[Made], made: Stitched) -> dict[str, Any]:
    done = [part.stats for part in parts if part.stats is not None]
    recipes: dict[str, int] = {}
    for stats in done:
        for name, frames in stats.frames_by_recipe.items():
            recipes[name] = recipes.get(name, 0) + frames
    encoded = sum(stats.frames_encoded for stats in done)
    copied = sum(stats.frames_copied for stats in done)
    return {
        "frames": made.frames,
        "duration_s": made.duration_s,
        "size_bytes": made.size_bytes,
        "sha256": made.sha256,
        "chunks": len(job.plan.chunks),
        "chunks_made": len(done),
        "chunks_from_cache": len(parts) - len(done),
        "frames_by_recipe": recipes,
        "frames_decoded": sum(stats.frames_decoded for stats in done),
        "frames_painted": sum(stats.frames_painted for stats in done),
        "frames_encoded": encoded,
        "frames_copied": copied,
        "not_copied": sorted({stats.not_copied for stats in done if stats.not_copied}),
        "frames_reused": max(0, made.frames - encoded - copied),
        "encoder_starts": sum(stats.encoder_starts for stats in done),
        "cpu_s": round(sum(stats.cpu_s for stats in done), 3),
    }


def frame_at(job: LocalJob, seconds: float) -> tuple[int, bytes]:
    """Return the frame that is shown at a time: its number, and it as a PNG.

    Raises: RequestInvalid beyond the end.
    """
    frame = _frame_number(job, seconds)
    arguments = (job.plan.timeline, frame, job.assets)
    data: bytes = sandbox.run("render_frame", arguments, limits=LIMITS)
    return frame, data


def preview(job: LocalJob, seconds: float, width_max: int) -> tuple[int, bytes]:
    """Return the frame that is shown at a time: its number, and it as a JPEG of that width at most.

    Raises: RequestInvalid beyond the end.
    """
    frame, size = _frame_number(job, seconds), job.plan.timeline.size
    width = min(size.width, width_max)
    settings = StillSettings(Size(width, max(1, round(size.height * width / size.width))))
    arguments = (job.plan.timeline, frame, job.assets, settings)
    data: bytes = sandbox.run("still_bytes", arguments, limits=LIMITS)
    return frame, data


def _frame_number(job: LocalJob, seconds: float) -> int:
    timeline = job.plan.timeline
    frame = timeline.frames.start + int(seconds * float(timeline.rate) + 1e-9)
    if frame not in timeline.frames:
        length = len(timeline.frames) / float(timeline.rate)
        raise RequestInvalid(f"{seconds:g} s is beyond the end: the edit has {length:g} s")
    return frame
