"""Telling others: endpoints, signing, one delivery row per attempt. May import queue, net, mail.

Read in this order: `model`, `endpoints` (what accounts set up), `publish` (inside the transaction
in which something happens), `deliver` (the job that tells it).
"""

from vidgenie.services.webhooks.deliver import deliver
from vidgenie.services.webhooks.endpoints import create, delete, update
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
    webhook_view,
)
from vidgenie.services.webhooks.publish import is_heard, publish
from vidgenie.services.webhooks.store import get, page

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
    "get",
    "is_heard",
    "page",
    "publish",
    "update",
    "webhook_view",
]
