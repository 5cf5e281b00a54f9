"""Letters."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to be sent; `token` is the secret it carries, for machines that read it."""

    to: str
    subject: str
    text: str
    token: str | None = None


@dataclass(frozen=True, slots=True)
class OutboxLetter:
    """A letter as it stands in the outbox."""

    id: int
    to: str
    subject: str
    text: str
    token: str | None
    created_at: datetime
