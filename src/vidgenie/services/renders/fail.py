"""When a job of a render fails for good: the render fails with it, in the same transaction."""

from collections.abc import Sequence
from typing import Any

from vidgenie.services import queue
from vidgenie.services.db.pool import Transaction
from vidgenie.services.queue import Job
from vidgenie.services.renders import store
from vidgenie.services.renders.advance import Again, GiveUp, decide
from vidgenie.services.renders.submit import announce
from vidgenie.services.renders.tools import RenderTools

LOST_WORKER = {
    "code": "internal",
    "message": "The worker died while it rendered this, on every attempt.",
    "details": [],
}


async def job_failed(tools: RenderTools, job: Job, error: BaseException) -> Again | GiveUp:
    """Put a failed job back, or end its render as failed; say which.

    Raises: LeaseLost when the job is no longer this worker's.
    """
    verdict = decide(error, job.attempt, job.attempts_max)
    async with tools.db.transaction() as tx:
        if isinstance(verdict, Again):
            reason = {"code": getattr(error, "code", "internal"), "message": str(error)[:2000]}
            await queue.fail(tx, job, reason, retry_in_s=verdict.seconds)
        else:
            await queue.fail(tx, job, verdict.error, retry_in_s=None)
            await render_failed(tx, tools, job.payload["render_id"], verdict.error)
    return verdict


async def render_failed(
    tx: Transaction, tools: RenderTools, render_id: str, error: dict[str, Any]
) -> None:
    """End a render as failed and publish it; nothing happens when it had ended."""
    await queue.cancel(tx, render_id)  # first, as the queue's verbs want it
    failed = await store.end(tx, render_id, "failed", error=error)
    if failed is not None:
        await announce(tx, failed, link=tools.link)


async def workers_lost(tx: Transaction, tools: RenderTools, jobs: Sequence[Job]) -> None:
    """End the renders whose jobs were given up because every worker that tried them died."""
    for job in jobs:
        await render_failed(tx, tools, job.payload["render_id"], LOST_WORKER)
