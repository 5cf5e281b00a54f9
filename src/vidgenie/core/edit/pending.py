"""What the edit format knows and this version does not render: refused by name, with a reason.

The keys of `PENDING` are names of the model's classes.
"""

# Older edits carry what a provider is told on the asset itself; newer ones have it in `options`.
_GENERATED = {
    "prompt",
    "model",
    "options",
    "resolution",
    "duration",
    "aspectRatio",
    "generateAudio",
    "inputSrc",
    "voice",
    "language",
    "newscaster",
    "musicLengthMs",
    "forceInstrumental",
    "compositionPlan",
}

PENDING: dict[str, frozenset[str]] = {
    "Timeline": frozenset({"fonts", "units", "audio", "loop"}),
    "Soundtrack": frozenset({"loop"}),
    "Clip": frozenset(
        {
            "effect",
            "filter",
            "transform",
            "rotate",
            "blend",
            "mask",
            "caption",
            "onError",
            "condition",
        }
    ),
    "Transition": frozenset({"duration", "easing", "with"}),
    "VideoAsset": frozenset({"transcode", "speed", "chromaKey", "loop"} | _GENERATED),
    "ImageAsset": frozenset(_GENERATED),
    "AudioAsset": frozenset({"speed", "loop"} | _GENERATED),
    "TextAsset": frozenset({"stroke", "animation", "ellipsis"}),
    "TextBackground": frozenset({"wrap"}),
    "Output": frozenset(
        {
            "scaleTo",
            "repeat",
            "poster",
            "thumbnail",
            "destinations",
            "codec",
            "renditions",
            "hls",
            "width",
            "height",
        }
    ),
}

PENDING_ASSETS = frozenset(
    {
        "rich-text",
        "luma",
        "caption",
        "rich-caption",
        "html",
        "html5",
        "title",
        "shape",
        "svg",
        "text-to-image",
        "image-to-video",
        "text-to-speech",
        "composition",
        "audiogram",
        "lottie",
    }
)

PENDING_FORMATS = frozenset({"gif", "mp3", "jpg", "png", "bmp", "webm", "mov", "webp", "wav"})

_BASES = (
    "reveal",
    "wipeLeft",
    "wipeRight",
    "slideLeft",
    "slideRight",
    "slideUp",
    "slideDown",
    "carouselLeft",
    "carouselRight",
    "carouselUp",
    "carouselDown",
    "shuffleTopRight",
    "shuffleRightTop",
    "shuffleRightBottom",
    "shuffleBottomRight",
    "shuffleBottomLeft",
    "shuffleLeftBottom",
    "shuffleLeftTop",
    "shuffleTopLeft",
)

PENDING_TRANSITIONS = frozenset(
    {"zoom"} | {base + speed for base in _BASES for speed in ("", "Slow", "Fast")}
)

PENDING_VALUES: dict[str, frozenset[str]] = {
    "type": PENDING_ASSETS,
    "format": PENDING_FORMATS,
    "in": PENDING_TRANSITIONS,
    "out": PENDING_TRANSITIONS,
}
"""By the field's own name: values that are right, but not rendered yet."""

PENDING_TEXTS = frozenset({"transition"})
"""Fields that the format also takes as a text, such as "fade", and not yet here."""
