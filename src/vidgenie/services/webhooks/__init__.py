"""Telling others: endpoints, signing, one delivery row per attempt. May import queue, net, mail.

Read in this order: `model`, `endpoints` (what accounts set up), `publish` (inside the transaction
in which something happens), `deliver` (the job that tells it), `again` (what was missed).
"""

from vidgenie.services.webhooks.again import forget, redeliver, redeliver_since, test
from vidgenie.services.webhooks.deliver import deliver
from vidgenie.services.webhooks.endpoints import create, delete, rotate_secret, update
from vidgenie.services.webhooks.model import (
    DEFAULT_EVENTS,
    EVENTS,
    KIND,
    Done,
    GivenUp,
    NewWebhook,
    Outcome,
    Retry,
    Webhook,
    delivery_view,
    webhook_view,
)
from vidgenie.services.webhooks.publish import is_heard, publish
from vidgenie.services.webhooks.store import get, page, page_deliveries

__all__ = [
    "DEFAULT_EVENTS",
    "EVENTS",
    "KIND",
    "Done",
    "GivenUp",
    "NewWebhook",
    "Outcome",
    "Retry",
    "Webhook",
    "create",
    "delete",
    "deliver",
    "delivery_view",
    "forget",
    "get",
    "is_heard",
    "page",
    "page_deliveries",
    "publish",
    "redeliver",
    "redeliver_since",
    "rotate_secret",
    "test",
    "update",
    "webhook_view",
]
