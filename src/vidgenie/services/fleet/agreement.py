"""All hosts of an instance have one secret key; a host with another one does not start.

With another key a worker could read no webhook's secret and an API's links would be refused by its
neighbour: faults that show late, at somebody else's door.
"""

import hashlib
import hmac

from vidgenie.errors import Unavailable
from vidgenie.services.db.pool import Transaction


def mark_of(secret_key: bytes) -> bytes:
    """Return what tells a key from others and nothing more; 16 bytes."""
    return hmac.digest(secret_key, b"vidgenie/agreement/v1", hashlib.sha256)[:16]


async def is_agreed(tx: Transaction, secret_key: bytes) -> bool | None:
    """Return whether a key is the instance's; None where no host has said one yet."""
    row = await (await tx.execute("SELECT secret_key_mark AS mark FROM instance")).fetchone()
    return None if row is None else hmac.compare_digest(bytes(row["mark"]), mark_of(secret_key))


async def agree(tx: Transaction, secret_key: bytes) -> None:
    """Take the first host's key as the instance's; refuse any other.

    Raises: Unavailable, with what to do.
    """
    await tx.execute(
        "INSERT INTO instance (secret_key_mark) VALUES (%s) ON CONFLICT DO NOTHING",
        (mark_of(secret_key),),
    )
    if await is_agreed(tx, secret_key):
        return
    raise Unavailable(
        "The secret key of this host is not the one of this instance: give the same --secret-key"
        " on every host (the first host's is in secret.key in its data folder). If it is lost for"
        " good: `DELETE FROM instance` in the database, start again, and let owners rotate the"
        " secrets of their webhooks."
    )
