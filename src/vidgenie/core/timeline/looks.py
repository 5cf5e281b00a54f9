"""What is done to a layer's pixels, beside placing them: filter, key, wipes, mask, blend.

Order: chroma key → filter → wipes → mask → opacity → blend with what is below.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from vidgenie.core.color import Color
from vidgenie.core.geometry import Affine
from vidgenie.core.tween import Curve

if TYPE_CHECKING:
    from vidgenie.core.timeline.model import Layer, PlacedClip

Filter = Literal["blur", "boost", "contrast", "darken", "greyscale", "lighten", "muted", "negative"]
Blend = Literal[
    "normal",
    "multiply",
    "screen",
    "overlay",
    "darken",
    "lighten",
    "color-dodge",
    "color-burn",
    "hard-light",
    "soft-light",
    "difference",
    "exclusion",
    "hue",
    "saturation",
    "color",
    "luminosity",
]
MaskKind = Literal["alpha", "alpha-inverted", "luma", "luma-inverted"]
WipeKind = Literal["reveal", "wipe"]


@dataclass(frozen=True, slots=True)
class Grade:
    """A change of colour: luma becomes gain · luma + lift, what is beside grey is times `chroma`.

    Red, green and blue 0..1, sRGB-encoded; luma after BT.709; results are cut to 0..1.
    """

    gain: float
    lift: float
    chroma: float

    @property
    def is_within(self) -> bool:
        """No colour leaves 0..1, so that planes may be changed sample by sample."""
        darkest, lightest = sorted((self.lift, self.lift + self.gain))
        return darkest >= 0 and lightest <= 1 and abs(self.chroma) <= abs(self.gain)


GRADES: dict[Filter, Grade] = {
    # contrast × 1.2 about middle grey, colours × 1.3 on top
    "boost": Grade(1.2, -0.1, 1.56),
    # contrast × 1.4 about middle grey
    "contrast": Grade(1.4, -0.2, 1.4),
    # 60 % of the light
    "darken": Grade(0.6, 0.0, 0.6),
    "greyscale": Grade(1.0, 0.0, 0.0),
    # 30 % white over it
    "lighten": Grade(0.7, 0.3, 0.7),
    # contrast × 0.85, half of the colour
    "muted": Grade(0.85, 0.075, 0.45),
    "negative": Grade(-1.0, 1.0, -1.0),
}
"""What each filter but `blur` does; the strengths are ours (docs/decisions/0081)."""

BLUR = 1 / 80
"""The blur's standard deviation, as a share of the shorter side of what is shown."""

WIPE_SLOPE = 1 / 0.85
"""85 % of the width is edge (EDIT.md §6)."""


@dataclass(frozen=True, slots=True)
class ChromaKey:
    """Pixels near a colour become transparent; distances 0..250 (EDIT.md §5)."""

    color: Color
    threshold: int
    halo: int


@dataclass(frozen=True, slots=True)
class WipeMotion:
    """A transition that uncovers a clip from one side; `progress` 0 hides all, 1 shows all."""

    kind: WipeKind
    is_from_left: bool
    progress: Curve


@dataclass(frozen=True, slots=True)
class Wipe:
    """A `WipeMotion` at one instant."""

    kind: WipeKind
    is_from_left: bool
    progress: float

    def ramp(self) -> tuple[float, float]:
        """Return how far from the side it begins at all is shown, and from where on nothing is.

        Shares of the clip's width; outside 0..1 where the edge is not all on the clip.
        """
        if self.kind == "reveal":
            return self.progress, self.progress
        # Shown: 0.5 + slope · (2 · progress - 0.5 - distance), cut to 0..1.
        middle = 2 * self.progress - 0.5
        return middle - 0.5 / WIPE_SLOPE, middle + 0.5 / WIPE_SLOPE


@dataclass(frozen=True, slots=True)
class MaskedBy:
    """A clip whose picture decides what of another one shows.

    Where the masking clip is not on the frame, the masked one is shown whole (`is_open_outside`) or
    not at all. A matte (`is_fitted`) is stretched over the masked clip and moves with it; another
    mask stands where the masking clip itself would.
    """

    kind: MaskKind
    clip: "PlacedClip"
    is_open_outside: bool = True
    is_fitted: bool = False


@dataclass(frozen=True, slots=True)
class Mask:
    """A `MaskedBy` on one frame: the masking clip as a layer, painted on nothing.

    Where an edge cuts through a pixel, what is masked and a matte that ends with it cover the same
    share of it, and a line would remain: `hem` is the matte's matrix a pixel larger on every side,
    painted beneath it.
    """

    kind: MaskKind
    layer: "Layer"
    hem: Affine | None = None


@dataclass(frozen=True, slots=True)
class Looks:
    """All that is done to a layer's pixels on one frame."""

    chroma_key: ChromaKey | None = None
    filter: Filter | None = None
    wipes: tuple[Wipe, ...] = ()
    masks: tuple[Mask, ...] = ()
    blend: Blend = "normal"

    @property
    def is_plain(self) -> bool:
        """Nothing is done."""
        return self == PLAIN

    @property
    def is_see_through(self) -> bool:
        """Pixels of an opaque drawable may not be opaque any more, or may mix with those below."""
        return bool(self.chroma_key or self.wipes or self.masks or self.blend != "normal")


PLAIN = Looks()
