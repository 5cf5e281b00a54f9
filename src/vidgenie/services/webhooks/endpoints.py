"""Endpoints: what an account wants to be told, and where. Secrets are shown once, then sealed."""

from difflib import get_close_matches

from vidgenie.errors import AssetForbidden, NotFound, Problem, QuotaExceeded, RequestInvalid
from vidgenie.services.accounts.change import OVERLAP_S
from vidgenie.services.accounts.secrets import encrypt
from vidgenie.services.accounts.webhook_secret import make_secret
from vidgenie.services.db.pool import Transaction
from vidgenie.services.net.guard import AddressGuard
from vidgenie.services.webhooks import store
from vidgenie.services.webhooks.model import (
    DEFAULT_EVENTS,
    EVENTS,
    NewWebhook,
    Webhook,
)

WEBHOOKS_MAX = 20
"""Endpoints of one account: each costs a job per event, inside the render's own transaction."""

URL_LENGTH_MAX = 2048


async def create(
    tx: Transaction, new: NewWebhook, *, guard: AddressGuard, secret_key: bytes
) -> tuple[Webhook, str]:
    """Make an endpoint; return it and its secret, which is not shown again.

    Names are judged by their addresses when they are called, as those may change until then.

    Raises: RequestInvalid with every problem; QuotaExceeded.
    """
    events = DEFAULT_EVENTS if new.events is None else tuple(dict.fromkeys(new.events))
    problems = [*_url_problems(new.url, guard), *_event_problems(new)]
    if problems:
        raise RequestInvalid(problems=problems)
    if await store.count(tx, new.account_id) >= WEBHOOKS_MAX:
        raise QuotaExceeded(
            f"This account has {WEBHOOKS_MAX} webhooks, the most there may be; delete one first."
        )
    secret = make_secret()
    sealed = encrypt(secret_key, secret)
    webhook = await store.insert(tx, new.account_id, url=new.url, events=events, secret=sealed)
    return webhook, secret


async def update(
    tx: Transaction,
    webhook_id: str,
    new: NewWebhook,
    *,
    is_enabled: bool | None,
    guard: AddressGuard,
) -> Webhook:
    """Change an endpoint: an empty `url`, and `events` of None, leave what was.

    Raises: RequestInvalid with every problem; NotFound.
    """
    problems = [*(_url_problems(new.url, guard) if new.url else ()), *_event_problems(new)]
    if problems:
        raise RequestInvalid(problems=problems)
    events = None if new.events is None else tuple(dict.fromkeys(new.events))
    return await store.update(
        tx,
        new.account_id,
        webhook_id,
        url=new.url or None,
        events=events,
        is_enabled=is_enabled,
    )


async def rotate_secret(
    tx: Transaction, account_id: str, webhook_id: str, *, secret_key: bytes
) -> tuple[Webhook, str]:
    """Replace an endpoint's secret; for a day deliveries carry both signatures.

    Returns the endpoint and the new secret, which is not shown again. Raises: NotFound.
    """
    secret = make_secret()
    webhook = await store.rotate_secret(
        tx, account_id, webhook_id, secret=encrypt(secret_key, secret), overlap_s=OVERLAP_S
    )
    return webhook, secret


async def delete(tx: Transaction, account_id: str, webhook_id: str) -> None:
    """Delete an endpoint and its deliveries; those under way end silently. Raises: NotFound."""
    if not await store.remove(tx, account_id, webhook_id):
        raise NotFound(f"There is no webhook {webhook_id!r} in this account.")


def _url_problems(url: str, guard: AddressGuard) -> list[Problem]:
    if len(url) > URL_LENGTH_MAX:
        found = f"`url` has {len(url)} characters; at most {URL_LENGTH_MAX} are accepted."
        return [Problem("/url", "too_long", found)]
    try:
        guard.check_url(url)
    except AssetForbidden as error:
        return [Problem("/url", "invalid_url", error.message)]
    return []


def _event_problems(new: NewWebhook) -> list[Problem]:
    accepted = ", ".join(EVENTS)
    if new.events is None:
        return []
    if not new.events:
        return [Problem("/events", "empty", f"`events` is empty; name at least one of {accepted}.")]
    problems = []
    for index, name in enumerate(new.events):
        path = f"/events/{index}"
        if name not in EVENTS:
            near = get_close_matches(name, EVENTS, 1, 0.5)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            message = f"{name[:100]!r} is no event; accepted are {accepted}.{hint}"
            problems.append(Problem(path, "unknown_event", message))
    return problems
