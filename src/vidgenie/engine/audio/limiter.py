"""The limiter: nothing clips, and what is not too loud is not touched.

Rule: where no sample within reach passes the ceiling, the mix goes out bit for bit. Elsewhere it
is turned down, both channels alike, by a gain that glides (a raised floor, not a cut): it begins
to fall 10 ms before a peak, is low enough at the peak, and has risen again 10 ms after it. No
delay: the output is as long as the input, sample for sample.

Gains are worked out per cell of `CELL` samples. With g the gain a cell needs,
    s = mean over ±REACH of (min over ±(REACH + 1) of g)
is never above g in the cell or its neighbours, so neither is the line from one cell to the next.

True peaks, where asked for, are those of the wave between the samples: it is worked out at three
places in each gap (ITU-R BS.1770-4, annex 2). A place near a cell's edge may count for the next
cell; the law above holds for both.
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


TAPS = 24
"""Samples that the wave between two of them is worked out from."""


def _between() -> NDArray[np.float32]:
    """Return the weights of the samples around each quarter of a gap. Shapes: (3, TAPS)."""
    places = np.arange(TAPS) - (TAPS / 2 - 1)
    away = places - np.array([[0.25], [0.5], [0.75]])
    weights = np.sinc(away) * np.cos(np.pi * away / (TAPS + 1)) ** 2
    weights /= weights.sum(axis=1, keepdims=True)
    found: NDArray[np.float32] = weights.astype(np.float32)
    return found


BETWEEN = _between()

WAVE_MAX = float(np.abs(BETWEEN).sum(axis=1).max())
"""How much higher than all its samples a wave can be: where it cannot pass, nobody looks."""


def limited(blocks: Iterator[Samples], *, true_peaks: bool = False) -> Iterator[Samples]:
    """Yield the same samples, none beyond the ceiling, nor with `true_peaks` what lies between.

    Every block but the last has a whole number of cells, and at least `CONTEXT`.
    Cost: one block of memory and, where nothing is too loud, one scan for peaks.
    """
    before = np.ones(CONTEXT)
    tail = np.zeros((2, TAPS - 1), np.float32) if true_peaks else None
    block = next(blocks, None)
    needed = _needed(block, tail)
    while block is not None:
        following = next(blocks, None)
        tail = _tail(tail, block)
        following_needed = _needed(following, tail)
        after = np.append(following_needed, np.ones(CONTEXT))[:CONTEXT]
        gains = np.concatenate([before, needed, after])
        yield block if gains.min() >= 1.0 else block * _glide(gains, block.shape[1])
        before = np.append(before, needed)[-CONTEXT:]
        block, needed = following, following_needed


def _tail(tail: Samples | None, block: Samples) -> Samples | None:
    """Return the last samples so far, if they are kept."""
    return None if tail is None else np.concatenate([tail, block], axis=1)[:, 1 - TAPS :]


def _needed(block: Samples | None, tail: Samples | None) -> NDArray[np.float64]:
    """Return the gain each cell needs; `tail`, the samples before it, asks for true peaks.

    Shapes: (cells,).
    """
    if block is None:
        return np.ones(0)
    peaks = np.abs(block).max(axis=0)
    if tail is not None and block.size:
        whole = np.concatenate([tail, block], axis=1)
        if np.abs(whole).max() * WAVE_MAX > CEILING:
            peaks = np.maximum(peaks, _true_peaks(whole))
    peaks = np.pad(peaks, (0, -len(peaks) % CELL)).reshape(-1, CELL).max(axis=1)
    needed: NDArray[np.float64] = CEILING / np.maximum(peaks.astype(np.float64), CEILING)
    return needed


def _true_peaks(whole: Samples) -> NDArray[np.float32]:
    """Return the highest of the wave after each sample but the last TAPS - 1; one for both sides.

    Shapes: (2, count + TAPS - 1) to (count,).
    """
    waves = [np.convolve(side, row[::-1], "valid") for side in whole for row in BETWEEN]
    highest: NDArray[np.float32] = np.abs(waves).max(axis=0)
    return highest


def _glide(needed: NDArray[np.float64], count: int) -> NDArray[np.float32]:
    """Return the gain of each of `count` samples from the cells' needs with their context."""
    low = np.lib.stride_tricks.sliding_window_view(needed, 2 * REACH + 3).min(axis=1)
    smooth = np.lib.stride_tricks.sliding_window_view(low, 2 * REACH + 1).mean(axis=1)
    # `smooth` has one cell more on either side than the block: the lines to its neighbours.
    assert len(smooth) == len(needed) - 4 * REACH - 2
    middles = (np.arange(len(smooth)) - 0.5) * CELL
    glide: NDArray[np.float64] = np.interp(np.arange(count) + 0.5, middles, smooth)
    return glide.astype(np.float32)
