"""Every format of `output.format`, from the edit to the file and back: what a player gets."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

import media
import strictly
from vidgenie.engine.animation import Animation
from vidgenie.engine.artifact.framehash import frame_hashes
from vidgenie.services.local import render as local

WIDTH, HEIGHT, FPS = 160, 90, 25
Pixels = NDArray[np.uint8]
Make = Callable[..., Path]

BOX = (255, 32, 0)
"""A half-transparent box lies over the lower left quarter."""


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    size, lossless = (WIDTH, HEIGHT), {"crf": "0", "preset": "ultrafast"}
    media.write_counter_video(folder / "film.mp4", size=size, rate=FPS, frames=50, options=lossless)
    media.write_music(folder / "tone.wav", 2.0)
    return folder


@pytest.fixture
def make(sources: Path, tmp_path: Path) -> Make:
    """Render an output of two seconds of film with a tone; `clips` lie above."""

    def made(
        form: str, *, clips: Any = (), background: str = "#000000", film: bool = True, **output: Any
    ) -> Path:
        below = {"asset": {"type": "video", "src": "film.mp4"}, "start": 0, "length": 2}
        tone = {"asset": {"type": "audio", "src": "tone.wav"}, "start": 0, "length": 2}
        tracks = [{"clips": list(clips)}] if clips else []
        tracks += [{"clips": [below]}] if film else []
        document = {
            "timeline": {"background": background, "tracks": [*tracks, {"clips": [tone]}]},
            "output": {
                "format": form,
                "size": {"width": WIDTH, "height": HEIGHT},
                "fps": FPS,
                "range": {"start": 0, "length": 0.8},
                **output,
            },
        }
        target = tmp_path / f"out{len(list(tmp_path.iterdir()))}.{form}"
        job = local.load(document, sources)
        local.render(job, target, workers=1, kept=None, note=lambda *_: None)
        return target

    return made


def box() -> dict[str, Any]:
    shape = {"type": "shape", "shape": "rectangle", "rectangle": {"width": 80, "height": 45}}
    shape |= {"width": 80, "height": 45, "fill": {"color": "#ff2000", "opacity": 0.5}}
    return {"asset": shape, "start": 0, "length": 2, "position": "bottomLeft"}


def numbers(frames: list[tuple[Fraction, av.VideoFrame]]) -> list[int]:
    return [media.read_counter(frame.to_ndarray(format="gray")) for _, frame in frames]


def psnr_db(one: Pixels, other: Pixels) -> float:
    error = np.mean((one.astype(float) - other.astype(float)) ** 2)
    return float(10 * np.log10(255**2 / error)) if error else 99.0


VIDEOS = {
    "h264": ("mp4", {}, "h264", "avc1", "yuv420p", "aac"),
    "h265": ("mp4", {"codec": "h265"}, "hevc", "hvc1", "yuv420p", "aac"),
    "av1": ("mp4", {"codec": "av1"}, "libdav1d", "av01", "yuv420p", "aac"),
    "vp9": ("webm", {}, "vp9", None, "yuv420p", "opus"),
    "prores": ("mov", {}, "prores", "ap4h", "yuv444p12le", "pcm_s16le"),
}
NTSC = {"fps": 29.97, "range": {"start": 0, "length": 0.7}}


@pytest.mark.parametrize("name", VIDEOS)
def test_a_video_is_what_its_format_promises(make: Make, name: str) -> None:
    form, output, codec, tag, pixels, voice = VIDEOS[name]
    path = make(form, **output)
    frames = strictly.shown(path)
    assert numbers(frames) == list(range(20))
    assert [time for time, _ in frames] == [Fraction(n, FPS) for n in range(20)]
    with av.open(path) as file:
        stream, sound = file.streams.video[0], file.streams.audio[0]
        context = stream.codec_context
        assert (context.name, context.pix_fmt) == (codec, pixels)
        assert tag is None or context.codec_tag == tag
        assert (context.colorspace, context.color_primaries, context.color_trc) == (1, 1, 1)
        assert context.color_range == 1
        assert stream.average_rate == FPS
        assert (context.width, context.height) == (WIDTH, HEIGHT)
        assert (sound.codec_context.name, sound.rate, sound.channels) == (voice, 48_000, 2)
        assert abs(Fraction(file.duration, 1_000_000) - Fraction(4, 5)) < Fraction(1, 40)
        assert voice != "aac" or sound.duration * sound.time_base == Fraction(4, 5)
    begin, samples = media.read_sound(path)
    assert begin == 0
    if voice != "aac":  # FFmpeg plays AAC's padding, whatever the edit list says
        assert samples.shape == (2, 38_400), "neither priming nor padding is heard"
    if form != "webm":
        content = path.read_bytes()
        assert content.index(b"moov") < content.index(b"mdat")


@pytest.mark.parametrize("name", VIDEOS)
def test_a_rate_that_is_no_whole_number_is_exact(make: Make, name: str) -> None:
    form, output = VIDEOS[name][:2]
    frames = strictly.shown(make(form, mute=True, **output, **NTSC))
    rate = Fraction(30000, 1001)
    slack = Fraction(1, 2000) if form == "webm" else 0  # Matroska counts milliseconds
    assert len(frames) == 21
    assert max(abs(time - n / rate) for n, (time, _) in enumerate(frames)) <= slack


def test_half_transparent_stays_half_transparent(make: Make) -> None:
    """VP9 and ProRes within their loss; images and WebP to the value."""
    see_through = {"clips": [box()], "background": "#00000000", "film": False, "mute": True}
    for form, decoder, slack in (("webm", "libvpx-vp9", 4), ("mov", None, 4), ("webp", None, 1)):
        output = {**see_through, "range": {"start": 0, "length": 0.12}, "quality": "high"}
        path = make(form, **output)
        if form == "webp":
            pictures = Animation(path).pictures
        else:
            frames = strictly.shown(path, decoder)
            pictures = [frame.to_ndarray(format="bgra") for _, frame in frames]
        assert len(pictures) == (1 if form == "webp" else 3), "a WebP says how long one lasts"
        _check_box(pictures[-1], form, slack)
    output = {**see_through, "mute": False, "range": {"start": 0, "length": 0.04}}
    png = cv2.imread(str(make("png", **output)), cv2.IMREAD_UNCHANGED)
    _check_box(png, "png", 1)


def _check_box(bgra: Pixels, form: str, slack: int) -> None:
    inside, outside = bgra[55:80, 10:70].astype(int), bgra[5:35, 90:150].astype(int)
    assert abs(inside[..., 3] - 128).max() <= slack, (form, inside[..., 3].min())
    assert abs(inside[..., 2::-1] - BOX).mean(axis=(0, 1)).max() <= 2 + slack, form
    assert outside[..., 3].max() <= slack // 2, form


def test_without_alpha_the_other_videos_have_none(make: Make) -> None:
    path = make("webm", clips=[box()], mute=True)
    with av.open(path) as file:
        assert "alpha_mode" not in {key.lower() for key in file.streams.video[0].metadata}
    assert strictly.shown(path, "libvpx-vp9")[0][1].format.name == "yuv420p"


@pytest.mark.parametrize("repeat", [True, False])
def test_a_gif_is_near_its_pictures_and_plays_as_asked(make: Make, repeat: bool) -> None:
    path, mp4 = make("gif", repeat=repeat), make("mp4", quality="veryhigh")
    content = path.read_bytes()
    assert content[:6] == b"GIF89a"
    assert (b"NETSCAPE2.0\x03\x01\x00\x00" in content) == repeat
    frames = strictly.shown(path)
    assert [time for time, _ in frames] == [Fraction(n, FPS) for n in range(20)]
    assert numbers(frames) == list(range(20))
    for (_, gif), (_, film) in zip(frames, strictly.shown(mp4), strict=True):
        true = film.to_ndarray(format="bgr24", src_colorspace="ITU709")
        assert psnr_db(gif.to_ndarray(format="bgr24"), true) > 32


def test_a_gif_that_is_see_through(make: Make) -> None:
    solid = box()
    solid["asset"]["fill"]["opacity"] = 1
    moving = {**solid, "offset": {"x": [{"from": 0, "to": 0.3, "start": 0, "length": 0.5}]}}
    path = make("gif", clips=[moving], background="#00000000", film=False)
    for number, (_, frame) in enumerate(strictly.shown(path)[:10]):
        bgra = frame.to_ndarray(format="bgra")
        left = round(0.3 * min(number / FPS, 0.5) / 0.5 * WIDTH)
        assert bgra[60, left + 6, 3] == 255, "the box"
        assert abs(bgra[60, left + 6, 2::-1].astype(int) - BOX).max() < 12
        assert bgra[20, 80, 3] == 0, "around it"
        assert left < 8 or bgra[60, left - 6, 3] == 0, "where it was"


@pytest.mark.parametrize("repeat", [True, False])
def test_a_webp_moves_and_plays_as_asked(make: Make, repeat: bool) -> None:
    path = make("webp", repeat=repeat, quality="high")
    content, animation = path.read_bytes(), Animation(path)
    place = content.index(b"ANIM")
    assert int.from_bytes(content[place + 12 : place + 14], "little") == (0 if repeat else 1)
    assert set(animation.delays_ms) == {1000 // FPS}
    shown = [media.read_counter(picture[..., 2::-1]) for picture in animation.pictures]
    assert shown == list(range(20))


@pytest.mark.parametrize(("form", "codec"), [("wav", "pcm_s16le"), ("mp3", "mp3float")])
def test_sound_alone_is_the_sound_and_as_long(make: Make, form: str, codec: str) -> None:
    path = make(form)
    with strictly.opened(path) as file:
        assert not file.streams.video
        context = file.streams.audio[0].codec_context
        assert (context.name, context.sample_rate, context.channels) == (codec, 48_000, 2)
    _, samples = media.read_sound(path)
    assert samples.shape == (2, 38_400)
    _, whole = media.read_sound(make("wav", range={"start": 0, "length": 2}))
    assert np.abs(samples - whole[:, :38_400])[:, 2000:-2000].max() < 0.02


@pytest.mark.parametrize("form", ["jpg", "png", "bmp"])
def test_an_image_is_the_first_frame_that_is_put_out(make: Make, form: str) -> None:
    path = make(form, range={"start": 0.48, "length": 1}, quality="high")
    pixels = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert pixels.shape == (HEIGHT, WIDTH, 3)
    assert media.read_counter(pixels[..., ::-1]) == 12
    true = media.counter_picture((WIDTH, HEIGHT), 12)[..., ::-1]
    assert psnr_db(pixels, true) > 30
    assert len(frame_hashes(path)) == 1


def test_range_and_size(make: Make) -> None:
    frames = strictly.shown(make("mp4", range={"start": 0.4, "length": 0.6}, scaleTo="preview"))
    assert numbers(frames) == list(range(10, 25))
    assert frames[0][0] == 0, "the file begins at its own zero"
    assert (frames[0][1].width, frames[0][1].height) == (512, 288)


GRADED = ["h264", "h265", "av1", "vp9", "prores", "gif", "webp", "jpg"]


@pytest.mark.parametrize("name", GRADED)
def test_a_better_quality_is_larger_and_nearer(make: Make, sources: Path, name: str) -> None:
    form, output = VIDEOS[name][:2] if name in VIDEOS else (name, {})
    true = [
        frame.to_ndarray(format="bgr24", src_colorspace="ITU709")
        for _, frame in strictly.shown(sources / "film.mp4")
    ]
    sizes, nearness = [], []
    for quality in ("verylow", "medium", "veryhigh"):
        path = make(form, quality=quality, mute=form != "jpg", **output)
        sizes.append(path.stat().st_size)
        pairs = zip(_pictures(path), true, strict=False)
        if form == "gif":  # from afar: a dither is wrong in every dot, and right between them
            pairs = (tuple(cv2.GaussianBlur(x, (0, 0), 2) for x in pair) for pair in pairs)
        near = [psnr_db(*pair) for pair in pairs]
        nearness.append(sum(near) / len(near))
    assert sizes == sorted(set(sizes)), sizes
    assert nearness[0] + 0.5 < nearness[1] < nearness[2] - 0.1, nearness


def _pictures(path: Path) -> list[Pixels]:
    if path.suffix == ".webp":
        return [picture[..., :3] for picture in Animation(path).pictures]
    if path.suffix == ".jpg":
        return [cv2.imread(str(path))]
    space = None if path.suffix == ".gif" else "ITU709"
    frames = strictly.shown(path)
    return [frame.to_ndarray(format="bgr24", src_colorspace=space) for _, frame in frames]


def test_what_lies_beside(make: Make) -> None:
    words = [{"text": "Hello", "start": 0.1, "end": 0.3}, {"text": "you", "start": 0.3, "end": 0.5}]
    spoken = {"asset": {"type": "caption", "words": words}, "start": 0, "length": 2}
    path = make(
        "mp4",
        clips=[spoken],
        mute=True,
        poster={"capture": 0.32},
        thumbnail={"capture": 0.2, "scale": 0.5},
        subtitles={"embed": True, "sidecar": ["vtt"]},
    )
    with av.open(path) as file:
        assert not file.streams.audio
        track = file.streams.subtitles[0]
        texts = [bytes(packet)[2:].decode() for packet in file.demux(track) if packet.size > 2]
    assert "Hello" in " ".join(texts)
    assert path.with_suffix(".vtt").read_text().startswith("WEBVTT")
    poster = cv2.imread(str(path.with_name(f"{path.stem}-poster.jpg")))
    assert (poster.shape, media.read_counter(poster)) == ((HEIGHT, WIDTH, 3), 8)
    thumbnail = cv2.imread(str(path.with_name(f"{path.stem}-thumb.jpg")))
    assert (thumbnail.shape, media.read_counter(thumbnail)) == ((HEIGHT // 2, WIDTH // 2, 3), 5)
