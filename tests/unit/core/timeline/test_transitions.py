"""Every transition at its first, middle and last frame: numbers worked out from EDIT.md §6."""

from math import cos, radians, sin
from typing import get_args

import pytest

from documents import TEXT, clip
from moving import FPS, FRAME, eased, layers, resolved
from vidgenie.core.edit.model import TransitionName
from vidgenie.core.timeline.looks import Wipe
from vidgenie.core.timeline.model import Layer, ResolvedTimeline
from vidgenie.errors import EditInvalid

WIDTH, HEIGHT = FRAME
LENGTH_S = 5.0
LAST = int(LENGTH_S * FPS) - 1

EASE, IN_OUT, OUT = (0.25, 0.1, 0.25, 1), (0.42, 0, 0.58, 1), (0, 0, 0.58, 1)
LINE = (0, 0, 1, 1)

BASES = {
    # plain, Slow, Fast seconds; easing in and out
    "fade": ((1, 2, 0.5), IN_OUT, IN_OUT),
    "reveal": ((1, 2, 0.5), EASE, EASE),
    "wipe": ((1, 2, 0.5), IN_OUT, IN_OUT),
    "slide": ((0.5, 2, 0.25), EASE, EASE),
    "carousel": ((0.5, 2, 0.25), LINE, EASE),
    "shuffle": ((0.5, 2, 0.25), EASE, EASE),
    "zoom": ((0.4, 0.4, 0.4), LINE, OUT),
}
NAMES = [name for name in get_args(TransitionName) if name != "none"]
WAYS = {"Left": (-1, 0), "Right": (1, 0), "Up": (0, -1), "Down": (0, 1)}  # y downwards
CORNERS = {
    # which corner stays, and whether the frame leaves clockwise
    "TopRight": ((1, 0), True),
    "RightTop": ((1, 0), False),
    "RightBottom": ((1, 1), True),
    "BottomRight": ((1, 1), False),
    "BottomLeft": ((0, 1), True),
    "LeftBottom": ((0, 1), False),
    "LeftTop": ((0, 0), True),
    "TopLeft": ((0, 0), False),
}


def test_there_are_sixty_two_names_and_none() -> None:
    assert len(NAMES) == 61
    assert len(get_args(TransitionName)) == 62


def taken_apart(name: str) -> tuple[str, str, float]:
    base = next(each for each in BASES if name.startswith(each))
    rest = name.removeprefix(base)
    speed = next((each for each in ("Slow", "Fast") if rest.endswith(each)), "")
    lengths = BASES[base][0]
    return base, rest.removesuffix(speed), lengths[("", "Slow", "Fast").index(speed)]


def expected(name: str, shown: float, *, comes: bool) -> dict[str, object]:
    """What a transition makes of a full-frame picture of which so much is there (0 to 1)."""
    base, side, _ = taken_apart(name)
    away = 1 - shown
    found: dict[str, object] = {"opacity": 1.0, "wipes": (), "center": (WIDTH / 2, HEIGHT / 2)}
    found["width"] = float(WIDTH)
    match base:
        case "fade":
            found["opacity"] = shown
        case "reveal" | "wipe":
            is_from_left = base == "reveal" or side == "Right"
            found["wipes"] = (Wipe(base, is_from_left, pytest.approx(shown)),)
        case "zoom":
            found |= {"opacity": shown, "width": WIDTH * (1 + 9 * away)}
        case "slide" | "carousel":
            across, down = WAYS[side]
            travel = {"slide": 0.025, "carousel": 1.0 if across else (1.05 if comes else 1.1)}[base]
            way = -away * travel if comes else away * travel
            found["center"] = (WIDTH * (0.5 + across * way), HEIGHT * (0.5 + down * way))
            if base == "slide":
                found["opacity"] = shown
        case "shuffle":
            (right, bottom), is_clockwise = CORNERS[side]
            angle = radians(90 if is_clockwise else -90) * away
            x, y = WIDTH * (0.5 - right), HEIGHT * (0.5 - bottom)
            found["center"] = (
                right * WIDTH + x * cos(angle) - y * sin(angle),
                bottom * HEIGHT + x * sin(angle) + y * cos(angle),
            )
    return found


def check(layer: Layer | None, wanted: dict[str, object]) -> None:
    hidden = wanted["opacity"] == 0 or wanted["wipes"] == (Wipe("reveal", True, 0.0),)
    if hidden or layer is None:
        assert layer is None
        return
    assert layer.opacity == pytest.approx(wanted["opacity"], abs=1e-6)
    assert layer.looks.wipes == wanted["wipes"]
    assert layer.matrix.apply(WIDTH / 2, HEIGHT / 2) == pytest.approx(wanted["center"], abs=1e-6)
    left, right = layer.matrix.apply(0, 0), layer.matrix.apply(WIDTH, 0)
    width = ((right[0] - left[0]) ** 2 + (right[1] - left[1]) ** 2) ** 0.5
    assert width == pytest.approx(wanted["width"], abs=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_a_clip_comes(name: str) -> None:
    timeline = resolved(clip(length=LENGTH_S, transition={"in": name}))
    base, _, span = taken_apart(name)
    for frame in (1, round(span * FPS / 2), round(span * FPS) - 1):
        shown = eased(BASES[base][1], frame / FPS / span)
        check(layers(timeline, frame).get("0.0"), expected(name, shown, comes=True))
    assert layers(timeline, round(span * FPS) + 1)["0.0"].looks.is_plain
    first = layers(timeline, 0).get("0.0")
    if base in ("carousel", "shuffle"):
        assert first is not None
        check(first, expected(name, 0.0, comes=True))
        bounds = first.bounds
        outside = (bounds.left - WIDTH, -bounds.right, bounds.top - HEIGHT, -bounds.bottom)
        assert max(outside) > -1e-6, "the first frame shows nothing"
    else:
        assert first is None, "the first frame shows nothing"


@pytest.mark.parametrize("name", NAMES)
def test_a_clip_goes(name: str) -> None:
    timeline = resolved(clip(length=LENGTH_S, transition={"out": name}))
    base, _, span = taken_apart(name)
    start = LENGTH_S - span
    for frame in (round(start * FPS) + 1, round((LENGTH_S - span / 2) * FPS), LAST):
        gone = eased(BASES[base][2], (frame / FPS - start) / span)
        check(layers(timeline, frame).get("0.0"), expected(name, 1 - gone, comes=False))
    assert layers(timeline, round(start * FPS) - 1)["0.0"].looks.is_plain


def opacity(timeline: ResolvedTimeline, frame: int, name: str = "0.0") -> float:
    found = layers(timeline, frame).get(name)
    return found.opacity if found else 0.0


def test_one_word_is_both_ends_and_short_clips_share_their_time() -> None:
    # 1 s of clip, two fades of 1 s: half a second each, all there in the middle
    timeline = resolved(clip(length=1, transition="fade"))
    quarter = eased(IN_OUT, 6 / 25 / 0.5)
    assert opacity(timeline, 6) == pytest.approx(quarter)
    assert opacity(timeline, 19) == pytest.approx(1 - eased(IN_OUT, (19 / 25 - 0.5) / 0.5))
    assert [opacity(timeline, frame) for frame in (0, 12)] == pytest.approx(
        [0, eased(IN_OUT, 0.96)]
    )
    # in 2 s, out 0.5 s, in a clip of 1 s: none is longer than the clip, so two thirds and one
    uneven = resolved(clip(length=1, transition={"in": "fadeSlow", "out": "fadeFast"}))
    assert opacity(uneven, 10) == pytest.approx(eased(IN_OUT, 0.6))
    assert opacity(uneven, 20) == pytest.approx(1 - eased(IN_OUT, (0.8 - 2 / 3) * 3))


def test_duration_and_easing_of_ones_own() -> None:
    ends = {"in": "carouselLeft", "out": "fade", "duration": 2, "easing": "linear"}
    timeline = resolved(clip(length=5, transition=ends))
    assert layers(timeline, 10)["0.0"].bounds.left == pytest.approx(WIDTH * (1 - 0.4 / 2))
    assert opacity(timeline, 100) == pytest.approx(0.5)


# ── one picture passing into the next ───────────────────────────────────────────────────────


def crossing(**transition: object) -> ResolvedTimeline:
    """Two pictures of 2 s on one track; the second starts 0.8 s before the first ends."""
    first = clip(length=2, transition={"out": "fade"})
    return resolved(first, clip(start=1.2, length=2, transition={"with": "previous"} | transition))


def test_a_cross_fade_stays_opaque() -> None:
    timeline = crossing()
    for frame in (31, 40, 49):
        shown = layers(timeline, frame)
        assert list(shown) == ["0.0", "0.1"], "the later one lies on top"
        assert shown["0.0"].opacity == 1.0, "the one below stands whole"
        progress = (frame / FPS - 1.2) / 0.8
        assert shown["0.1"].opacity == pytest.approx(eased(IN_OUT, progress))
    assert list(layers(timeline, 50)) == ["0.1"]
    assert opacity(timeline, 50, "0.1") == 1.0


def test_a_cross_carousel_pushes_and_the_edges_touch() -> None:
    for name, across, down in (("carouselLeft", -1, 0), ("carouselUp", 0, -1)):
        timeline = crossing(**{"in": name})
        for frame in (31, 40, 49):
            shown = layers(timeline, frame)
            progress = (frame / FPS - 1.2) / 0.8
            old, new = shown["0.0"].bounds, shown["0.1"].bounds
            assert (old.left, old.top) == pytest.approx(
                (across * WIDTH * progress, down * HEIGHT * progress)
            )
            assert new.left - old.left == pytest.approx(-across * WIDTH)
            assert new.top - old.top == pytest.approx(-down * HEIGHT)


def test_a_cross_wipe_uncovers_the_next_and_may_be_shorter_than_the_overlap() -> None:
    timeline = crossing(**{"in": "wipeRight", "duration": 0.4})
    shown = layers(timeline, 35)
    assert shown["0.0"].looks.is_plain
    (wipe,) = shown["0.1"].looks.wipes
    assert wipe == Wipe("wipe", True, pytest.approx(eased(IN_OUT, 0.5)))
    assert layers(timeline, 41)["0.1"].looks.is_plain


@pytest.mark.parametrize(
    "clips",
    [
        [clip(transition={"with": "previous"})],
        [clip(), clip(start=2, transition={"with": "previous"})],
        [clip(start=1), clip(start=0, transition={"with": "previous"})],
    ],
)
def test_a_clip_passes_only_into_one_that_it_overlaps(clips: list[dict[str, object]]) -> None:
    with pytest.raises(EditInvalid) as caught:
        resolved(*clips)
    path = f"/timeline/tracks/0/clips/{len(clips) - 1}/transition/with"
    assert [problem.path for problem in caught.value.problems] == [path]


def test_texts_cross_too() -> None:
    timeline = resolved(
        clip(asset=TEXT), clip(asset=TEXT, start=1, length=2, transition={"with": "previous"})
    )
    assert list(layers(timeline, 40)) == ["0.0", "0.1"]
