"""Every query of the webhooks room."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Json

from vidgenie.errors import NotFound
from vidgenie.services.db.ids import new_id
from vidgenie.services.db.pool import Transaction
from vidgenie.services.db.sql import Statements
from vidgenie.services.webhooks.model import Delivery, Event, Target, Webhook

sql = Statements(__package__)


async def insert(
    tx: Transaction, account_id: str, *, url: str, events: Sequence[str], secret: bytes
) -> Webhook:
    """Record an endpoint; its secret comes encrypted."""
    values = {
        "id": new_id("whk"),
        "account_id": account_id,
        "url": url,
        "events": list(events),
        "secret": secret,
    }
    row = await (await tx.execute(sql.insert, values)).fetchone()
    assert row is not None
    return _webhook(row)


async def count(tx: Transaction, account_id: str) -> int:
    """Count an account's endpoints."""
    row = await (await tx.execute(sql.count, {"account_id": account_id})).fetchone()
    assert row is not None
    return int(row["count"])


async def get(tx: Transaction, account_id: str, webhook_id: str) -> Webhook:
    """Return one endpoint. Raises: NotFound, also for another account's."""
    values = {"account_id": account_id, "id": webhook_id}
    row = await (await tx.execute(sql.get, values)).fetchone()
    if row is None:
        raise NotFound(f"There is no webhook {webhook_id!r} in this account.")
    return _webhook(row)


async def page(
    tx: Transaction, account_id: str, *, limit: int, cursor: str | None
) -> tuple[list[Webhook], str | None]:
    """Return an account's endpoints, newest first, and the cursor of the next page."""
    values = {"account_id": account_id, "cursor": cursor, "limit": limit + 1}
    rows = await (await tx.execute(sql.page, values)).fetchall()
    webhooks = [_webhook(row) for row in rows[:limit]]
    return webhooks, webhooks[-1].id if len(rows) > limit else None


async def update(
    tx: Transaction,
    account_id: str,
    webhook_id: str,
    *,
    url: str | None,
    events: Sequence[str] | None,
    is_enabled: bool | None,
) -> Webhook:
    """Change what is given of an endpoint. Raises: NotFound."""
    values = {
        "account_id": account_id,
        "id": webhook_id,
        "url": url,
        "events": None if events is None else list(events),
        "is_enabled": is_enabled,
    }
    row = await (await tx.execute(sql.update, values)).fetchone()
    if row is None:
        raise NotFound(f"There is no webhook {webhook_id!r} in this account.")
    return _webhook(row)


async def rotate_secret(
    tx: Transaction, account_id: str, webhook_id: str, *, secret: bytes, overlap_s: float
) -> Webhook:
    """Replace an endpoint's (sealed) secret. Raises: NotFound."""
    values = {
        "account_id": account_id,
        "id": webhook_id,
        "secret": secret,
        "overlap_s": overlap_s,
    }
    row = await (await tx.execute(sql.rotate_secret, values)).fetchone()
    if row is None:
        raise NotFound(f"There is no webhook {webhook_id!r} in this account.")
    return _webhook(row)


async def remove(tx: Transaction, account_id: str, webhook_id: str) -> bool:
    """Forget an endpoint; False when the account has none of this id."""
    values = {"account_id": account_id, "id": webhook_id}
    return (await tx.execute(sql.remove, values)).rowcount == 1


async def insert_event(
    tx: Transaction, account_id: str, event_type: str, data: Mapping[str, Any]
) -> str:
    """Record that something happened; return the event's id."""
    event_id = new_id("evt")
    values = {"id": event_id, "account_id": account_id, "type": event_type, "data": Json(data)}
    await tx.execute(sql.insert_event, values)
    return event_id


async def subscribers(tx: Transaction, account_id: str, event_type: str) -> list[str]:
    """Return the ids of the enabled endpoints that hear a type of event."""
    values = {"account_id": account_id, "type": event_type}
    return [row["id"] for row in await (await tx.execute(sql.subscribers, values)).fetchall()]


async def event(tx: Transaction, event_id: str) -> Event | None:
    """Return an event; None when its account is gone."""
    row = await (await tx.execute(sql.event, {"id": event_id})).fetchone()
    return None if row is None else Event(**row)


async def target(tx: Transaction, webhook_id: str) -> Target | None:
    """Return where an endpoint is; None when it is gone or switched off."""
    row = await (await tx.execute(sql.target, {"id": webhook_id})).fetchone()
    return None if row is None else Target(**row)


async def insert_delivery(tx: Transaction, delivery: Delivery) -> bool:
    """Keep an attempt; False when its event or endpoint is gone meanwhile."""
    values = {name: getattr(delivery, name) for name in Delivery.__slots__}
    return (await tx.execute(sql.insert_delivery, values)).rowcount == 1


async def deliveries(tx: Transaction, event_id: str) -> list[Delivery]:
    """Return the attempts to tell an event, in order."""
    rows = await (await tx.execute(sql.deliveries, {"event_id": event_id})).fetchall()
    return [Delivery(**{**row, "answer": bytes(row["answer"])}) for row in rows]


async def page_deliveries(
    tx: Transaction,
    webhook_id: str,
    *,
    limit: int,
    cursor: str | None,
    is_delivered: bool | None,
) -> tuple[list[tuple[Delivery, str]], str | None]:
    """Return an endpoint's attempts with their events' types, newest first, and the next cursor."""
    values = {
        "webhook_id": webhook_id,
        "cursor": cursor,
        "limit": limit + 1,
        "is_delivered": is_delivered,
    }
    rows = await (await tx.execute(sql.page_deliveries, values)).fetchall()
    found = []
    for row in rows[:limit]:
        event_type = str(row.pop("event_type"))
        found.append((Delivery(**{**row, "answer": bytes(row["answer"])}), event_type))
    return found, found[-1][0].id if len(rows) > limit else None


async def told_by(tx: Transaction, account_id: str, delivery_id: str) -> tuple[str, str]:
    """Return the event and the endpoint of an attempt. Raises: NotFound."""
    values = {"account_id": account_id, "id": delivery_id}
    row = await (await tx.execute(sql.delivery, values)).fetchone()
    if row is None:
        raise NotFound(
            f"There is no delivery {delivery_id!r} in this account; webhook.deliveries lists them."
        )
    return row["event_id"], row["webhook_id"]


async def undelivered(
    tx: Transaction, account_id: str, webhook_id: str, *, since: datetime, limit: int
) -> list[str]:
    """Return events since a moment that an endpoint hears and has not received, oldest first."""
    values = {"account_id": account_id, "webhook_id": webhook_id, "since": since, "limit": limit}
    return [row["id"] for row in await (await tx.execute(sql.undelivered, values)).fetchall()]


async def forget(tx: Transaction, *, age_s: float, limit: int) -> int:
    """Forget a slice of events older than an age; return how many."""
    return (await tx.execute(sql.forget, {"age_s": age_s, "limit": limit})).rowcount


async def note_success(tx: Transaction, webhook_id: str) -> None:
    """Note that an endpoint answers well."""
    await tx.execute(sql.note_success, {"id": webhook_id})


async def note_failure(
    tx: Transaction, webhook_id: str, *, switch_off_after_s: float
) -> Webhook | None:
    """Note that an endpoint failed; return it if that switched it off."""
    values = {"id": webhook_id, "switch_off_after_s": switch_off_after_s}
    row = await (await tx.execute(sql.note_failure, values)).fetchone()
    if row is None or row["is_enabled"]:
        return None
    return _webhook(row)


def _webhook(row: Mapping[str, Any]) -> Webhook:
    return Webhook(**{**row, "events": tuple(row["events"]), "secret": bytes(row["secret"])})
