"""Copies of a finished render's files in the account's destinations: a job for each of them.

    done ── send_copy (destination 0) ── queued → sending → done | failed
       └─── send_copy (destination 1) …

A render is done when its files are stored here; what becomes of a copy stands in its
`output.destinations`, and a destination that is down holds neither the render nor its webhook.
"""

import mimetypes
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from random import Random
from typing import Any

from vidgenie.core.edit import model
from vidgenie.core.edit.artifacts import HERE
from vidgenie.engine.sandbox import Stopped
from vidgenie.engine.tasks import SIDE_NAMES
from vidgenie.errors import EditInvalid, Problem, StorageError, VidGenieError
from vidgenie.services import destinations, queue, webhooks
from vidgenie.services.db.pool import Database, Transaction
from vidgenie.services.destinations import Destination, Parcel
from vidgenie.services.net.client import GuardedClient
from vidgenie.services.queue import Job, NewJob
from vidgenie.services.renders import store
from vidgenie.services.renders.model import Render
from vidgenie.services.renders.shotstack import uuid_of
from vidgenie.services.renders.view import Link, render_view, rfc3339
from vidgenie.services.storage import Storage

KIND = "send_copy"

SCHEDULE_S = (5.0, 30.0, 120.0, 600.0, 1800.0, 7200.0, 21_600.0)
"""Seconds before the second, third … attempt: nine hours in all."""

ATTEMPTS_MAX = len(SCHEDULE_S) + 1

JITTER = 0.2

EXCLUDED_TTL_S = 86_400.0
"""How long files are kept that the edit wants kept elsewhere only."""

READ_MAX = 50
"""Destinations an account may have."""

OPTIONS = ("prefix", "filename", "acl")

TYPES = {".vtt": "text/vtt", ".srt": "application/x-subrip", ".webp": "image/webp"}
"""Where the machine's own table of types may know less."""


@dataclass(frozen=True, slots=True)
class CopyTools:
    """What copies are made with."""

    db: Database
    storage: Storage
    client: GuardedClient
    secret_key: bytes
    link: Link
    random: Random = field(default_factory=Random)


async def check(tx: Transaction, account_id: str, edit: model.Edit) -> None:
    """See whether an account has the destinations that an edit names by id. Raises: EditInvalid."""
    problems = []
    for index, asked in enumerate(edit.output.destinations):
        if asked.id is not None and await destinations.find(tx, account_id, asked.id) is None:
            message = f"there is no destination {asked.id[:80]!r} in this account"
            problems.append(Problem(f"/output/destinations/{index}/id", "not_found", message))
    if problems:
        raise EditInvalid(problems=problems)


async def begin(tx: Transaction, render: Render, asked: Sequence[model.Destination]) -> None:
    """Let the copies of a render that is done begin, in the transaction in which it ended.

    Its output has their first states already: `first_states`.
    """
    if any(entry.provider == HERE and entry.exclude for entry in asked):
        await store.keep_until(tx, render.id, EXCLUDED_TTL_S)
    entries = (render.output or {}).get("destinations", ())
    for index, entry in enumerate(entries):
        if entry["status"] == "queued":
            await queue.enqueue(
                tx,
                NewJob(
                    kind=KIND,
                    queue="copies",
                    payload={"render_id": render.id, "index": index},
                    account_id=render.account_id,
                    attempts_max=ATTEMPTS_MAX,
                    lane=entry["id"],
                ),
            )


async def first_states(
    tx: Transaction, account_id: str, asked: Sequence[model.Destination]
) -> dict[str, Any]:
    """Return what a done render's output says of its copies: each waits, or has no place to go."""
    wanted = [entry for entry in asked if entry.provider != HERE]
    if not wanted:
        return {}
    has, _ = await destinations.page(tx, account_id, limit=READ_MAX, cursor=None)
    return {"destinations": [_first_state(entry, has) for entry in wanted]}


def _first_state(asked: model.Destination, has: Sequence[Destination]) -> dict[str, Any]:
    options = asked.options or {}
    found = next((one for one in has if _is_meant(one, asked)), None)
    error = None
    if found is None:
        message = f"Nothing is sent to {asked.provider!r} from here; make a destination."
        if asked.id is not None:
            message = f"There is no destination {asked.id!r}, or there is none any more."
        elif asked.provider == "s3":
            bucket, region = options["bucket"], options["region"]
            message = f"The account has no destination for the bucket {bucket!r} in {region!r}."
        error = {"code": "destination_unknown", "message": message}
    return {
        "id": found.id if found else asked.id,
        "provider": found.provider if found else asked.provider,
        "status": "failed" if error else "queued",
        "attempts": 0,
        "files": [],
        "error": error,
        "next_attempt_at": None,
        "updated_at": rfc3339(datetime.now(UTC)),
        "options": {name: options[name] for name in OPTIONS if options.get(name)},
    }


def _is_meant(one: Destination, asked: model.Destination) -> bool:
    if asked.id is not None:
        return one.id == asked.id
    options = asked.options or {}
    named = (options.get("bucket"), options.get("region"))
    return one.provider == asked.provider == "s3" and named == (
        one.place["bucket"],
        one.place["region"],
    )


async def send_copy(tools: CopyTools, job: Job, should_stop: threading.Event) -> None:
    """Send a render's files to one destination: those that an earlier attempt did not."""
    found = await _begun(tools, job)
    if found is None:
        return
    render, entry, destination = found
    sent: list[dict[str, Any]] = list(entry["files"])
    is_there = {file["name"] for file in sent}
    for name, key, path in files_of(render, entry["options"]):
        if name in is_there:
            continue
        parcel = await _parcel(tools, render, key, path, should_stop)
        parcel = replace(parcel, acl=entry["options"].get("acl"))
        receipt = await destinations.send(tools.client, tools.secret_key, destination, parcel)
        if receipt.error is not None:
            seconds = None if receipt.is_final else wait_s(job, tools.random)
            await _failed(tools, job, receipt.error, seconds)
            return
        sent.append({"name": name, "url": receipt.url, "size": parcel.size})
        async with tools.db.transaction() as tx:
            await _note(tx, job, files=sent)
    async with tools.db.transaction() as tx:
        await queue.finish(tx, job)
        ended = await _note(tx, job, status="done", error=None, next_attempt_at=None)
        await _announce(tx, tools, job, ended)


async def _begun(tools: CopyTools, job: Job) -> tuple[Render, dict[str, Any], Destination] | None:
    """Note that an attempt begins; None when there is nothing to be done any more."""
    async with tools.db.transaction() as tx:
        render = await _note(tx, job, status="sending", attempts=job.attempt)
        if render is None or render.output is None:
            await queue.finish(tx, job)
            return None
        entry = render.output["destinations"][job.payload["index"]]
        destination = await destinations.find(tx, render.account_id, entry["id"])
    if destination is None or render.output["key"] is None:
        what = "destination" if destination is None else "render's file"
        await _failed(tools, job, f"The {what} was deleted before the copy was made.", None)
        return None
    return render, entry, destination


def files_of(render: Render, options: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return a render's files: their names, keys, and paths in a destination."""
    output = render.output or {}
    name = options.get("filename") or (uuid_of(render.id) if render.door else render.id)
    base = "/".join(part for part in (options.get("prefix", "").strip("/"), name) if part)
    endings = {
        "video": ("key", f".{output['format']}"),
        **{side: (f"{side}_key", ending) for side, ending in SIDE_NAMES.items()},
    }
    found = [
        (file, str(output[member]), base + ending)
        for file, (member, ending) in endings.items()
        if output.get(member)
    ]
    found += [
        (each["name"], each["key"], f"{base}-{each['name']}.{each['format']}")
        for each in output.get("renditions", ())
    ]
    texts = output.get("subtitles", {})
    return [*found, *((form, str(key), f"{base}.{form}") for form, key in texts.items())]


async def _parcel(
    tools: CopyTools, render: Render, key: str, path: str, should_stop: threading.Event
) -> Parcel:
    held = await tools.storage.head(key)
    if held is None:
        raise StorageError(f"The file {key!r} is not in the storage.")
    size = held.size

    async def blocks() -> AsyncIterator[bytes]:
        async for block in tools.storage.open_range(key, 0, size):
            if should_stop.is_set():
                raise Stopped
            yield block

    output = render.output or {}
    suffix = PurePosixPath(key).suffix
    kind = TYPES.get(suffix) or mimetypes.guess_type(key)[0] or "application/octet-stream"
    sha256 = output.get("sha256") if key == output.get("key") else None
    return Parcel(path, size, kind, blocks, sha256)


async def copy_failed(tools: CopyTools, job: Job, error: BaseException) -> None:
    """Note that an attempt failed on our side."""
    words = error.message if isinstance(error, VidGenieError) else "VidGenie failed inside."
    await _failed(tools, job, words, wait_s(job, tools.random))


async def lost(tx: Transaction, tools: CopyTools, jobs: Sequence[Job]) -> None:
    """End the copies whose workers died on every attempt."""
    error = {"code": "internal", "message": "The worker died on every attempt."}
    for job in jobs:
        ended = await _note(tx, job, status="failed", error=error, next_attempt_at=None)
        await _announce(tx, tools, job, ended)


def wait_s(job: Job, random: Random) -> float | None:
    """Return seconds before the next attempt; None when there is none."""
    if job.attempt >= job.attempts_max:
        return None
    pause = SCHEDULE_S[min(job.attempt, len(SCHEDULE_S)) - 1]
    return pause * random.uniform(1 - JITTER, 1 + JITTER)


async def _failed(tools: CopyTools, job: Job, words: str, seconds: float | None) -> None:
    """Put a copy back for another attempt, or end it as failed; say why in both cases."""
    error = {"code": "destination_failed", "message": words[:2000]}
    moment = None if seconds is None else datetime.now(UTC) + timedelta(seconds=seconds)
    async with tools.db.transaction() as tx:
        is_over = await queue.fail(tx, job, error, retry_in_s=seconds)
        status = "failed" if is_over else "queued"
        noted = await _note(tx, job, status=status, error=error, next_attempt_at=rfc3339(moment))
        if is_over:
            await _announce(tx, tools, job, noted)


async def _note(tx: Transaction, job: Job, **change: Any) -> Render | None:
    """Change what a render says of its copy; None when the render is gone."""
    change["updated_at"] = rfc3339(datetime.now(UTC))
    return await store.set_copy(tx, job.payload["render_id"], job.payload["index"], change)


async def _announce(tx: Transaction, tools: CopyTools, job: Job, render: Render | None) -> None:
    """Publish that a copy ended, well or not, to those who asked to hear it."""
    if render is None or not await webhooks.is_heard(tx, render.account_id, "render.copied"):
        return
    view = render_view(render, tools.link)
    copy = view["output"]["destinations"][job.payload["index"]]
    await webhooks.publish(
        tx, render.account_id, "render.copied", {"render": view, "destination": copy}
    )
