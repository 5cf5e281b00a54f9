"""Rows of the batches room, and their JSON form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Batch:
    """Renders asked for together: `accepted` of `total` variants; `pending` have not ended."""

    id: str
    account_id: str
    template_id: str
    template_version: int
    total: int
    accepted: int
    pending: int
    errors: tuple[Mapping[str, Any], ...]
    created_at: datetime
    finished_at: datetime | None
    counts: Mapping[str, int] = field(default_factory=dict)
    """Renders by status; empty in lists."""


def batch_view(batch: Batch) -> dict[str, Any]:
    """Return what stands under `data.batch`."""
    return {
        "id": batch.id,
        "status": "running" if batch.finished_at is None else "done",
        "template_id": batch.template_id,
        "template_version": batch.template_version,
        "total": batch.total,
        "accepted": batch.accepted,
        "refused": batch.total - batch.accepted,
        "pending": batch.pending,
        "counts": dict(batch.counts),
        "errors": list(batch.errors),
        "created_at": _rfc3339(batch.created_at),
        "finished_at": None if batch.finished_at is None else _rfc3339(batch.finished_at),
    }


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
