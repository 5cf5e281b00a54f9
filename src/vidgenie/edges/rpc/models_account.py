"""What the calls take and give by which an account changes itself, and sees who called."""

from typing import Annotated, Literal

from pydantic import Field

from vidgenie.edges.rpc.models import (
    PASSWORD_MAX,
    PASSWORD_MIN,
    Email,
    ObjectId,
    Page,
    Request,
    View,
)

Password = Annotated[str, Field(min_length=1, max_length=PASSWORD_MAX)]
NewPassword = Annotated[str, Field(min_length=PASSWORD_MIN, max_length=PASSWORD_MAX)]


class Confirm(Request):
    """The account's password, once more."""

    password: Password


class ChangeEmail(Confirm):
    """The new address, and the account's password."""

    email: Email


class ChangePassword(Confirm):
    """The old password and the new one."""

    new_password: NewPassword


class RequestPasswordReset(Request):
    """The address of the account."""

    email: Email


class ResetPassword(Request):
    """The token of the letter, and the new password."""

    token: Annotated[str, Field(min_length=1, max_length=200)]
    new_password: NewPassword


class SessionView(View):
    """A login that is still good; `current` is the one that asks."""

    id: str
    address: str
    user_agent: str
    created_at: str
    expires_at: str
    current: bool


class ListAudit(Page):
    """Filters."""

    action: Annotated[str, Field(max_length=64)] | None = None
    object_id: ObjectId | None = None


class AuditView(View):
    """One authenticated call."""

    id: str
    action: str
    credential_kind: Literal["token", "key"]
    credential_id: str
    object_id: str | None
    address: str
    user_agent: str
    status: int
    code: str | None
    request_id: str
    created_at: str
