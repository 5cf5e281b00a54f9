"""Rows of the webhooks room, the events there are, and how a delivery can end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

EVENTS = (
    "render.done",
    "render.failed",
    "render.cancelled",
    "render.started",
    "render.progress",
    "render.copied",
    "batch.done",
)
"""What can be subscribed to."""

TEST_EVENT = "webhook.test"
"""What `webhook.test` sends; nobody subscribes to it."""

DEFAULT_EVENTS = ("render.done", "render.failed")
"""What an endpoint hears that names no events."""

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
    """Where one delivery goes: an endpoint, or a render's callback (`webhook_id` is None).

    `previous` is the secret before, while it still signs beside the new one.
    """

    webhook_id: str | None
    url: str
    secret: bytes
    previous: bytes | None = None

    @property
    def secrets(self) -> tuple[bytes, ...]:
        """What signs, sealed; the newest first."""
        return (self.secret,) if self.previous is None else (self.secret, self.previous)


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
        "failing_since": rfc3339(webhook.failing_since) if webhook.failing_since else None,
        "created_at": rfc3339(webhook.created_at),
    }
    return view if secret is None else {**view, "secret": secret}


def delivery_view(delivery: Delivery, event_type: str) -> dict[str, Any]:
    """Return one attempt as JSON; what of the answer is no UTF-8 is shown as U+FFFD."""
    return {
        "id": delivery.id,
        "event_id": delivery.event_id,
        "event_type": event_type,
        "webhook_id": delivery.webhook_id,
        "url": delivery.url,
        "attempt": delivery.attempt,
        "delivered": delivery.error is None,
        "status": delivery.status,
        "ms": delivery.ms,
        "answer": delivery.answer.decode(errors="replace"),
        "error": delivery.error,
        "created_at": rfc3339(delivery.created_at),
    }


def rfc3339(moment: datetime) -> str:
    """Return a moment as RFC 3339 in UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
