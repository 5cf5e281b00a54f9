"""A batch's renders: checked one by one, written all at once; and called off together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Jsonb

from vidgenie.core.edit.parse import parse
from vidgenie.errors import EditInvalid
from vidgenie.services import batches, queue, usage, webhooks
from vidgenie.services.db.ids import new_id
from vidgenie.services.db.pool import Transaction
from vidgenie.services.renders import store
from vidgenie.services.renders.submit import ATTEMPTS_MAX, announce, call_off

ERRORS_KEPT = 1000
"""Refused variants whose reasons are kept and answered."""

DETAILS_KEPT = 5

COPY = (
    "COPY renders (id, account_id, document, metadata, priority, callback, template_id,"
    " template_version, batch_id, batch_index) FROM STDIN"
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A variant whose edit is right; `index` is its place in the request."""

    index: int
    document: Mapping[str, Any]
    metadata: Mapping[str, Any] | None
    priority: int
    callback: str | None


@dataclass(frozen=True, slots=True)
class NewBatch:
    """What a batch is made of: its good variants, and why the others are not."""

    account_id: str
    template_id: str
    template_version: int
    accepted: Sequence[Accepted]
    errors: Sequence[Mapping[str, Any]]


def accept(index: int, document: Mapping[str, Any]) -> Accepted:
    """Check one variant's edit. Raises: EditInvalid."""
    edit = parse(document)
    return Accepted(index, document, edit.metadata, edit.priority or 0, edit.callback)


def refusal(index: int, error: EditInvalid) -> dict[str, Any]:
    """Return why a variant is refused, as clients read it."""
    details = [
        {
            "path": f"/variants/{index}{problem.path}",
            "code": problem.code,
            "message": problem.message,
        }
        for problem in error.problems[:DETAILS_KEPT]
    ]
    message = details[0]["message"] if details else error.message
    return {"index": index, "code": error.code, "message": message, "details": details}


async def submit_batch(tx: Transaction, new: NewBatch) -> str:
    """Record a batch, its renders and their jobs, atomically; return its id.

    Raises: QuotaExceeded.
    """
    await usage.check_renders(tx, new.account_id, len(new.accepted))
    batch_id = new_id("bat")
    ids = [new_id("rnd") for _ in new.accepted]
    async with tx.cursor() as cursor, cursor.copy(COPY) as copy:
        for render_id, variant in zip(ids, new.accepted, strict=True):
            await copy.write_row(_row(new, batch_id, render_id, variant))
    jobs = [
        queue.NewJob(
            kind="plan_render",
            queue="render",
            payload={"render_id": render_id},
            account_id=new.account_id,
            group_id=render_id,
            priority=variant.priority,
            attempts_max=ATTEMPTS_MAX,
        )
        for render_id, variant in zip(ids, new.accepted, strict=True)
    ]
    await queue.enqueue_many(tx, jobs)
    values = {
        "id": batch_id,
        "account_id": new.account_id,
        "template_id": new.template_id,
        "template_version": new.template_version,
        "total": len(new.accepted) + len(new.errors),
        "accepted": len(new.accepted),
        "errors": list(new.errors[:ERRORS_KEPT]),
    }
    await batches.begin(tx, values)
    return batch_id


def _row(new: NewBatch, batch_id: str, render_id: str, variant: Accepted) -> tuple[Any, ...]:
    return (
        render_id,
        new.account_id,
        Jsonb(variant.document),
        None if variant.metadata is None else Jsonb(variant.metadata),
        variant.priority,
        variant.callback,
        new.template_id,
        new.template_version,
        batch_id,
        variant.index,
    )


async def cancel_batch(tx: Transaction, account_id: str, batch_id: str) -> None:
    """Call off what has not ended of a batch: what waits in one step, what runs one by one.

    Order: the batch's turn, its renders' groups by id, its row last. Another caller, or a worker
    that ends a render of the batch and counts it, could otherwise wait for this one while it is
    waited for.
    Raises: NotFound.
    """
    await batches.get(tx, account_id, batch_id)
    await queue.hold(tx, batch_id)
    gone = await store.cancel_waiting(tx, batch_id)
    await usage.note_ended(tx, [render.id for render in gone])
    hears = await webhooks.is_heard(tx, account_id, "render.cancelled")
    for render in gone:
        if hears or render.callback is not None:
            await announce(tx, render, link=str, is_counted=False)
    count = len(gone)
    for render_id in await store.unended(tx, batch_id):
        running = await call_off(tx, render_id)
        if running is not None:
            await announce(tx, running, link=str, is_counted=False)
            count += 1
    if count:
        await batches.ended(tx, batch_id, count)
