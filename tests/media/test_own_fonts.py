"""Fonts that an edit brings itself: read in the child, found by name or address, and drawn."""

import shutil
from pathlib import Path
from random import Random

import pytest

from vidgenie.core.edit.parse import parse
from vidgenie.core.timeline.facts import AudioFacts, MediaFacts
from vidgenie.core.timeline.needs import needs
from vidgenie.core.timeline.resolve import resolve
from vidgenie.engine import sandbox
from vidgenie.engine.lettering.families import files_of
from vidgenie.engine.render import render_frame
from vidgenie.engine.sandbox import SandboxLimits
from vidgenie.engine.values import LocalSource
from vidgenie.errors import AssetUnsupported, EditInvalid

LIMITS = SandboxLimits(wall_s=60)


def document(family: str, fonts: list[str]) -> dict[str, object]:
    text = {"type": "rich-text", "text": "Own", "font": {"family": family, "size": 80}}
    return {
        "timeline": {
            "background": "#ffffff",
            "fonts": [{"src": src} for src in fonts],
            "tracks": [{"clips": [{"asset": text, "start": 0, "length": 1}]}],
        },
        "output": {"format": "mp4", "size": {"width": 240, "height": 120}},
    }


@pytest.fixture
def font(tmp_path: Path) -> LocalSource:
    path = tmp_path / "brand-face.ttf"
    shutil.copy(files_of("Permanent Marker")[0].path, path)
    return LocalSource(path, sandbox.run("probe", (path,), limits=LIMITS))


def test_a_font_is_read_in_the_child(font: LocalSource) -> None:
    facts = font.facts.font
    assert facts is not None
    assert (facts.family, facts.weight, facts.is_italic) == ("Permanent Marker", 400, False)
    assert font.facts.video is None


@pytest.mark.parametrize("family", ["brand-face", "Permanent Marker", "PermanentMarker Regular"])
def test_it_is_found_by_its_name_and_its_address_and_drawn(font: LocalSource, family: str) -> None:
    src = "https://x/fonts/brand-face.ttf"
    edit = parse(document(family, [src]))
    assert [(need.src, need.path, need.kind) for need in needs(edit)] == [
        (src, "/timeline/fonts/0/src", "font")
    ]
    own = resolve(edit, {src: font.facts})
    other = resolve(parse(document("Open Sans", [])), {})
    pictures = [
        sandbox.run("render_frame", (timeline, 0, {src: font}), limits=LIMITS)
        for timeline in (own, other)
    ]
    assert pictures[0] != pictures[1]
    assert pictures[0] == render_frame(own, 0, {src: font})


def test_what_is_no_font_is_refused(tmp_path: Path, font: LocalSource) -> None:
    damaged = tmp_path / "damaged.ttf"
    damaged.write_bytes(font.path.read_bytes()[:600])
    with pytest.raises(AssetUnsupported):
        sandbox.run("probe", (damaged,), limits=LIMITS)
    src = "https://x/a.mp4"
    with pytest.raises(EditInvalid) as caught:
        resolve(
            parse(document("a", [src])),
            {src: MediaFacts("mov", 1.0, None, AudioFacts(48000, 2, "aac"))},
        )
    assert caught.value.problems[0].path == "/timeline/fonts/0/src"


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_font_is_refused_or_drawn_but_hangs_and_crashes_nothing(
    tmp_path: Path, seed: int
) -> None:
    chance = Random(seed)
    data = bytearray(files_of("Anton")[0].path.read_bytes())
    for _ in range(chance.choice([1, 5, 100])):
        data[chance.choice([chance.randrange(len(data)), chance.randrange(300)])] = seed
    path = tmp_path / "brand-face.ttf"
    path.write_bytes(data)
    try:
        facts = sandbox.run("probe", (path,), limits=LIMITS)
    except AssetUnsupported:
        return
    src = "https://x/fonts/brand-face.ttf"
    timeline = resolve(parse(document("brand-face", [src])), {src: facts})
    assert sandbox.run(
        "render_frame", (timeline, 0, {src: LocalSource(path, facts)}), limits=LIMITS
    )
