"""Figures for operators, counted by the database when they are asked for.

Counted there and not in a process: they are right with any number of API processes, and across
their restarts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import LiteralString

from vidgenie.services.db.pool import Transaction

ENDED: LiteralString = """
-- Relies on: index jobs_finished_by_time.
SELECT queue, status, count(*)::float AS n FROM jobs_finished
WHERE finished_at > now() - interval '1 hour' GROUP BY queue, status
"""

RESCUED: LiteralString = """
-- Jobs that were begun before: by a worker that died, or in vain. A small table.
SELECT queue, count(*)::float AS n FROM jobs WHERE attempt > 1 GROUP BY queue
"""

CACHE: LiteralString = """
-- Relies on: a narrow table.
SELECT count(*)::float AS entries, coalesce(sum(size), 0)::float AS bytes FROM kept_chunks
"""

DEAD: LiteralString = """
SELECT relname AS name, n_dead_tup::float AS n FROM pg_stat_user_tables
WHERE relname IN ('jobs', 'render_progress', 'render_parts', 'workers')
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What the database counts; jobs by (queue, status) or queue."""

    ended_in_an_hour: Mapping[tuple[str, str], float]
    begun_again: Mapping[str, float]
    cache_entries: float
    cache_bytes: float
    dead_rows: Mapping[str, float]


async def figures(tx: Transaction) -> Figures:
    """Count."""
    ended = await (await tx.execute(ENDED)).fetchall()
    rescued = await (await tx.execute(RESCUED)).fetchall()
    cache = await (await tx.execute(CACHE)).fetchone()
    dead = await (await tx.execute(DEAD)).fetchall()
    return Figures(
        {(row["queue"], row["status"]): row["n"] for row in ended},
        {row["queue"]: row["n"] for row in rescued},
        cache["entries"] if cache else 0.0,
        cache["bytes"] if cache else 0.0,
        {row["name"]: row["n"] for row in dead},
    )
