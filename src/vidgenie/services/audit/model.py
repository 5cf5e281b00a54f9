"""Rows of the audit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One authenticated call, granted or refused."""

    id: str
    account_id: str
    credential_kind: Literal["token", "key"]
    credential_id: str
    action: str
    object_id: str | None
    address: str
    user_agent: str
    status: int
    code: str | None
    request_id: str
    created_at: datetime
