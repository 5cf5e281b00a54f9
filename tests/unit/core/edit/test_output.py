"""The frame of every preset and aspect ratio, as the format's table has it."""

from typing import Any

import pytest

from documents import edit
from vidgenie.core.edit.output import frame_rate, frame_size
from vidgenie.core.edit.parse import parse

TABLE = {
    "preview": ((512, 288), (288, 512), (288, 288), (230, 288), (384, 288)),
    "mobile": ((640, 360), (360, 640), (360, 360), (288, 360), (480, 360)),
    "sd": ((1024, 576), (576, 1024), (576, 576), (460, 576), (768, 576)),
    "hd": ((1280, 720), (720, 1280), (720, 720), (576, 720), (960, 720)),
    "1080": ((1920, 1080), (1080, 1920), (1080, 1080), (864, 1080), (1440, 1080)),
    "4k": ((3840, 2160), (2160, 3840), (2160, 2160), (1728, 2160), (2880, 2160)),
    "480p": ((854, 480), (480, 854), (480, 480), (384, 480), (640, 480)),
}
RATIOS = ("16:9", "9:16", "1:1", "4:5", "4:3")
SAME = {"720p": "hd", "1080p": "1080", "2160p": "4k"}


def size(**output: Any) -> tuple[int, int]:
    return frame_size(parse(edit(output=output)).output)


@pytest.mark.parametrize("preset", TABLE)
def test_presets_have_the_sizes_of_the_table(preset: str) -> None:
    found = tuple(size(resolution=preset, aspectRatio=ratio) for ratio in RATIOS)
    assert found == TABLE[preset]
    assert size(resolution=preset) == TABLE[preset][0]


@pytest.mark.parametrize("name", SAME)
def test_other_names_mean_the_same(name: str) -> None:
    for ratio in RATIOS:
        preset = size(resolution=SAME[name], aspectRatio=ratio)
        assert size(resolution=name, aspectRatio=ratio) == preset


def test_a_size_wins_and_is_made_even() -> None:
    assert size(size={"width": 641, "height": "481"}, aspectRatio="9:16") == (640, 480)
    assert size(size={"width": 1, "height": 1}) == (2, 2)


@pytest.mark.parametrize(
    ("output", "rate"),
    [
        ({}, "25/1"),
        ({"resolution": "preview"}, "15/1"),
        ({"resolution": "preview", "fps": 24}, "24/1"),
        ({"fps": 29.97}, "30000/1001"),
        ({"fps": "23.976"}, "24000/1001"),
        ({"fps": 29.97002997}, "30000/1001"),
        ({"fps": 24.0001}, "24/1"),
    ],
)
def test_rates_are_exact(output: dict[str, Any], rate: str) -> None:
    assert str(frame_rate(parse(edit(output=output)).output)) == rate
