"""What calls take and give, as models: from these the OpenAPI document is made."""

import re
from ipaddress import ip_network
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, field_validator

from vidgenie.services.accounts.model import SCOPES, Scope

USERNAME = r"[A-Za-z0-9][A-Za-z0-9._-]{2,63}"
EMAIL = re.compile(
    r"(?!.*=\?)[^@\s\"<>(),;:\\\[\]\x00-\x1f\x7f]{1,64}@[A-Za-z0-9.-]{1,190}\.[A-Za-z0-9-]{2,63}"
)
"""Plain addresses. `=?` begins an encoded word (RFC 2047): a header may decode it, and read in it
another address than the one that was judged."""
PASSWORD_MIN, PASSWORD_MAX = 8, 256


class Request(BaseModel):
    """A call's parameters; unknown ones are refused, and a body's `"5"` or `true` is no number."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class View(BaseModel):
    """A part of an answer."""

    model_config = ConfigDict(extra="forbid")


def _email(value: Any) -> Any:
    if isinstance(value, str):
        value = value.strip()
        if not EMAIL.fullmatch(value) or ".." in value:
            raise ValueError("this is not an email address like name@example.com")
    return value


def _network(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return str(ip_network(value.strip(), strict=False))
    except ValueError:
        raise ValueError("this is no address or network like 203.0.113.0/24") from None


ListT = TypeVar("ListT")
Listed = Annotated[tuple[ListT, ...], Strict(False)]
"""A JSON array: strictness would refuse what is no tuple yet."""


def _written(value: Any) -> Any:
    """Refuse what is no text: a number would be read as seconds since 1970."""
    if not isinstance(value, str) or not re.match(r"\d{4}-\d\d-\d\d", value):
        raise ValueError("this is no date or time like 2026-11-25 or 2026-11-25T12:00:00Z")
    return value


Written = (BeforeValidator(_written), Strict(False))
"""How dates and times are sent: RFC 3339."""

Email = Annotated[
    str,
    BeforeValidator(_email),
    Field(max_length=254, json_schema_extra={"format": "email"}),
]
Network = Annotated[str, BeforeValidator(_network), Field(max_length=64)]
Limit = Annotated[int, Field(ge=1, le=100)]
Cursor = Annotated[str, Field(max_length=64)]
ObjectId = Annotated[str, Field(min_length=1, max_length=64)]


class Nothing(Request):
    """Takes nothing."""


class Page(Request):
    """A page of a list, newest first."""

    limit: Limit = 20
    cursor: Cursor | None = None


class ById(Request):
    """Names one object."""

    id: ObjectId


class Register(Request):
    """A new account."""

    username: Annotated[
        str,
        Field(
            description="3 to 64 letters, digits, `.`, `_` and `-`.",
            json_schema_extra={"pattern": f"^{USERNAME}$"},
        ),
    ]
    email: Email
    password: Annotated[str, Field(min_length=PASSWORD_MIN, max_length=PASSWORD_MAX)]

    @field_validator("username")
    @classmethod
    def _check_username(cls, value: str) -> str:
        if not re.fullmatch(USERNAME, value):
            raise ValueError(
                "a username has 3 to 64 letters, digits, dots, dashes and underscores, and begins"
                " with a letter or digit"
            )
        return value


class VerifyEmail(Request):
    """The token of the letter."""

    token: Annotated[str, Field(min_length=1, max_length=200)]


class ResendVerification(Request):
    """The address to write to."""

    email: Email


class LogIn(Request):
    """A username, or the email address in its place, and the password."""

    username: Annotated[str, Field(min_length=1, max_length=254)]
    password: Annotated[str, Field(min_length=1, max_length=PASSWORD_MAX)]


class LogOut(Request):
    """`everywhere` ends all sessions of the account."""

    everywhere: bool = False


class CreateKey(Request):
    """A new key; `expires_in` in seconds."""

    name: Annotated[str, Field(min_length=1, max_length=100)]
    scopes: Annotated[Listed[Scope], Field(min_length=1)] = SCOPES
    expires_in: Annotated[float, Field(ge=60, le=10 * 365 * 86400)] | None = None
    rate_limit: Annotated[int, Field(ge=1, le=30_000)] | None = Field(
        None, description="So many calls at once, and then a minute."
    )
    allow_networks: Annotated[Listed[Network], Field(min_length=1, max_length=50)] | None = Field(
        None, description="Addresses and networks (CIDR) it may be used from."
    )


class ListRenders(Page):
    """Filters."""

    status: (
        Literal["queued", "fetching", "rendering", "saving", "done", "failed", "cancelled"] | None
    ) = None


class Snapshot(Request):
    """Which frame of an edit, as what."""

    time: Annotated[float, Field(ge=0, le=86_400, description="Seconds from the start.")] = 0.0
    format: Literal["png", "jpeg"] = "png"


class UploadUrl(Request):
    """The name the file shall have."""

    filename: Annotated[str, Field(min_length=1, max_length=255)] = "upload"


class RotateKey(ById):
    """`overlap`: seconds for which the old key stays good."""

    overlap: Annotated[float, Field(ge=0, le=30 * 86400)] = 86400


Document = dict[str, Any]
VARIANTS_MAX = 10_000
Merge = list[Any] | dict[str, Any]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class CreateTemplate(Request):
    """An edit with `{{placeholders}}`; `merge` declares its fields, or gives their defaults."""

    name: Name
    timeline: Document
    output: Document
    merge: Merge | None = None


class GetTemplate(ById):
    """One version; the newest without `version`."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None


class SnapshotTemplate(GetTemplate):
    """A frame of a template with values for its fields."""

    merge: Merge | None = None
    output: Document | None = Field(None, description="Replaces members of the template's output.")
    time: Annotated[float, Field(ge=0, le=86_400, description="Seconds from the start.")] = 0.0
    format: Literal["png", "jpeg"] = "png"


class UpdateTemplate(ById):
    """What is given replaces what was; a new timeline, output or merge makes a new version."""

    name: Name | None = None
    timeline: Document | None = None
    output: Document | None = None
    merge: Merge | None = None


class RenderTemplate(GetTemplate):
    """Values of the fields: an object, or a list of find and replace."""

    merge: Merge | None = None
    output: Document | None = Field(None, description="Replaces members of the template's output.")
    metadata: dict[str, Any] | None = None
    callback: Annotated[str, Field(max_length=2048)] | None = None
    priority: int | None = None
    variants: Annotated[list[Any], Field(min_length=1, max_length=VARIANTS_MAX)] | None = Field(
        None,
        description="Up to 10,000 of `{merge, metadata?, output?}`: makes a batch. As text/csv or"
        " NDJSON with a header row of field names, the other parameters stand in the query.",
    )


class GetBatch(Page):
    """A batch and a page of its renders."""

    id: ObjectId


class AccountView(View):
    """An account."""

    id: str
    username: str
    email: str
    status: Literal["pending", "active", "disabled"]
    created_at: str
    verified_at: str | None = None
    callback_secret: str | None = Field(None, description="Signs callbacks; account.get only.")


class LoginData(View):
    """A session."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    expires_at: str
    account: AccountView


class KeyView(View):
    """An API key; `plaintext` only in the answer that made it."""

    id: str
    name: str
    prefix: str
    last4: str
    scopes: list[str]
    rate_limit: int | None
    allow_networks: list[str] | None
    created_at: str
    expires_at: str | None
    revoked_at: str | None
    last_used_at: str | None
    plaintext: str | None = None


class RenditionView(View):
    """A further file of the same render."""

    name: str
    url: str
    format: str
    width: int | None
    height: int | None
    fps: float | None
    duration: float
    frames: int
    size: int
    sha256: str


class CopiedFileView(View):
    """A file that lies at a destination; `url` without what signed it."""

    name: str
    url: str
    size: int


class CopyErrorView(View):
    """Why a copy failed, or its last attempt did."""

    code: Literal["destination_unknown", "destination_failed", "internal"]
    message: str


class CopyView(View):
    """A copy of the files at a destination; it is tried for nine hours."""

    id: str | None
    provider: str
    status: Literal["queued", "sending", "done", "failed"]
    attempts: int
    files: list[CopiedFileView]
    error: CopyErrorView | None
    next_attempt_at: str | None
    updated_at: str


class OutputView(View):
    """What a render made; `url` is null when the file here was deleted."""

    url: str | None
    poster_url: str | None
    thumbnail_url: str | None
    hls_url: str | None
    format: str
    width: int | None
    height: int | None
    fps: float | None
    duration: float
    frames: int
    size: int
    sha256: str
    subtitles: dict[Literal["srt", "vtt"], str]
    destinations: list[CopyView]
    renditions: list[RenditionView]


class DetailView(View):
    """One problem at one place."""

    path: str
    code: str
    message: str


class RenderErrorView(View):
    """Why a render failed."""

    code: str
    message: str
    details: list[DetailView]


class CacheView(View):
    """Where an output's frames came from."""

    frames_encoded: int
    frames_copied: int
    frames_reused: int
    chunks_made: int
    chunks_reused: int


class RenderView(View):
    """A render."""

    id: str
    status: Literal["queued", "fetching", "rendering", "saving", "done", "failed", "cancelled"]
    progress: Annotated[float, Field(ge=0, le=1)]
    eta_s: float | None = Field(description="Seconds left, while it renders.")
    output: OutputView | None
    warnings: list[DetailView]
    error: RenderErrorView | None
    timings: dict[str, float]
    cache: CacheView | None
    template_id: str | None
    template_version: int | None
    batch_id: str | None
    batch_index: int | None
    metadata: dict[str, Any] | None
    priority: int
    callback: str | None
    attempts: int
    created_at: str
    started_at: str | None
    finished_at: str | None


class FieldView(View):
    """A template's field; `min` and `max` bound a number, or the length of a text or list."""

    name: str
    type: Literal["any", "string", "number", "integer", "boolean", "array", "object"]
    required: bool
    default: Any
    enum: list[Any] | None
    min: float | None
    max: float | None
    description: str | None
    markup: bool


class TemplateView(View):
    """A version of a template; lists leave `timeline`, `output` and `merge` null."""

    id: str
    name: str
    version: int
    latest_version: int
    fields: list[FieldView]
    timeline: dict[str, Any] | None
    output: dict[str, Any] | None
    merge: list[Any] | dict[str, Any] | None
    created_at: str
    updated_at: str


class VariantErrorView(View):
    """Why one variant was refused; `index` is its place in the request."""

    index: int
    code: str
    message: str
    details: list[DetailView]


class BatchView(View):
    """Renders asked for together; `renders` and `next_cursor` in batch.get only."""

    id: str
    status: Literal["running", "done"]
    template_id: str
    template_version: int
    total: int
    accepted: int
    refused: int
    pending: int
    counts: dict[str, int]
    errors: list[VariantErrorView]
    created_at: str
    finished_at: str | None
    renders: list[RenderView] | None = None
    next_cursor: str | None = None


class RenderedView(View):
    """A render, or with `variants` a batch."""

    render: RenderView | None = None
    batch: BatchView | None = None


class AssetView(View):
    """An uploaded file; `src` names it in a timeline."""

    id: str
    src: str
    filename: str
    kind: Literal["video", "audio", "image", "font"]
    container: str
    content_type: str
    size: int
    sha256: str
    thumbnail_url: str | None
    created_at: str


class WebhookView(View):
    """A webhook; `secret` only in the answer that made it."""

    id: str
    url: str
    events: list[str]
    enabled: bool
    failing_since: str | None
    created_at: str
    secret: str | None = None


class ErrorBody(View):
    """What went wrong."""

    code: str
    message: str
    details: list[DetailView]


class ErrorEnvelope(View):
    """A failure."""

    ok: Literal[False]
    error: ErrorBody
    request_id: str
