"""When a call is made again, and after how long."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from random import Random

import httpx

from vidgenie.client.errors import ApiError

BUSY = (429, 503)
"""Statuses by which a server says: not now. Nothing was done."""

RENEWED = ("link_expired", "checksum_mismatch")
"""What a download with a new link mends."""


@dataclass(frozen=True, slots=True)
class Retries:
    """Up to `count` further attempts, each after twice the time of the one before, with jitter.

    Units: seconds. A server that asks for more than `wait_max_s` is not waited for: the error
    comes at once, with its `retry_after_s`.
    """

    count: int = 5
    first_s: float = 0.5
    wait_max_s: float = 60.0
    random: Random = field(default_factory=Random)

    def wait_s(self, attempt: int, error: ApiError, *, is_repeatable: bool) -> float | None:
        """Return how long to wait after failed attempt `attempt` (0-based); None: give up.

        `is_repeatable`: the call may be made twice, because it only reads or has a key.
        """
        if attempt >= self.count or not _is_passing(error, attempt, is_repeatable):
            return None
        if error.retry_after_s is not None:
            return error.retry_after_s if error.retry_after_s <= self.wait_max_s else None
        longest = min(self.wait_max_s, self.first_s * 2.0**attempt)
        return longest * (0.5 + self.random.random() / 2)


def _is_passing(error: ApiError, attempt: int, is_repeatable: bool) -> bool:
    if error.code == "quota_exceeded":
        return error.retry_after_s is not None  # a full month does not pass by waiting
    if error.status in BUSY:
        return True
    if error.code in RENEWED:
        return True
    if error.status in (502, 504) or error.code == "unreachable":
        return is_repeatable or isinstance(error.__cause__, httpx.ConnectError)
    # Our own first attempt, whose answer was lost, may still be under way on the server.
    return error.code == "conflict" and is_repeatable and attempt > 0


def retry_after_s(header: str | None, *, now: datetime | None = None) -> float | None:
    """Return the seconds a `Retry-After` asks for: a number, or a date (RFC 9110 §10.2.3)."""
    if not header:
        return None
    if header.strip().isdigit():
        return float(header)
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - (now or datetime.now(UTC))).total_seconds())
