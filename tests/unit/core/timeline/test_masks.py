"""Luma mattes and masks by name: who masks whom, when, and where the mask lies."""

from typing import Any

import pytest

from documents import IMAGE, VIDEO, clip, edit, problem, problems
from moving import layers, resolved
from vidgenie.core.geometry import Rect
from vidgenie.core.timeline.model import FrameOf, Layer

LUMA = {"type": "luma", "src": IMAGE["src"]}
AUDIO = {"type": "audio", "src": "https://media.example/a.mp3"}


def test_a_matte_masks_its_own_track_while_it_is_there_and_is_not_drawn() -> None:
    matte = clip(asset=LUMA, start=1, length=2)
    mine, other = clip(length=4), clip(length=4)
    timeline = resolved(timeline={"tracks": [{"clips": [matte, mine]}, {"clips": [other]}]})
    assert set(layers(timeline, 10)) == {"0.1", "1.0"}
    assert layers(timeline, 10)["0.1"].looks.is_plain, "not there yet"
    during = layers(timeline, 30)
    assert [mask.kind for mask in during["0.1"].looks.masks] == ["luma-inverted"]
    assert during["1.0"].looks.is_plain, "another track"
    assert layers(timeline, 80)["0.1"].looks.is_plain, "gone again"


def reach(layer: Layer) -> Rect:
    """Return where the matte of a layer lies on the frame."""
    (mask,) = layer.looks.masks
    return mask.layer.matrix.bounds(mask.layer.source)


def edges(rect: Rect) -> tuple[float, float, float, float]:
    return rect.left, rect.top, rect.width, rect.height


def test_a_matte_lies_over_what_it_masks_and_moves_with_it() -> None:
    # Both are 1920×1080, the box is 200×400 and stretched: so is the matte, which says so, too.
    moving = {"width": 200, "height": 400, "offset": {"x": 0.25}}
    timeline = resolved(clip(asset=LUMA, fit="cover"), clip(fit="cover", **moving))
    layer = layers(timeline, 5)["0.1"]
    # right of the middle by a quarter of 1280
    assert layer.bounds == Rect(860, 160, 200, 400)
    assert edges(reach(layer)) == pytest.approx((860, 160, 200, 400))
    # and beneath it a hem, a pixel more on every side
    (mask,) = layer.looks.masks
    assert mask.hem is not None
    assert edges(mask.hem.bounds(mask.layer.source)) == pytest.approx((859, 159, 202, 402))
    turned = resolved(clip(asset=LUMA, fit="cover"), clip(fit="cover", rotate=90, **moving))
    assert edges(reach(layers(turned, 5)["0.1"])) == pytest.approx((760, 260, 400, 200))


def test_a_matte_keeps_its_shape_and_is_cut_to_that_of_what_it_masks() -> None:
    # A picture of 1000×1000 in a box of 100×50; its matte, as large, shows its middle half there
    timeline = resolved(clip(asset=LUMA), clip(width=100, height=50), size=(1000, 1000))
    layer = layers(timeline, 5)["0.1"]
    assert layer.bounds == Rect(590, 335, 100, 50)
    (mask,) = layer.looks.masks
    assert mask.layer.source == Rect(0, 250, 1000, 500)
    # a square badge keeps the whole of a square matte, though the frame is wide
    timeline = resolved(clip(asset=LUMA), clip(width=100, height=100), size=(1000, 1000))
    (mask,) = layers(timeline, 5)["0.1"].looks.masks
    assert mask.layer.source == Rect(0, 0, 1000, 1000)


def test_the_matte_of_a_cropped_picture_covers_what_shows() -> None:
    # 1000×1000 cut to 1280×720's shape; the matte, as large, is cut alike and ends with the frame
    timeline = resolved(clip(asset=LUMA), clip(), size=(1000, 1000))
    layer = layers(timeline, 5)["0.1"]
    assert layer.source == Rect(0, pytest.approx(218.75), 1000, pytest.approx(562.5))
    (mask,) = layer.looks.masks
    assert mask.layer.source == Rect(0, pytest.approx(218.75), 1000, pytest.approx(562.5))
    assert edges(reach(layer)) == pytest.approx((0, 0, 1280, 720), abs=1e-9)
    assert mask.hem is None, "the frame's edge is not seen"


def test_a_film_may_be_a_matte_and_lasts_as_long_as_it_does() -> None:
    matte = clip(asset={"type": "luma", "src": VIDEO["src"], "trim": 1}, length="auto")
    timeline = resolved(matte, clip(length=4))
    (mask,) = layers(timeline, 10)["0.1"].looks.masks
    assert mask.layer.drawable == FrameOf(VIDEO["src"], 35)
    assert layers(timeline, 75)["0.1"].looks.is_plain, "4 s less 1 s of trim"


@pytest.mark.parametrize(
    ("mode", "is_there_outside"),
    [("alpha", False), ("luma", False), ("alpha-inverted", True), ("luma-inverted", True)],
)
def test_a_mask_by_name_stands_where_it_would(mode: str, is_there_outside: bool) -> None:
    source = clip(alias="shape", start=1, length=1, scale=0.5, position="topLeft")
    target = clip(length=4, mask={"mode": mode, "src": "alias://shape"})
    timeline = resolved(source, target)
    during = layers(timeline, 30)
    assert list(during) == ["0.1"]
    (mask,) = during["0.1"].looks.masks
    assert (mask.kind, mask.layer.bounds) == (mode, Rect(0, 0, 640, 360))
    assert ("0.1" in layers(timeline, 10)) is is_there_outside


def masked(src: str, **fields: Any) -> dict[str, Any]:
    return clip(mask={"mode": "alpha", "src": f"alias://{src}"}, **fields)


@pytest.mark.parametrize(
    ("clips", "code"),
    [
        ([masked("shap"), clip(alias="shape")], "unknown_alias"),
        ([masked("me", alias="me")], "circular_reference"),
        ([masked("noise"), clip(asset=AUDIO, alias="noise")], "wrong_value"),
    ],
)
def test_what_cannot_mask_is_refused(clips: list[dict[str, Any]], code: str) -> None:
    found = problem(edit(*clips))
    assert (found.code, found.path) == (code, "/timeline/tracks/0/clips/0/mask/src")


def test_masks_that_mask_each_other_are_refused() -> None:
    document = edit(masked("b", alias="a"), masked("a", alias="b"), masked("a"))
    assert {one.code for one in problems(document)} == {"circular_reference"}


def test_a_mask_may_be_masked() -> None:
    timeline = resolved(clip(alias="c"), masked("c", alias="b"), masked("b"))
    (mask,) = layers(timeline, 5)["0.2"].looks.masks
    assert [inner.kind for inner in mask.layer.looks.masks] == ["alpha"]
    assert list(layers(timeline, 5)) == ["0.2"]


def test_looks_of_a_clip_reach_its_layer() -> None:
    video = VIDEO | {"chromaKey": {"color": "#00b140"}}
    layer = layers(resolved(clip(asset=video, filter="muted", blend="screen")), 0)["0.0"]
    assert (layer.looks.filter, layer.looks.blend) == ("muted", "screen")
    key = layer.looks.chroma_key
    assert key is not None
    assert (str(key.color), key.threshold, key.halo) == ("#00b140", 100, 60)
    assert layers(resolved(clip(filter="none")), 0)["0.0"].looks.is_plain
