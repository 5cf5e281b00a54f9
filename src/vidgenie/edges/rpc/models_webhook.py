"""What the calls take and give by which webhooks are tried out and looked after."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field, model_validator

from vidgenie.edges.rpc.models import ById, Listed, ObjectId, Page, Request, View, Written


class CreateWebhook(Request):
    """Where to send which events."""

    url: Annotated[str, Field(min_length=1, max_length=2048)]
    events: Annotated[Listed[str], Field(min_length=1, max_length=20)] = (
        "render.done",
        "render.failed",
    )


class UpdateWebhook(ById):
    """What is given replaces what was."""

    url: Annotated[str, Field(min_length=1, max_length=2048)] | None = None
    events: Annotated[Listed[str], Field(min_length=1, max_length=20)] | None = None
    enabled: bool | None = None


class ListDeliveries(Page):
    """A webhook's attempts; `delivered` filters."""

    id: ObjectId
    delivered: bool | None = None


class Redeliver(Request):
    """One delivery (`id`), or all that was missed `since` a moment, by one webhook or by all."""

    id: ObjectId | None = None
    since: Annotated[AwareDatetime, *Written, Field(description="RFC 3339.")] | None = None
    webhook_id: ObjectId | None = None

    @model_validator(mode="after")
    def _check_one(self) -> "Redeliver":
        if (self.id is None) == (self.since is None):
            raise ValueError("give either `id`, a delivery, or `since`, a moment")
        if self.id is not None and self.webhook_id is not None:
            raise ValueError("`webhook_id` goes with `since`; a delivery has its own")
        return self

    @property
    def moment(self) -> datetime:
        """The moment of `since`."""
        assert self.since is not None
        return self.since


class TestedView(View):
    """The event that is on its way; webhook.deliveries shows what came of it."""

    event_id: str


class RedeliveredView(View):
    """How many deliveries were asked for."""

    queued: int


class DeliveryView(View):
    """One attempt: the receiver's `status` and the first 4 KB of its `answer`, or why not."""

    id: str
    event_id: str
    event_type: str
    webhook_id: str | None
    url: str
    attempt: int
    delivered: bool
    status: int | None
    ms: int
    answer: str
    error: str | None
    created_at: str
