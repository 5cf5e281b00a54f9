"""What usage.get takes and gives."""

from datetime import date
from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from vidgenie.edges.rpc.models import Request, View, Written

DAYS_MAX = 400
"""Days of one answer: a year, and the month before it."""

Day = Annotated[date, *Written]


class GetUsage(Request):
    """Days (UTC, both included), like 2026-11-25; the last 30 without."""

    from_: Day | None = Field(None, alias="from")
    to: Day | None = None

    @model_validator(mode="after")
    def _check_span(self) -> "GetUsage":
        if self.from_ is not None and self.to is not None:
            if self.to < self.from_:
                raise ValueError("`to` is before `from`")
            if (self.to - self.from_).days >= DAYS_MAX:
                raise ValueError(f"at most {DAYS_MAX} days are answered at once")
        return self


class DayView(View):
    """What ended on one day (UTC); a day on which nothing ended is left out."""

    day: str
    renders_done: int
    renders_failed: int
    renders_cancelled: int
    output_seconds: float
    output_bytes: int


class UsedView(View):
    """What is used now; minutes of this calendar month."""

    queued_renders: int
    output_minutes: float
    storage_bytes: int


class QuotaView(View):
    """What may be used; null is without limit."""

    concurrent_jobs: int | None
    queued_renders: int | None
    output_minutes: int | None
    storage_bytes: int | None


class UsageView(View):
    """An account's usage."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    from_: str = Field(alias="from")
    to: str
    days: list[DayView]
    used: UsedView
    quota: QuotaView
