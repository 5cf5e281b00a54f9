"""One HTML page of pictures that are not as they were: new, reference, difference."""

import base64
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
STRONGER = 16

HEAD = """<!doctype html><meta charset="utf-8"><title>Golden frames that differ</title>
<style>body{font:15px system-ui;margin:24px;background:#f6f6f4}td{padding:4px;vertical-align:top}
img{max-width:30vw;image-rendering:pixelated;background:#fff}h2{margin:24px 0 4px}</style>
"""


class Report:
    """Collects pairs of pictures; nothing is written when there are none."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def add(self, name: str, made: Picture, wanted: Picture) -> None:
        """Add a pair. Shapes: both (height, width, 3) uint8, BGR."""
        strong = np.minimum(cv2.absdiff(made, wanted).astype(int) * STRONGER, 255).astype(np.uint8)
        names = ("New", "Reference", f"Difference ×{STRONGER}")
        shown = zip(names, (made, wanted, strong), strict=True)
        cells = "".join(f"<td>{label}<br>{_image(pixels)}</td>" for label, pixels in shown)
        self._parts.append(f"<h2>{name}</h2><table><tr>{cells}</tr></table>")

    def write(self, target: Path) -> None:
        """Write the page, or take an older one away."""
        target.unlink(missing_ok=True)
        if self._parts:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(HEAD + "\n".join(self._parts), encoding="utf-8")


def _image(pixels: Picture) -> str:
    data = base64.b64encode(cv2.imencode(".png", pixels)[1].tobytes()).decode()
    return f'<img src="data:image/png;base64,{data}">'
