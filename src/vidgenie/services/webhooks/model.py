"""Rows of the webhooks room, the events there are, and how a delivery can end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

EVENTS = ("render.done", "render.failed", "render.cancelled", "batch.done")
"""What can be subscribed to."""

DEFAULT_EVENTS = ("render.done", "render.failed")
"""What an endpoint hears that names no events."""

EVENTS_TO_COME = ("render.started", "render.progress")
"""Part of the API, not published by this version: refused with other words than a misspelt name."""

KIND = "deliver_webhook"
"""The queue's name for the job that delivers."""


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """An endpoint that a client asks for; without `events` it hears `DEFAULT_EVENTS`."""

    account_id: str
    url: str
    events: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Webhook:
    """An endpoint; its `secret` is encrypted. `failing_since` is None while it answers well."""

    id: str
    account_id: str
    url: str
    events: tuple[str, ...]
    secret: bytes
    is_enabled: bool
    failing_since: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: its `id` is the `webhook-id` of every attempt to tell it."""

    id: str
    account_id: str
    type: str
    data: Mapping[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Target:
    """Where one delivery goes: an endpoint, or a render's callback (`webhook_id` is None)."""

    webhook_id: str | None
    url: str
    secret: bytes


@dataclass(frozen=True, slots=True)
class Delivery:
    """One attempt: what the receiver answered (`status`, first bytes), or why it did not."""

    id: str
    event_id: str
    webhook_id: str | None
    url: str
    attempt: int
    status: int | None
    ms: int
    answer: bytes
    error: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Done:
    """Delivered, or nobody wants it any more."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Not delivered: try again after so many seconds."""

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Not delivered, and no attempt is left."""

    reason: str


Outcome = Done | Retry | GivenUp


def webhook_view(webhook: Webhook, secret: str | None = None) -> dict[str, Any]:
    """Return what `webhook.get` answers under `data.webhook`; `secret` only when just made."""
    view = {
        "id": webhook.id,
        "url": webhook.url,
        "events": list(webhook.events),
        "enabled": webhook.is_enabled,
        "created_at": rfc3339(webhook.created_at),
    }
    return view if secret is None else {**view, "secret": secret}


def rfc3339(moment: datetime) -> str:
    """Return a moment as RFC 3339 in UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
