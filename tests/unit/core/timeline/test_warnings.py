"""What may not be meant is said, with its place, and fails nothing."""

from typing import Any

from vidgenie.core.edit.parse import parse
from vidgenie.core.timebase import FrameRate
from vidgenie.core.timeline.facts import AudioFacts, FrameTimes, MediaFacts, VideoFacts
from vidgenie.core.timeline.warnings import warnings

VIDEO = VideoFacts(640, 360, FrameTimes(60, FrameRate(30)), "h264", "yuv420p")
FACTS = {"https://x/a.mp4": MediaFacts("mov", 2.0, VIDEO, AudioFacts(48000, 2, "aac"))}
FAMILIES = ("Open Sans", "Roboto")


def told(asset: dict[str, Any], length: float | str = 1.0) -> list[tuple[str, str]]:
    clip = {"asset": asset, "start": 0, "length": length}
    document = {
        "timeline": {"tracks": [{"clips": [clip]}]},
        "output": {"format": "mp4", "resolution": "hd"},
    }
    found = warnings(parse(document), FACTS, FAMILIES, lambda text: "")
    return [(problem.path.rpartition("/clips/0/")[2], problem.code) for problem in found]


def test_a_font_that_is_not_here_is_told_however_it_is_spelt() -> None:
    assert told({"type": "text", "text": "x", "font": {"family": "OpenSans"}}) == []
    assert told({"type": "text", "text": "x"}) == []
    assert told({"type": "text", "text": "x", "font": {"family": "Comic Sans"}}) == [
        ("asset/font/family", "font_replaced")
    ]


def test_a_font_that_a_page_names_is_told_if_none_of_its_list_is_here() -> None:
    def page(html: str, css: str = "") -> list[tuple[str, str]]:
        return told({"type": "html", "html": html, "css": css})

    assert page("<p>x</p>", 'p { font-family: "Lato"; color: red }') == [
        ("asset/css", "font_replaced")
    ]
    assert page("<p style='font-family: \"Lato\"'>x</p>") == [("asset/html", "font_replaced")]
    assert page('<font face="Lato">x</font>') == [("asset/html", "font_replaced")]
    assert page("<p>x</p>", "p { font-family: Lato, 'Open Sans'; }") == []
    assert page("<p>x</p>", "p { font-family: Lato, sans-serif }") == []
    assert page("<p>x</p>", "p { font-family: Roboto } b { font-family: Roboto Black }") == []


def test_a_clip_longer_than_its_source_is_told() -> None:
    video = {"type": "video", "src": "https://x/a.mp4"}
    assert told(video, 2.0) == []
    assert told(video, "auto") == []
    assert told(video, 2.5) == [("length", "source_too_short")]
    assert told({**video, "trim": 1.5}, 1.0) == [("length", "source_too_short")]
    assert told({**video, "type": "audio"}, 3.0) == [("length", "source_too_short")]


def test_signs_that_no_font_has_are_told() -> None:
    text = {"type": "title", "text": "a ꙮ b"}
    clip = {"asset": text, "start": 0, "length": 1}
    document = {
        "timeline": {"tracks": [{"clips": [clip]}]},
        "output": {"format": "mp4", "resolution": "hd"},
    }
    found = warnings(parse(document), FACTS, FAMILIES, lambda _: "ꙮ")
    assert [(problem.path, problem.code) for problem in found] == [
        ("/timeline/tracks/0/clips/0/asset/text", "glyph_missing")
    ]


def told_of(document: dict[str, Any]) -> list[tuple[str, str]]:
    found = warnings(parse(document), FACTS, FAMILIES, lambda text: "")
    return [(problem.path, problem.code) for problem in found]


def of_clip(output: dict[str, Any], background: str = "#000000", **members: Any) -> dict[str, Any]:
    video = {"type": "video", "src": "https://x/a.mp4"}
    clip = {"asset": video, "start": 0, "length": 1, **members}
    timeline = {"tracks": [{"clips": [clip]}], "background": background}
    return {"timeline": timeline, "output": {"format": "mp4", "resolution": "hd", **output}}


def test_a_destination_that_is_not_here_is_told_and_fails_nothing() -> None:
    given = [{"provider": "shotstack", "exclude": True}, {"provider": "mux"}, {"id": "dst_1"}]
    found = told_of(of_clip({"destinations": given}))
    assert found == [("/output/destinations/1/provider", "destination_unknown")]


def test_a_background_that_would_be_see_through_is_told_where_it_cannot_be() -> None:
    told = [("/timeline/background", "background_on_black")]
    assert told_of(of_clip({}, "transparent")) == told
    assert told_of(of_clip({"format": "jpg"}, "#80ffffff")) == told
    assert told_of(of_clip({"format": "png"}, "transparent")) == []
    assert told_of(of_clip({}, "#ffffff")) == []


def test_a_tween_that_outlasts_its_clip_is_told() -> None:
    moving = [{"from": 0, "to": 1, "length": 1}, {"from": 1, "to": 0, "start": 1, "length": 2}]
    path = "/timeline/tracks/0/clips/0/offset/x/1/length"
    assert told_of(of_clip({}, offset={"x": moving})) == [(path, "tween_too_long")]
    assert told_of(of_clip({}, length=2, offset={"x": moving})) == [(path, "tween_too_long")]
    assert told_of(of_clip({}, opacity=moving[:1])) == []


def test_a_place_that_seems_to_count_the_other_unit_is_told() -> None:
    def moved(x: float, **output: Any) -> list[tuple[str, str]]:
        frames = [{"time": 0, "x": 0}, {"time": 1, "y": x}]
        document = of_clip(output, transform={"keyframes": frames}, offset={"x": x})
        return [(path.partition("/clips/0/")[2], code) for path, code in told_of(document)]

    pixels = {"resolution": None, "width": 640, "height": 360}
    places = ("offset/x", "transform/keyframes/1/y")
    assert moved(0.3, **pixels) == [(place, "offset_tiny") for place in places]
    assert moved(0.3) == moved(40, **pixels) == []
    frames = [{"time": 0, "x": 100}]
    found = told_of(of_clip({}, transform={"keyframes": frames}))
    assert found == [("/timeline/tracks/0/clips/0/transform/keyframes/0/x", "offset_huge")]


def test_words_in_a_drawing_are_told_not_to_be_drawn() -> None:
    head = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    drawing = {"type": "svg", "src": f"{head}<text x='1'>Hi</text></svg>"}
    assert told(drawing) == [("asset/src", "svg_text")]
    assert told({"type": "svg", "src": f"{head}<rect width='9' height='9'/></svg>"}) == []
