"""Messages: what was found, what is accepted, and the nearest right name."""

from typing import Any, get_args

import pytest

from documents import CLIP, IMAGE, TEXT, VIDEO, clip, edit, problem
from vidgenie.core.edit import model
from vidgenie.core.edit.pending import PENDING, PENDING_ASSETS, PENDING_FORMATS, PENDING_TRANSITIONS

NOT_YET = "is part of the edit format, but this version of VidGenie does not render it yet"


@pytest.mark.parametrize(
    ("document", "path", "near"),
    [
        (edit(clip(lenght=3)), f"{CLIP}/lenght", "length"),
        (edit(clip(asset=TEXT | {"font": {"siz": 3}})), f"{CLIP}/asset/font/siz", "size"),
        (edit(clip(asset=VIDEO | {"scr": 3})), f"{CLIP}/asset/scr", "src"),
        (edit(clip(offset={"X": 0})), f"{CLIP}/offset/X", "x"),
        (edit(clip(asset=VIDEO | {"crop": {"buttom": 0}})), f"{CLIP}/asset/crop/buttom", "bottom"),
        (edit(output={"aspect_ratio": "1:1"}), "/output/aspect_ratio", "aspectRatio"),
        (edit(output={"aspectratio": "1:1"}), "/output/aspectratio", "aspectRatio"),
        (edit(timeline={"backgroud": "#000000"}), "/timeline/backgroud", "background"),
        (edit(metdata={}), "/metdata", "metadata"),
        (edit(clip(fliter="blur")), f"{CLIP}/fliter", "filter"),
        (
            edit(clip(opacity=[{"from": 0, "to": 1, "length": 1, "esing": "ease"}])),
            f"{CLIP}/opacity/0/esing",
            "easing",
        ),
    ],
)
def test_misspelt_names_get_the_nearest_right_one(document: Any, path: str, near: str) -> None:
    found = problem(document)
    assert (found.path, found.code) == (path, "unknown_field")
    assert found.message.endswith(f"did you mean `{near}`?")


@pytest.mark.parametrize("name", ["float", "video", "text", "<number>", "a/b~c", "0", "", "asset "])
def test_any_name_makes_a_path_that_leads_to_it(name: str) -> None:
    found = problem(edit(clip(**{name: 1})))
    assert found.path == f"{CLIP}/{name.replace('~', '~0').replace('/', '~1')}"
    assert found.code == "unknown_field"


def test_names_far_from_any_get_the_list() -> None:
    message = problem(edit(clip(wobble=1))).message
    assert "known here: id, asset, start, length, fit, scale" in message


def test_long_names_and_values_are_quoted_in_part() -> None:
    assert len(problem(edit(clip(**{"z" * 100_000: 1}))).message) < 400
    assert len(problem(edit(clip(fit="z" * 100_000))).message) < 300
    assert len(problem(edit(clip(start=["z"] * 100_000))).message) < 300


@pytest.mark.parametrize(
    ("document", "path", "words"),
    [
        (edit(clip(fit="fill")), "fit", '"fill"; it must be one of cover, contain, crop, none'),
        (edit(clip(start="soon")), "start", 'a number, "auto" or "alias://name"'),
        (edit(clip(start=-1)), "start", 'is -1; it must be at least 0, "auto" or'),
        (edit(clip(length=True)), "length", 'is true; it must be a number, "auto", "end" or'),
        (edit(clip(length="1e400")), "length", "a finite number"),
        (edit(clip(opacity=2)), "opacity", "is 2; it must be at most 1 or a list of tweens"),
        (edit(clip(scale={})), "scale", "is {}; it must be a number or a list of tweens"),
        (edit(clip(scale=[])), "scale", "is []; it must be a list of at least 1"),
        (edit(clip(scale=[3])), "scale/0", "entry 0 of `scale` is 3; it must be an object"),
        (edit(clip(width=10.5)), "width", "is 10.5; it must be a whole number"),
        (edit(clip(asset="x")), "asset", '`asset` is "x"; it must be an object'),
        (edit(clip(asset=IMAGE | {"src": ""})), "asset/src", "a text that is not empty"),
        (edit(clip(asset=TEXT | {"text": "x" * 5001})), "asset/text", "at most 5000 characters"),
        (edit(clip(alias="a b")), "alias", "letters, digits, - and _"),
        (edit(clip(asset={"type": "vidoe"})), "asset/type", 'did you mean "video"?'),
        (edit(clip(asset={"type": "tittle"})), "asset/type", 'did you mean "title"?'),
        (edit(clip(asset={"src": "x"})), "asset/type", "missing; it must be one of video, image"),
        (edit(clip(asset={"type": ["video"]})), "asset/type", 'is ["video"]; it must be one of'),
    ],
)
def test_wrong_values_are_told_with_the_right_ones(document: Any, path: str, words: str) -> None:
    found = problem(document)
    assert found.path == f"{CLIP}/{path}"
    assert words in found.message


def test_a_wrong_tween_is_told_once_and_inside() -> None:
    found = problem(edit(clip(scale=[{"from": "x", "to": 1, "start": 0, "length": 1}])))
    assert found.path == f"{CLIP}/scale/0/from"


def told_as_pending(document: Any) -> str:
    found = problem(document)
    assert found.code == "not_supported_yet"
    assert NOT_YET in found.message
    return found.path


@pytest.mark.parametrize("name", sorted(PENDING["Clip"]))
def test_fields_of_the_format_are_told_from_misspelt_ones(name: str) -> None:
    assert told_as_pending(edit(clip(**{name: "x"}))) == f"{CLIP}/{name}"


@pytest.mark.parametrize("kind", sorted(PENDING_ASSETS))
def test_assets_of_the_format_are_told_from_misspelt_ones(kind: str) -> None:
    document = edit(clip(asset={"type": kind, "html": "x", "css": "", "width": 3}))
    assert told_as_pending(document) == f"{CLIP}/asset/type"


def test_other_parts_of_the_format_are_told_too() -> None:
    assert told_as_pending(edit(clip(asset=VIDEO | {"speed": 2}))) == f"{CLIP}/asset/speed"
    assert told_as_pending(edit(clip(transition="fade"))) == f"{CLIP}/transition"
    assert told_as_pending(edit(timeline={"fonts": []})) == "/timeline/fonts"
    for kind in PENDING_FORMATS:
        assert told_as_pending(edit(output={"format": kind})) == "/output/format"
    for kind in PENDING_TRANSITIONS:
        assert told_as_pending(edit(clip(transition={"in": kind}))) == f"{CLIP}/transition/in"


def test_the_format_has_all_62_transitions() -> None:
    rendered = set(get_args(get_args(model.Transition.model_fields["out"].annotation)[0]))
    assert len(rendered | PENDING_TRANSITIONS) == 62
    assert not rendered & PENDING_TRANSITIONS


def test_nothing_that_is_rendered_is_called_pending() -> None:
    for owner, names in PENDING.items():
        fields = getattr(model, owner).model_fields
        rendered = {info.alias or name for name, info in fields.items()}
        assert not names & rendered, owner
