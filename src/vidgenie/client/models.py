"""What the API answers, as types: plain dictionaries with known names."""

from typing import Any, Literal, NotRequired, TypedDict

Status = Literal["queued", "fetching", "rendering", "saving", "done", "failed", "cancelled"]

ENDED: tuple[Status, ...] = ("done", "failed", "cancelled")
"""Statuses after which a render changes no more."""


class Told(TypedDict):
    """A warning or a problem, and where in the edit it is."""

    path: str
    code: str
    message: str


class Rendition(TypedDict):
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


class CopiedFile(TypedDict):
    """A file that lies at a destination."""

    name: str
    url: str
    size: int


class Copy(TypedDict):
    """A copy of the files at a destination."""

    id: str | None
    provider: str
    status: Literal["queued", "sending", "done", "failed"]
    attempts: int
    files: list[CopiedFile]
    error: dict[str, str] | None
    next_attempt_at: str | None
    updated_at: str


class Output(TypedDict):
    """A finished video; `url` is signed and good for a while, `duration` in seconds.

    `url` is None where the file was deleted, `destinations` tells of its copies.
    """

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
    subtitles: dict[str, str]
    renditions: list[Rendition]
    destinations: list[Copy]


class Failure(TypedDict):
    """Why a render failed."""

    code: str
    message: str
    details: list[Told]


class Cache(TypedDict):
    """Where an output's frames came from."""

    frames_encoded: int
    frames_copied: int
    frames_reused: int
    chunks_made: int
    chunks_reused: int


class Render(TypedDict):
    """One execution of an edit; `output` is None until it is done."""

    id: str
    status: Status
    progress: float
    output: Output | None
    warnings: list[Told]
    error: Failure | None
    timings: dict[str, float]
    cache: Cache | None
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


class Progress(TypedDict):
    """News of a render; `render` with the last."""

    id: str
    status: Status
    progress: float
    render: NotRequired[Render]


class Plan(TypedDict):
    """How an edit would be made; `text` for people, costs in encoded 1080p frames."""

    text: str
    format: str
    width: int
    height: int
    fps: float
    frames: int
    duration: float
    cost: float
    naive_cost: float
    cost_ahead: float
    cpu_s_ahead: float
    voices: int
    sound_is_cached: bool
    chunks: list[dict[str, Any]]
    warnings: list[Told]


class Field(TypedDict):
    """A template's field."""

    name: str
    type: Literal["any", "string", "number", "integer", "boolean", "array", "object"]
    required: bool
    default: Any
    enum: list[Any] | None
    min: float | None
    max: float | None
    description: str | None
    markup: bool


class Template(TypedDict):
    """A version of a template; in lists `timeline`, `output` and `merge` are None."""

    id: str
    name: str
    version: int
    latest_version: int
    fields: list[Field]
    timeline: dict[str, Any] | None
    output: dict[str, Any] | None
    merge: list[Any] | dict[str, Any] | None
    created_at: str
    updated_at: str


class VariantRefused(TypedDict):
    """Why one variant of a batch was refused; `index` is its place in the request."""

    index: int
    code: str
    message: str
    details: list[Told]


class Batch(TypedDict):
    """Renders asked for together; `renders` and `next_cursor` only where one batch is asked for."""

    id: str
    status: Literal["running", "done"]
    template_id: str
    template_version: int
    total: int
    accepted: int
    refused: int
    pending: int
    counts: dict[str, int]
    errors: list[VariantRefused]
    created_at: str
    finished_at: str | None
    renders: list[Render] | None
    next_cursor: str | None


class Asset(TypedDict):
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


class Destination(TypedDict):
    """Where copies go, without its credentials; `secret` only in the answer that made it."""

    id: str
    name: str
    provider: Literal["s3", "http"]
    s3: dict[str, Any] | None
    http: dict[str, Any] | None
    created_at: str
    updated_at: str
    secret: str | None


class Tried(TypedDict):
    """What became of a destination's test file."""

    delivered: bool
    url: str
    status: int | None
    ms: int
    error: str | None


class Webhook(TypedDict):
    """An endpoint; `secret` only in the answer that made it."""

    id: str
    url: str
    events: list[str]
    enabled: bool
    created_at: str
    secret: str | None
