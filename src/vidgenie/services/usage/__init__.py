"""What accounts use and may use: a row per ended render, and quotas. May import accounts, queue.

Reading order: model, store (with sql/), check.
"""

from vidgenie.services.usage.check import check_renders, check_space
from vidgenie.services.usage.model import Day, Quota, Used
from vidgenie.services.usage.store import (
    days,
    drop_quota,
    note_ended,
    quota_of,
    set_defaults,
    set_quota,
    used_of,
)

__all__ = [
    "Day",
    "Quota",
    "Used",
    "check_renders",
    "check_space",
    "days",
    "drop_quota",
    "note_ended",
    "quota_of",
    "set_defaults",
    "set_quota",
    "used_of",
]
