"""The job that makes a source an asset: fetch, judge, keep, probe."""

import asyncio
import threading
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from vidgenie.core.timeline.facts import MediaFacts
from vidgenie.engine import sandbox
from vidgenie.errors import VidGenieError
from vidgenie.services import assets, queue
from vidgenie.services.assets.model import SCHEME, LocalAsset, NewUpload
from vidgenie.services.db.pool import Transaction
from vidgenie.services.ingest import store
from vidgenie.services.ingest.model import KIND, IngestTools, Source
from vidgenie.services.queue import Job, NewJob
from vidgenie.services.storage import Storage

ATTEMPTS_MAX = 3
PAUSE_S = 10.0
LOST = "The worker died while it imported this, on every attempt."


async def enqueue(tx: Transaction, source: Source) -> None:
    """Let the import of a source enter."""
    await queue.enqueue(
        tx,
        NewJob(
            kind=KIND,
            queue="render",
            payload={"source_id": source.id},
            account_id=source.account_id,
            attempts_max=ATTEMPTS_MAX,
        ),
    )


async def ingest_source(tools: IngestTools, job: Job, _: threading.Event) -> None:
    """Make a source an asset and find out what it is."""
    async with tools.db.transaction() as tx:
        source = await store.begin(tx, job.payload["source_id"])
        if source is None:
            await queue.finish(tx, job)
            return
    local = await _fetched(tools, source)
    facts = await asyncio.to_thread(sandbox.run, "probe", (local.path,), limits=tools.probe_limits)
    asset_id = source.asset_id or await _kept(tools, source, local)
    async with tools.db.transaction() as tx:
        await queue.finish(tx, job)
        await store.ready(tx, source.id, asset_id, _columns(facts))


async def ingest_failed(tools: IngestTools, job: Job, error: BaseException) -> None:
    """Put a failed import back, or end it."""
    is_known = isinstance(error, VidGenieError)
    may_mend = error.retry != "never" if isinstance(error, VidGenieError) else True
    is_last = not may_mend or job.attempt >= job.attempts_max
    message = str(error)[:2000] if is_known else "VidGenie failed inside while it imported this."
    async with tools.db.transaction() as tx:
        pause = None if is_last else PAUSE_S * job.attempt
        await queue.fail(tx, job, {"message": message}, retry_in_s=pause)
        if is_last:
            await store.fail(tx, job.payload["source_id"], message)


async def lost(tx: Transaction, jobs: Sequence[Job]) -> None:
    """End the imports whose workers died on every attempt."""
    for job in jobs:
        await store.fail(tx, job.payload["source_id"], LOST)


async def delete(tx: Transaction, storage: Storage, source: Source) -> None:
    """Forget a source, and its asset where no other source is the same file."""
    await store.delete(tx, source.id)
    if source.asset_id is not None and not await store.is_used(tx, source.asset_id):
        await assets.delete(tx, storage, source.account_id, source.asset_id)


async def _fetched(tools: IngestTools, source: Source) -> LocalAsset:
    src = source.input if source.asset_id is None else f"{SCHEME}{source.asset_id}"
    assert src is not None, source
    return await tools.fetcher.fetch(tools.db, source.account_id, src)


async def _kept(tools: IngestTools, source: Source, local: LocalAsset) -> str:
    """Keep a fetched file as an asset; return the asset's id."""
    name = PurePosixPath(unquote(urlsplit(source.input or "").path)).name
    received = await assets.receive(
        tools.storage, NewUpload(source.account_id, local.path, name or "source")
    )
    async with tools.db.transaction() as tx:
        return (await assets.record(tx, tools.storage, received)).id


def _columns(facts: MediaFacts) -> dict[str, Any]:
    video = facts.video
    moves = video is not None and not facts.is_image
    return {
        "width": video.width if video else None,
        "height": video.height if video else None,
        "duration": None if facts.is_image else facts.duration_s or None,
        "fps": float(video.frames.rate.fraction) if video and moves else None,
    }
