"""From a clip's `caption` to captions that stand above it: pages of its text, in the frame."""

from dataclasses import dataclass
from typing import Literal

from vidgenie.core.color import Color
from vidgenie.core.edit.model import (
    ClipCaption,
    ClipCaptionFont,
    ClipCaptionLayout,
    ClipCaptionPlacement,
    ClipCaptionStyle,
    ClipCaptionTiming,
    weight_of,
)
from vidgenie.core.geometry import ANCHORS, Size
from vidgenie.core.timeline.graphics.captions import Captions
from vidgenie.core.timeline.graphics.lettering import Edges, Lettering, Letters, Plate
from vidgenie.core.timeline.graphics.pager import pages_of_text, timed
from vidgenie.core.timeline.graphics.scene import Scene

FAMILY = "Open Sans"

SIZE_SHARE = 0.045
"""The letters, of the frame's shorter side."""

MARGIN_SHARE = 0.05
"""What stays free at the frame's edges, of its shorter side."""

WIDTH_SHARE = 0.8
"""A line, of the frame's width."""

LINES = 2
LINE_HEIGHT = 1.2

PADDING_PX, RADIUS_PX = 10.0, 4.0
"""The box behind the lines: that of plain captions."""

WPM = 180.0
"""Words a minute, where the pages go by reading speed: that of subtitles for adults."""

_SIDES: tuple[Literal["left"], Literal["center"], Literal["right"]] = ("left", "center", "right")
_HEIGHTS: tuple[Literal["top"], Literal["center"], Literal["bottom"]] = ("top", "center", "bottom")


@dataclass(frozen=True, slots=True)
class _Room:
    """Where the lines stand: within these edges, as wide as `width_px` or so many `letters`."""

    edges: Edges
    width_px: float
    letters: int | None


def caption_of(caption: ClipCaption, scene: Scene, length_s: float) -> Captions:
    """Return a clip's caption; `length_s` is how long the clip is shown."""
    layout, timing = caption.layout or ClipCaptionLayout(), caption.timing or ClipCaptionTiming()
    look, room = _look(caption, scene)
    size = look.letters.size_px
    texts = pages_of_text(
        caption.text,
        room.letters or room.width_px / size,
        layout.max_lines or LINES,
        in_letters=room.letters is not None,
    )
    is_read = timing.mode == "wpm" or (timing.mode is None and timing.wpm is not None)
    pages = timed(
        texts,
        length_s,
        wpm=(timing.wpm or WPM) if is_read else None,
        shortest_s=timing.min_page_duration or 0.0,
    )
    return Captions(look, pages, language=caption.lang or "", left_out=len(texts) - len(pages))


def _look(caption: ClipCaption, scene: Scene) -> tuple[Lettering, _Room]:
    font, style = caption.font or ClipCaptionFont(), caption.style or ClipCaptionStyle()
    layout, place = caption.layout or ClipCaptionLayout(), caption.placement
    family, weight = font.family or FAMILY, weight_of(font.weight or 400)
    shorter = min(scene.frame.width, scene.frame.height)
    ground = None if style.bg_color is None else Color.parse(style.bg_color)
    default_px = 0.0 if ground is None else PADDING_PX
    padding = default_px if style.padding_px is None else style.padding_px
    across, down = ANCHORS[(place and place.anchor) or "bottom"]
    side = _SIDES[round(across * 2)]
    room = _room(layout, place or ClipCaptionPlacement(), scene.frame, (side, padding))
    look = Lettering(
        text="",
        box=scene.frame,
        letters=Letters(
            family=family,
            size_px=font.size or round(shorter * SIZE_SHARE, 1),
            weight=weight,
            color=Color.parse(style.color or "#ffffff"),
            line_height=layout.line_height_mult or LINE_HEIGHT,
            source=scene.font(family, weight),
        ),
        plate=Plate(ground, RADIUS_PX, wraps=True, padding_px=padding) if ground else Plate(),
        padding=room.edges,
        horizontal=layout.align or side,
        vertical=_HEIGHTS[round(down * 2)],
    )
    return look, room


def _room(
    layout: ClipCaptionLayout,
    place: ClipCaptionPlacement,
    frame: Size,
    standing: tuple[str, float],
) -> _Room:
    """Return the room of the lines, with their ground's padding within the margins."""
    side, padding = standing
    margin = place.margin_px
    if margin is None:
        margin = MARGIN_SHARE * min(frame.width, frame.height)
    edge = margin + padding
    free = max(1.0, frame.width - 2 * edge)
    wanted = layout.max_width
    width = free
    if wanted is None or wanted.px is not None:
        width = min(free, WIDTH_SHARE * frame.width if wanted is None else wanted.px or 1.0)
    spare = frame.width - width
    left = {"left": edge, "center": spare / 2, "right": spare - edge}[side]
    edges = Edges(edge, spare - left, edge, left)
    return _Room(edges, width, wanted.chars if wanted is not None else None)
