"""How a batch begins and ends. Its row is locked last, by whoever ends renders of it."""

from collections.abc import Mapping
from typing import Any

from vidgenie.services import webhooks
from vidgenie.services.batches import store
from vidgenie.services.batches.model import batch_view
from vidgenie.services.db.pool import Transaction


async def begin(tx: Transaction, values: Mapping[str, Any]) -> None:
    """Record a batch; one without a single good variant is done at once."""
    await store.insert(tx, {**values, "pending": values["accepted"]})
    if values["accepted"] == 0:
        await ended(tx, values["id"], 0)


async def ended(tx: Transaction, batch_id: str, count: int = 1) -> None:
    """Note that renders of a batch ended; the last of them publishes `batch.done`.

    Transactions that end renders of one batch take turns at its row, so exactly one is last.
    """
    account_id = await store.count_down(tx, batch_id, count)
    if account_id is not None:
        batch = await store.get(tx, account_id, batch_id)
        view = {name: value for name, value in batch_view(batch).items() if name != "errors"}
        await webhooks.publish(tx, account_id, "batch.done", {"batch": view})
