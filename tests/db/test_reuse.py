"""Chunks kept for the next render: found, verified, let go by age, never across accounts."""

from pathlib import Path

import pytest

from vidgenie.services.db.pool import Database
from vidgenie.services.renders import reuse
from vidgenie.services.storage import Storage, open_storage


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return open_storage(str(tmp_path / "storage"))


@pytest.fixture
async def kept(db: Database, storage: Storage, tmp_path: Path) -> Database:
    """Three chunks of 1,000 bytes; the first was used longest ago."""
    async with db.transaction() as tx:
        await tx.execute(
            "INSERT INTO accounts (id, username, email, password_hash, status, callback_secret)"
            " VALUES ('acc_1', 'one', 'one@example.com', '', 'active', '')"
        )
    for age, key in enumerate(("k3", "k2", "k1")):
        path = tmp_path / key
        path.write_bytes(key.encode() * 500)
        await reuse.keep(db, storage, key, path, account_id="acc_1")
        async with db.transaction() as tx:
            await tx.execute(
                "UPDATE kept_chunks SET used_at = now() - %s * interval '1 day' WHERE key = %s",
                (age + 1, key),
            )
    return db


async def test_a_kept_chunk_is_found(kept: Database, storage: Storage, tmp_path: Path) -> None:
    assert await reuse.find(kept, storage, "k1", tmp_path)
    assert not await reuse.find(kept, storage, "k9", tmp_path)


@pytest.mark.parametrize("damage", [b"", b"half", b"other" * 200, None])
async def test_a_damaged_or_lost_chunk_is_forgotten(
    kept: Database, storage: Storage, tmp_path: Path, damage: bytes | None
) -> None:
    if damage is None:
        await storage.delete(reuse.object_of("k1"))
    else:
        (tmp_path / "damage").write_bytes(damage)
        await storage.put_file(reuse.object_of("k1"), tmp_path / "damage")
    assert not await reuse.find(kept, storage, "k1", tmp_path)
    async with kept.transaction() as tx:
        rows = await (await tx.execute("SELECT key FROM kept_chunks")).fetchall()
    assert {row["key"] for row in rows} == {"k2", "k3"}


async def test_the_least_recently_used_go_until_the_rest_fits(
    kept: Database, storage: Storage, tmp_path: Path
) -> None:
    assert await reuse.find(kept, storage, "k1", tmp_path), "now the most recently used"
    assert await reuse.evict(kept, storage, size_max=2000) == 1
    assert await storage.head(reuse.object_of("k2")) is None
    assert await storage.head(reuse.object_of("k1")) is not None
    assert await reuse.evict(kept, storage, size_max=0) == 1, "one used just now is spared"
