"""What strangers send, spoilt by chance: each parser ends with a result or with an error of ours.

Never with another exception, a crash or a hang. `make fuzz` does the same for longer, from a new
seed that a failure prints.
"""

import json
import os
import random
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gallery
from spoiling import spoilt, spoilt_bytes
from vidgenie.core.edit.model import Clip
from vidgenie.core.edit.parse import parse
from vidgenie.core.geometry import Size
from vidgenie.core.timeline.graphic import Posed
from vidgenie.core.timeline.graphics.scene import Scene
from vidgenie.core.timeline.graphics.table import GRAPHICS
from vidgenie.engine import sandbox
from vidgenie.engine.confine import Allowance
from vidgenie.engine.lettering.families import files_of
from vidgenie.engine.lettering.shelf import FontChoice, face_for
from vidgenie.engine.paint.drawing import drawing_of
from vidgenie.engine.paint.raster import canvas_on
from vidgenie.engine.pool import FramePool
from vidgenie.engine.probe import probe
from vidgenie.errors import VidGenieError

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "20"))
"""Of each kind."""

SEED = int(os.environ.get("FUZZ_SEED", "20261125"))

HTML = (
    "<style>p.a > b{color:#f00;font:italic 20px/1.2 Roboto,serif}</style><div style='display:flex;"
    "padding:4px 2%'><p class=a>Hi <b>x</b><br>&amp;&#8364;</p><table border=1><tr><td colspan=2"
    " width=30%>1<td rowspan=2>2</table><ul><li>a<ol><li>b</ul></div><font size=+2 color=red>z"
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 90" width="90" height="90"><style>.a{'
    'fill:hsl(9,9%,9%)}</style><defs><linearGradient id="g"><stop offset="0" stop-color="red"/>'
    '<stop offset="1"/></linearGradient><path id="p" d="M0 0L9 9C1 2 3 4 5 6Q1,2 3,4A5 5 0 0 1 9 9'
    'z"/></defs><use href="#p" transform="translate(9) rotate(45 1 2)" fill="url(#g)"/></svg>'
)
SRT = (
    "1\n00:00:01,000 --> 00:00:02,500\nOne <i>two</i>\n\n2\n00:00:03,000 --> 00:00:04,000\nThree\n"
)
VTT = "WEBVTT\n\nNOTE a\n\na\n00:01.000 --> 00:02.500 align:start\n<v Ann>One <00:01.500>two\n"
TTML = (
    '<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter"'
    ' ttp:frameRate="25"><body begin="1s"><div><p begin="00:00:01:05" dur="500ms">One<br/>two</p>'
    '<p begin="30f" end="2.5s"><span begin="0s">x</span></p></div></body></tt>'
)


def _draw(asset: dict[str, Any]) -> None:
    """Draw an asset as a clip of it would be."""
    size = Size(120, 90)
    clip = Clip.model_validate({"asset": asset, "start": 0, "length": 1})
    graphic = GRAPHICS[clip.asset.type](clip, Scene(size, {}))
    pixels = np.zeros((size.height, size.width, 4), np.uint8)
    canvas = canvas_on(pixels)
    drawing_of(Posed(graphic, graphic.phase_at(0)), FramePool({})).draw(canvas)


def html(rng: random.Random, _: Path) -> None:
    _draw({"type": "html", "html": _text(rng, HTML)})


def css(rng: random.Random, _: Path) -> None:
    sheet = HTML[HTML.index("p.a") : HTML.index("</style")] + "@media all{b{margin:-1px auto}}"
    _draw({"type": "html", "html": HTML, "css": _text(rng, sheet)})


def svg(rng: random.Random, _: Path) -> None:
    _draw({"type": "svg", "src": _text(rng, SVG) or " "})


def captions(rng: random.Random, target: Path) -> None:
    target.write_bytes(spoilt_bytes(rng, rng.choice((SRT, VTT, TTML)).encode()))
    probe(target)


def font(rng: random.Random, target: Path) -> None:
    whole = files_of("Permanent Marker")[0].path.read_bytes()
    head = rng.choice((300, 3_000, len(whole)))  # tables' places are told at the beginning
    target.write_bytes(spoilt_bytes(rng, whole[:head]) + whole[head:])
    probe(target)
    face = face_for(FontChoice("x", 400, is_italic=False, path=target))
    face.outline(face.shaper.get_nominal_glyph(ord("A")) or 0, 40.0)


def edits(rng: random.Random, _: Path) -> None:
    folder = rng.choice(gallery.folders())
    document = json.loads((folder / "edit.json").read_text(encoding="utf-8"))
    parse(spoilt(rng, document), allow_local=True)


def _text(rng: random.Random, whole: str) -> str:
    return spoilt_bytes(rng, whole.encode()).decode("utf-8", "replace")


def fed(report: Any, held: Any, name: str, seed: int, folder: str) -> list[str]:
    """Feed one parser with spoilt things; return what it did that it must not, with its seed."""
    feed: Callable[[random.Random, Path], None] = globals()[name]
    wrong = []
    for number in range(EXAMPLES):
        try:
            feed(random.Random(seed + number), Path(folder) / f"{name}-{number}")
        except VidGenieError:
            continue
        except Exception:
            wrong.append(f"FUZZ_SEED={seed + number}: {traceback.format_exc(limit=-4)}")
    return wrong


@pytest.mark.parametrize("name", ["html", "css", "svg", "captions", "font", "edits"])
def test_no_parser_falls(name: str, tmp_path: Path) -> None:
    allowance = Allowance(reads=(gallery.ROOT, tmp_path), writes=(tmp_path,), memory_bytes=4 << 30)
    arguments = (name, SEED, str(tmp_path))
    wrong = sandbox.run_callable(fed, arguments, allowance=allowance, wall_s=30 + EXAMPLES)
    assert not wrong, "\n".join(wrong)
