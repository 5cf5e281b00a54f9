"""Colours as users write them.

The alpha convention, stated once: a `Color` is straight (not premultiplied), sRGB-encoded, 8 bits a
channel, alpha 255 opaque. Hex forms put alpha first, `#AARRGGBB`, as Shotstack does.
"""

import re
from dataclasses import dataclass

_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")


@dataclass(frozen=True, slots=True)
class Color:
    """Red, green, blue and alpha, 0..255."""

    r: int
    g: int
    b: int
    a: int = 255

    def __post_init__(self) -> None:
        assert all(0 <= channel <= 255 for channel in (self.r, self.g, self.b, self.a)), self

    @classmethod
    def parse(cls, text: str) -> "Color":
        """Read `#RGB`, `#RRGGBB` or `#AARRGGBB`; raises ValueError with the accepted forms."""
        if not _HEX.fullmatch(text):
            raise ValueError(f"{text!r} is not a colour; write #RRGGBB or #AARRGGBB (alpha first)")
        digits = text[1:]
        if len(digits) == 3:
            digits = "".join(digit * 2 for digit in digits)
        if len(digits) == 6:
            digits = "ff" + digits
        a, r, g, b = bytes.fromhex(digits)
        return cls(r, g, b, a)

    def faded(self, opacity: float) -> "Color":
        """Return the colour with its alpha multiplied by `opacity` 0..1."""
        return Color(self.r, self.g, self.b, round(self.a * min(1.0, max(0.0, opacity))))

    @property
    def is_opaque(self) -> bool:
        """Nothing shows through."""
        return self.a == 255

    def __str__(self) -> str:
        alpha = "" if self.is_opaque else f"{self.a:02x}"
        return f"#{alpha}{self.r:02x}{self.g:02x}{self.b:02x}"
