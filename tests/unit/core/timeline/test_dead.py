"""A clip may do without its source: its time stays, nobody else moves, and it is told."""

from typing import Any

from vidgenie.core.edit.model import Edit
from vidgenie.core.edit.parse import parse
from vidgenie.core.timeline.picture import picture_at
from vidgenie.core.timeline.resolve import resolve
from vidgenie.core.timeline.sources.dead import without_dead
from vidgenie.errors import Problem

SRC = "https://x/dead.mp4"
GONE = {SRC: Problem("", "source_unreachable", "It answered 404 at 10.0.0.7.")}
TEXT = {"type": "text", "text": "after"}


def edit(*clips: dict[str, Any], **timeline: Any) -> Edit:
    document = {
        "timeline": {"tracks": [{"clips": list(clips)}], **timeline},
        "output": {"format": "mp4", "size": {"width": 320, "height": 180}, "fps": 12},
    }
    return parse(document)


def dead(on_error: str, kind: str = "video", **fields: Any) -> dict[str, Any]:
    asset = {"type": kind, "src": SRC}
    return {"asset": asset, "start": 0, "length": 2, "onError": on_error, **fields}


def test_a_skipped_clip_leaves_its_time_free_and_shows_nothing() -> None:
    after = {"asset": TEXT, "start": "auto", "length": 1}
    living = without_dead(edit(dead("skip"), after), GONE)
    assert living.fatal == ()
    [told] = living.warnings
    assert (told.path, told.code) == (
        "/timeline/tracks/0/clips/0/asset/src",
        "source_unreachable",
    )
    assert "left out" in told.message
    timeline = resolve(living.edit, {})
    assert len(timeline.frames) == 36
    assert not picture_at(timeline, 5).layers
    assert [layer.drawable.kind for layer in picture_at(timeline, 25).layers] == ["text"]


def test_without_a_length_of_its_own_a_skipped_clip_has_none() -> None:
    after = {"asset": TEXT, "start": "auto", "length": 1}
    living = without_dead(edit(dead("skip", length="auto"), after), GONE)
    assert len(resolve(living.edit, {}).frames) == 12


def test_a_placeholder_fills_the_clips_box_and_keeps_secrets() -> None:
    living = without_dead(edit(dead("placeholder", width=100, height=60)), GONE)
    [layer] = picture_at(resolve(living.edit, {}), 0).layers
    assert layer.drawable.kind == "html"
    assert (layer.source.width, layer.source.height) == (100, 60)
    card = repr(layer.drawable)
    assert "Video not available" in card
    assert "does not hand it out" in card
    assert SRC not in card
    assert "10.0.0.7" not in card


def test_what_is_only_heard_has_no_card() -> None:
    living = without_dead(edit(dead("placeholder", kind="audio")), GONE)
    timeline = resolve(living.edit, {})
    assert not timeline.voices
    assert not picture_at(timeline, 0).layers


def test_one_clip_that_says_nothing_fails_the_render() -> None:
    living = without_dead(edit(dead("skip"), dead("fail", start=3)), GONE)
    assert living.fatal == (SRC,)
    music = without_dead(
        edit({"asset": TEXT, "start": 0, "length": 1}, soundtrack={"src": SRC}), GONE
    )
    assert music.fatal == (SRC,)


def test_a_closed_address_is_not_forgiven() -> None:
    closed = {SRC: Problem("", "source_forbidden", "no")}
    for word in ("skip", "placeholder"):
        assert without_dead(edit(dead(word)), closed).fatal == (SRC,)


def test_nothing_dead_changes_nothing() -> None:
    whole = edit(dead("skip"))
    assert without_dead(whole, {}).edit is whole
