"""Copied frames are the source's own, bit for bit, and join with what is encoded beside them."""

import subprocess
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np

import media
from vidgenie.core.edit.parse import parse
from vidgenie.core.plan.chunks import plan
from vidgenie.core.plan.model import Copy
from vidgenie.core.timeline.needs import needs
from vidgenie.core.timeline.resolve import resolve
from vidgenie.engine.probe import probe
from vidgenie.engine.render import render_chunk
from vidgenie.engine.source import LocalSource
from vidgenie.engine.stitch import stitch


def luma(path: Path) -> list[media.Pixels]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray() for frame in container.decode(video=0)]


def test_two_cuts_in_mid_gop_join_and_keep_every_copied_bit(tmp_path: Path) -> None:
    source = media.write_counter_video(tmp_path / "source.mp4", frames=100)
    first = {"asset": {"type": "video", "src": str(source), "trim": 0.5}, "start": 0, "length": 2.5}
    second = {**first, "asset": {**first["asset"], "trim": 1}, "start": 2.5, "length": 2}  # type: ignore[dict-item]
    output = {"format": "mp4", "size": {"width": 640, "height": 360}, "fps": 30}
    edit = parse(
        {"timeline": {"tracks": [{"clips": [first, second]}]}, "output": output}, allow_local=True
    )
    assets = {n.src: LocalSource(Path(n.src), probe(Path(n.src))) for n in needs(edit)}
    timeline = resolve(edit, {name: asset.facts for name, asset in assets.items()})
    made = plan(timeline)
    files, copied = [], 0
    for chunk in made.chunks:
        files.append(tmp_path / f"{chunk.index}.mp4")
        stats = render_chunk(timeline, chunk, assets, made.encoder, files[-1])
        copied += stats.frames_copied
    target = tmp_path / "out.mp4"
    stitch(files, None, target, timeline.rate)
    spans = [chunk.spans[0] for chunk in made.chunks if isinstance(chunk.spans[0].recipe, Copy)]
    assert copied == sum(len(span.frames) for span in spans) > 0
    shown, whole = luma(target), luma(source)
    for span in spans:
        assert isinstance(span.recipe, Copy)
        for number in range(len(span.frames)):
            ours = shown[span.frames.start + number]
            assert np.array_equal(ours, whole[span.recipe.source.start + number]), (span, number)
    numbers = [media.read_counter(picture[:360]) for picture in shown]
    assert numbers == [*range(15, 90), *range(30, 90)]
    told = subprocess.run(
        [
            imageio_ffmpeg.get_ffmpeg_exe(),
            "-xerror",
            "-v",
            "warning",
            "-i",
            target,
            "-f",
            "null",
            "-",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (told.returncode, told.stdout + told.stderr) == (0, "")
