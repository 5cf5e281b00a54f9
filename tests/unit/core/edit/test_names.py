"""Who may call whom by an alias, and for what."""

from typing import Any

import pytest

from documents import CLIP, IMAGE, TEXT, VIDEO, clip, edit
from vidgenie.core.edit.model import Edit
from vidgenie.core.edit.names import check_captions, check_names
from vidgenie.core.edit.parse import without_left_out

SECOND = "/timeline/tracks/0/clips/1"
AUDIO = {"type": "audio", "src": "https://media.example/a.mp3"}


def caption(src: str, **fields: Any) -> dict[str, Any]:
    return clip(asset={"type": "caption", "src": src}, **fields)


def mask(other: str, **fields: Any) -> dict[str, Any]:
    return clip(mask={"mode": "luma", "src": f"alias://{other}"}, **fields)


def audiogram(alias: str) -> dict[str, Any]:
    return clip(asset={"type": "audiogram", "src": f"alias://{alias}"})


def told(*clips: dict[str, Any], **timeline: Any) -> list[tuple[str, str]]:
    """Places and codes of what is wrong with names, pending features aside."""
    parsed = Edit.model_validate(without_left_out(edit(*clips, timeline=timeline)))
    return [(one.path, one.code) for one in check_names(parsed.timeline, "/timeline")]


def test_names_that_serve_are_fine() -> None:
    words = caption("https://media.example/a.srt", alias="words")
    assert told(words, caption("alias://words")) == []
    assert told(clip(alias="m"), mask("m")) == []
    assert told(clip(asset=AUDIO, alias="a"), audiogram("a")) == []
    assert told(clip(asset=VIDEO, alias="a"), audio={"duck": {"under": "a"}}) == []


@pytest.mark.parametrize(
    ("clips", "path", "code"),
    [
        ([clip(), caption("alias://x")], f"{SECOND}/asset/src", "unknown_alias"),
        ([clip(), mask("x")], f"{SECOND}/mask/src", "unknown_alias"),
        ([clip(), audiogram("x")], f"{SECOND}/asset/src", "unknown_alias"),
        ([clip(), clip(start="alias://x")], f"{SECOND}/start", "unknown_alias"),
        ([clip(alias="x"), clip(alias="x")], f"{SECOND}/alias", "duplicate"),
        ([clip(), mask("x", alias="x")], f"{SECOND}/mask/src", "circular_reference"),
        ([mask("y", alias="x"), mask("x", alias="y")], f"{CLIP}/mask/src", "circular_reference"),
        ([clip(asset=TEXT, alias="t"), audiogram("t")], f"{SECOND}/asset/src", "wrong_value"),
        (
            [clip(asset=IMAGE, alias="t"), caption("alias://t")],
            f"{SECOND}/asset/src",
            "no_provider",
        ),
        (
            [clip(asset=VIDEO, alias="t"), caption("alias://t")],
            f"{SECOND}/asset/src",
            "no_provider",
        ),
        (
            [clip(), caption("alias://x", alias="x")],
            f"{SECOND}/asset/src",
            "circular_reference",
        ),
    ],
)
def test_names_that_cannot_serve_are_told(clips: list[Any], path: str, code: str) -> None:
    assert told(*clips) == [(path, code)]


def test_what_is_ducked_under_must_sound() -> None:
    assert told(clip(alias="a"), audio={"duck": {"under": "a"}}) == [
        ("/timeline/audio/duck/under", "wrong_value")
    ]


def test_a_name_that_is_left_out_is_told_so() -> None:
    parsed = Edit.model_validate(
        without_left_out(edit(clip(alias="x", condition=0), clip(start="alias://x")))
    )
    (found,) = check_names(parsed.timeline, "/timeline")
    assert found.path == f"{SECOND}/start"
    assert "left out by its `condition`" in found.message
    assert told(clip(alias="x", condition=False), clip(alias="x", condition=True)) == []


@pytest.mark.parametrize(
    ("src", "count"),
    [
        ("https://a.example/a.srt", 0),
        ("https://a.example/a", 0),
        ("https://a.example/a.MP4?x=1", 1),
        ("https://a.example/a.mp3", 1),
    ],
)
def test_captions_of_a_film_would_have_to_be_written_down(src: str, count: int) -> None:
    asset = Edit.model_validate(edit(caption(src))).timeline.tracks[0].clips[0].asset
    found = list(check_captions(asset, f"{CLIP}/asset"))
    assert [one.code for one in found] == ["no_provider"] * count
