"""Colours as users write them.

The alpha convention, stated once: a `Color` is straight (not premultiplied), sRGB-encoded, 8 bits a
channel, alpha 255 opaque. Hex forms put alpha first, `#AARRGGBB`, as Shotstack does; names,
`rgb()` and `hsl()` are those of CSS, which pages and titles of real edits use.
"""

import re
from colorsys import hls_to_rgb
from dataclasses import dataclass

FORMS = "#RRGGBB, #AARRGGBB (alpha first), rgb(), rgba(), hsl() or a name of CSS"
"""What a colour may be, in words."""

_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)"
_NEXT = r"(?: *, *| +)"
_FUNCTION = re.compile(
    rf"(rgb|hsl)a?\( *({_NUMBER}(?:%|deg)?){_NEXT}({_NUMBER}%?){_NEXT}({_NUMBER}%?)"
    rf"(?: *[,/] *({_NUMBER}%?))? *\)"
)
"""A colour as a function, with commas or without (CSS Color 4 §5 and §7)."""


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
        """Read a colour as `FORMS` says, or `#RGB`; raises ValueError."""
        digits = text[1:] if _HEX.fullmatch(text) else NAMES.get(text.lower())
        called = None if digits is not None else _FUNCTION.fullmatch(text.lower())
        if called is not None and (color := _of_function(*called.groups())) is not None:
            return color
        if digits is None:
            raise ValueError(f"{text!r} is not a colour; write {FORMS}")
        if len(digits) == 3:
            digits = "".join(digit * 2 for digit in digits)
        if len(digits) == 6:
            digits = "ff" + digits
        a, r, g, b = bytes.fromhex(digits)
        return cls(r, g, b, a)

    def faded(self, opacity: float) -> "Color":
        """Return the colour with its alpha multiplied by `opacity` 0..1."""
        return Color(self.r, self.g, self.b, round(self.a * min(1.0, max(0.0, opacity))))

    def on_black(self) -> "Color":
        """Return the opaque colour that is seen where this one lies on black."""
        share = self.a / 255
        return Color(*(round(channel * share) for channel in (self.r, self.g, self.b)))

    @property
    def is_opaque(self) -> bool:
        """Nothing shows through."""
        return self.a == 255

    def __str__(self) -> str:
        alpha = "" if self.is_opaque else f"{self.a:02x}"
        return f"#{alpha}{self.r:02x}{self.g:02x}{self.b:02x}"


def _of_function(name: str, *parts: str | None) -> Color | None:
    """Return the colour of `rgb()` or `hsl()`; what is out of range is its end, as in CSS.

    `hsl()` without percent signs is none: one number there may be a share or a percentage.
    """
    first, second, third = (part or "" for part in parts[:3])
    alpha = _part(parts[3], 1.0) if parts[3] is not None else 1.0
    if name == "rgb":
        if first.endswith("deg"):
            return None
        shares = [_part(part, 255.0) for part in (first, second, third)]
    else:
        if first.endswith("%") or not second.endswith("%") or not third.endswith("%"):
            return None
        hue = float(first.removesuffix("deg")) / 360 % 1
        shares = list(hls_to_rgb(hue, _part(third, 1.0), _part(second, 1.0)))
    return Color(*(round(share * 255) for share in (*shares, alpha)))


def _part(text: str, whole: float) -> float:
    """Return a number or a percentage as a share 0..1 of a whole."""
    share = float(text[:-1]) / 100 if text.endswith("%") else float(text) / whole
    return min(1.0, max(0.0, share))


_NAMES = """
aliceblue=f0f8ff antiquewhite=faebd7 aqua=00ffff aquamarine=7fffd4 azure=f0ffff beige=f5f5dc
bisque=ffe4c4 black=000000 blanchedalmond=ffebcd blue=0000ff blueviolet=8a2be2 brown=a52a2a
burlywood=deb887 cadetblue=5f9ea0 chartreuse=7fff00 chocolate=d2691e coral=ff7f50
cornflowerblue=6495ed cornsilk=fff8dc crimson=dc143c cyan=00ffff darkblue=00008b darkcyan=008b8b
darkgoldenrod=b8860b darkgray=a9a9a9 darkgreen=006400 darkgrey=a9a9a9 darkkhaki=bdb76b
darkmagenta=8b008b darkolivegreen=556b2f darkorange=ff8c00 darkorchid=9932cc darkred=8b0000
darksalmon=e9967a darkseagreen=8fbc8f darkslateblue=483d8b darkslategray=2f4f4f
darkslategrey=2f4f4f darkturquoise=00ced1 darkviolet=9400d3 deeppink=ff1493 deepskyblue=00bfff
dimgray=696969 dimgrey=696969 dodgerblue=1e90ff firebrick=b22222 floralwhite=fffaf0
forestgreen=228b22 fuchsia=ff00ff gainsboro=dcdcdc ghostwhite=f8f8ff gold=ffd700 goldenrod=daa520
gray=808080 green=008000 greenyellow=adff2f grey=808080 honeydew=f0fff0 hotpink=ff69b4
indianred=cd5c5c indigo=4b0082 ivory=fffff0 khaki=f0e68c lavender=e6e6fa lavenderblush=fff0f5
lawngreen=7cfc00 lemonchiffon=fffacd lightblue=add8e6 lightcoral=f08080 lightcyan=e0ffff
lightgoldenrodyellow=fafad2 lightgray=d3d3d3 lightgreen=90ee90 lightgrey=d3d3d3 lightpink=ffb6c1
lightsalmon=ffa07a lightseagreen=20b2aa lightskyblue=87cefa lightslategray=778899
lightslategrey=778899 lightsteelblue=b0c4de lightyellow=ffffe0 lime=00ff00 limegreen=32cd32
linen=faf0e6 magenta=ff00ff maroon=800000 mediumaquamarine=66cdaa mediumblue=0000cd
mediumorchid=ba55d3 mediumpurple=9370db mediumseagreen=3cb371 mediumslateblue=7b68ee
mediumspringgreen=00fa9a mediumturquoise=48d1cc mediumvioletred=c71585 midnightblue=191970
mintcream=f5fffa mistyrose=ffe4e1 moccasin=ffe4b5 navajowhite=ffdead navy=000080 oldlace=fdf5e6
olive=808000 olivedrab=6b8e23 orange=ffa500 orangered=ff4500 orchid=da70d6 palegoldenrod=eee8aa
palegreen=98fb98 paleturquoise=afeeee palevioletred=db7093 papayawhip=ffefd5 peachpuff=ffdab9
peru=cd853f pink=ffc0cb plum=dda0dd powderblue=b0e0e6 purple=800080 rebeccapurple=663399
red=ff0000 rosybrown=bc8f8f royalblue=4169e1 saddlebrown=8b4513 salmon=fa8072 sandybrown=f4a460
seagreen=2e8b57 seashell=fff5ee sienna=a0522d silver=c0c0c0 skyblue=87ceeb slateblue=6a5acd
slategray=708090 slategrey=708090 snow=fffafa springgreen=00ff7f steelblue=4682b4 tan=d2b48c
teal=008080 thistle=d8bfd8 tomato=ff6347 turquoise=40e0d0 violet=ee82ee wheat=f5deb3 white=ffffff
whitesmoke=f5f5f5 yellow=ffff00 yellowgreen=9acd32
"""

NAMES = {"transparent": "00000000", **dict(re.findall(r"(\w+)=(\w+)", _NAMES))}
"""Hex digits of the named colours, in lower case (CSS Color 4 §6.1)."""
