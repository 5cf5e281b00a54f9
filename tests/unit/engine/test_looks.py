"""What is done to pixels, at points, against formulas; pictures come from memory."""

from typing import get_args

import numpy as np
import pytest

import reference
from vidgenie.core.color import Color
from vidgenie.core.geometry import Affine, Rect, Size
from vidgenie.core.timeline.looks import (
    GRADES,
    PLAIN,
    Blend,
    ChromaKey,
    Filter,
    Looks,
    Mask,
    MaskKind,
    Wipe,
)
from vidgenie.core.timeline.model import ImageContent, Layer, Picture
from vidgenie.engine.paint.blur import blurred
from vidgenie.engine.paint.chroma import keyed
from vidgenie.engine.paint.grade import filter_planes
from vidgenie.engine.paint.raster import raster_of
from vidgenie.engine.pool import FramePool, Plane, Planes

SIZE = Size(200, 20)
BELOW, OVER = (200, 60, 100), (80, 180, 220)


class Pictures(FramePool):
    """A pool of plain pictures. Shapes: RGBA, straight."""

    def __init__(self, **colors: tuple[int, ...]) -> None:
        super().__init__({})
        self._colors = colors

    def bgra(self, asset: str, index: int) -> Plane:
        r, g, b, a = (*self._colors[asset], 255)[:4]
        color = [round(c * a / 255) for c in (b, g, r)]
        return np.full((SIZE.height, SIZE.width, 4), [*color, a], np.uint8)


def layer(asset: str, looks: Looks = PLAIN, **fields: object) -> Layer:
    whole = {"source": Rect.of(SIZE), "matrix": Affine(), "opacity": 1.0, "is_opaque": True}
    return Layer(asset, ImageContent(asset), looks=looks, **(whole | fields))  # type: ignore[arg-type]


def painted(*layers: Layer, **colors: tuple[int, ...]) -> Plane:
    """Paint over BELOW. Shapes: (height, width, 3) RGB."""
    pool = Pictures(over=OVER, **colors)
    picture = Picture(SIZE, Color(*BELOW), layers)
    return np.asarray(raster_of(picture, pool)[..., [2, 1, 0]], np.uint8)


@pytest.mark.parametrize("is_from_left", [True, False])
def test_a_reveal_has_a_hard_edge_and_a_wipe_a_soft_one(is_from_left: bool) -> None:
    revealed = painted(layer("over", Looks(wipes=(Wipe("reveal", is_from_left, 0.3),))))
    row = revealed[10] if is_from_left else revealed[10, ::-1]
    assert (row[:60] == OVER).all()
    assert (row[60:] == BELOW).all()
    wiped = painted(layer("over", Looks(wipes=(Wipe("wipe", is_from_left, 0.4),))))[10].astype(
        float
    )
    for x in (0, 40, 90, 150, 199):
        distance = (x + 0.5) / 200 if is_from_left else 1 - (x + 0.5) / 200
        # EDIT.md §6: brightness runs from 1 to -1 while the wipe goes from 0 to 1
        brightness = 1 - 2 * 0.4
        alpha = min(1.0, max(0.0, 0.5 + 1 / 0.85 * (0.5 - distance - brightness)))
        wanted = np.array(BELOW) + (np.array(OVER) - BELOW) * alpha
        assert wiped[x] == pytest.approx(wanted, abs=2)


@pytest.mark.parametrize("kind", get_args(MaskKind))
def test_masks_by_alpha_and_by_light(kind: MaskKind) -> None:
    # The mask stands on the right half: half transparent, of one colour
    half = Affine.translation(100, 0)
    mask = Mask(kind, layer("mask", matrix=half))
    row = painted(layer("over", Looks(masks=(mask,))), mask=(255, 128, 0, 128))[10].astype(float)
    light = (0.2126 * 1 + 0.7152 * 128 / 255) * 128 / 255
    inside = 128 / 255 if kind.startswith("alpha") else light
    for x, share in ((20, 0.0), (150, inside)):
        shown = 1 - share if kind.endswith("inverted") else share
        wanted = np.array(BELOW) + (np.array(OVER) - BELOW) * shown
        assert row[x] == pytest.approx(wanted, abs=2)


FORMULAS = {
    # W3C Compositing and Blending Level 1, §9; b is below, s above
    "normal": lambda b, s: s,
    "multiply": lambda b, s: b * s,
    "screen": lambda b, s: b + s - b * s,
    "overlay": lambda b, s: 2 * b * s if b <= 0.5 else 1 - 2 * (1 - b) * (1 - s),
    "darken": min,
    "lighten": max,
    "color-dodge": lambda b, s: min(1, b / (1 - s)),
    "color-burn": lambda b, s: 1 - min(1, (1 - b) / s),
    "hard-light": lambda b, s: 2 * b * s if s <= 0.5 else 1 - 2 * (1 - b) * (1 - s),
    "difference": lambda b, s: abs(b - s),
    "exclusion": lambda b, s: b + s - 2 * b * s,
}


@pytest.mark.parametrize("blend", get_args(Blend))
@pytest.mark.parametrize("opacity", [1.0, 0.25])
def test_blends(blend: Blend, opacity: float) -> None:
    found = painted(layer("over", Looks(blend=blend), opacity=opacity))[10, 100] / 255
    b, s = np.array(BELOW) / 255, np.array(OVER) / 255
    # What is left of the colour below once the layer's opacity is taken out
    mixed = (found - b * (1 - opacity)) / opacity
    slack = 0.006 / opacity
    light = np.array([0.3, 0.59, 0.11])
    if blend in FORMULAS:
        wanted = [FORMULAS[blend](*pair) for pair in zip(b, s, strict=True)]
        assert mixed == pytest.approx(wanted, abs=slack)
    elif blend == "soft-light":
        wanted = [
            bb - (1 - 2 * ss) * bb * (1 - bb) if ss <= 0.5 else bb + (2 * ss - 1) * (bb**0.5 - bb)
            for bb, ss in zip(b, s, strict=True)
        ]
        assert mixed == pytest.approx(wanted, abs=slack)
    else:
        # §10: hue and saturation keep the light below, as color does; luminosity takes that above
        kept = s if blend == "luminosity" else b
        assert mixed @ light == pytest.approx(kept @ light, abs=slack)
        if blend == "hue":
            assert np.ptp(mixed) == pytest.approx(np.ptp(b), abs=2 * slack)
        if blend == "color":
            assert mixed - mixed @ light == pytest.approx(s - s @ light, abs=2 * slack)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        # of (80, 180, 220), whose light is 0.2126·80 + 0.7152·180 + 0.0722·220 = 161.6
        ("greyscale", (161.6, 161.6, 161.6)),
        ("negative", (175, 75, 35)),
        ("darken", (48, 108, 132)),
        ("lighten", (132.5, 202.5, 230.5)),
        ("contrast", (61, 201, 255)),
        # (x - 127.5)·1.2 + 127.5 = 70.5, 190.5, 238.5 with light 168.4; then 1.3 times as far
        ("boost", (168.4 + 1.3 * (70.5 - 168.4), 168.4 + 1.3 * (190.5 - 168.4), 255)),
        # light 161.6·0.85 + 19.1 = 156.5, and 0.45 of what is beside it
        ("muted", (156.5 - 0.45 * 81.6, 156.5 + 0.45 * 18.4, 156.5 + 0.45 * 58.4)),
    ],
)
def test_filters_change_colours(name: str, wanted: tuple[float, float, float]) -> None:
    looks = Looks(filter=name)  # type: ignore[arg-type]
    assert painted(layer("over", looks))[10, 100] == pytest.approx(wanted, abs=1.2)
    faint = painted(layer("faint", looks), faint=(*OVER, 128))[10, 100]
    mixed = np.array(BELOW) * (127 / 255) + np.array(wanted) * (128 / 255)
    assert faint == pytest.approx(mixed, abs=2.5), "transparent pixels keep their alpha"


PLANAR = [name for name, grade in GRADES.items() if grade.is_within]


@pytest.mark.parametrize("name", PLANAR)
def test_planes_are_filtered_as_colours_are(name: Filter) -> None:
    assert len(PLANAR) == 5, "all but blur, boost and contrast, which leave 0..1"
    colors = np.random.default_rng(1).integers(0, 256, (4, 6, 3)).repeat(2, 0).repeat(2, 1)
    before = [np.rint(plane).astype(np.uint8) for plane in reference.to_yuv(colors / 255)]
    made = filter_planes(Planes(*before), name, Rect.of(SIZE))
    opaque = np.concatenate([colors / 255, np.ones((8, 12, 1))], axis=-1)
    wanted = reference.to_yuv(reference.filtered(opaque, name)[..., :3])
    for plane, exact in zip((made.y, made.u, made.v), wanted, strict=True):
        assert np.abs(plane - exact).max() <= 1.0


def test_a_blur_spreads_a_line_and_keeps_the_edge() -> None:
    picture = np.zeros((64, 320, 4), np.uint8)
    picture[..., 3] = 255
    picture[:, 160:] = 255
    for sigma in (2.0, 12.0):
        row = blurred(picture, (sigma, sigma))[32, :, 0].astype(float)
        x = np.arange(320) + 0.5 - 160
        erf = np.vectorize(__import__("math").erf)
        assert row == pytest.approx(127.5 * (1 + erf(x / sigma / 2**0.5)), abs=3)
        assert (blurred(picture, (sigma, sigma))[..., 3] == 255).all(), (
            "no edge lets anything through"
        )


def test_a_key_takes_out_a_green_however_it_is_lit_and_leaves_the_rest() -> None:
    key = ChromaKey(Color.parse("#00b140"), 100, 60)
    kept = [
        (255, 255, 255),
        (0, 0, 0),
        (128, 128, 128),
        (220, 175, 150),
        (60, 90, 200),
        (200, 30, 30),
    ]
    gone = [(0, 177, 64), (0, 140, 50), (20, 190, 80), (0, 220, 80)]
    pixels = np.array([[(b, g, r, 255) for r, g, b in kept + gone]], np.uint8)
    made = keyed(pixels.repeat(9, 0).repeat(9, 1), key)[4:5, 4::9]
    for index, (r, g, b) in enumerate(kept):
        assert tuple(made[0, index]) == (b, g, r, 255)
    assert (made[0, len(kept) :] == 0).all()


def test_a_keyed_edge_holds_none_of_the_screen() -> None:
    key = ChromaKey(Color.parse("#00b140"), 100, 60)
    screen, actor = np.array([64, 177, 0]), np.array([40, 60, 200])
    shares = np.linspace(0, 1, 21)[:, None]
    row = np.rint(actor * shares + screen * (1 - shares)).astype(np.uint8)
    pixels = np.concatenate([row, np.full((21, 1), 255, np.uint8)], axis=1)[None]
    made = keyed(pixels.repeat(9, 0).repeat(9, 1), key)[4, 4::9]
    alpha = made[:, 3].astype(int)
    assert (alpha[0], alpha[-1]) == (0, 255)
    assert (np.diff(alpha) >= 0).all()
    over = made[alpha > 20].astype(float)
    straight = over[:, :3] * 255 / over[:, 3:]
    # green never exceeds red: nothing of the screen shines on the edge
    assert (straight[:, 1] <= straight[:, 2] + 2).all()


def test_a_grey_key_is_told_apart_by_its_light() -> None:
    white = ChromaKey(Color(255, 255, 255), 60, 30)
    pixels = np.array([[(255, 255, 255, 255), (230, 235, 240, 255), (90, 90, 90, 255)]], np.uint8)
    made = keyed(pixels.repeat(9, 0).repeat(9, 1), white)[4:5, 4::9]
    assert made[0, :, 3].tolist() == [0, 0, 255]


def test_a_hem_hides_what_an_edge_between_pixels_leaves() -> None:
    # A white matte hides all; both end at 20.5, so that without a hem a quarter of a pixel shows
    half = Affine.translation(20.5, 0)
    matte = layer("mask", matrix=half)
    for hem, is_seen in ((None, True), (Affine.scaling(1.1, 1.1), False)):
        mask = Mask("luma-inverted", matte, hem)
        row = painted(layer("over", Looks(masks=(mask,)), matrix=half), mask=(255, 255, 255, 255))[
            10
        ]
        assert (row[20] != np.array(BELOW)).any() == is_seen
        assert (row[21:] == BELOW).all()
