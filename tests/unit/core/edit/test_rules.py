"""Rules of value: each one broken, and told with how to mend it."""

from typing import Any

import pytest

from documents import CLIP, IMAGE, TEXT, VIDEO, clip, edit, problem, problems
from vidgenie.core.edit.parse import parse


def tween(start: float, length: float | None, first: float = 0, last: float = 1) -> dict[str, Any]:
    made: dict[str, Any] = {"from": first, "to": last, "start": start}
    return made if length is None else made | {"length": length}


@pytest.mark.parametrize(
    ("document", "path", "words"),
    [
        (
            edit(clip(length=0), output={"fps": 30}),
            f"{CLIP}/length",
            "`length` is 0; the shortest clip is one frame (0.033 s at 30 fps)",
        ),
        (
            edit(clip(length=0), output={"fps": 29.97}),
            f"{CLIP}/length",
            "(0.033 s at 29.97 fps)",
        ),
        (edit(timeline={"background": "bleu"}), "/timeline/background", "write #RRGGBB"),
        (
            edit(clip(asset=TEXT | {"font": {"color": "#12"}})),
            f"{CLIP}/asset/font/color",
            '`color` is "#12"; write #RRGGBB, #AARRGGBB',
        ),
        (
            edit(clip(asset=TEXT | {"background": {"color": "rot"}})),
            f"{CLIP}/asset/background/color",
            "write #RRGGBB",
        ),
        (
            edit(clip(asset={"type": "svg", "src": "https://media.example/a.svg"})),
            f"{CLIP}/asset/src",
            "its markup, <svg …>…</svg>, not an address",
        ),
        (edit(output={"fps": 31}), "/output/fps", "must be one of 12, 15, 23.976"),
        (
            edit(output={"size": {"width": 4096, "height": 4096}}),
            "/output/size",
            "a frame of 4096×4096 has 16777216 pixels; at most 8294400",
        ),
        (
            edit(clip(asset=VIDEO | {"crop": {"left": 0.5, "right": 0.5}})),
            f"{CLIP}/asset/crop",
            "`left` and `right` cut 1 of the source",
        ),
        (edit(clip(scale=[tween(0, None)])), f"{CLIP}/scale/0/length", "tween is missing"),
        (edit(clip(scale=[tween(0, 0)])), f"{CLIP}/scale/0/length", "tween is 0"),
        (
            edit(clip(scale=[tween(1, 1), tween(0, 1.5)])),
            f"{CLIP}/scale/0/start",
            "starts at 1 s, while another runs until 1.5 s",
        ),
        (edit(clip(scale=[tween(0, 1, 0, 101)])), f"{CLIP}/scale/0/to", "from 0 to 100"),
        (edit(clip(scale=[tween(0, 1, -1, 1)])), f"{CLIP}/scale/0/from", "from 0 to 100"),
        (
            edit(clip(offset={"y": [tween(0, 1, 0, -11)]})),
            f"{CLIP}/offset/y/0/to",
            "from -10 to 10",
        ),
        (
            edit(clip(asset=VIDEO | {"volume": [tween(0, 1, 0, 1000)]})),
            f"{CLIP}/asset/volume/0/to",
            "from 0 to 1",
        ),
        (edit(callback="ftp://a.example"), "/callback", "http:// or https://"),
        (edit(callback="https://"), "/callback", "http:// or https://"),
        (edit(callback="http://["), "/callback", "http:// or https://"),
        (edit(metadata={"a": "x" * 16_384}), "/metadata", "at most 16384 are kept"),
    ],
)
def test_a_broken_rule_is_told_at_its_place(document: Any, path: str, words: str) -> None:
    found = problem(document)
    assert found.path == path
    assert words in found.message


@pytest.mark.parametrize("fps", [0, -1, 1e-9, 24.002, 1e300])
def test_no_rate_is_so_wrong_that_it_breaks_the_reader(fps: float) -> None:
    assert problem(edit(clip(), output={"fps": fps})).path == "/output/fps"


def test_an_output_needs_a_size() -> None:
    document = {"timeline": {"tracks": []}, "output": {"format": "mp4"}}
    assert (problem(document).path, problem(document).code) == ("/output/resolution", "missing")
    parse(edit(output={"size": {"width": 640, "height": 360}, "resolution": None}))


@pytest.mark.parametrize(
    "src", ["https://a.example/b c.mp4", "HTTP://a.example", "asset://ast_1", "http://[::1]:80/a"]
)
def test_addresses_are_accepted(src: str) -> None:
    parse(edit(clip(asset=IMAGE | {"src": src})))


@pytest.mark.parametrize(
    "src",
    [
        "https://",
        "http://[",
        "asset://",
        "ftp://a.example/b",
        "data:image/png;base64,AAAA",
        "https:/a.example",
        "//a.example/b",
        "ht\ntps://a.example",
        "https://a.example/b\r\nX: y",
        "javascript://a.example/%0a",
    ],
)
def test_anything_else_is_no_address(src: str) -> None:
    found = problem(edit(clip(asset=IMAGE | {"src": src})))
    assert (found.path, found.code) == (f"{CLIP}/asset/src", "wrong_value")


@pytest.mark.parametrize("src", ["./a.png", "/tmp/a.png", "file:///tmp/a.png", "C:/a.png", "a.png"])
def test_local_files_are_for_local_renders(src: str) -> None:
    document = edit(clip(asset=IMAGE | {"src": src}), timeline={"soundtrack": {"src": src}})
    parse(document, allow_local=True)
    found = problems(document)
    assert [one.path for one in found] == [f"{CLIP}/asset/src", "/timeline/soundtrack/src"]
    assert all("local files work with `vidgenie render` only" in one.message for one in found)


def test_tweens_may_touch_overlap_by_a_rounding_and_outlast_the_clip() -> None:
    parse(edit(clip(scale=[tween(1, 1), tween(0, 1)], offset={"x": [tween(0, 2, -10, 10)]})))
    parse(edit(clip(scale=[tween(0, 0.667), tween(0.66, 5)])))
    parse(edit(clip(length="auto", scale=[tween(0, 30)])))


def test_clips_of_one_track_may_overlap() -> None:
    parse(edit(clip(), clip(start=1), clip(start=0)))
