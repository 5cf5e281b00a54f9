"""Draws clips as PNGs with alpha, so that programs that cannot write need not be measured at it."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from vidgenie.core.edit.parse import parse
from vidgenie.core.timeline.needs import needs
from vidgenie.core.timeline.picture import picture_at
from vidgenie.core.timeline.resolve import resolve
from vidgenie.engine.paint.raster import raster_of
from vidgenie.engine.pool import FramePool
from vidgenie.engine.probe import probe
from vidgenie.engine.values import LocalSource


@dataclass(frozen=True, slots=True)
class Overlay:
    """A PNG and where its upper left corner lies in the frame, in pixels."""

    path: Path
    x: int
    y: int
    width: int
    height: int

    def told(self) -> dict[str, Any]:
        """Return it for another program."""
        return {"path": str(self.path), "x": self.x, "y": self.y}


def draw(
    clip: dict[str, Any], size: tuple[int, int], folder: Path, *, whole: bool = False
) -> Overlay:
    """Draw a clip as it stands on its first frame, cropped to what is seen, or the `whole` frame.

    Its transitions are left out: who lays it on fades it.
    """
    shown = {key: value for key, value in clip.items() if key != "transition"}
    document = {
        "timeline": {
            "background": "#00000000",
            "tracks": [{"clips": [{**shown, "start": 0}]}],
        },
        "output": {"format": "png", "size": {"width": size[0], "height": size[1]}, "fps": 30},
    }
    made = parse(document, allow_local=True)
    assets = {n.src: LocalSource(Path(n.src), probe(Path(n.src))) for n in needs(made)}
    timeline = resolve(made, {src: source.facts for src, source in assets.items()})
    with FramePool(assets) as pool:
        pixels = raster_of(picture_at(timeline, 0), pool, keep_alpha=True)
    rows, columns = np.nonzero(pixels[..., 3].any(axis=1))[0], np.nonzero(pixels[..., 3].any(0))[0]
    x, y, right, low = (
        (0, 0, size[0], size[1])
        if whole
        else (columns[0] & ~1, rows[0] & ~1, columns[-1] + 1, rows[-1] + 1)
    )
    cut = pixels[y : low + low % 2, x : right + right % 2].astype(np.float32)
    cover = cut[..., 3:]
    cut[..., :3] *= 255 / np.maximum(cover, 1)
    done, data = cv2.imencode(".png", np.clip(cut + 0.5, 0, 255).astype(np.uint8))
    assert done, "OpenCV writes PNGs"
    folder.mkdir(parents=True, exist_ok=True)
    key = hashlib.sha256(json.dumps([document, whole], sort_keys=True).encode()).hexdigest()[:12]
    path = folder / f"{key}.png"
    path.write_bytes(data.tobytes())
    return Overlay(path, int(x), int(y), cut.shape[1], cut.shape[0])
