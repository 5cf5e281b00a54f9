"""The Python client of the HTTP API, with and without `async`.

Imports nothing of ours: it could be a package of its own, and needs only httpx (and rich for its
progress bar). Reading order: models, errors, calls, retries, sync, asynchronous, webhooks.
"""

from vidgenie.client.asynchronous import AsyncClient
from vidgenie.client.errors import ApiError, Detail
from vidgenie.client.retries import Retries
from vidgenie.client.sync import Client
from vidgenie.client.webhooks import WebhookEvent, verify_webhook

__all__ = [
    "ApiError",
    "AsyncClient",
    "Client",
    "Detail",
    "Retries",
    "WebhookEvent",
    "verify_webhook",
]
