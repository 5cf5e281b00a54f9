"""The limiter: nothing clips, and what is not too loud is not touched.

Rule: where no sample within reach passes the ceiling, the mix goes out bit for bit. Elsewhere it
is turned down, both channels alike, by a gain that glides (a raised floor, not a cut): it begins
to fall 10 ms before a peak, is low enough at the peak, and has risen again 10 ms after it. No
delay: the output is as long as the input, sample for sample.

Gains are worked out per cell of `CELL` samples. With g the gain a cell needs,
    s = mean over ±REACH of (min over ±(REACH + 1) of g)
is never above g in the cell or its neighbours, so neither is the line from one cell to the next.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from vidgenie.engine.audio.layout import Samples

CEILING = 10 ** (-1 / 20)
"""-1 dBFS: a lossy codec gives peaks back somewhat higher than it got them."""

CELL = 64
REACH = 7
CONTEXT = 2 * REACH + 2
"""Cells on either side that decide about a cell."""


def limited(blocks: Iterator[Samples]) -> Iterator[Samples]:
    """Yield the same samples, none beyond the ceiling.

    Every block but the last has a whole number of cells, and at least `CONTEXT`.
    Cost: one block of memory and, where nothing is too loud, one scan for peaks.
    """
    before = np.ones(CONTEXT)
    block = next(blocks, None)
    needed = _needed(block)
    while block is not None:
        following = next(blocks, None)
        following_needed = _needed(following)
        after = np.append(following_needed, np.ones(CONTEXT))[:CONTEXT]
        gains = np.concatenate([before, needed, after])
        yield block if gains.min() >= 1.0 else block * _glide(gains, block.shape[1])
        before = np.append(before, needed)[-CONTEXT:]
        block, needed = following, following_needed


def _needed(block: Samples | None) -> NDArray[np.float64]:
    """Return the gain each cell needs. Shapes: (cells,)."""
    if block is None:
        return np.ones(0)
    peaks = np.abs(block).max(axis=0)
    peaks = np.pad(peaks, (0, -len(peaks) % CELL)).reshape(-1, CELL).max(axis=1)
    needed: NDArray[np.float64] = CEILING / np.maximum(peaks.astype(np.float64), CEILING)
    return needed


def _glide(needed: NDArray[np.float64], count: int) -> NDArray[np.float32]:
    """Return the gain of each of `count` samples from the cells' needs with their context."""
    low = np.lib.stride_tricks.sliding_window_view(needed, 2 * REACH + 3).min(axis=1)
    smooth = np.lib.stride_tricks.sliding_window_view(low, 2 * REACH + 1).mean(axis=1)
    # `smooth` has one cell more on either side than the block: the lines to its neighbours.
    assert len(smooth) == len(needed) - 4 * REACH - 2
    middles = (np.arange(len(smooth)) - 0.5) * CELL
    glide: NDArray[np.float64] = np.interp(np.arange(count) + 0.5, middles, smooth)
    return glide.astype(np.float32)
