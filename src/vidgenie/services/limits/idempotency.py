"""Idempotency keys: the same creating call, sent twice, happens once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from vidgenie.errors import Conflict, IdempotencyMismatch
from vidgenie.services.db.pool import Database, Transaction
from vidgenie.services.db.sql import Statements

sql = Statements(__package__)

KEY_MAX = 255
"""Characters of a key; a UUID has 36."""


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """A client's key, scoped to its account and the call."""

    account_id: str
    call: str
    key: str

    @property
    def values(self) -> dict[str, Any]:
        """The columns."""
        return {"account_id": self.account_id, "call": self.call, "key": self.key}


@dataclass(frozen=True, slots=True)
class Claim:
    """A key's use: the first call's `answer`, or None where the call is to be made.

    `since` fences: whose key was given to another meanwhile (a call of a minute counts as dead)
    can neither keep an answer under it nor free it.
    """

    since: datetime
    answer: dict[str, Any] | None = None


async def claim(db: Database, key: IdempotencyKey, body: bytes) -> Claim:
    """Use a key for a body.

    Raises: Conflict while the first call is still under way; IdempotencyMismatch for another body.
    """
    body_hash = hashlib.sha256(body).digest()
    async with db.transaction() as tx:
        values = {**key.values, "body_hash": body_hash}
        row = await (await tx.execute(sql.claim_key, values)).fetchone()
        if row is not None:
            return Claim(row["created_at"])
        row = await (await tx.execute(sql.get_key, key.values)).fetchone()
    if row is None:
        raise Conflict("A call with this Idempotency-Key has just failed; send it again.")
    if bytes(row["body_hash"]) != body_hash:
        raise IdempotencyMismatch(
            "This Idempotency-Key was used with another body; use a new key for a new request."
        )
    if row["answer"] is None:
        raise Conflict("A call with this Idempotency-Key is being worked on; ask again shortly.")
    return Claim(row["created_at"], dict(row["answer"]))


async def keep(
    tx: Transaction, key: IdempotencyKey, answer: Mapping[str, Any], *, since: datetime
) -> None:
    """Keep the answer, in the transaction of what it tells.

    Raises: Conflict when the call took so long that another one was let in.
    """
    values = {**key.values, "answer": Jsonb(answer), "since": since}
    if (await tx.execute(sql.keep_answer, values)).rowcount != 1:
        raise Conflict("This call took too long; another one with its Idempotency-Key goes on.")


async def release(db: Database, key: IdempotencyKey, *, since: datetime) -> None:
    """Free a key whose call failed."""
    async with db.transaction() as tx:
        await tx.execute(sql.drop_key, {**key.values, "since": since})
