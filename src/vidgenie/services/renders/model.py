"""Rows of the renders room, and the states of a render.

queued → fetching → rendering → saving → done
   └─────────┴──────────┴─────────┴────→ failed | cancelled
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Status = Literal["queued", "fetching", "rendering", "saving", "done", "failed", "cancelled"]

ENDED: tuple[Status, ...] = ("done", "failed", "cancelled")

SOUND_PART = -1
"""The number of the part that is the sound; video parts count from 0."""


@dataclass(frozen=True, slots=True)
class SubmitRequest:
    """A request to render: `document` is the edit exactly as the client sent it."""

    account_id: str
    document: Mapping[str, Any]
    template_id: str | None = None
    template_version: int | None = None
    door: Mapping[str, Any] | None = None
    warnings: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Render:
    """One execution of an edit."""

    id: str
    account_id: str
    status: Status
    document: Mapping[str, Any]
    priority: int
    created_at: datetime
    metadata: Mapping[str, Any] | None = None
    callback: str | None = None
    progress: float = 0.0
    sources: Mapping[str, Any] | None = None
    output: Mapping[str, Any] | None = None
    warnings: tuple[Mapping[str, Any], ...] = ()
    error: Mapping[str, Any] | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    cache: Mapping[str, int] | None = None
    attempts: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    template_id: str | None = None
    template_version: int | None = None
    batch_id: str | None = None
    batch_index: int | None = None
    files_until: datetime | None = None
    door: Mapping[str, Any] | None = None
    """Set when it came through the Shotstack-compatible door: `literal`, the names of placeholders
    that had no value and stay as they are written."""

    @property
    def has_ended(self) -> bool:
        """Done, failed or cancelled: nothing about it changes any more."""
        return self.status in ENDED


@dataclass(frozen=True, slots=True)
class Part:
    """One chunk, or the sound, of a render: `key` is where its file is kept, once it is made."""

    part: int
    frames_total: int
    frames_done: int = 0
    key: str | None = None
    stats: Mapping[str, Any] | None = None
