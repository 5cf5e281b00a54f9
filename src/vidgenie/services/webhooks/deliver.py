"""Delivering: one signed request per attempt, every attempt kept. At least once, never inside a
transaction.

Source: Standard Webhooks 1.0.0 (headers, signature, 410), Svix's manual (15 s, no redirects).
"""

import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

from standardwebhooks import Webhook as Signer

from vidgenie.errors import AssetError, AssetForbidden
from vidgenie.services import mail, queue
from vidgenie.services.accounts import store as accounts
from vidgenie.services.accounts.secrets import decrypt
from vidgenie.services.db.ids import new_id
from vidgenie.services.db.pool import Database, Transaction
from vidgenie.services.net.client import Answer, GuardedClient
from vidgenie.services.webhooks import store
from vidgenie.services.webhooks.model import (
    TEST_EVENT,
    Delivery,
    Done,
    Event,
    GivenUp,
    Outcome,
    Retry,
    Target,
    Webhook,
    rfc3339,
)
from vidgenie.services.webhooks.schedule import wait_s

TIMEOUT_S = 15.0

SWITCH_OFF_AFTER_S = 5 * 24 * 3600.0
"""An endpoint that fails for five days is switched off and its owner told."""

GONE = 410
"""The status by which a receiver says that it wants no more; it is switched off at once."""


async def deliver(
    db: Database,
    client: GuardedClient,
    secret_key: bytes,
    payload: Mapping[str, Any],
    attempt: int,
    *,
    has_smtp: bool = False,
    random: Random | None = None,
) -> Outcome:
    """Try once to tell an event to whom a job's payload names; `attempt` counts from 1.

    Letters to owners of endpoints are sent by a job where `has_smtp`, else stay in the outbox.
    """
    async with db.transaction() as tx:
        event = await store.event(tx, payload["event_id"])
        target = await _target(tx, event, payload)
    if event is None or target is None:
        return Done()
    began = time.monotonic()
    secrets = [decrypt(secret_key, secret) for secret in target.secrets]
    body, headers = signed(event, secrets, datetime.now(UTC), payload)
    answer, failure = await _post(client, target.url, body, headers)
    ms = round((time.monotonic() - began) * 1000)
    error = _error(answer, failure)
    kept = _delivery(event, target, attempt, answer=answer, ms=ms, error=error)
    async with db.transaction() as tx:
        if not await store.insert_delivery(tx, kept):
            return Done()
        await _note(tx, event, target, kept, has_smtp=has_smtp)
    if error is None:
        return Done()
    is_hopeless = isinstance(failure, AssetForbidden) or kept.status == GONE
    seconds = None if is_hopeless else wait_s(attempt, random or Random())
    return GivenUp(error) if seconds is None else Retry(seconds, error)


async def _target(
    tx: Transaction, event: Event | None, payload: Mapping[str, Any]
) -> Target | None:
    """Return where a job's payload sends the event; None when it is not wanted any more."""
    if event is None:
        return None
    if "webhook_id" in payload:
        return await store.target(tx, payload["webhook_id"])
    account = await accounts.get(tx, event.account_id)
    is_kept = account.previous_until is not None and account.previous_until > datetime.now(UTC)
    previous = account.previous_secret if is_kept else None
    return Target(None, payload["callback"], account.callback_secret, previous)


def signed(
    event: Event, secrets: Sequence[str], now: datetime, payload: Mapping[str, Any] | None = None
) -> tuple[bytes, dict[str, str]]:
    """Return an event's body, the same at every attempt, and the headers of an attempt at `now`.

    There is a signature for each secret: receivers take any that they know.

    A `payload` with a `body` of its own is told in that form; its `part` keeps the ids of several
    apart.
    """
    if payload is not None and "body" in payload:
        message_id, body = f"{event.id}-{payload['part']}", payload["body"]
    else:
        message_id = event.id
        body = json.dumps(
            {"type": event.type, "timestamp": rfc3339(event.created_at), "data": event.data},
            ensure_ascii=False,
            separators=(",", ":"),
        )
    headers = {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(
            Signer(secret).sign(message_id, now, body) for secret in secrets
        ),
    }
    return body.encode(), headers


async def _post(
    client: GuardedClient, url: str, body: bytes, headers: Mapping[str, str]
) -> tuple[Answer | None, AssetError | None]:
    try:
        return await client.post(url, body, headers, TIMEOUT_S), None
    except AssetError as error:
        return None, error


def _error(answer: Answer | None, failure: AssetError | None) -> str | None:
    """Say in words why an attempt failed; None when it did not."""
    if answer is None:
        return failure.message if failure else None
    if 200 <= answer.status < 300:
        return None
    if 300 <= answer.status < 400:
        return f"The receiver answered {answer.status}; redirects are not followed."
    return f"The receiver answered {answer.status}; only 200 to 299 count as received."


def _delivery(
    event: Event,
    target: Target,
    attempt: int,
    *,
    answer: Answer | None,
    ms: int,
    error: str | None,
) -> Delivery:
    return Delivery(
        id=new_id("dlv"),
        event_id=event.id,
        webhook_id=target.webhook_id,
        url=target.url,
        attempt=attempt,
        status=answer.status if answer else None,
        ms=answer.ms if answer else ms,
        answer=answer.head if answer else b"",
        error=error,
        created_at=datetime.now(UTC),
    )


async def _note(
    tx: Transaction, event: Event, target: Target, kept: Delivery, *, has_smtp: bool
) -> None:
    """Note an endpoint's health; one that has failed for long is switched off, its owner told."""
    if target.webhook_id is None or event.type == TEST_EVENT:
        return
    if kept.error is None:
        await store.note_success(tx, target.webhook_id)
        return
    limit_s = 0.0 if kept.status == GONE else SWITCH_OFF_AFTER_S
    webhook = await store.note_failure(tx, target.webhook_id, switch_off_after_s=limit_s)
    if webhook is not None:
        account = await accounts.get(tx, event.account_id)
        letter_id = await mail.post(tx, switched_off(webhook, account.email, kept.error))
        if has_smtp:
            job = queue.NewJob(
                kind="send_mail", queue="mail", payload={"letter_id": letter_id}, attempts_max=8
            )
            await queue.enqueue(tx, job)


def switched_off(webhook: Webhook, to: str, error: str) -> mail.Letter:
    """Return the letter that tells an owner that an endpoint was switched off."""
    since = f" since {rfc3339(webhook.failing_since)}" if webhook.failing_since else ""
    return mail.Letter(
        to=to,
        subject="A VidGenie webhook was switched off",
        text=(
            f"The webhook {webhook.id} at\n\n{webhook.url}\n\nhas failed{since} and was switched"
            f" off. Its last answer: {error}\n\nMend the receiver, switch the webhook on again with"
            ' webhook.update ("enabled": true), and ask\nwith webhook.redeliver ("since") for what'
            " it missed.\n"
        ),
    )
