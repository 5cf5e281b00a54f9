"""What calls find out, as models: plans of edits, facts of files."""

from typing import Literal

from pydantic import Field

from vidgenie.edges.rpc.models import DetailView, View


class SpanView(View):
    """Frames made in one way; `clips` names what they show, bottom first."""

    start: int
    stop: int
    recipe: Literal["hold", "box", "mix", "paint"]
    clips: list[str]


class ChunkView(View):
    """Frames made together; `same_as` is an earlier chunk of this plan that holds the same."""

    index: int
    start: int
    stop: int
    repeat: int
    cost: float
    is_cached: bool
    same_as: int | None
    spans: list[SpanView]


class PlanView(View):
    """How an edit would be made; costs are in encoded 1080p frames, ranges in frames."""

    text: str
    format: str
    width: int
    height: int
    fps: float
    frames: int
    duration: float
    cost: float
    naive_cost: float = Field(description="What painting and encoding every frame would cost.")
    cost_ahead: float = Field(description="The cost without what is cached.")
    cpu_s_ahead: float = Field(description="That cost in seconds of one core, about.")
    voices: int
    sound_is_cached: bool
    chunks: list[ChunkView]
    warnings: list[DetailView]


class VideoFactsView(View):
    """A file's picture."""

    width: int
    height: int
    fps: float | None
    frames: int
    codec: str
    pixel_format: str
    has_alpha: bool
    rotation: int


class AudioFactsView(View):
    """A file's sound."""

    sample_rate: int
    channels: int
    codec: str


class FontFactsView(View):
    """A font's names."""

    family: str
    full_name: str
    weight: int
    is_italic: bool


class ProbeView(View):
    """What an uploaded file holds; `captions` counts cues."""

    id: str
    container: str
    duration: float | None
    is_image: bool
    video: VideoFactsView | None
    audio: AudioFactsView | None
    font: FontFactsView | None
    captions: int | None


class UploadUrlView(View):
    """Where to send a file."""

    method: Literal["PUT"]
    url: str
    expires_at: str
