"""What the fields of an edit hold: numbers, names, colours, and properties that move.

Lenient about "36" for 36 and "true" for true; strict about all that could mean something else.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetJsonSchemaHandler,
    Tag,
)
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema

from vidgenie.core.edit import limits

NUMERIC = r"^ *[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,3})? *$"
WHOLE_NUMERIC = r"^ *[+-]?[0-9]+([.]0*)? *$"
TRUTH = r"^ *([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]) *$"
"""Texts that are taken for a number, a whole number, true or false."""

IS_NUMBER = re.compile(NUMERIC).fullmatch
IS_WHOLE = re.compile(WHOLE_NUMERIC).fullmatch
IS_TRUTH = re.compile(TRUTH).fullmatch


class Node(BaseModel):
    """What all objects of an edit share: names in camelCase, and no others."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        populate_by_name=False,
        allow_inf_nan=False,
    )


class SnakeNode(Node):
    """An object whose names are written in snake_case: VidGenie's own additions."""

    model_config = ConfigDict(alias_generator=None)


def _number(value: Any) -> Any:
    """Take "36" for 36; refuse true and false, which Python would take for 1 and 0."""
    if isinstance(value, str):
        if not IS_NUMBER(value):
            raise ValueError("must be a number")
        return float(value)
    if isinstance(value, bool):
        raise ValueError("must be a number")
    return value


def _whole(value: Any) -> Any:
    """Take "36", 36.0 and "36.0" for 36."""
    if isinstance(value, bool):
        raise ValueError("must be a whole number")
    if isinstance(value, str):
        if not IS_WHOLE(value):
            raise ValueError("must be a whole number")
        value = float(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _word(value: Any) -> Any:
    """Take 1080 for "1080": a placeholder's value may be a number where a text belongs."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    is_whole = isinstance(value, float) and value.is_integer()
    return str(int(value) if is_whole else value) if is_number else value


def _flag(value: Any) -> Any:
    """Take "true" for true, as templates write it; 1 and "yes" may be mistakes."""
    if isinstance(value, str) and IS_TRUTH(value):
        return value.strip().lower() == "true"
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def tween_or_number(value: Any) -> str:
    """Name the branch of a property that may move."""
    return "<tweens>" if isinstance(value, list | tuple) else "<number>"


def word_or_number(value: Any) -> str:
    """Name the branch of a value that is a number or a word: "auto" is none, "5" is one."""
    return "<word>" if isinstance(value, str) and not IS_NUMBER(value) else "<number>"


def list_or_object(value: Any) -> str:
    """Name the branch of a value that is a list or an object."""
    return "<list>" if isinstance(value, list | tuple) else "<object>"


def word_or_object(value: Any) -> str:
    """Name the branch of a value that is a word or an object."""
    return "<word>" if isinstance(value, str) else "<object>"


def number_or_object(value: Any) -> str:
    """Name the branch of a value that is a number or an object."""
    return "<object>" if isinstance(value, dict | BaseModel) else "<number>"


@dataclass(frozen=True, slots=True)
class _Word(BeforeValidator):
    """Reads a text that may be given as a number, and publishes that it may."""

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        made = handler(schema)
        if "enum" in made:
            numbers = [int(word) for word in made["enum"] if word.isdigit()]
            return {"enum": made["enum"] + numbers}
        if "pattern" in made:
            return {**made, "type": ["string", "integer"], "minimum": 0}
        return {**made, "type": ["string", "number"]}


class IsColor:
    """Marks a field whose text is a colour: a rule reads it (`core/edit/rules.py`)."""


class IsSource:
    """Marks a field whose text says where media comes from: a rule reads it."""


# Bounds stand before these: behind them the published schema would lose them.
NUMBER = BeforeValidator(_number)
WHOLE = BeforeValidator(_whole)
WORD = _Word(_word)

Flag = Annotated[bool, BeforeValidator(_flag, json_schema_input_type=bool)]
Number = Annotated[float, Field(ge=-limits.NUMBER_MAX, le=limits.NUMBER_MAX), NUMBER]
Seconds = Annotated[float, Field(ge=0, le=limits.TIME_MAX_S), NUMBER]
Share = Annotated[float, Field(ge=0, le=1), NUMBER]
Opacity = Number
"""How much shows: what is beyond 0 and 1 counts as 0 and 1."""

Gain = Annotated[float, Field(ge=0, le=limits.GAIN_MAX), NUMBER]
Speed = Annotated[float, Field(ge=0, le=limits.SPEED_MAX), NUMBER]
Degrees = Annotated[float, Field(ge=-360, le=360), NUMBER]
Side = Annotated[int, Field(ge=1, le=limits.SIDE_MAX), WHOLE]
BoxSide = Annotated[float, Field(ge=1, le=limits.SIDE_MAX), NUMBER]
Pixels = Annotated[float, Field(ge=0, le=limits.PIXELS_MAX), NUMBER]
SignedPixels = Annotated[float, Field(ge=-limits.PIXELS_MAX, le=limits.PIXELS_MAX), NUMBER]
FontSize = Annotated[float, Field(ge=1, le=limits.FONT_SIZE_MAX), NUMBER]
LineHeight = Annotated[float, Field(ge=0, le=10), NUMBER]
Name = Annotated[str, Field(max_length=limits.NAME_MAX), WORD]
Prompt = Annotated[str, Field(max_length=limits.PROMPT_MAX), WORD]
ColorText = Annotated[str, Field(max_length=limits.NAME_MAX), IsColor()]
Src = Annotated[str, Field(min_length=1, max_length=limits.SRC_MAX, pattern=r"\S"), IsSource()]


def not_given() -> Any:
    """Return the default of a source that something else may stand for: an empty text."""
    return Field("", json_schema_extra=_without_default)


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


FreeForm = dict[str, Any]

ALIAS = r"[A-Za-z0-9_-]+"
Alias = Annotated[str, Field(pattern=rf"^{ALIAS}$", max_length=limits.NAME_MAX), WORD]
AliasSrc = Annotated[str, Field(pattern=rf"^alias://{ALIAS}$", max_length=limits.SRC_MAX)]

Weight = Annotated[
    Annotated[int, Field(ge=1, le=1000), WHOLE, Tag("<number>")]
    | Annotated[str, Field(max_length=limits.NAME_MAX), Tag("<word>")],
    Discriminator(word_or_number),
]
"""How heavy letters are: 1 to 1000, or a word of `WEIGHTS`."""

WEIGHTS = {
    "thin": 100,
    "hairline": 100,
    "extralight": 200,
    "ultralight": 200,
    "light": 300,
    "lighter": 300,
    "normal": 400,
    "regular": 400,
    "medium": 500,
    "semibold": 600,
    "demibold": 600,
    "bold": 700,
    "bolder": 700,
    "extrabold": 800,
    "ultrabold": 800,
    "black": 900,
    "heavy": 900,
}
"""Words for weights (CSS Fonts 4 §2.2.1), in lower case and without hyphens and blanks."""


def weight_of(weight: int | str | None, default: int = 400) -> int:
    """Return a weight as a number; a word that is none is the default (rules refuse it before)."""
    if isinstance(weight, str):
        return WEIGHTS.get(weight.lower().replace("-", "").replace(" ", ""), default)
    return default if weight is None else weight


Horizontal = Literal["left", "center", "right"]
Vertical = Literal["top", "center", "bottom"]
SoundEffect = Literal["none", "fadeIn", "fadeOut", "fadeInFadeOut"]
Position = Literal[
    "top",
    "topRight",
    "right",
    "bottomRight",
    "bottom",
    "bottomLeft",
    "left",
    "topLeft",
    "center",
]
Easing = Literal[
    "ease",
    "easeIn",
    "easeOut",
    "easeInOut",
    "easeInQuad",
    "easeInCubic",
    "easeInQuart",
    "easeInQuint",
    "easeInSine",
    "easeInExpo",
    "easeInCirc",
    "easeInBack",
    "easeOutQuad",
    "easeOutCubic",
    "easeOutQuart",
    "easeOutQuint",
    "easeOutSine",
    "easeOutExpo",
    "easeOutCirc",
    "easeOutBack",
    "easeInOutQuad",
    "easeInOutCubic",
    "easeInOutQuart",
    "easeInOutQuint",
    "easeInOutSine",
    "easeInOutExpo",
    "easeInOutCirc",
    "easeInOutBack",
]


AnyEasing = Literal[Easing, "linear"]
"""The vendor's schema has no "linear"; its own templates write it beside a linear tween."""


class Tween(Node):
    """A property moving from one value to another; seconds from the clip's start."""

    from_: Number | None = Field(None, alias="from")
    to: Number | None = None
    start: Seconds | None = None
    length: Seconds | None = None
    interpolation: Literal["linear", "bezier", "constant"] | None = None
    easing: AnyEasing | None = Field(None, description="Used where `interpolation` is bezier.")


Tweens = Annotated[tuple[Tween, ...], Field(max_length=limits.TWEENS_MAX)]

# A union names its branch by a tag in angle brackets: so a wrong value is told of once, by the
# branch that was meant, and `problems.py` knows which steps of a location are not in the document.
MovingShare = Annotated[
    Annotated[Share, Tag("<number>")] | Annotated[Tweens, Tag("<tweens>")],
    Discriminator(tween_or_number),
]
MovingOpacity = Annotated[
    Annotated[Opacity, Tag("<number>")] | Annotated[Tweens, Tag("<tweens>")],
    Discriminator(tween_or_number),
]
MovingScale = Annotated[
    Annotated[float, Field(ge=0, le=limits.SCALE_MAX), NUMBER, Tag("<number>")]
    | Annotated[Tweens, Tag("<tweens>")],
    Discriminator(tween_or_number),
]
MovingOffset = Annotated[
    Annotated[SignedPixels, Tag("<number>")] | Annotated[Tweens, Tag("<tweens>")],
    Discriminator(tween_or_number),
]
MovingAngle = Annotated[
    Annotated[Degrees, Tag("<number>")] | Annotated[Tweens, Tag("<tweens>")],
    Discriminator(tween_or_number),
]
MovingSkew = Annotated[
    Annotated[float, Field(ge=-100, le=100), NUMBER, Tag("<number>")]
    | Annotated[Tweens, Tag("<tweens>")],
    Discriminator(tween_or_number),
]


class Crop(Node):
    """Fractions cut from each edge of the source, before it is fitted."""

    top: Share | None = None
    bottom: Share | None = None
    left: Share | None = None
    right: Share | None = None


class Offset(Node):
    """How far from its place: x to the right, y upwards; fractions of the frame, or pixels."""

    x: MovingOffset | None = None
    y: MovingOffset | None = None
