"""Hypothesis strategies for documents: valid edits, nasty edits, and JSON of any kind."""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from vidgenie.core.tween import EASINGS

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
"""What can be kept: no NUL, no half of a surrogate pair."""

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**6), 10**6)
    | st.floats(allow_nan=False)
    | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=20,
)

letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
"""What a text may have: all but NUL and halves of surrogate pairs."""

seconds = st.integers(0, 40).map(lambda tenths: tenths / 10)
lengths = st.integers(1, 40).map(lambda tenths: tenths / 10)


def as_written(value: float) -> st.SearchStrategy[Any]:
    """A number as templates write it: a number, or a text."""
    return st.sampled_from([value, str(value)])


@st.composite
def tweens(draw: st.DrawFn, low: float, high: float, length: float) -> list[dict[str, Any]]:
    """One tween inside a clip."""
    tween: dict[str, Any] = {
        "from": draw(st.floats(low, high)),
        "to": draw(st.floats(low, high)),
        "start": 0,
        "length": length,
    }
    if draw(st.booleans()):
        tween |= {"interpolation": "bezier", "easing": draw(st.sampled_from(sorted(EASINGS)))}
    return [tween]


@st.composite
def assets(draw: st.DrawFn) -> dict[str, Any]:
    """An asset of any kind that is rendered."""
    kind = draw(st.sampled_from(["video", "image", "audio", "text"]))
    if kind == "text":
        return {
            "type": "text",
            "text": draw(texts),
            "font": {"size": draw(as_written(36)), "color": "#ff8800"},
            "alignment": {"horizontal": draw(st.sampled_from(["left", "center", "right"]))},
        }
    asset: dict[str, Any] = {"type": kind, "src": f"https://media.example/{kind}"}
    if kind != "image":
        asset["trim"] = draw(seconds)
        asset["volume"] = draw(st.floats(0, 1))
    return asset


@st.composite
def clips(draw: st.DrawFn) -> dict[str, Any]:
    """A clip; its tweens end with it."""
    length = draw(lengths)
    clip: dict[str, Any] = {
        "asset": draw(assets()),
        "start": draw(st.one_of(seconds.flatmap(as_written), st.just("auto"))),
        "length": draw(st.one_of(as_written(length), st.just("end")))
        if draw(st.booleans())
        else length,
    }
    optional = {
        "fit": st.sampled_from(["cover", "contain", "crop", "none"]),
        "position": st.sampled_from(["topLeft", "center", "bottomRight"]),
        "scale": st.one_of(st.floats(0, 3), tweens(0, 2, length)),
        "opacity": st.one_of(st.floats(0, 1), tweens(0, 1, length)),
        "offset": st.fixed_dictionaries({"x": st.floats(-1, 1), "y": tweens(-1, 1, length)}),
        "transition": st.fixed_dictionaries({"in": st.just("fade"), "out": st.just("fadeFast")}),
    }
    for name, values in optional.items():
        if draw(st.booleans()):
            clip[name] = draw(values)
    return clip


@st.composite
def edits(draw: st.DrawFn) -> dict[str, Any]:
    """A document that must be accepted."""
    tracks = draw(
        st.lists(
            st.fixed_dictionaries({"clips": st.lists(clips(), min_size=1, max_size=4)}), max_size=3
        )
    )
    return {
        "timeline": {"tracks": tracks, "background": "#102030"},
        "output": {
            "format": "mp4",
            "resolution": draw(st.sampled_from(["preview", "sd", "hd", "1080", "4k", 1080])),
            "fps": draw(st.sampled_from([12, 25, 29.97, "30"])),
        },
    }


def _first_clip(edit: dict[str, Any]) -> dict[str, Any]:
    edit["timeline"]["tracks"] = edit["timeline"]["tracks"] or [{"clips": [dict(_STILL)]}]
    clip: dict[str, Any] = edit["timeline"]["tracks"][0]["clips"][0]
    return clip


_STILL = {"asset": {"type": "image", "src": "https://media.example/a"}, "start": 0, "length": 2}

FAULTS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "/timeline/background": lambda e: e["timeline"].update(background="bleu"),
    "/timeline/trakcs": lambda e: e["timeline"].update(trakcs=[]),
    "/timeline/fonts/0/src": lambda e: e["timeline"].update(fonts=[{"src": 3}]),
    "/timeline/duration": lambda e: e["timeline"].update(duration=0),
    "/timeline/soundtrack/src": lambda e: e["timeline"].update(soundtrack={"src": "a.mp3"}),
    "/output/format": lambda e: e["output"].update(format="avi"),
    "/output/fps": lambda e: e["output"].update(fps=31),
    "/output/quality": lambda e: e["output"].update(quality="best"),
    "/output/range/start": lambda e: e["output"].update(range={"start": "a"}),
    "/callback": lambda e: e.update(callback="http://["),
    "/priority": lambda e: e.update(priority=1.5),
    "/timeline/tracks/0/clips/0/start": lambda e: _first_clip(e).update(start="alias://nobody"),
    "/timeline/tracks/0/clips/0/length": lambda e: _first_clip(e).update(length=0),
    "/timeline/tracks/0/clips/0/lenght": lambda e: _first_clip(e).update(lenght=1),
    "/timeline/tracks/0/clips/0/fit": lambda e: _first_clip(e).update(fit="fill"),
    "/timeline/tracks/0/clips/0/scale/0": lambda e: _first_clip(e).update(scale=[3]),
    "/timeline/tracks/0/clips/0/offset/x": lambda e: _first_clip(e).update(offset={"x": 11}),
    "/timeline/tracks/0/clips/0/rotate/0/to": lambda e: _first_clip(e).update(
        rotate=[{"from": 0, "to": 36_001, "start": 0, "length": 0.1}]
    ),
    "/timeline/tracks/0/clips/0/asset/type": lambda e: _first_clip(e).update(
        asset={"type": "vidoe"}
    ),
}
"""Ways to spoil a valid edit, by the place that the problem must name. They do not interfere."""


@st.composite
def nasty_edits(draw: st.DrawFn) -> tuple[dict[str, Any], set[str]]:
    """A document with several faults, and the places where they are."""
    edit = draw(edits())
    faults = draw(st.sets(st.sampled_from(sorted(FAULTS)), min_size=1, max_size=8))
    for place in sorted(faults):
        FAULTS[place](edit)
    return edit, faults
