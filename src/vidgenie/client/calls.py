"""Every call as a value, and answers read: what both clients share, without any I/O."""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Generic, TypeVar

import httpx

from vidgenie.client.errors import ApiError, details_of
from vidgenie.client.models import (
    ENDED,
    Asset,
    Batch,
    Destination,
    Output,
    Plan,
    Progress,
    Render,
    Status,
    Template,
    Tried,
    Webhook,
)
from vidgenie.client.retries import retry_after_s

AnswerT = TypeVar("AnswerT")
Edit = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call(Generic[AnswerT]):
    """One call: its name, its body, and which member of `data` is its answer (empty: all).

    `key` is its Idempotency-Key. It is repeatable where made twice it does no more than once.
    """

    name: str
    body: Mapping[str, Any]
    answer: str = ""
    key: str | None = None
    is_repeatable: bool = True


def creating(name: str, body: Mapping[str, Any], answer: str, key: str | None) -> Call[Any]:
    """Return a call that creates: it always has a key, so that a lost answer may be asked again."""
    return Call(name, body, answer, key or f"py-{uuid.uuid4()}")


def _given(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


# ── renders ─────────────────────────────────────────────────────────────────────────────────────
def create_render(edit: Edit, key: str | None) -> Call[Render]:
    """render.create."""
    return creating("render.create", edit, "render", key)


def get_render(render_id: str) -> Call[Render]:
    """render.get."""
    return Call("render.get", {"id": render_id}, "render")


def list_renders(status: Status | None) -> Call[list[Render]]:
    """render.list; its pages are followed by the client."""
    return Call("render.list", _given(status=status), "renders")


def cancel_render(render_id: str) -> Call[Render]:
    """render.cancel."""
    return Call("render.cancel", {"id": render_id}, "render", is_repeatable=False)


def retry_render(render_id: str, key: str | None) -> Call[Render]:
    """render.retry."""
    return creating("render.retry", {"id": render_id}, "render", key)


def delete_render(render_id: str) -> Call[dict[str, Any]]:
    """render.delete."""
    return Call("render.delete", {"id": render_id}, is_repeatable=False)


def explain(edit: Edit) -> Call[Plan]:
    """render.explain."""
    return Call("render.explain", edit, "plan")


def snapshot(edit: Edit, time: float, form: str) -> Call[bytes]:
    """render.snapshot: its answer is the picture itself."""
    return Call("render.snapshot", {**edit, "time": time, "format": form})


def events(render_id: str) -> Call[bytes]:
    """render.events: its answer is a stream, read by `News`."""
    return Call("render.events", {"id": render_id})


# ── templates and batches ───────────────────────────────────────────────────────────────────────
def create_template(name: str, edit: Edit, key: str | None) -> Call[Template]:
    """template.create."""
    return creating("template.create", {"name": name, **edit}, "template", key)


def get_template(template_id: str, version: int | None) -> Call[Template]:
    """template.get."""
    return Call("template.get", _given(id=template_id, version=version), "template")


def list_templates() -> Call[list[Template]]:
    """template.list."""
    return Call("template.list", {}, "templates")


def update_template(template_id: str, changes: Edit) -> Call[Template]:
    """template.update: not repeatable, since each makes a version."""
    body = {"id": template_id, **changes}
    return Call("template.update", body, "template", is_repeatable=False)


def snapshot_template(
    template_id: str, merge: Edit | None, time: float, options: Edit
) -> Call[bytes]:
    """template.snapshot: its answer is the picture itself."""
    return Call("template.snapshot", _given(id=template_id, merge=merge, time=time, **options))


def delete_template(template_id: str) -> Call[dict[str, Any]]:
    """template.delete."""
    return Call("template.delete", {"id": template_id}, is_repeatable=False)


def render_template(
    template_id: str, merge: Edit | None, options: Edit, key: str | None
) -> Call[Render]:
    """template.render: one video."""
    body = _given(id=template_id, merge=merge, **options)
    return creating("template.render", body, "render", key)


def render_batch(
    template_id: str, variants: Iterable[Edit], options: Edit, key: str | None
) -> Call[Batch]:
    """template.render with variants."""
    body = _given(id=template_id, variants=list(variants), **options)
    return creating("template.render", body, "batch", key)


def get_batch(batch_id: str) -> Call[Batch]:
    """batch.get."""
    return Call("batch.get", {"id": batch_id, "limit": 100}, "batch")


def cancel_batch(batch_id: str) -> Call[Batch]:
    """batch.cancel."""
    return Call("batch.cancel", {"id": batch_id}, "batch")


# ── assets and webhooks ─────────────────────────────────────────────────────────────────────────
UPLOAD: Call[Asset] = Call("asset.upload", {}, "asset", is_repeatable=False)


def get_asset(asset_id: str) -> Call[Asset]:
    """asset.get."""
    return Call("asset.get", {"id": asset_id}, "asset")


def list_assets() -> Call[list[Asset]]:
    """asset.list."""
    return Call("asset.list", {}, "assets")


def delete_asset(asset_id: str) -> Call[dict[str, Any]]:
    """asset.delete."""
    return Call("asset.delete", {"id": asset_id}, is_repeatable=False)


def create_destination(name: str, place: Edit, key: str | None) -> Call[Destination]:
    """destination.create."""
    return creating("destination.create", {"name": name, **place}, "destination", key)


def get_destination(destination_id: str) -> Call[Destination]:
    """destination.get."""
    return Call("destination.get", {"id": destination_id}, "destination")


def list_destinations() -> Call[list[Destination]]:
    """destination.list."""
    return Call("destination.list", {}, "destinations")


def update_destination(destination_id: str, changes: Edit) -> Call[Destination]:
    """destination.update."""
    return Call("destination.update", {"id": destination_id, **changes}, "destination")


def delete_destination(destination_id: str) -> Call[dict[str, Any]]:
    """destination.delete."""
    return Call("destination.delete", {"id": destination_id}, is_repeatable=False)


def test_destination(destination_id: str) -> Call[Tried]:
    """destination.test."""
    return Call("destination.test", {"id": destination_id})


def create_webhook(url: str, events: Iterable[str] | None, key: str | None) -> Call[Webhook]:
    """webhook.create."""
    body = _given(url=url, events=None if events is None else list(events))
    return creating("webhook.create", body, "webhook", key)


def list_webhooks() -> Call[list[Webhook]]:
    """webhook.list."""
    return Call("webhook.list", {}, "webhooks")


def delete_webhook(webhook_id: str) -> Call[dict[str, Any]]:
    """webhook.delete."""
    return Call("webhook.delete", {"id": webhook_id}, is_repeatable=False)


# ── headers, answers ────────────────────────────────────────────────────────────────────────────
def path_of(call: Call[Any]) -> str:
    """Return where a call is made."""
    return f"/api/v1/{call.name}"


def headers_of(call: Call[Any]) -> dict[str, str]:
    """Return the headers of one call."""
    return {"idempotency-key": call.key} if call.key is not None else {}


def credential(api_key: str | None, access_token: str | None) -> dict[str, str]:
    """Return the headers of a client. Raises: ValueError unless one credential is given."""
    if (api_key is None) == (access_token is None):
        raise ValueError("give either api_key (vg_live_…) or access_token (vg_at_…)")
    if api_key is not None:
        return {"x-api-key": api_key}
    return {"authorization": f"Bearer {access_token}"}


def user_agent() -> str:
    """Return how the client names itself."""
    try:
        return f"vidgenie-python/{version('vidgenie-api')}"
    except PackageNotFoundError:
        return "vidgenie-python"


def data_of(response: httpx.Response) -> dict[str, Any]:
    """Return the data of an answer. Raises: ApiError."""
    try:
        envelope = response.json()
    except ValueError:
        envelope = None
    if not isinstance(envelope, dict) or not isinstance(envelope.get("ok"), bool):
        raise ApiError(
            "bad_answer",
            f"{response.url} answered {response.status_code} with no JSON of the API",
            status=response.status_code,
            retry_after_s=retry_after_s(response.headers.get("retry-after")),
        )
    if envelope["ok"]:
        data: dict[str, Any] = envelope["data"]
        return data
    error = envelope["error"]
    raise ApiError(
        error["code"],
        error["message"],
        details=details_of(error.get("details")),
        status=response.status_code,
        request_id=envelope.get("request_id"),
        retry_after_s=retry_after_s(response.headers.get("retry-after")),
    )


def image_of(response: httpx.Response) -> bytes:
    """Return the picture that an answer is. Raises: ApiError."""
    if response.headers.get("content-type", "").startswith("image/"):
        return response.content
    data_of(response)
    raise ApiError("bad_answer", f"{response.url} answered no picture.", status=200)


def no_file(status: int, url: str) -> ApiError:
    """Return why a link gave no file; storages say 403 when it has run out."""
    code = {403: "link_expired", 404: "not_found"}.get(status, "bad_answer")
    return ApiError(code, f"{url} answered {status}.", status=status)


def unreachable(error: httpx.HTTPError, url: httpx.URL | str) -> ApiError:
    """Return what a failure of the network is told as."""
    said = str(error) or type(error).__name__
    return ApiError("unreachable", f"{url} could not be reached: {said}")


# ── news of renders ─────────────────────────────────────────────────────────────────────────────
class News:
    """Server-sent events as they come, line by line; what was last seen is where to go on."""

    def __init__(self) -> None:
        self.is_over = False
        self._last_id: str | None = None
        self._id: str | None = None
        self._data: list[str] = []

    def headers(self) -> dict[str, str]:
        """Return the header that asks for what comes after the last event."""
        return {} if self._last_id is None else {"last-event-id": self._last_id}

    def check(self, response: httpx.Response) -> None:
        """See what a read answer says that is no stream. Raises: ApiError."""
        if response.status_code == 204:
            self.is_over = True
        elif response.status_code != 200:
            data_of(response)

    def take(self, line: str) -> Progress | None:
        """Take a line; return the event that it ends, if it ends one."""
        if line:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "id":
                self._id = value
            elif name == "data":
                self._data.append(value)
            return None
        text, self._data = "\n".join(self._data), []
        if not text:
            return None
        self._last_id = self._id
        told: Progress = json.loads(text)
        self.is_over = told["status"] in ENDED
        return told


# ── renders that end ────────────────────────────────────────────────────────────────────────────
POLL_FIRST_S, POLL_MAX_S = 0.2, 2.0
"""Seconds between looks: short renders are told soon, long ones do not tire the server."""


def is_over(render: Render) -> bool:
    """Tell whether a render has ended. Raises: ApiError where it has ended without a video."""
    if render["status"] not in ENDED:
        return False
    if render["status"] == "cancelled":
        raise ApiError("cancelled", f"{render['id']} was cancelled.")
    if render["status"] == "failed":
        failure = render["error"]
        assert failure is not None
        details = details_of(failure["details"])
        raise ApiError(failure["code"], failure["message"], details=details)
    return True


def too_slow(render: Render, timeout_s: float) -> ApiError:
    """Return the error of a wait that was given up; the render itself goes on."""
    return ApiError(
        "wait_timed_out",
        f"{render['id']} is {render['status']} ({render['progress']:.0%}) after {timeout_s:g} s;"
        " it goes on",
    )


def output_of(render: Render) -> Output:
    """Return what a render made. Raises: ApiError `not_ready`."""
    if render["output"] is None:
        raise ApiError("not_ready", f"{render['id']} is {render['status']}: it has no video.")
    return render["output"]


def link_of(output: Output) -> str:
    """Return where a video is. Raises: ApiError where it was deleted."""
    if output["url"] is None:
        raise ApiError("not_found", "The video was deleted; its copies may be elsewhere.")
    return output["url"]


def check_sum(output: Output, sha256: str) -> None:
    """Compare what came with what was made. Raises: ApiError."""
    if sha256 != output["sha256"]:
        message = f"{output['url']} did not come whole: its SHA-256 is {sha256}."
        raise ApiError("checksum_mismatch", message)
