"""What is done to a layer's pixels, beside placing them: filter, key, wipes, mask, blend.

Order: chroma key → filter → wipes → mask → opacity → blend with what is below.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from vidgenie.core.color import Color
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
    """A `MaskedBy` on one frame: the masking clip as a layer, painted on nothing."""

    kind: MaskKind
    layer: "Layer"


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
        return bool(
            self.chroma_key
            or self.wipes
            or self.masks
            or self.blend != "normal"
            or self.filter == "blur"
        )


PLAIN = Looks()
