"""usage.*: what an account has used, and what it may use."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from vidgenie.edges.rpc.calls import Call
from vidgenie.edges.rpc.models_usage import GetUsage
from vidgenie.services import usage
from vidgenie.services.db.pool import Transaction

DAYS_SHOWN = 30
"""Days that are answered without `from`."""


async def get(call: Call, tx: Transaction, takes: GetUsage) -> dict[str, Any]:
    """Return what ended on each day (UTC), what is used now, and the quota."""
    last = takes.to or datetime.now(UTC).date()
    first = takes.from_ or last - timedelta(days=DAYS_SHOWN - 1)
    days = await usage.days(tx, call.account_id, first, last)
    used = await usage.used_of(tx, call.account_id)
    quota = await usage.quota_of(tx, call.account_id)
    return {
        "usage": {
            "from": first.isoformat(),
            "to": last.isoformat(),
            "days": [
                {
                    "day": day.day.isoformat(),
                    "renders_done": day.done,
                    "renders_failed": day.failed,
                    "renders_cancelled": day.cancelled,
                    "output_seconds": round(day.output_s, 3),
                    "output_bytes": day.output_bytes,
                }
                for day in days
            ],
            "used": {
                "queued_renders": used.queued_renders,
                "output_minutes": round(used.output_s / 60, 3),
                "storage_bytes": used.storage_bytes,
            },
            "quota": asdict(quota),
        }
    }
