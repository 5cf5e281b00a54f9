"""Workers say that they live; who has been silent for long is forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass

from vidgenie.services.db.pool import Transaction

BEAT_EVERY_S = 5.0
"""How often a worker says that it lives."""

SILENT_S = 20
"""A worker that was not heard for so long does not count: it is dead, or cut off."""

FORGOTTEN_S = 3600
"""After this a silent worker's row goes."""


@dataclass(frozen=True, slots=True)
class Living:
    """A worker that was heard lately: renders at a time, and how its children are confined."""

    name: str
    version: str
    slots: int
    protections: Sequence[str]


async def beat(tx: Transaction, worker: Living) -> None:
    """Say that a worker lives."""
    await tx.execute(
        """
        INSERT INTO workers (name, version, slots, protections)
        VALUES (%(name)s, %(version)s, %(slots)s, %(protections)s)
        ON CONFLICT (name) DO UPDATE SET
            version = excluded.version, slots = excluded.slots,
            protections = excluded.protections, seen_at = now()
        """,
        {
            "name": worker.name,
            "version": worker.version,
            "slots": worker.slots,
            "protections": list(worker.protections),
        },
    )
    await tx.execute(
        "DELETE FROM workers WHERE seen_at < now() - make_interval(secs => %s)", (FORGOTTEN_S,)
    )


async def leave(tx: Transaction, name: str) -> None:
    """Say that a worker ends."""
    await tx.execute("DELETE FROM workers WHERE name = %s", (name,))


async def living(tx: Transaction) -> list[Living]:
    """Return the workers that were heard lately, by name."""
    found = await tx.execute(
        "SELECT name, version, slots, protections FROM workers"
        " WHERE seen_at > now() - make_interval(secs => %s) ORDER BY name",
        (SILENT_S,),
    )
    return [Living(**row) for row in await found.fetchall()]
