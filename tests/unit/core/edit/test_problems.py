"""Messages: what was found, what is accepted, and the nearest right name."""

from typing import Any

import pytest

from documents import CLIP, IMAGE, TEXT, VIDEO, clip, edit, problem


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


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (edit(clip(asset=VIDEO | {"position": "top"})), "belongs to the clip, beside `asset`"),
        (edit(clip(asset=VIDEO | {"length": 2})), "belongs to the clip, beside `asset`"),
        (edit(clip(volume=1)), '"asset": {"volume": …}'),
        (edit(clip(duration=1)), "did you mean `length`?"),
        (edit(clip(type="video")), '{"asset": {"type": …}'),
        (edit(clip(asset=IMAGE | {"url": "x"})), "did you mean `src`?"),
        (edit(clip(asset=TEXT | {"fontSize": 20})), '"font": {"size": …}'),
        (edit(clip(asset=TEXT | {"font_family": "Arial"})), '"font": {"family": …}'),
        (edit(clip(asset=TEXT | {"color": "#fff"})), '"font": {"color": …}'),
        (edit(clip(asset=TEXT | {"backgroundColor": "#fff"})), '"background": {"color": …}'),
        (edit(timeline={"clips": []}), '"tracks": [{"clips": …}]'),
        (edit(fps=25), '"output": {"fps": …}'),
        (edit(edit={}), "send what is inside `edit` by itself"),
        (edit(output={"frameRate": 25}), "did you mean `fps`?"),
    ],
)
def test_what_is_right_elsewhere_is_told_where(document: Any, words: str) -> None:
    found = problem(document)
    assert found.code == "unknown_field"
    assert words in found.message


def test_the_fields_of_generated_media_are_listed_last() -> None:
    message = problem(edit(clip(asset=VIDEO | {"wobble": 1}))).message
    assert "known here: type, src, trim, volume" in message


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
        (edit(clip(scale=101)), "scale", "is 101; it must be at most 100 or a list of tweens"),
        (edit(clip(scale={})), "scale", "is {}; it must be a number or a list of tweens"),
        (edit(clip(scale=[3])), "scale/0", "entry 0 of `scale` is 3; it must be an object"),
        (edit(output={"width": 10.5}), "/output/width", "is 10.5; it must be a whole number"),
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
    assert found.path == (path if path.startswith("/") else f"{CLIP}/{path}")
    assert words in found.message


def test_a_wrong_tween_is_told_once_and_inside() -> None:
    found = problem(edit(clip(scale=[{"from": "x", "to": 1, "start": 0, "length": 1}])))
    assert found.path == f"{CLIP}/scale/0/from"
