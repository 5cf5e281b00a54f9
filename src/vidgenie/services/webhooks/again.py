"""Telling again, and trying out: what a receiver missed, or a test that it can be reached."""

from datetime import datetime

from vidgenie.errors import Conflict, QuotaExceeded
from vidgenie.services import queue
from vidgenie.services.db.pool import Database, Transaction
from vidgenie.services.webhooks import store
from vidgenie.services.webhooks.model import TEST_EVENT, Webhook, webhook_view
from vidgenie.services.webhooks.publish import job_of, key_of

AGAIN_MAX = 1000
"""Deliveries that one call sends again: each is a row, written while the caller waits."""

KEPT_S = 30 * 86_400.0
"""How long events and the attempts to tell them are kept."""

SLICE = 5000

WEBHOOKS_READ = 100


async def test(tx: Transaction, account_id: str, webhook_id: str) -> str:
    """Send a test event to one endpoint, once; return the event's id.

    Raises: NotFound; Conflict where the endpoint is switched off.
    """
    webhook = await _enabled(tx, account_id, webhook_id)
    event_id = await store.insert_event(
        tx, account_id, TEST_EVENT, {"webhook": webhook_view(webhook)}
    )
    payload = {"event_id": event_id, "webhook_id": webhook.id}
    await queue.enqueue(tx, job_of(account_id, payload, attempts_max=1))
    return event_id


async def redeliver(tx: Transaction, account_id: str, delivery_id: str) -> int:
    """Tell an attempt's event to its endpoint again, also where it was received; return 1.

    Raises: NotFound; Conflict where the endpoint is switched off.
    """
    event_id, webhook_id = await store.told_by(tx, account_id, delivery_id)
    await _enabled(tx, account_id, webhook_id)
    await _send(tx, account_id, webhook_id, event_id)
    return 1


async def redeliver_since(
    tx: Transaction, account_id: str, since: datetime, webhook_id: str | None
) -> int:
    """Tell one endpoint, or all enabled ones, what they did not receive; return how many times.

    Raises: NotFound; Conflict where the endpoint is switched off; QuotaExceeded.
    """
    if webhook_id is not None:
        webhooks = [await _enabled(tx, account_id, webhook_id)]
    else:
        found, _ = await store.page(tx, account_id, limit=WEBHOOKS_READ, cursor=None)
        webhooks = [webhook for webhook in found if webhook.is_enabled]
    told = 0
    for webhook in webhooks:
        limit = AGAIN_MAX - told + 1
        events = await store.undelivered(tx, account_id, webhook.id, since=since, limit=limit)
        told += len(events)
        if told > AGAIN_MAX:
            raise QuotaExceeded(
                f"More than {AGAIN_MAX} deliveries are missing since then; one call sends that"
                " many: name a `webhook_id`, or a later `since`."
            )
        for event_id in events:
            await _send(tx, account_id, webhook.id, event_id)
    return told


async def forget(db: Database) -> None:
    """Forget events, and the attempts to tell them, after their time."""
    gone = SLICE
    while gone == SLICE:
        async with db.transaction() as tx:
            gone = await store.forget(tx, age_s=KEPT_S, limit=SLICE)


async def _enabled(tx: Transaction, account_id: str, webhook_id: str) -> Webhook:
    webhook = await store.get(tx, account_id, webhook_id)
    if not webhook.is_enabled:
        raise Conflict(
            f"The webhook {webhook.id} is switched off; switch it on with webhook.update"
            ' ("enabled": true).'
        )
    return webhook


async def _send(tx: Transaction, account_id: str, webhook_id: str, event_id: str) -> None:
    """Let an event be told: by the job that waits for its next attempt, or by a new one."""
    if not await queue.hasten(tx, key_of(webhook_id, event_id)):
        payload = {"event_id": event_id, "webhook_id": webhook_id}
        await queue.enqueue(tx, job_of(account_id, payload))
