"""Whatever a decoder gives, as stereo: any sample format, any number of channels.

The downmix keeps every loudness as it is and may therefore go beyond full scale; the mix's
limiter answers for that, once, for everything.
"""

from math import sqrt

import av
import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
"""Stereo sound: (2, samples), full scale is -1..1."""

HALF_POWER = sqrt(0.5)
"""The weight of a centre or surround channel in each front channel (ITU-R BS.775-3, table 2)."""

DOWNMIX = {
    "FL": (1.0, 0.0),
    "FR": (0.0, 1.0),
    "FC": (HALF_POWER, HALF_POWER),
    "LFE": (0.0, 0.0),
    "BL": (HALF_POWER, 0.0),
    "BR": (0.0, HALF_POWER),
    "SL": (HALF_POWER, 0.0),
    "SR": (0.0, HALF_POWER),
    "BC": (0.5, 0.5),
    "FLC": (HALF_POWER, HALF_POWER / 2),
    "FRC": (HALF_POWER / 2, HALF_POWER),
    "DL": (1.0, 0.0),
    "DR": (0.0, 1.0),
}
"""How much of a channel goes left and right. The effects channel is left out, as BS.775 does."""

FULL_SCALE = {"u": 128.0, "i16": 32768.0, "i32": 2147483648.0, "i64": 9223372036854775808.0}


def stereo(frame: av.AudioFrame) -> Samples:
    """Return a decoded frame's samples as stereo; one channel sounds on both sides.

    Damaged floats (not a number, infinite) become silence.
    """
    names = [channel.name for channel in frame.layout.channels]
    channels = _floats(frame, len(names))
    if len(names) == 1:
        left, right = channels[0], channels[0]
    elif len(names) == 2:
        left, right = channels
    else:
        weights = np.array([_weights(name, place) for place, name in enumerate(names)])
        left, right = weights.T.astype(np.float32) @ channels
    samples = np.stack([left, right])
    if not np.isfinite(samples).all():
        np.nan_to_num(samples, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    return samples


def _floats(frame: av.AudioFrame, count: int) -> Samples:
    values = frame.to_ndarray()
    if not frame.format.is_planar:
        values = values.reshape(-1, count).T
    if values.dtype.kind == "f":
        return values.astype(np.float32, copy=False)
    if values.dtype.kind == "u":
        return (values.astype(np.float32) - 128.0) / np.float32(FULL_SCALE["u"])
    scale = FULL_SCALE[f"i{values.dtype.itemsize * 8}"]
    return (values * (1.0 / scale)).astype(np.float32)


def _weights(name: str, place: int) -> tuple[float, float]:
    """Return a channel's weights; where the source names none, the first two are the front."""
    if name in DOWNMIX:
        return DOWNMIX[name]
    return ((1.0, 0.0), (0.0, 1.0))[place] if place < 2 else (0.5, 0.5)
