"""Sizes, rectangles and affine maps, in pixels; x to the right, y down, origin at the top left.

Pixel `i` covers the interval `[i, i + 1)`: a rectangle of width 10 at 0 covers pixels 0 to 9.
"""

from dataclasses import dataclass
from math import ceil, cos, floor, isclose, radians, sin


@dataclass(frozen=True, slots=True)
class Size:
    """Whole pixels."""

    width: int
    height: int

    def __post_init__(self) -> None:
        assert min(self.width, self.height) > 0, self

    @property
    def area(self) -> int:
        """Pixels in all."""
        return self.width * self.height

    def __str__(self) -> str:
        return f"{self.width}×{self.height}"


@dataclass(frozen=True, slots=True)
class Rect:
    """An upright rectangle."""

    left: float
    top: float
    width: float
    height: float

    @classmethod
    def of(cls, size: Size) -> "Rect":
        """Return the rectangle of this size at the origin."""
        return cls(0.0, 0.0, float(size.width), float(size.height))

    @property
    def right(self) -> float:
        """The first x beyond it."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The first y beyond it."""
        return self.top + self.height

    def covers(self, other: "Rect", slack: float = 1e-6) -> bool:
        """Tell whether every point of `other` lies in this rectangle."""
        return (
            self.left <= other.left + slack
            and self.top <= other.top + slack
            and self.right >= other.right - slack
            and self.bottom >= other.bottom - slack
        )

    def overlaps(self, other: "Rect") -> bool:
        """Tell whether both share some area."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def pixels(self, frame: Size) -> tuple[int, int, int, int]:
        """Return (left, top, right, bottom) of the frame's pixels it touches, even-aligned.

        Even, because a chroma sample of 4:2:0 covers two pixels each way.
        """
        left = max(0, floor(self.left + 1e-6)) // 2 * 2
        top = max(0, floor(self.top + 1e-6)) // 2 * 2
        right = min(frame.width, (ceil(self.right - 1e-6) + 1) // 2 * 2)
        bottom = min(frame.height, (ceil(self.bottom - 1e-6) + 1) // 2 * 2)
        return left, top, max(left, right), max(top, bottom)

    def __str__(self) -> str:
        return f"{self.width:g}×{self.height:g}+{self.left:g}+{self.top:g}"


@dataclass(frozen=True, slots=True)
class Affine:
    """The map x' = a·x + c·y + e, y' = b·x + d·y + f (the order of CSS `matrix()`)."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    @classmethod
    def translation(cls, x: float, y: float) -> "Affine":
        """Return the map that moves by (x, y)."""
        return cls(e=x, f=y)

    @classmethod
    def scaling(cls, x: float, y: float) -> "Affine":
        """Return the map that scales about the origin."""
        return cls(a=x, d=y)

    @classmethod
    def rotation(cls, degrees: float) -> "Affine":
        """Return the map that turns clockwise (y points down) about the origin."""
        angle = radians(degrees)
        return cls(cos(angle), sin(angle), -sin(angle), cos(angle))

    @classmethod
    def skewing(cls, across: float, down: float) -> "Affine":
        """Return the map by which x grows by `across` times y, and y by `down` times x."""
        return cls(b=down, c=across)

    def then(self, later: "Affine") -> "Affine":
        """Return the map that does this first and `later` after it."""
        return Affine(
            later.a * self.a + later.c * self.b,
            later.b * self.a + later.d * self.b,
            later.a * self.c + later.c * self.d,
            later.b * self.c + later.d * self.d,
            later.a * self.e + later.c * self.f + later.e,
            later.b * self.e + later.d * self.f + later.f,
        )

    def apply(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point goes."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def inverse(self) -> "Affine":
        """Return the map back; only for maps that do not flatten."""
        det = self.a * self.d - self.b * self.c
        assert det != 0, self
        a, b, c, d = self.d / det, -self.b / det, -self.c / det, self.a / det
        return Affine(a, b, c, d, -(a * self.e + c * self.f), -(b * self.e + d * self.f))

    @property
    def is_upright(self) -> bool:
        """Scales and moves only, without mirroring: rectangles stay upright rectangles."""
        return (
            isclose(self.b, 0, abs_tol=1e-9)
            and isclose(self.c, 0, abs_tol=1e-9)
            and self.a > 0
            and self.d > 0
        )

    @property
    def is_flat(self) -> bool:
        """A line or a point: it has no way back."""
        return abs(self.a * self.d - self.b * self.c) < 1e-9

    def bounds(self, rect: Rect) -> Rect:
        """Return the smallest upright rectangle around the mapped rectangle."""
        corners = [
            self.apply(x, y) for x in (rect.left, rect.right) for y in (rect.top, rect.bottom)
        ]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return Rect(min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))


ANCHORS = {
    "topLeft": (0.0, 0.0),
    "top": (0.5, 0.0),
    "topRight": (1.0, 0.0),
    "left": (0.0, 0.5),
    "center": (0.5, 0.5),
    "right": (1.0, 0.5),
    "bottomLeft": (0.0, 1.0),
    "bottom": (0.5, 1.0),
    "bottomRight": (1.0, 1.0),
}
"""The nine positions as fractions of a box, from its top left."""


def fit_scales(content: Rect, box: Size, fit: str) -> tuple[float, float]:
    """Return how content is scaled, across and down, to sit in a box.

    Shotstack's words, not CSS's: `crop` fills and overflows, `cover` stretches both ways,
    `contain` shows all, `none` keeps the pixels.
    """
    across, down = box.width / content.width, box.height / content.height
    match fit:
        case "crop":
            return (max(across, down),) * 2
        case "contain":
            return (min(across, down),) * 2
        case "cover":
            return across, down
        case _:
            assert fit == "none", fit
            return 1.0, 1.0
