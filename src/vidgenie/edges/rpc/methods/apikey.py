"""apikey.*: keys for render traffic."""

from typing import Any

from vidgenie.edges.rpc.calls import Call
from vidgenie.edges.rpc.models import ById, CreateKey, Page, RotateKey
from vidgenie.services.accounts import store, tokens
from vidgenie.services.accounts.model import ApiKey, KeyLimits
from vidgenie.services.db.pool import Transaction
from vidgenie.services.renders.view import rfc3339


async def create(call: Call, tx: Transaction, takes: CreateKey) -> dict[str, Any]:
    """Make a key; its plaintext is shown this once."""
    key, plaintext = await store.insert_key(
        tx,
        call.account_id,
        name=takes.name,
        scopes=takes.scopes,
        expires_in=takes.expires_in,
        limits=KeyLimits(takes.rate_limit, takes.allow_networks),
    )
    call.object_id = key.id
    return {"api_key": {**key_view(key), "plaintext": plaintext}}


async def list_keys(call: Call, tx: Transaction, takes: Page) -> dict[str, Any]:
    """List the account's keys, revoked ones too."""
    keys, cursor = await store.keys(tx, call.account_id, limit=takes.limit, cursor=takes.cursor)
    return {"api_keys": [key_view(key) for key in keys], "next_cursor": cursor}


async def rotate(call: Call, tx: Transaction, takes: RotateKey) -> dict[str, Any]:
    """Replace a key by a new one with its name and scopes; the old one ends after `overlap`."""
    key, plaintext = await store.rotate_key(tx, call.account_id, takes.id, overlap_s=takes.overlap)
    return {"api_key": {**key_view(key), "plaintext": plaintext}}


async def revoke(call: Call, tx: Transaction, takes: ById) -> dict[str, Any]:
    """Revoke a key at once."""
    key = await store.revoke_key(tx, call.account_id, takes.id)
    return {"api_key": key_view(key)}


def key_view(key: ApiKey) -> dict[str, Any]:
    """Return a key as JSON."""
    return {
        "id": key.id,
        "name": key.name,
        "prefix": tokens.API_KEY,
        "last4": key.last4,
        "scopes": list(key.scopes),
        "rate_limit": key.limits.rate_limit,
        "allow_networks": None if key.limits.networks is None else list(key.limits.networks),
        "created_at": rfc3339(key.created_at),
        "expires_at": rfc3339(key.expires_at),
        "revoked_at": rfc3339(key.revoked_at),
        "last_used_at": rfc3339(key.last_used_at),
    }
