"""Small edits to spoil: one clip, everything in order."""

from typing import Any

import pytest

from vidgenie.core.edit.parse import parse
from vidgenie.errors import EditInvalid, Problem

CLIP = "/timeline/tracks/0/clips/0"

IMAGE = {"type": "image", "src": "https://media.example/a.png"}
VIDEO = {"type": "video", "src": "https://media.example/a.mp4"}
TEXT = {"type": "text", "text": "Hello"}


def clip(**fields: Any) -> dict[str, Any]:
    """A still of two seconds."""
    return {"asset": dict(IMAGE), "start": 0, "length": 2} | fields


def edit(
    *clips: dict[str, Any],
    timeline: dict[str, Any] | None = None,
    output: dict[str, Any] | None = None,
    **fields: Any,
) -> dict[str, Any]:
    """An edit of one track."""
    tracks = [{"clips": list(clips)}] if clips else []
    return {
        "timeline": {"tracks": tracks} | (timeline or {}),
        "output": {"format": "mp4", "resolution": "hd"} | (output or {}),
    } | fields


def problems(document: Any, *, allow_local: bool = False) -> tuple[Problem, ...]:
    """What is told of a document that must be refused."""
    with pytest.raises(EditInvalid) as caught:
        parse(document, allow_local=allow_local)
    assert caught.value.problems, "an edit is refused with at least one problem"
    return caught.value.problems


def problem(document: Any, *, allow_local: bool = False) -> Problem:
    """The only problem of a document."""
    found = problems(document, allow_local=allow_local)
    assert len(found) == 1, found
    return found[0]
