"""Migrations: numbered `.sql` files, applied once, in order, under an advisory lock.

Plain SQL that a PostgreSQL 14 understands, no extension. Several processes may start at once: the
lock makes them take turns. A file that changed after it was applied is refused by its checksum.
"""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from importlib.resources import files

from vidgenie.errors import Unavailable
from vidgenie.services.db.pool import Database, Transaction

LOCK_KEY = 0x76696467  # "vidg"; any constant does, it only has to be ours

TABLE = """
CREATE TABLE IF NOT EXISTS migrations (
    number int PRIMARY KEY,
    name text NOT NULL,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file."""

    number: int
    name: str
    text: str

    @property
    def sha256(self) -> str:
        """Checksum of the text as applied."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def migrations() -> tuple[Migration, ...]:
    """Return all migrations of this version, in order."""
    folder = files("vidgenie.services.db") / "migrations"
    found = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return tuple(
        Migration(int(name[:4]), name, (folder / name).read_text(encoding="utf-8"))
        for name in found
    )


async def migrate(db: Database) -> tuple[str, ...]:
    """Bring the schema up to date; return the names applied.

    Raises: Unavailable when the database was migrated by a newer version, or a file was altered.
    """
    async with db.transaction() as tx:
        await tx.execute("SET LOCAL statement_timeout = 0")  # neither a wait nor a large table
        await tx.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK_KEY,))
        await tx.execute(TABLE)
        return tuple([done async for done in _apply(tx)])


async def pending(tx: Transaction) -> tuple[str, ...]:
    """Return the names of migrations that this database lacks."""
    cursor = await tx.execute("SELECT to_regclass('migrations') IS NOT NULL AS is_there")
    row = await cursor.fetchone()
    applied: set[int] = set()
    if row and row["is_there"]:
        cursor = await tx.execute("SELECT number FROM migrations")
        applied = {r["number"] for r in await cursor.fetchall()}
    return tuple(m.name for m in migrations() if m.number not in applied)


async def _apply(tx: Transaction) -> AsyncIterator[str]:
    cursor = await tx.execute("SELECT number, name, sha256 FROM migrations")
    applied = {row["number"]: row for row in await cursor.fetchall()}
    ours = migrations()
    if unknown := sorted(set(applied) - {m.number for m in ours}):
        raise Unavailable(
            f"This database has migration {unknown[-1]}, which this version of VidGenie does not"
            " know: it was written by a newer version. Start that version."
        )
    for migration in ours:
        row = applied.get(migration.number)
        if row is None:
            await tx.execute(migration.text.encode())
            await tx.execute(
                "INSERT INTO migrations (number, name, sha256) VALUES (%s, %s, %s)",
                (migration.number, migration.name, migration.sha256),
            )
            yield migration.name
        elif row["sha256"] != migration.sha256:
            raise Unavailable(
                f"Migration {migration.name} was changed after this database applied it."
                " Restore the file; a change needs a new number."
            )
