"""Made-up media for tests, benchmarks and the demo: nothing is downloaded, everything is drawn.

Every frame of a counter video carries its own number as sixteen black or white blocks along its
top edge, so that a picture can be asked which frame it is after scaling and recompression.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import pi
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Samples = NDArray[np.float32]

COUNTER_BLOCKS = 16
COUNTER_SPAN = 4096
"""Twelve blocks carry the number (modulo this), four a check sum."""

COUNTER_HEIGHT = 0.2
"""Share of the picture's height that the blocks take, from its top."""

SOUND_CODECS = {
    ".mp4": "aac",
    ".m4a": "aac",
    ".mov": "pcm_s16le",
    ".mkv": "pcm_s16le",
    ".avi": "pcm_s16le",
    ".wav": "pcm_s16le",
    ".webm": "libopus",
    ".ogg": "libopus",
    ".mp3": "libmp3lame",
    ".flac": "flac",
    ".ts": "aac",
    ".aac": "aac",
}
LOSSY = {"aac", "libmp3lame", "libopus"}
PICTURE_CODECS = {".png": "png", ".jpg": "mjpeg", ".jpeg": "mjpeg", ".webp": "libwebp"}
BT709_TV = {"colorspace": 1, "color_primaries": 1, "color_trc": 1, "color_range": 1}


# ── counters ────────────────────────────────────────────────────────────────────────────────


def write_counter_video(
    path: Path,
    *,
    size: tuple[int, int] = (640, 360),
    rate: int | Fraction = 30,
    frames: int = 90,
    codec: str = "libx264",
    sound: bool = False,
    gop: int = 30,
    pixel_format: str = "yuv420p",
    first: int = 0,
    rotation: int = 0,
    times_ms: Sequence[int] | None = None,
    options: dict[str, str] | None = None,
) -> Path:
    """Write a video whose frames say their number: `first`, `first` + 1, …

    `times_ms` gives each frame's begin for a variable frame rate; `rotation` is the turn,
    clockwise, a player must make (the stored pictures are turned the other way). With an alpha
    pixel format the lower right quarter is see-through. `sound` is a steady 440 Hz tone.
    """
    defaults = {"preset": "veryfast", "crf": "20"} if codec == "libx264" else {}
    time_base = Fraction(1, 1000) if times_ms else 1 / Fraction(rate)
    with av.open(path, "w") as container:
        stream = container.add_stream(
            codec, rate=Fraction(rate), options=options if options is not None else defaults
        )
        _set_up_video(stream, _stored_size(size, rotation), pixel_format, time_base, gop)
        if rotation:
            stream.set_display_rotation(-rotation)
        last_s = Fraction(times_ms[-1], 1000) + Fraction(1, 25) if times_ms else frames / rate
        tone = _add_sound(container, path, 48_000, "stereo") if sound else None
        for index in range(frames):
            picture = counter_picture(size, first + index, alpha=_has_alpha(pixel_format))
            frame = _video_frame(np.rot90(picture, rotation // 90), pixel_format)
            frame.pts = times_ms[index] if times_ms else index
            frame.time_base = time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if tone is not None:
            _encode_sound(container, tone, _stereo(0.2 * sine(440, float(last_s))))
    return path


def counter_picture(size: tuple[int, int], number: int, *, alpha: bool = False) -> Pixels:
    """Return frame `number` of a counter video. Shapes: (height, width, 3 or 4) uint8, RGB(A)."""
    width, height = size
    x = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    swing = number / 45 * pi
    red = 0.35 + 0.3 * x + 0.15 * np.sin(3 * y + swing)
    green = 0.25 + 0.35 * y + 0.1 * np.cos(4 * x - swing)
    blue = 0.55 - 0.25 * x * y + 0.1 * np.sin(5 * (x + y) + swing)
    picture = np.stack(np.broadcast_arrays(red, green, blue), axis=-1).copy()
    centre = (0.5 + 0.35 * np.cos(swing), 0.62 + 0.2 * np.sin(2 * swing))
    distance = np.hypot((x - centre[0]) * width / height, y - centre[1])
    ball = np.clip((0.12 - distance) * height / 2, 0, 1)[..., None]
    picture = picture * (1 - ball) + np.array([0.98, 0.85, 0.3], np.float32) * ball
    pixels = (np.clip(picture, 0, 1) * 255).astype(np.uint8)
    rows = round(height * COUNTER_HEIGHT)
    for block, bit in enumerate(_counter_bits(number)):
        left, right = (round(width * edge / COUNTER_BLOCKS) for edge in (block, block + 1))
        pixels[:rows, left:right] = 255 if bit else 0
    if alpha:
        cover = np.full((height, width, 1), 255, np.uint8)
        cover[height // 2 :, width // 2 :] = 0
        pixels = np.concatenate([pixels, cover], axis=-1)
    return pixels


def yuv_planes(pixels: Pixels) -> tuple[Pixels, Pixels, Pixels]:
    """Return an RGB(A) picture of even size as BT.709 limited 4:2:0 planes y, u, v."""
    height, width = pixels.shape[:2]
    packed = _video_frame(pixels, "yuv420p").to_ndarray().reshape(-1)
    luma, quarter = height * width, height * width // 4
    return (
        packed[:luma].reshape(height, width),
        packed[luma : luma + quarter].reshape(height // 2, width // 2),
        packed[luma + quarter :].reshape(height // 2, width // 2),
    )


def read_counter(plane: Pixels, region: tuple[float, float, float, float] | None = None) -> int:
    """Return the number a frame carries.

    Shapes: `plane` (height, width) grey or luma, or (height, width, 3 or 4) RGB; `region` is the
    (left, top, width, height) in pixels at which the whole counter frame is shown.
    Raises: ValueError when the blocks do not make sense.
    """
    grey = plane[..., :3].mean(axis=-1) if plane.ndim == 3 else plane
    left, top, width, height = region or (0, 0, grey.shape[1], grey.shape[0])
    rows = height * COUNTER_HEIGHT
    upper, lower = (
        round(top + rows * 0.3),
        max(round(top + rows * 0.7), round(top + rows * 0.3) + 1),
    )
    levels = []
    for block in range(COUNTER_BLOCKS):
        start = round(left + width * (block + 0.3) / COUNTER_BLOCKS)
        stop = max(start + 1, round(left + width * (block + 0.7) / COUNTER_BLOCKS))
        levels.append(float(grey[upper:lower, start:stop].mean()))
    bits = [level > 127 for level in levels]
    number = sum(bit << (11 - place) for place, bit in enumerate(bits[:12]))
    if bits != _counter_bits(number):
        raise ValueError(f"no counter here: block levels {[round(level) for level in levels]}")
    return number


def _counter_bits(number: int) -> list[bool]:
    number %= COUNTER_SPAN
    check = (number ^ (number >> 4) ^ (number >> 8) ^ 0b1010) & 0b1111
    code = number << 4 | check
    return [bool(code >> (15 - place) & 1) for place in range(COUNTER_BLOCKS)]


# ── beep and flash ──────────────────────────────────────────────────────────────────────────


def write_beep_flash(
    path: Path,
    *,
    size: tuple[int, int] = (320, 180),
    rate: int | Fraction = 30,
    seconds: int = 4,
    sample_rate_hz: int = 48_000,
    layout: str = "stereo",
    sound_codec: str | None = None,
    sound_delay_s: Fraction = Fraction(0),
) -> Path:
    """Write a video that flashes white for one frame and beeps (1 kHz, 0.1 s) at each second.

    The beep begins on the first sample at or after the flash frame's begin. With `sound_delay_s`
    the sound stream begins that much later than the video, still in step with it.
    """
    with av.open(path, "w") as container:
        stream = container.add_stream(
            "libx264", rate=Fraction(rate), options={"preset": "veryfast", "crf": "20"}
        )
        _set_up_video(stream, size, "yuv420p", 1 / Fraction(rate), round(rate))
        sound = _add_sound(container, path, sample_rate_hz, layout, sound_codec)
        flashes = {round(second * Fraction(rate)) for second in range(seconds)}
        for index in range(round(seconds * Fraction(rate))):
            level = 255 if index in flashes else 16
            pixels = np.full((size[1], size[0], 3), level, np.uint8)
            frame = _video_frame(pixels, "yuv420p")
            frame.pts = index
            frame.time_base = 1 / Fraction(rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        times = [index / Fraction(rate) for index in sorted(flashes)]
        samples = beeps(times, seconds, sample_rate_hz)
        skipped = round(sound_delay_s * sample_rate_hz)
        channels = np.tile(samples[None, skipped:], (sound.layout.nb_channels, 1))
        _encode_sound(container, sound, channels, first_sample=skipped)
    return path


def beeps(times_s: Sequence[Fraction], seconds: float, sample_rate_hz: int = 48_000) -> Samples:
    """Return a beep of 1 kHz at each time: loud from its first sample. Shapes: (samples,)."""
    samples = np.zeros(round(seconds * sample_rate_hz), np.float32)
    beep = 0.7 * np.cos(2 * pi * 1000 * np.arange(sample_rate_hz // 10) / sample_rate_hz)
    for time_s in times_s:
        start = -int(-time_s * sample_rate_hz // 1)
        samples[start : start + len(beep)] = beep[: len(samples) - start]
    return samples


def onset(samples: Samples, *, level: float = 0.2) -> int:
    """Return the first sample that is loud. Shapes: `samples` (channels, samples) or (samples,)."""
    loud = np.abs(samples if samples.ndim == 1 else samples.max(axis=0)) > level
    if not loud.any():
        raise ValueError(f"silent: the peak is {np.abs(samples).max(initial=0):.4f}")
    return int(loud.argmax())


# ── pictures and music ──────────────────────────────────────────────────────────────────────


def write_image(
    path: Path, size: tuple[int, int] = (1280, 720), *, alpha: bool = False, seed: int = 1
) -> Path:
    """Write a landscape at dusk (png, jpg or webp by the name); with `alpha` in a soft oval."""
    pixels = landscape(size, seed=seed)
    if alpha:
        width, height = size
        x, y = np.linspace(-1, 1, width)[None, :], np.linspace(-1, 1, height)[:, None]
        cover = np.clip((1 - np.hypot(x, y)) * min(size) / 8, 0, 1)[..., None] * 255
        pixels = np.concatenate([pixels, cover.astype(np.uint8)], axis=-1)
    codec = PICTURE_CODECS[path.suffix]
    formats = {"png": "rgba" if alpha else "rgb24", "mjpeg": "yuvj444p", "libwebp": "bgra"}
    frame = av.VideoFrame.from_ndarray(pixels, "rgba" if alpha else "rgb24")
    frame = frame.reformat(format=formats[codec], dst_color_range="JPEG", dst_colorspace="ITU601")
    with av.open(path, "w", format="webp" if codec == "libwebp" else "image2") as container:
        stream = container.add_stream(codec, rate=1)
        stream.width, stream.height, stream.pix_fmt = size[0], size[1], formats[codec]
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def landscape(size: tuple[int, int], *, seed: int = 1) -> Pixels:
    """Return hills before an evening sky. Shapes: (height, width, 3) uint8, RGB."""
    width, height = size
    chance = np.random.default_rng(seed)
    x, y = np.linspace(0, 1, width)[None, :], np.linspace(0, 1, height)[:, None]
    top, low = np.array([0.16, 0.2, 0.45]), np.array([0.98, 0.66, 0.42])
    picture = top + (low - top) * np.clip(y * 1.4, 0, 1)[..., None] * np.ones((1, width, 1))
    sun = np.hypot((x - 0.68) * width / height, y - 0.52)
    picture += np.exp(-(sun**2) * 14)[..., None] * np.array([0.35, 0.22, 0.05])
    picture = np.where((sun < 0.09)[..., None], [1.0, 0.93, 0.75], picture)
    for depth in range(4):
        waves = chance.uniform(1.5, 4 + 3 * depth, 4)
        shifts = chance.uniform(0, 2 * pi, 4)
        ridge = sum(np.sin(x * w * pi + s) / w for w, s in zip(waves, shifts, strict=True))
        edge = 0.58 + 0.11 * depth + 0.06 * ridge
        cover = np.clip((y - edge) * height / 2, 0, 1)[..., None]
        tint = np.array([0.36, 0.3, 0.44]) * (1 - 0.24 * depth) + 0.05 * (1 - y)[..., None]
        picture = picture * (1 - cover) + tint * cover
    grain = chance.normal(0, 0.006, (height, width, 1))
    return (np.clip(picture + grain, 0, 1) * 255).astype(np.uint8)


def write_music(path: Path, seconds: float, *, sample_rate_hz: int = 48_000) -> Path:
    """Write a slow round of four soft chords (wav, m4a, mp3, flac or ogg by the name)."""
    with av.open(path, "w") as container:
        stream = _add_sound(container, path, sample_rate_hz, "stereo")
        _encode_sound(container, stream, music(seconds, sample_rate_hz))
    return path


def write_sound(
    path: Path,
    samples: Samples,
    *,
    sample_rate_hz: int = 48_000,
    layout: str = "stereo",
    codec: str | None = None,
) -> Path:
    """Write samples as they are. Shapes: `samples` (channels of the layout, samples), -1..1."""
    with av.open(path, "w") as container:
        stream = _add_sound(container, path, sample_rate_hz, layout, codec)
        _encode_sound(container, stream, samples)
    return path


def music(seconds: float, sample_rate_hz: int = 48_000) -> Samples:
    """Return a slow round of four soft chords. Shapes: (2, samples)."""
    chords = ((220.0, 261.63, 329.63), (174.61, 220.0, 261.63), (130.81, 196.0, 329.63))
    chords = (*chords, (196.0, 246.94, 293.66))
    count = round(seconds * sample_rate_hz)
    output = np.zeros((2, count), np.float32)
    length = 2 * sample_rate_hz
    for number, start in enumerate(range(0, count, length)):
        time_s = np.arange(min(length, count - start), dtype=np.float32) / sample_rate_hz
        swell = np.minimum(time_s / 0.08, 1) * np.minimum((2 - time_s) / 0.25, 1)
        for voice, pitch in enumerate(chords[number % 4]):
            tone = np.sin(2 * pi * pitch * time_s) + 0.3 * np.sin(4 * pi * pitch * time_s)
            pan = np.array([[0.6 + 0.2 * (1 - voice)], [0.6 - 0.2 * (1 - voice)]], np.float32)
            output[:, start : start + len(time_s)] += 0.16 * pan * tone * swell
        bell = np.sin(2 * pi * 4 * chords[number % 4][number % 3] * time_s) * np.exp(-3 * time_s)
        output[:, start : start + len(time_s)] += 0.05 * bell * np.minimum(time_s / 0.005, 1)
    return output


def sine(pitch_hz: float, seconds: float, sample_rate_hz: int = 48_000) -> Samples:
    """Return a tone of amplitude 1. Shapes: (samples,)."""
    time_s = np.arange(round(seconds * sample_rate_hz)) / sample_rate_hz
    return np.sin(2 * pi * pitch_hz * time_s).astype(np.float32)


# ── reading back ────────────────────────────────────────────────────────────────────────────


def luma_frames(path: Path) -> Iterator[tuple[Fraction, Pixels]]:
    """Yield the time and luma of each frame as a player shows them. Shapes: (height, width)."""
    with av.open(path) as container:
        for frame in container.decode(video=0):
            assert frame.pts is not None
            assert frame.time_base is not None
            yield frame.pts * frame.time_base, frame.to_ndarray(format="gray")


def read_sound(path: Path) -> tuple[Fraction, Samples]:
    """Return the begin of the sound and all its samples. Shapes: (channels, samples)."""
    blocks: list[Samples] = []
    begin: Fraction | None = None
    with av.open(path) as container:
        resampler = av.AudioResampler(format="fltp")
        for frame in container.decode(audio=0):
            if begin is None:
                assert frame.pts is not None
                assert frame.time_base is not None
                begin = frame.pts * frame.time_base
            blocks.extend(part.to_ndarray() for part in resampler.resample(frame))
    assert begin is not None
    return begin, np.concatenate(blocks, axis=1)


# ── encoders ────────────────────────────────────────────────────────────────────────────────


def _stored_size(size: tuple[int, int], rotation: int) -> tuple[int, int]:
    return (size[1], size[0]) if rotation % 180 else size


def _has_alpha(pixel_format: str) -> bool:
    return pixel_format.startswith(("yuva", "rgba", "bgra", "argb"))


def _set_up_video(
    stream: Any, size: tuple[int, int], pixel_format: str, time_base: Fraction, gop: int
) -> None:
    stream.width, stream.height = size
    stream.pix_fmt = pixel_format
    context = stream.codec_context
    context.time_base = time_base
    context.gop_size = gop
    if pixel_format.startswith("yuv"):
        for name, value in BT709_TV.items():
            setattr(context, name, value)


def _video_frame(pixels: Pixels, pixel_format: str) -> av.VideoFrame:
    source_format = "rgba" if pixels.shape[2] == 4 else "rgb24"
    frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), source_format)
    if not pixel_format.startswith("yuv"):
        return frame.reformat(format=pixel_format)
    frame = frame.reformat(
        format=pixel_format,
        src_colorspace="ITU709",
        dst_colorspace="ITU709",
        src_color_range="JPEG",
        dst_color_range="MPEG",
    )
    frame.colorspace, frame.color_range = 1, 1
    frame.color_primaries, frame.color_trc = 1, 1
    return frame


def _add_sound(
    container: Any, path: Path, sample_rate_hz: int, layout: str, codec: str | None = None
) -> Any:
    codec = codec or SOUND_CODECS[path.suffix]
    stream = container.add_stream(codec, rate=sample_rate_hz)
    stream.layout = layout
    formats = [known.name for known in av.Codec(codec, "w").audio_formats or ()]
    stream.format = next((name for name in ("fltp", "flt") if name in formats), formats[0])
    if codec in LOSSY:
        stream.bit_rate = 96_000 * stream.layout.nb_channels
    stream.codec_context.time_base = Fraction(1, sample_rate_hz)
    return stream


def _encode_sound(container: Any, stream: Any, samples: Samples, *, first_sample: int = 0) -> None:
    resampler = av.AudioResampler(format=stream.format.name)
    for start in range(0, samples.shape[1], 1024):
        block = np.ascontiguousarray(samples[:, start : start + 1024], np.float32)
        frame = av.AudioFrame.from_ndarray(block, "fltp", stream.layout.name)
        frame.sample_rate = stream.sample_rate
        frame.time_base = Fraction(1, stream.sample_rate)
        frame.pts = first_sample + start
        for converted in resampler.resample(frame):
            container.mux(stream.encode(converted))
    container.mux(stream.encode(None))


def _stereo(samples: Samples) -> Samples:
    return np.stack([samples, samples])
