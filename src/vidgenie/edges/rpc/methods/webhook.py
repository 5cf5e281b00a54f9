"""webhook.*: being told when something is done."""

from typing import Any

from vidgenie.edges.rpc.calls import Call
from vidgenie.edges.rpc.models import ById, CreateWebhook, Page, UpdateWebhook
from vidgenie.services import webhooks
from vidgenie.services.db.pool import Transaction
from vidgenie.services.webhooks import NewWebhook, webhook_view


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
