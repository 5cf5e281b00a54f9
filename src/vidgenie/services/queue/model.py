"""Rows of the queue.

blocked ── last child done ──▶ ready ── claim ──▶ running ── finish ──▶ done
                                 ▲                  │ fail, snooze, lease over
                                 └──────────────────┘ … after the last attempt: failed
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

Queue = Literal["render", "copies", "delivery", "mail", "upkeep"]

LANE_MAX = 2
"""Jobs of one lane that run at a time, on all workers: a slow receiver holds no more slots."""


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job that is to enter. `group_id` names what it belongs to (a render).

    `since` is the first job of what it goes on with: it takes that one's place in the order. Of one
    `lane` (a receiver) only `LANE_MAX` jobs run at a time.
    """

    kind: str
    queue: Queue
    payload: Mapping[str, Any]
    account_id: str | None = None
    group_id: str | None = None
    priority: int = 0
    delay_s: float = 0.0
    attempts_max: int = 3
    unique_key: str | None = None
    since: int | None = None
    lane: str | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed job: every word about it must carry its `token`. Attempts count from 1."""

    id: int
    kind: str
    queue: str
    payload: Mapping[str, Any]
    account_id: str
    group_id: str | None
    attempt: int
    attempts_max: int
    token: UUID | None
    lease_until: datetime | None
    since: int | None = None
    lane: str | None = None

    @property
    def turn(self) -> int:
        """Its place in the order: the number of the job with which its work began."""
        return self.id if self.since is None else self.since

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Job":
        """Return a row of `jobs` as a job."""
        return cls(**{name: row[name] for name in cls.__slots__})

    def __str__(self) -> str:
        return f"{self.kind} {self.id} (attempt {self.attempt} of {self.attempts_max})"


@dataclass(frozen=True, slots=True)
class Rescued:
    """A job whose worker was gone: waiting again, or given up."""

    job: Job
    is_given_up: bool


@dataclass(frozen=True, slots=True)
class Depth:
    """How many jobs of a queue are in a status, and the longest wait among them, in seconds."""

    queue: str
    status: str
    jobs: int
    oldest_s: float
