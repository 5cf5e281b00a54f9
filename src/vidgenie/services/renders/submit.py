"""Accepting a render, and calling one off."""

from typing import Any

from vidgenie.core.edit.parse import parse
from vidgenie.errors import Conflict, NotCancellable
from vidgenie.services import batches, queue, usage, webhooks
from vidgenie.services.db.pool import Transaction
from vidgenie.services.renders import copies, shotstack, store
from vidgenie.services.renders.model import Render, SubmitRequest
from vidgenie.services.renders.view import Link, render_view

ATTEMPTS_MAX = 3
"""A job that failed three times for our own reasons fails a fourth time too."""


async def submit(tx: Transaction, request: SubmitRequest) -> Render:
    """Accept an edit: check it, record the render and enqueue its first job, atomically.

    Raises: EditInvalid with every problem of the document; QuotaExceeded.
    """
    edit = parse(request.document)
    await copies.check(tx, request.account_id, edit)
    await usage.check_renders(tx, request.account_id, 1)
    render = await store.insert(
        tx,
        request,
        metadata=edit.metadata,
        priority=edit.priority or 0,
        callback=edit.callback,
    )
    await queue.enqueue(
        tx,
        queue.NewJob(
            kind="plan_render",
            queue="render",
            payload={"render_id": render.id},
            account_id=render.account_id,
            group_id=render.id,
            priority=render.priority,
            attempts_max=ATTEMPTS_MAX,
        ),
    )
    return render


async def retry(tx: Transaction, account_id: str, render_id: str) -> Render:
    """Submit the edit of a render that failed or was cancelled again, as a render of its own.

    Raises: NotFound; Conflict when it has not ended that way.
    """
    old = await store.get(tx, account_id, render_id)
    if old.status not in ("failed", "cancelled"):
        raise Conflict(
            f"Render {old.id} is {old.status}; only failed and cancelled ones are retried."
        )
    return await submit(
        tx,
        SubmitRequest(
            account_id, old.document, old.template_id, old.template_version, door=old.door
        ),
    )


async def cancel(tx: Transaction, account_id: str, render_id: str) -> Render:
    """Call a render off: waiting jobs go at once, running ones stop within a heartbeat.

    Raises: NotFound; NotCancellable when it has already ended.
    """
    before = await store.get(tx, account_id, render_id)
    cancelled = await call_off(tx, render_id)
    if cancelled is None:
        now = await store.get(tx, account_id, render_id)
        raise NotCancellable(f"Render {before.id} is already {now.status}.")
    await announce(tx, cancelled, link=str)
    return cancelled


async def call_off(tx: Transaction, render_id: str) -> Render | None:
    """End a render as cancelled, its jobs first; None when it had ended before."""
    await queue.cancel(tx, render_id)
    return await store.end(tx, render_id, "cancelled")


async def tell(tx: Transaction, render_id: str, event_type: str, *, attempts_max: int) -> None:
    """Publish news of a render under way, where anybody hears it."""
    render = await store.get(tx, None, render_id)
    if await webhooks.is_heard(tx, render.account_id, event_type):
        data = {"render": render_view(render, str)}
        await webhooks.publish(tx, render.account_id, event_type, data, attempts_max=attempts_max)


async def announce(tx: Transaction, render: Render, *, link: Link, is_counted: bool = True) -> None:
    """Publish that a render ended, in the transaction in which it did; its batch counts it."""
    await usage.note_ended(tx, [render.id])
    data: dict[str, Any] = {"render": render_view(render, link)}
    await webhooks.publish(
        tx,
        render.account_id,
        f"render.{render.status}",
        data,
        callback=render.callback,
        bodies=shotstack.callback_bodies(render, link) if render.door is not None else None,
    )
    if render.batch_id is not None and is_counted:
        await batches.ended(tx, render.batch_id)
