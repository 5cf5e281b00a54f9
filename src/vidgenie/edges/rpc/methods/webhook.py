"""webhook.*: being told when something is done."""

from typing import Any

from vidgenie.edges.rpc.calls import Call
from vidgenie.edges.rpc.models import ById, Page
from vidgenie.edges.rpc.models_webhook import (
    CreateWebhook,
    ListDeliveries,
    Redeliver,
    UpdateWebhook,
)
from vidgenie.services import webhooks
from vidgenie.services.db.pool import Transaction
from vidgenie.services.limits import rate
from vidgenie.services.webhooks import NewWebhook, delivery_view, webhook_view


async def create(call: Call, tx: Transaction, takes: CreateWebhook) -> dict[str, Any]:
    """Make a webhook; its secret is shown this once."""
    webhook, secret = await webhooks.create(
        tx,
        NewWebhook(call.account_id, takes.url, takes.events),
        guard=call.context.guard,
        secret_key=call.context.policy.secret_key,
    )
    call.object_id = webhook.id
    return {"webhook": webhook_view(webhook, secret)}


async def get(call: Call, tx: Transaction, takes: ById) -> dict[str, Any]:
    """Return a webhook, without its secret."""
    return {"webhook": webhook_view(await webhooks.get(tx, call.account_id, takes.id))}


async def update(call: Call, tx: Transaction, takes: UpdateWebhook) -> dict[str, Any]:
    """Change a webhook's address or events, or switch it off or on again."""
    webhook = await webhooks.update(
        tx,
        takes.id,
        NewWebhook(call.account_id, takes.url or "", takes.events),
        is_enabled=takes.enabled,
        guard=call.context.guard,
    )
    return {"webhook": webhook_view(webhook)}


async def list_webhooks(call: Call, tx: Transaction, takes: Page) -> dict[str, Any]:
    """List the account's webhooks, newest first."""
    found, cursor = await webhooks.page(tx, call.account_id, limit=takes.limit, cursor=takes.cursor)
    return {"webhooks": [webhook_view(webhook) for webhook in found], "next_cursor": cursor}


async def delete(call: Call, tx: Transaction, takes: ById) -> dict[str, Any]:
    """Delete a webhook; nothing more is sent to it."""
    await webhooks.delete(tx, call.account_id, takes.id)
    return {}


async def slow_down(call: Call, _: ById) -> None:
    """Count a test: each is a request to an address of the caller's choice."""
    limit, key = call.context.rates.webhook_tests, f"webhook.test:{call.account_id}"
    await rate.take(call.context.db, key, limit, what="tests")


async def test(call: Call, tx: Transaction, takes: ById) -> dict[str, Any]:
    """Send a `webhook.test` event to a webhook, once; webhook.deliveries shows what came of it."""
    return {"event_id": await webhooks.test(tx, call.account_id, takes.id)}


async def rotate_secret(call: Call, tx: Transaction, takes: ById) -> dict[str, Any]:
    """Replace a webhook's secret; for 24 h its deliveries carry the old signature, too."""
    webhook, secret = await webhooks.rotate_secret(
        tx, call.account_id, takes.id, secret_key=call.context.policy.secret_key
    )
    return {"webhook": webhook_view(webhook, secret)}


async def deliveries(call: Call, tx: Transaction, takes: ListDeliveries) -> dict[str, Any]:
    """List the attempts to tell a webhook, newest first; they are kept for 30 days."""
    webhook = await webhooks.get(tx, call.account_id, takes.id)
    found, cursor = await webhooks.page_deliveries(
        tx, webhook.id, limit=takes.limit, cursor=takes.cursor, is_delivered=takes.delivered
    )
    views = [delivery_view(delivery, event_type) for delivery, event_type in found]
    return {"deliveries": views, "next_cursor": cursor}


async def redeliver(call: Call, tx: Transaction, takes: Redeliver) -> dict[str, Any]:
    """Send one delivery's event again, or every event since a moment that was not received."""
    if takes.id is not None:
        return {"queued": await webhooks.redeliver(tx, call.account_id, takes.id)}
    queued = await webhooks.redeliver_since(tx, call.account_id, takes.moment, takes.webhook_id)
    return {"queued": queued}
