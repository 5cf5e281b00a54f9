"""The job that makes a small picture of an uploaded image or video, in a sandboxed child.

It is a frame of an edit like any other: what decodes and paints it is what renders do.
"""

import asyncio
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vidgenie.core.timeline.facts import MediaFacts
from vidgenie.engine import sandbox
from vidgenie.engine.values import StillSettings
from vidgenie.errors import NotFound
from vidgenie.services import assets, queue
from vidgenie.services.assets.model import SCHEME, Asset
from vidgenie.services.queue import Job
from vidgenie.services.renders.model import Render
from vidgenie.services.renders.prepare import prepare
from vidgenie.services.renders.tools import RenderTools

SIDE_MAX = 320
"""Pixels of the longer side."""

LATEST_S = 1.0
"""What is shown of a video, or its middle where it is shorter: the first frame is often black."""

CLIP_S = 0.2


async def make_thumbnail(tools: RenderTools, job: Job, should_stop: threading.Event) -> None:
    """Make and keep an asset's picture; one that is gone, or has no picture, needs none."""
    try:
        async with tools.db.transaction() as tx:
            asset = await assets.get(tx, job.account_id, job.payload["asset_id"])
    except NotFound:
        asset = None
    key = None if asset is None else await _made(tools, asset, should_stop)
    async with tools.db.transaction() as tx:
        await queue.finish(tx, job)
        if asset is not None and key is not None:
            await assets.set_thumbnail(tx, asset.id, key)


async def _made(tools: RenderTools, asset: Asset, should_stop: threading.Event) -> str | None:
    src = f"{SCHEME}{asset.id}"
    local = await tools.fetcher.fetch(tools.db, asset.account_id, src)
    facts = await tools.facts_of(local)
    if facts.video is None:
        return None
    document = edit_of(src, facts)
    asked = Render("thumbnail", asset.account_id, "queued", document, 0, datetime.now(UTC))
    prepared = await prepare(tools, asked, is_last_attempt=True)
    timeline = prepared.plan.timeline
    settings = StillSettings(prepared.plan.size, "jpg")
    picture: bytes = await asyncio.to_thread(
        sandbox.run,
        "still_bytes",
        (timeline, timeline.frames.start, prepared.assets, settings),
        limits=tools.probe_limits,
        should_stop=should_stop,
    )
    with tempfile.TemporaryDirectory(dir=tools.work_dir) as folder:
        path = Path(folder) / "thumbnail.jpg"
        path.write_bytes(picture)
        await tools.storage.put_file(assets.thumbnail_key(asset), path)
    return assets.thumbnail_key(asset)


def edit_of(src: str, facts: MediaFacts) -> dict[str, Any]:
    """Return the edit whose first frame is the picture, not larger than the file's own."""
    assert facts.video is not None
    shown: dict[str, Any] = {"type": "image", "src": src}
    if not facts.is_image:
        trim = min(LATEST_S, facts.duration_s / 2)
        shown = {"type": "video", "src": src, "trim": trim, "volume": 0}
    width, height = facts.video.width, facts.video.height
    share = min(1.0, SIDE_MAX / max(width, height))
    size = {"width": max(2, round(width * share)), "height": max(2, round(height * share))}
    clip = {"asset": shown, "start": 0, "length": CLIP_S, "fit": "contain"}
    return {
        "timeline": {"background": "#ffffff", "tracks": [{"clips": [clip]}]},
        "output": {"format": "jpg", "size": size},
    }
