"""A composition is painted as one: cut at its box, and its layers see through together."""

from vidgenie.core.color import Color
from vidgenie.core.edit.parse import parse
from vidgenie.core.timeline.graphic import Posed
from vidgenie.core.timeline.picture import picture_at
from vidgenie.core.timeline.resolve import resolve
from vidgenie.engine.paint.composition import CompositionDrawing
from vidgenie.engine.paint.drawing import drawing_of
from vidgenie.engine.paint.raster import raster_of
from vidgenie.engine.pool import FramePool


def test_layers_fade_together_and_end_at_the_box() -> None:
    def square(color: str) -> dict[str, object]:
        shape = {"type": "shape", "shape": "rectangle", "fill": {"color": color}}
        asset = {**shape, "rectangle": {"width": 90, "height": 20}}
        return {"asset": asset, "start": 0, "length": 1}

    inner = {"tracks": [{"clips": [square("#ff0000")]}, {"clips": [square("#00ff00")]}]}
    asset = {"type": "composition", "timeline": inner, "width": 40, "height": 40}
    clip = {"asset": asset, "start": 0, "length": 1, "opacity": 0.5}
    timeline = resolve(
        parse(
            {
                "timeline": {"background": "#0000ff", "tracks": [{"clips": [clip]}]},
                "output": {"format": "mp4", "size": {"width": 80, "height": 80}},
            }
        ),
        {},
    )
    picture = picture_at(timeline, 0)
    drawable = picture.layers[0].drawable
    assert isinstance(drawable, Posed)
    with FramePool({}) as pool:
        assert isinstance(drawing_of(drawable, pool), CompositionDrawing)
        pixels = raster_of(picture, pool)
    blue, green, red, _ = (int(value) for value in pixels[40, 40])
    assert (green, abs(red - 128) <= 1, abs(blue - 127) <= 1) == (0, True, True)
    outside = Color(0, 0, 255)
    for y, x in ((40, 10), (40, 70), (25, 40)):
        assert tuple(pixels[y, x][:3]) == (outside.b, outside.g, outside.r)
