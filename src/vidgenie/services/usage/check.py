"""Refusing what a quota does not allow, with the numbers."""

from vidgenie.errors import QuotaExceeded
from vidgenie.services import queue
from vidgenie.services.db.pool import Transaction
from vidgenie.services.usage import store


async def check_renders(tx: Transaction, account_id: str, count: int) -> None:
    """See whether an account may have so many renders more; where that is limited, its other calls
    wait for this one.

    Minutes count when a render is done: what is under way may go beyond the limit.
    Raises: QuotaExceeded.
    """
    quota = await store.quota_of(tx, account_id)
    if quota.queued_renders is None and quota.output_minutes is None:
        return
    await queue.hold(tx, f"quota/{account_id}")
    used = await store.used_of(tx, account_id)
    limit = quota.queued_renders
    if limit is not None and used.queued_renders + count > limit:
        raise QuotaExceeded(
            f"This account has {used.queued_renders:,} renders waiting or under way and asks for"
            f" {count:,} more; it may have {limit:,}. Wait for some to end, or cancel some."
        )
    minutes = quota.output_minutes
    if minutes is not None and used.output_s >= minutes * 60:
        raise QuotaExceeded(
            f"This account has made {used.output_s / 60:,.1f} minutes of output this month; it may"
            f" make {minutes:,}. The next month begins on its first day, 00:00 UTC."
        )


async def check_space(tx: Transaction, account_id: str, size: int) -> None:
    """See whether an account may keep so many bytes more. Raises: QuotaExceeded."""
    quota = await store.quota_of(tx, account_id)
    if quota.storage_bytes is None:
        return
    await queue.hold(tx, f"quota/{account_id}")
    used = await store.used_of(tx, account_id)
    if used.storage_bytes + size > quota.storage_bytes:
        raise QuotaExceeded(
            f"This account keeps {used.storage_bytes:,} bytes of uploads and this file has"
            f" {size:,}; it may keep {quota.storage_bytes:,}. Delete some with asset.delete."
        )
