"""Every example: its plan is the one written beside it, its frames and sound are as those kept.

`make bless EXAMPLE=0012` accepts what has changed; look at every frame before you do. What differs
is shown in build/golden/report.html: new, reference, and their difference sixteen times as strong.
"""

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pytest

import gallery
from report import Report
from vidgenie.core.plan.explain import explain
from vidgenie.engine.render import render_frame

EXAMPLES = gallery.folders()
REPORT = gallery.ROOT / "build" / "golden" / "report.html"

CHANNEL_TOLERANCE = 6
"""Steps of 8 bits: letters are drawn by another processor's floating point."""

PIXELS_TOLERANCE = 0.001
"""Share of pixels that may differ by more."""

SOUND_TOLERANCE = 0.005
"""Of full scale: what decoders and resamplers of other builds may differ by."""

SMALL = [cv2.IMWRITE_PNG_COMPRESSION, 9]

each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)


@pytest.fixture(scope="session", autouse=True)
def sources() -> None:
    gallery.make_media()


@pytest.fixture(scope="session")
def report() -> Iterator[Report]:
    report = Report()
    yield report
    report.write(REPORT)


@cache
def read(example: Path) -> gallery.Example:
    return gallery.read(example)


def is_blessing() -> bool:
    return bool(os.environ.get("BLESS"))


@each_example
def test_the_plan_is_as_written(example: Path) -> None:
    text = explain(read(example).plan) + "\n"
    path = example / "plan.txt"
    if is_blessing():
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@each_example
def test_the_frames_are_as_kept(example: Path, report: Report) -> None:
    plan, assets = read(example)
    kept = sorted((example / "frames").glob("*.png"))
    assert kept
    bad = []
    for path in kept:
        made = pixels_of(render_frame(plan.timeline, int(path.stem), assets))
        if is_blessing():
            cv2.imwrite(str(path), made, SMALL)
        wanted = pixels_of(path.read_bytes())
        assert made.shape == wanted.shape
        off = cv2.absdiff(made, wanted).max(axis=-1) > CHANNEL_TOLERANCE
        if off.mean() > PIXELS_TOLERANCE:
            report.add(f"{example.name} {path.stem}", made, wanted)
            bad.append(f"{path.name}: {off.mean():.2%} of pixels differ")
    assert not bad, f"{bad}; see {REPORT}"


@each_example
def test_the_sound_is_as_kept(example: Path) -> None:
    found, path = gallery.sound_of(read(example)), example / "sound.json"
    assert is_blessing() or path.exists() == (found is not None)
    if found is None:
        return
    if is_blessing():
        path.write_text(json.dumps(found) + "\n", encoding="utf-8")
    wanted = json.loads(path.read_text(encoding="utf-8"))
    assert found["duration_s"] == wanted["duration_s"]
    assert found["peak"] == pytest.approx(wanted["peak"], abs=SOUND_TOLERANCE * 4)
    assert found["rms"] == pytest.approx(wanted["rms"], abs=SOUND_TOLERANCE)


@each_example
def test_an_example_says_what_it_shows(example: Path) -> None:
    text = (example / "README.md").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert len(text.splitlines()) >= 3


def pixels_of(data: bytes) -> gallery.Picture:
    found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert found is not None
    return found.astype(np.uint8)
