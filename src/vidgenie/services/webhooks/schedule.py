"""When an undelivered event is sent again. Source: Svix's published schedule, about 28 h in all."""

from random import Random

SCHEDULE_S = (0.0, 5.0, 300.0, 1800.0, 7200.0, 18_000.0, 36_000.0, 36_000.0)
"""Seconds before the first, second … attempt."""

ATTEMPTS_MAX = len(SCHEDULE_S)

JITTER = 0.2
"""Share by which each wait varies, so that a receiver that comes back is not met by all at once."""


def wait_s(attempt: int, random: Random) -> float | None:
    """Return seconds to wait after failed attempt number `attempt` (from 1); None: no more."""
    if attempt >= ATTEMPTS_MAX:
        return None
    return SCHEDULE_S[attempt] * random.uniform(1 - JITTER, 1 + JITTER)
