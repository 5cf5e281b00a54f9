"""Where less is taken than Shotstack's schema takes, each with the rule or limit that says so."""

from typing import Any

from hypothesis import strategies as st

from shotstack import FACTS, LEFT_OUT, Exceptional, Writer

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
ROUND = {"type": "shape", "shape": "circle"}
STRAIGHT = {"type": "shape", "shape": "line"}
MUTE = {"format": "mp3", "mute": True}
HUGE = {"width": 4096, "height": 4096}
TWICE = 2 * [{"from": 0, "to": 1, "start": 0, "length": 1}]

seconds = st.floats(0, 30)
whole = st.integers(0, 8192)
pixels = st.floats(0, 8192)
box = st.integers(1, 4096)
sizes = st.integers(1, 2000)
colors = st.sampled_from(
    ["#102030", "#80FF00aa", "#fff", "white", "transparent", "rgba(1, 2, 3, 0.5)"]
)
addresses = st.sampled_from(["https://media.example/a.png", "http://media.example/b?c=1"])
weights = st.integers(1, 1000) | st.sampled_from(["400", "bold", "Semi-Bold"])
tweens = st.lists(
    st.fixed_dictionaries(
        {"length": st.floats(0.1, 1)},
        optional={
            "from": st.floats(0, 1),
            "to": st.floats(0, 1) | st.sampled_from(["0", "0.5", 1]),
            "start": st.floats(0, 1),
            "interpolation": st.sampled_from(["linear", "bezier", "constant"]),
            "easing": st.sampled_from(FACTS["Tween"]["fields"]["easing"][0]["values"]),
        },
    ),
    max_size=1,
)


def moving(low: float, high: float) -> st.SearchStrategy[Any]:
    """A number, or tweens that fit into any clip of ours."""
    return st.floats(low, high) | tweens


EXCEPTIONS = (
    # Nothing is before the first frame of a source or a timeline, and a clip lasts.
    Exceptional("*.trim", seconds, -1, "TIME_MAX_S", "LumaAsset.trim"),
    Exceptional("*.capture", seconds, -1, "TIME_MAX_S", "Poster.capture"),
    Exceptional("Clip.start", seconds | st.just("auto"), "alias://nobody", "names"),
    Exceptional(
        "Clip.length", st.floats(2, 30) | st.sampled_from(["auto", "end"]), 0, "length_positive"
    ),
    # What moves are numbers, one after the other.
    Exceptional("Tween.length", st.floats(0.1, 1), LEFT_OUT, "tweens_fit", is_needed=True),
    Exceptional("Tween.start", st.floats(0, 1), -1, "tweens_fit"),
    Exceptional("Tween.from", st.floats(0, 1), [], "tweens_fit"),
    Exceptional("Tween.to", st.floats(0, 1), "far", "tweens_fit"),
    Exceptional("Clip.scale", moving(0, 100), -1, "SCALE_MAX"),
    Exceptional("Clip.opacity", moving(-9, 9), TWICE, "tweens_fit"),
    Exceptional("Offset.?", moving(-10, 10), TWICE, "tweens_fit", "Offset.x"),
    Exceptional("Skew*.?", moving(-99, 99), TWICE, "tweens_fit", "SkewTransformation.y"),
    Exceptional("RotateTransformation.angle", moving(-360, 360), TWICE, "tweens_fit"),
    Exceptional("Soundtrack.volume", st.floats(0, 10), -1, "GAIN_MAX"),
    Exceptional("*.volume", moving(0, 1), TWICE, "tweens_fit", "AudioAsset.volume"),
    # What has a size can be seen, and fits into memory.
    Exceptional("*Asset.width", box, 0, "SIDE_MAX", "HtmlAsset.width"),
    Exceptional("*Asset.height", box, 0, "SIDE_MAX", "TextAsset.height"),
    Exceptional("ShapeAsset.rectangle", None, LEFT_OUT, "drawn", is_needed=True),
    Exceptional("ShapeAsset.circle", None, ROUND, "drawn", "Clip.asset", is_needed=True),
    Exceptional("ShapeAsset.line", None, STRAIGHT, "drawn", "Clip.asset", is_needed=True),
    Exceptional("ShapeAsset.rectangle.*", whole, -1, "PIXELS_MAX", "ShapeAsset.rectangle.width"),
    Exceptional("ShapeAsset.circle.radius", whole, -1, "PIXELS_MAX"),
    Exceptional("ShapeAsset.line.*", whole, -1, "PIXELS_MAX", "ShapeAsset.line.thickness"),
    Exceptional("ShapeAsset.stroke.width", pixels, -1, "PIXELS_MAX"),
    Exceptional("CaptionFont.strokeWidth", pixels, -1, "PIXELS_MAX"),
    Exceptional("CaptionBackground.padding", whole, -1, "PIXELS_MAX"),
    Exceptional("CaptionBackground.borderRadius", whole, -1, "PIXELS_MAX"),
    Exceptional("CaptionMargin.*", st.floats(0, 1), 1.1, "SIDE_MAX", "CaptionMargin.left"),
    Exceptional("TextFont.size", sizes, 0, "FONT_SIZE_MAX"),
    Exceptional("CaptionFont.size", sizes, 0, "FONT_SIZE_MAX"),
    Exceptional("*Font.lineHeight", st.floats(0, 10), -1, "FONT_SIZE_MAX", "TextFont.lineHeight"),
    Exceptional("TextFont.weight", st.integers(1, 1000), 0, "weight_known"),
    Exceptional("*.weight", weights, {}, "weight_known", "RichTextFont.weight"),
    Exceptional("TextBackground.wrap", st.just(False), True, "wrap_is_rich"),
    Exceptional("Crop.*", st.floats(0, 0.49), 1, "crop_leaves", "Crop.left"),
    Exceptional("Size.*", st.integers(1, 2880), HUGE, "FRAME_AREA_MAX", "Output.size"),
    Exceptional("Thumbnail.scale", st.floats(0.01, 1), 0, "thumbnail_seen"),
    # Texts that mean something.
    Exceptional("Timeline.background", colors, "ref", "color_parses"),
    Exceptional("*.color", colors, "ref", "color_parses", "TextFont.color"),
    Exceptional("RichCaptionAsset.font.background", colors, "ref", "color_parses"),
    Exceptional("*Font.background", colors, "ref", "color_parses", "RichTextFont.background"),
    Exceptional("HtmlAsset.background", colors, "ref", "color_parses"),
    Exceptional("TitleAsset.background", colors, "ref", "color_parses"),
    Exceptional("CaptionFont.stroke", colors, "ref", "color_parses"),
    Exceptional("SvgAsset.src", st.just(SVG), "a", "drawn"),
    Exceptional("VideoAsset.src", addresses, LEFT_OUT, "src_given", is_needed=True),
    Exceptional("ImageAsset.src", addresses, LEFT_OUT, "src_given", is_needed=True),
    Exceptional("AudioAsset.src", addresses, LEFT_OUT, "src_given", is_needed=True),
    Exceptional("*.src", addresses, "a.mp4", "src_allowed", "Soundtrack.src"),
    Exceptional("Edit.callback", addresses, "a", "callback_called"),
    # What is put out is something: a frame has a size, a file of sound is not mute.
    Exceptional("Output.resolution", None, LEFT_OUT, "frame_fits", is_needed=True),
    Exceptional("Output.mute", None, MUTE, "mute_leaves", "Edit.output"),
)
"""Where less is taken than Shotstack's schema takes, and the rule or the limit that says so."""

WRITER = Writer(EXCEPTIONS)
"""Makes documents that Shotstack's schema accepts and this house must accept."""
