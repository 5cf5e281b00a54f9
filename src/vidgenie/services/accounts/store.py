"""Every query of the accounts room."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.errors import UniqueViolation

from vidgenie.errors import NotFound
from vidgenie.services.accounts import tokens
from vidgenie.services.accounts.model import (
    Account,
    ApiKey,
    EmailToken,
    KeyLimits,
    Session,
    TokenKind,
    limits_of,
)
from vidgenie.services.db.ids import new_id
from vidgenie.services.db.pool import Transaction
from vidgenie.services.db.sql import Statements

sql = Statements(__package__)

NO_LIMITS = KeyLimits()


async def insert(
    tx: Transaction, *, username: str, email: str, password_hash: str, callback_secret: bytes
) -> Account | None:
    """Record a pending account; None when its name is taken."""
    values = {
        "id": new_id("acc"),
        "username": username,
        "email": email,
        "password_hash": password_hash,
        "callback_secret": callback_secret,
    }
    row = await (await tx.execute(sql.insert, values)).fetchone()
    return None if row is None else Account(**row)


async def expire_pending(tx: Transaction) -> int:
    """End pending accounts whose tokens are all over."""
    return (await tx.execute(sql.expire_pending)).rowcount


async def get(tx: Transaction, account_id: str) -> Account:
    """Return an account. Raises: NotFound."""
    row = await (await tx.execute(sql.get, {"id": account_id})).fetchone()
    if row is None:
        raise NotFound("There is no such account.")
    return Account(**row)


async def find(
    tx: Transaction, *, username: str | None = None, email: str | None = None
) -> Account | None:
    """Return the account of a name or of an address, in any case of letters."""
    if username is not None:
        cursor = await tx.execute(sql.by_username, {"username": username})
    else:
        cursor = await tx.execute(sql.by_email, {"email": email})
    row = await cursor.fetchone()
    return None if row is None else Account(**row)


async def pending(tx: Transaction, email: str, *, limit: int) -> list[Account]:
    """Return the accounts that wait for an address to be proved, newest first."""
    values = {"email": email, "limit": limit}
    rows = await (await tx.execute(sql.pending_by_email, values)).fetchall()
    return [Account(**row) for row in rows]


async def insert_email_token(
    tx: Transaction,
    account_id: str,
    *,
    ttl_s: int,
    kind: TokenKind = "verify_email",
    email: str | None = None,
) -> str:
    """Make a token for a letter; return its plaintext. `email` is the address it will prove."""
    token = tokens.make(tokens.EMAIL_TOKEN)
    values = {
        "token_hash": tokens.digest(token),
        "account_id": account_id,
        "kind": kind,
        "email": email,
        "ttl_s": ttl_s,
    }
    await tx.execute(sql.insert_email_token, values)
    return token


async def use_email_token(tx: Transaction, token: str, *kinds: TokenKind) -> EmailToken | None:
    """Use a token of one of these kinds, once; None when it is not good (any more)."""
    values = {"token_hash": tokens.digest(token), "kinds": list(kinds)}
    row = await (await tx.execute(sql.use_email_token, values)).fetchone()
    return None if row is None else EmailToken(**row)


async def drop_email_tokens(tx: Transaction, account_id: str, *kinds: TokenKind) -> None:
    """Let an account's tokens of these kinds be good no more."""
    await tx.execute(sql.drop_email_tokens, {"account_id": account_id, "kinds": list(kinds)})


async def set_email(tx: Transaction, account_id: str, email: str) -> tuple[Account, str] | None:
    """Move an account to a proved address; return it and its old address.

    None when the address belongs to another by now, or the account is not active.
    """
    try:
        async with tx.transaction():
            values = {"id": account_id, "email": email}
            row = await (await tx.execute(sql.set_email, values)).fetchone()
    except UniqueViolation:  # two accounts proved one address in the same moment
        return None
    if row is None:
        return None
    old_email = str(row.pop("old_email"))
    return Account(**row), old_email


async def set_password(
    tx: Transaction, account_id: str, password_hash: str, *, old_hash: str | None
) -> Account | None:
    """Set a password's hash; None when the account is not active, or its hash is not the old one.

    An `old_hash` of None replaces any.
    """
    values = {"id": account_id, "password_hash": password_hash, "old_hash": old_hash}
    row = await (await tx.execute(sql.set_password, values)).fetchone()
    return None if row is None else Account(**row)


async def set_callback_secret(
    tx: Transaction, account_id: str, secret: bytes, *, overlap_s: float
) -> Account:
    """Replace the (sealed) secret of callbacks; the old one signs, too, for the overlap."""
    values = {"id": account_id, "secret": secret, "overlap_s": overlap_s}
    row = await (await tx.execute(sql.set_callback_secret, values)).fetchone()
    assert row is not None, account_id
    return Account(**row)


async def end(tx: Transaction, account_id: str, *, old_hash: str) -> bool:
    """Close an account: nothing opens it any more; False when its hash is not the one given."""
    values = {"id": account_id, "old_hash": old_hash}
    if await (await tx.execute(sql.end, values)).fetchone() is None:
        return False
    await tx.execute(sql.revoke_keys, {"account_id": account_id})
    await revoke_access_tokens(tx, account_id, None)
    kinds: tuple[TokenKind, ...] = ("verify_email", "change_email", "reset_password")
    await drop_email_tokens(tx, account_id, *kinds)
    return True


async def activate(tx: Transaction, account_id: str) -> Account | None:
    """Make a pending account active; None when its address belongs to another by now."""
    try:
        async with tx.transaction():
            row = await (await tx.execute(sql.activate, {"id": account_id})).fetchone()
    except UniqueViolation:  # two accounts of one address, proved in the same moment
        return None
    return None if row is None else Account(**row)


async def insert_access_token(
    tx: Transaction, account_id: str, *, ttl_s: int, address: str, user_agent: str
) -> tuple[str, str, datetime]:
    """Make an access token; return its id, its plaintext and when it ends."""
    token, token_id = tokens.make(tokens.ACCESS_TOKEN), new_id("at")
    values = {
        "id": token_id,
        "account_id": account_id,
        "token_hash": tokens.digest(token),
        "address": address,
        "user_agent": user_agent,
        "ttl_s": ttl_s,
    }
    row = await (await tx.execute(sql.insert_access_token, values)).fetchone()
    assert row is not None
    return token_id, token, row["expires_at"]


async def access_token(tx: Transaction, token: str) -> Mapping[str, Any] | None:
    """Return what is known of an access token."""
    values = {"token_hash": tokens.digest(token)}
    return await (await tx.execute(sql.access_token, values)).fetchone()


async def sessions(
    tx: Transaction, account_id: str, *, limit: int, cursor: str | None
) -> tuple[list[Session], str | None]:
    """Return an account's sessions that are still good, newest first, and the next cursor."""
    values = {"account_id": account_id, "cursor": cursor, "limit": limit + 1}
    rows = await (await tx.execute(sql.sessions, values)).fetchall()
    found = [Session(**row) for row in rows[:limit]]
    return found, found[-1].id if len(rows) > limit else None


async def revoke_access_tokens(
    tx: Transaction, account_id: str, token_id: str | None, *, but_id: str | None = None
) -> int:
    """Revoke one session, or all with None (`but_id` stays); return how many there were."""
    values = {"account_id": account_id, "id": token_id, "but_id": but_id}
    return (await tx.execute(sql.revoke_access_tokens, values)).rowcount


async def insert_key(
    tx: Transaction,
    account_id: str,
    *,
    name: str,
    scopes: Sequence[str],
    expires_in: float | None,
    limits: KeyLimits = NO_LIMITS,
) -> tuple[ApiKey, str]:
    """Make a key; return it with its plaintext."""
    plaintext = tokens.make(tokens.API_KEY)
    values = {
        "id": new_id("key"),
        "account_id": account_id,
        "name": name,
        "key_hash": tokens.digest(plaintext),
        "last4": plaintext[-4:],
        "scopes": list(scopes),
        "expires_in": expires_in,
        "rate_limit": limits.rate_limit,
        "networks": None if limits.networks is None else list(limits.networks),
    }
    row = await (await tx.execute(sql.insert_key, values)).fetchone()
    assert row is not None
    return ApiKey.of(row), plaintext


async def key(tx: Transaction, plaintext: str) -> Mapping[str, Any] | None:
    """Return what is known of a key."""
    values = {"key_hash": tokens.digest(plaintext)}
    return await (await tx.execute(sql.key, values)).fetchone()


async def touch_key(tx: Transaction, key_id: str) -> None:
    """Note that a key is used."""
    await tx.execute(sql.touch_key, {"id": key_id})


async def keys(
    tx: Transaction, account_id: str, *, limit: int, cursor: str | None
) -> tuple[list[ApiKey], str | None]:
    """Return an account's keys, newest first, and the cursor of the next page."""
    values = {"account_id": account_id, "cursor": cursor, "limit": limit + 1}
    rows = await (await tx.execute(sql.keys, values)).fetchall()
    found = [ApiKey.of(row) for row in rows[:limit]]
    return found, found[-1].id if len(rows) > limit else None


async def rotate_key(
    tx: Transaction, account_id: str, key_id: str, *, overlap_s: float
) -> tuple[ApiKey, str]:
    """Make a key in the place of another, which ends after the overlap; return the new one.

    Raises: NotFound, also for a key that is not good any more.
    """
    values = {"account_id": account_id, "id": key_id, "overlap_s": overlap_s}
    row = await (await tx.execute(sql.expire_key, values)).fetchone()
    if row is None:
        raise NotFound(f"There is no key {key_id!r} in this account that could be replaced.")
    return await insert_key(
        tx,
        account_id,
        name=row["name"],
        scopes=row["scopes"],
        expires_in=row["expires_in"],
        limits=limits_of(row),
    )


async def revoke_key(tx: Transaction, account_id: str, key_id: str) -> ApiKey:
    """Revoke a key; doing it twice is no error. Raises: NotFound."""
    values = {"account_id": account_id, "id": key_id}
    row = await (await tx.execute(sql.revoke_key, values)).fetchone()
    if row is None:
        raise NotFound(f"There is no key {key_id!r} in this account.")
    return ApiKey.of(row)
