"""The three jobs of a render. Each does its work, then writes its result and finishes its job in
one transaction: a worker that lost its lease meanwhile writes nothing.

    plan_render ──┬─ render_part (sound)   ──┬─ finish_render → done
                  ├─ render_part (chunk 0) ──┤
                  └─ render_part (chunk n) ──┘
"""

import asyncio
import shutil
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from vidgenie.core.plan.model import Plan
from vidgenie.engine import sandbox
from vidgenie.engine.tasks import (
    SIDE_NAMES,
    finish_arguments,
    image_arguments,
    still_arguments,
)
from vidgenie.engine.values import Stitched
from vidgenie.errors import RenderError, StorageError
from vidgenie.services import queue
from vidgenie.services.queue import Job, NewJob
from vidgenie.services.renders import copies, reuse, store
from vidgenie.services.renders.beside import keep_ladder, keep_subtitles
from vidgenie.services.renders.model import SOUND_PART, Part, Render
from vidgenie.services.renders.prepare import PARTS_MAX, Making, Prepared, prepare
from vidgenie.services.renders.progress import PartProgress
from vidgenie.services.renders.submit import ATTEMPTS_MAX, announce, tell
from vidgenie.services.renders.tools import RenderTools

SOUND_SHARE = 0.05
"""The sound's weight in the progress, as a share of the frames: mixing is that much faster."""


STARTED_ATTEMPTS_MAX = 4
"""Half an hour of attempts: later, `render.done` has said more."""


async def plan_render(tools: RenderTools, job: Job, should_stop: threading.Event) -> None:
    """Fetch, probe, resolve and plan; the parts' jobs enter with this job's end."""
    began = time.monotonic()
    render_id = job.payload["render_id"]
    async with tools.db.transaction() as tx:
        goes_on = await store.start(tx, render_id, attempts=job.attempt)
        render = await store.get(tx, None, render_id)
        if not goes_on:
            await queue.finish(tx, job)
            return
        if job.attempt == 1:
            await tell(tx, render_id, "render.started", attempts_max=STARTED_ATTEMPTS_MAX)
    is_last = job.attempt >= job.attempts_max
    prepared = await prepare(tools, render, is_last_attempt=is_last)
    tools.keep(render_id, prepared)
    spent = {"fetching": round(time.monotonic() - began, 3)}
    told = [asdict(warning) for warning in prepared.warnings]
    async with tools.db.transaction() as tx:
        await queue.finish(tx, job)
        if not await store.planned(
            tx, render_id, sources=prepared.sources, warnings=told, timings=spent
        ):
            return
        totals = part_totals(prepared)
        await store.insert_parts(tx, render_id, totals)
        parts = [_job(render, job, "render_part", part=part) for part in totals]
        await queue.fan_out(tx, parts, _job(render, job, "finish_render"))


def part_totals(prepared: Prepared) -> dict[int, int]:
    """Return each part's number and its weight in frames; the sound first, it is short.

    Of chunks, and of sounds, that hold the same only the first is a part.
    """
    totals: dict[int, int] = {}
    known: set[str] = set()
    for which, making in enumerate(prepared.makings):
        first, plan = which * PARTS_MAX, making.plan
        weights = {first + chunk.index: len(chunk.frames) for chunk in plan.chunks}
        if plan.has_sound:
            share = max(1, round(len(plan.timeline.frames) * SOUND_SHARE))
            weights = {first + SOUND_PART: share, **weights}
        for number, weight in weights.items():
            content = prepared.content(number)
            if content not in known:
                known.add(content)
                totals[number] = weight
    return totals


def _job(render: Render, begun: Job, kind: str, **payload: Any) -> NewJob:
    """Return a job that goes on with a render: it has the turn of the job that began it.

    Behind a thousand renders that wait, all of them would begin before one ends.
    """
    return NewJob(
        kind=kind,
        queue="render",
        payload={"render_id": render.id, **payload},
        account_id=render.account_id,
        group_id=render.id,
        priority=render.priority,
        attempts_max=ATTEMPTS_MAX,
        since=begun.turn,
    )


async def render_part(tools: RenderTools, job: Job, should_stop: threading.Event) -> None:
    """Render one chunk, or the sound, and keep its file under a key that holds the token."""
    render_id, part = job.payload["render_id"], job.payload["part"]
    async with tools.db.transaction() as tx:
        render = await store.get(tx, None, render_id)
        if render.has_ended:
            await queue.finish(tx, job)
            return
        await store.count_attempt(tx, render_id, job.attempt)
    prepared = await _prepared(tools, render)
    content, is_sound = prepared.content(part), prepared.part(part)[1] == SOUND_PART
    with _work_folder(tools) as folder:
        if await reuse.find(tools.db, tools.storage, content, folder):
            await _take_kept(tools, job, prepared)
            return
        target = folder / ("sound" if is_sound else str(part))
        task, arguments = _task(prepared, part, target)
        async with PartProgress(tools.db, render_id, part) as progress:
            stats = await asyncio.to_thread(
                sandbox.run,
                task,
                arguments,
                limits=tools.part_limits,
                on_progress=None if is_sound else progress.note,
                should_stop=should_stop,
            )
        key = await reuse.keep(
            tools.db, tools.storage, content, target, account_id=render.account_id
        )
    async with tools.db.transaction() as tx:
        await queue.finish(tx, job)
        await store.finish_part(
            tx, render_id, part, key=key, stats={} if stats is None else asdict(stats)
        )


async def _take_kept(tools: RenderTools, job: Job, prepared: Prepared) -> None:
    """Finish a part with the chunk, or the sound, that an earlier render made."""
    render_id, part = job.payload["render_id"], job.payload["part"]
    content, (making, index) = prepared.content(part), prepared.part(part)
    is_sound = index == SOUND_PART
    stats = {} if is_sound else {"frames_reused": len(making.plan.chunks[index].frames)}
    async with tools.db.transaction() as tx:
        await queue.finish(tx, job)
        await store.finish_part(tx, render_id, part, key=reuse.object_of(content), stats=stats)


def _task(prepared: Prepared, part: int, target: Path) -> tuple[str, tuple[Any, ...]]:
    """Return the engine's task for a part, and its arguments."""
    making, index = prepared.part(part)
    plan = making.plan
    if index == SOUND_PART:
        return "encode_sound", (plan.timeline, prepared.assets, target, plan.form.sound)
    chunk = plan.chunks[index]
    if plan.form.kind == "image":
        return "render_still", image_arguments(plan, prepared.assets, target)
    return "render_chunk", (plan.timeline, chunk, prepared.assets, plan.encoder, target)


async def _prepared(tools: RenderTools, render: Render) -> Prepared:
    """Return the render's plan, made anew where this worker does not have it at hand.

    Raises: RenderError when it is not the plan the render was started with.
    """
    prepared = tools.prepared.get(render.id)
    if prepared is None or not all(source.path.exists() for source in prepared.assets.values()):
        prepared = await prepare(tools, render)  # a long wait may have emptied the file cache
    tools.keep(render.id, prepared)
    assert render.sources is not None, render.id
    if prepared.checksum != render.sources["plan"]:
        del tools.prepared[render.id]
        raise RenderError(
            "This worker plans the render in another way than the one that began it: a source has"
            " changed meanwhile, or the workers' versions differ. Send the edit once more."
        )
    return prepared


async def finish_render(tools: RenderTools, job: Job, should_stop: threading.Event) -> None:
    """Join the parts, keep the artifact, end the render and publish the event."""
    render_id = job.payload["render_id"]
    began = time.monotonic()
    async with tools.db.transaction() as tx:
        if not await store.saving(tx, render_id):
            await queue.finish(tx, job)
            return
        render = await store.get(tx, None, render_id)
        parts = await store.parts(tx, render_id)
    prepared = await _prepared(tools, render)
    with _work_folder(tools) as folder:
        files = await _part_files(tools, prepared, parts, folder)
        key = f"renders/{render_id}/{job.token}.{prepared.plan.form.format}"
        outputs = [
            await _finished(
                tools,
                making,
                files,
                key=_named(key, making),
                folder=folder,
                should_stop=should_stop,
            )
            for making in prepared.makings
        ]
        beside = await _stills(tools, prepared, key, folder, should_stop)
        beside |= await keep_subtitles(tools, prepared.plan.form.subtitles, key, folder)
        beside |= await keep_ladder(tools, prepared, files, key, folder)
    output, *others = outputs
    renditions = [
        {"name": making.name, **made}
        for making, made in zip(prepared.renditions, others, strict=True)
    ]
    timings = {"saving": round(time.monotonic() - began, 3), **_part_timings(parts)}
    async with tools.db.transaction() as tx:
        await queue.finish(tx, job)
        places = prepared.destinations
        ended = await store.end(
            tx,
            render_id,
            "done",
            output=output
            | beside
            | {"renditions": renditions}
            | await copies.first_states(tx, render.account_id, places),
            timings=timings,
            cache=reuse.cache_view(parts, sum(made["frames"] for made in outputs)),
        )
        if ended is not None:
            await announce(tx, ended, link=tools.link)
            await copies.begin(tx, ended, places)
    tools.prepared.pop(render_id, None)


def _named(key: str, making: Making) -> str:
    """Return where a file is kept: the output's own place, a rendition's beside it."""
    name = f"-{making.name}" if making.name else ""
    return f"{key.rpartition('.')[0]}{name}.{making.plan.form.format}"


async def _finished(
    tools: RenderTools,
    making: Making,
    files: Mapping[str, Path],
    *,
    key: str,
    folder: Path,
    should_stop: threading.Event,
) -> dict[str, Any]:
    """Join one file from what its parts hold, and keep it; return what the row tells of it."""
    chunks = {index: files[content] for index, content in enumerate(making.keys)}
    target = folder / f"output-{making.name}.{making.plan.form.format}"
    sound = files[making.sound_key] if making.plan.has_sound else None
    made: Stitched = await asyncio.to_thread(
        sandbox.run,
        "finish",
        finish_arguments(making.plan, chunks, sound, target),
        limits=tools.part_limits,
        should_stop=should_stop,
    )
    await tools.storage.put_file(key, target)
    return _output(making.plan, made, key)


async def _stills(
    tools: RenderTools,
    prepared: Prepared,
    output_key: str,
    folder: Path,
    should_stop: threading.Event,
) -> dict[str, str]:
    """Make and keep the poster and the thumbnail; return their keys as the row has them."""
    kept = {}
    for name, still in prepared.stills.items():
        target = folder / f"{name}.jpg"
        await asyncio.to_thread(
            sandbox.run,
            "render_still",
            still_arguments(prepared.plan, still, prepared.assets, target),
            limits=tools.part_limits,
            should_stop=should_stop,
        )
        key = f"{output_key.rpartition('.')[0]}{SIDE_NAMES[name]}"
        await tools.storage.put_file(key, target)
        kept[f"{name}_key"] = key
    return kept


async def _part_files(
    tools: RenderTools, prepared: Prepared, parts: Sequence[Part], folder: Path
) -> dict[str, Path]:
    """Return a local file for what each part holds.

    Where the storage is local, nothing is copied. A part that was lost meanwhile is made anew.
    """
    files = {}
    for part in parts:
        assert part.key is not None, part
        path = tools.storage.local_path(part.key)
        if path is None:
            path = folder / f"part{part.part}"
            try:
                await tools.storage.get_file(part.key, path)
            except StorageError:
                task, arguments = _task(prepared, part.part, path)
                await asyncio.to_thread(sandbox.run, task, arguments, limits=tools.part_limits)
        files[prepared.content(part.part)] = path
    return files


def _part_timings(parts: Sequence[Part]) -> dict[str, float]:
    """Return CPU seconds of the video parts and of the sound; machines may have shared them."""
    spent = sum((part.stats or {}).get("cpu_s", 0.0) for part in parts)
    return {"rendering_cpu": round(spent, 3)}


def _output(plan: Plan, made: Stitched, key: str) -> dict[str, Any]:
    has_picture = plan.form.kind != "sound"
    return {
        "key": key,
        "format": plan.form.format,
        "width": plan.size.width if has_picture else None,
        "height": plan.size.height if has_picture else None,
        "fps": round(float(plan.timeline.rate), 3) if has_picture else None,
        "duration": round(made.duration_s, 6),
        "frames": made.frames,
        "size": made.size_bytes,
        "sha256": made.sha256,
    }


@contextmanager
def _work_folder(tools: RenderTools) -> Iterator[Path]:
    """A folder for one job's files, gone with the job."""
    folder = Path(tempfile.mkdtemp(prefix="job-", dir=tools.work_dir))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


Perform = Callable[[RenderTools, Job, threading.Event], Awaitable[None]]
"""Does a job and writes its end in one transaction; stops soon when the event is set."""

JOBS: dict[str, Perform] = {
    "plan_render": plan_render,
    "render_part": render_part,
    "finish_render": finish_render,
}
"""The kinds of jobs of a render."""
