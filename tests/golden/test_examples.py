"""Every example: its plan is the one written beside it, its frames look like those kept.

`BLESS=1 pytest tests/golden` accepts what has changed; look at every frame before you do.
"""

import json
import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from vidgenie.core.edit.parse import parse
from vidgenie.core.plan.chunks import plan
from vidgenie.core.plan.explain import explain
from vidgenie.core.plan.model import Plan
from vidgenie.core.timeline.resolve import resolve
from vidgenie.engine.render import render_frame

ROOT = Path(__file__).resolve().parents[2] / "examples"
EXAMPLES = sorted(path for path in ROOT.iterdir() if (path / "edit.json").exists())

CHANNEL_TOLERANCE = 6
"""Steps of 8 bits: letters are drawn by another processor's floating point."""

PIXELS_TOLERANCE = 0.001
"""Share of pixels that may differ by more."""


def plan_of(example: Path) -> Plan:
    return plan(resolve(parse(json.loads((example / "edit.json").read_text())), {}))


def is_blessed(path: Path, content: bytes) -> bool:
    if os.environ.get("BLESS"):
        path.write_bytes(content)
    return path.read_bytes() == content


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_the_plan_is_as_written(example: Path) -> None:
    text = explain(plan_of(example)) + "\n"
    assert is_blessed(example / "plan.txt", text.encode()), text


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_the_frames_are_as_kept(example: Path) -> None:
    timeline = plan_of(example).timeline
    kept = sorted((example / "frames").glob("*.png"))
    assert kept
    for path in kept:
        data = render_frame(timeline, int(path.stem), {})
        if os.environ.get("BLESS"):
            path.write_bytes(data)
        made, wanted = (
            cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR)
            for png in (data, path.read_bytes())
        )
        assert made.shape == wanted.shape
        off = np.abs(made.astype(int) - wanted.astype(int)).max(axis=-1) > CHANNEL_TOLERANCE
        assert off.mean() <= PIXELS_TOLERANCE, f"{path.name}: {off.mean():.2%} of pixels differ"
