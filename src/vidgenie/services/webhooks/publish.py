"""Publishing: the event and the jobs that tell it enter with what happened, or not at all."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from vidgenie.services import queue
from vidgenie.services.db.pool import Transaction
from vidgenie.services.queue import NewJob
from vidgenie.services.webhooks import store
from vidgenie.services.webhooks.model import EVENTS, KIND
from vidgenie.services.webhooks.schedule import ATTEMPTS_MAX


async def is_heard(tx: Transaction, account_id: str, event_type: str) -> bool:
    """Tell whether any endpoint of an account hears a type of event."""
    return bool(await store.subscribers(tx, account_id, event_type))


async def publish(
    tx: Transaction,
    account_id: str,
    event_type: str,
    data: Mapping[str, Any],
    *,
    callback: str | None = None,
    bodies: Mapping[str, str] | None = None,
    attempts_max: int = ATTEMPTS_MAX,
) -> str:
    """Record an event and one job per endpoint that hears it, plus one for `callback`.

    With `bodies`, `callback` gets each of them in place of the event, under its name.
    Call it in the transaction in which the thing happened. Returns the event's id.
    """
    assert event_type in EVENTS, event_type
    event_id = await store.insert_event(tx, account_id, event_type, data)
    targets = [
        {"webhook_id": webhook_id}
        for webhook_id in await store.subscribers(tx, account_id, event_type)
    ]
    if callback is not None:
        given = [{}] if bodies is None else [{"part": n, "body": b} for n, b in bodies.items()]
        targets += [{"callback": callback, **told} for told in given]
    for target in targets:
        payload = {"event_id": event_id, **target}
        await queue.enqueue(tx, job_of(account_id, payload, attempts_max=attempts_max))
    return event_id


def job_of(
    account_id: str, payload: Mapping[str, Any], *, attempts_max: int = ATTEMPTS_MAX
) -> NewJob:
    """Return the job that tells an event to one receiver; of an endpoint's there is one a time.

    It has no group: cancelling a render must not call off the news of it. Its lane is the receiver:
    a slow one never holds all slots.
    """
    key = None
    if "webhook_id" in payload:
        key = key_of(payload["webhook_id"], payload["event_id"])
        lane = payload["webhook_id"]
    else:
        lane = f"{account_id}/{urlsplit(payload['callback']).hostname}"
    return NewJob(
        kind=KIND,
        queue="delivery",
        payload=payload,
        account_id=account_id,
        attempts_max=attempts_max,
        unique_key=key,
        lane=lane,
    )


def key_of(webhook_id: str, event_id: str) -> str:
    """Return what is unique about the telling of an event to an endpoint."""
    return f"deliver/{webhook_id}/{event_id}"
