"""Rows of the usage room."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Quota:
    """What an account may use; None is without limit.

    `concurrent_jobs` of its renders are worked on at a time; `queued_renders` may be under way or
    waiting; `output_minutes` of finished video a calendar month (UTC); `storage_bytes` of uploads.
    """

    concurrent_jobs: int | None = None
    queued_renders: int | None = None
    output_minutes: int | None = None
    storage_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """What an account uses now: renders not ended, output of this month, uploads."""

    queued_renders: int
    output_s: float
    storage_bytes: int


@dataclass(frozen=True, slots=True)
class Day:
    """What ended on one day (UTC)."""

    day: date
    done: int
    failed: int
    cancelled: int
    output_s: float
    output_bytes: int
