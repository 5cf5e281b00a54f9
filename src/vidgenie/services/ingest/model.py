"""Rows of the ingest room, and what its job works with.

queued → importing → ready → deleted
            └──────→ failed
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from vidgenie.engine.sandbox import SandboxLimits
from vidgenie.services.assets.fetch import Fetcher
from vidgenie.services.db.pool import Database
from vidgenie.services.storage import Storage

KIND = "ingest_source"
"""The queue's name for the job that imports."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file to be fetched from `input`, or sent (None); `key` is where its asset is stored."""

    id: str
    account_id: str
    input: str | None
    status: Literal["queued", "importing", "ready", "failed", "deleted"]
    asset_id: str | None
    key: str | None
    error: str | None
    width: int | None
    height: int | None
    duration: float | None
    fps: float | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class IngestTools:
    """The database, the storage, the fetcher, and how long a probe may take."""

    db: Database
    storage: Storage
    fetcher: Fetcher
    probe_limits: SandboxLimits
