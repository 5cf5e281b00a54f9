"""A claim while 100,000 jobs of 200 accounts wait: its time, and what the planner says of it."""

import time
from typing import Any

from vidgenie.services import queue
from vidgenie.services.db.pool import Database

FILL = """
INSERT INTO jobs (kind, queue, account_id, group_id, status, payload, attempts_max)
SELECT 'plan_render', 'render', 'acc_' || lpad((n %% %(accounts)s)::text, 6, '0'), 'rnd_' || n,
    'ready', jsonb_build_object('render_id', 'rnd_' || n), 3
FROM generate_series(1, %(jobs)s) n
"""


async def fill(db: Database, *, jobs: int, accounts: int) -> None:
    """Let so many jobs of so many accounts wait."""
    async with db.transaction() as tx:
        await tx.execute("DELETE FROM jobs")
        await tx.execute(FILL, {"jobs": jobs, "accounts": accounts})
    async with db.transaction() as tx:
        await tx.execute("ANALYZE jobs")


async def claim_times(db: Database, count: int) -> dict[str, Any]:
    """Claim so many jobs, one after the other; return the milliseconds of a claim."""
    spent, accounts = [], set()
    for _ in range(count):
        async with db.transaction() as tx:
            began = time.perf_counter()
            job = await queue.claim(tx, ["render"], worker="bench", lease_s=60)
            spent.append((time.perf_counter() - began) * 1000)
        assert job is not None
        accounts.add(job.account_id)
    spent.sort()
    return {
        "claims": count,
        "accounts": len(accounts),
        "best_ms": round(spent[0], 3),
        "p50_ms": round(spent[count // 2], 3),
        "p99_ms": round(spent[int(count * 0.99)], 3),
    }
