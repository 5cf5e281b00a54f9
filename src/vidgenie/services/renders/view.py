"""The JSON form of a render, as clients and webhooks get it."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from vidgenie.services.renders.model import Render

LEAST_DONE = 0.02
"""Share of the frames below which their pace says nothing."""

Link = Callable[[str], str]
"""From a storage key to a signed, time-limited link."""


def render_view(render: Render, link: Link) -> dict[str, Any]:
    """Return what `render.get` answers under `data.render`."""
    return {
        "id": render.id,
        "status": render.status,
        "progress": round(float(render.progress), 4),
        "eta_s": eta_s(render, datetime.now(UTC)),
        "output": _output_view(render, link),
        "warnings": list(render.warnings),
        "error": render.error,
        "timings": dict(render.timings),
        "cache": render.cache,
        "template_id": render.template_id,
        "template_version": render.template_version,
        "batch_id": render.batch_id,
        "batch_index": render.batch_index,
        "metadata": render.metadata,
        "priority": render.priority,
        "callback": render.callback,
        "attempts": render.attempts,
        "created_at": rfc3339(render.created_at),
        "started_at": rfc3339(render.started_at),
        "finished_at": rfc3339(render.finished_at),
    }


def eta_s(render: Render, now: datetime) -> float | None:
    """Return the seconds that are left if it goes on as it went; None while nobody can say.

    Counted from the end of the fetching, as frames are what progress counts.
    """
    done = float(render.progress)
    if render.status != "rendering" or render.started_at is None or done < LEAST_DONE:
        return None
    fetching = float(render.timings.get("fetching", 0.0))
    spent = (now - render.started_at).total_seconds() - fetching
    return round(max(0.0, spent) * (1 - done) / done, 1)


def _output_view(render: Render, link: Link) -> dict[str, Any] | None:
    if render.output is None:
        return None
    held = dict(render.output)
    links: dict[str, Any] = {
        f"{name}url": link(key) if (key := held.pop(f"{name}key", None)) else None
        for name in ("", "poster_", "thumbnail_", "hls_")
    }
    texts = held.pop("subtitles", {})
    held["subtitles"] = {form: link(key) for form, key in texts.items()}
    held["destinations"] = [
        {name: value for name, value in copy.items() if name != "options"}
        for copy in held.get("destinations", ())
    ]
    held["renditions"] = [
        {"name": each["name"], "url": link(each["key"]), **_facts(each)}
        for each in held.get("renditions", [])
    ]
    return links | held  # `url` first: that is what people look for


def _facts(rendition: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in rendition.items() if name not in ("name", "key")}


def rfc3339(moment: datetime | None) -> str | None:
    """Return a moment as RFC 3339 in UTC with milliseconds."""
    if moment is None:
        return None
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")
