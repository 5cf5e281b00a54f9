"""`output.renditions`: further files of the same render, each with the right picture and sound."""

from pathlib import Path
from typing import Any

import av
import pytest

import media
import strictly
from documents import problem
from vidgenie.engine.kept import KeptChunks
from vidgenie.services.local import render as local


def edit(*renditions: dict[str, Any], **output: Any) -> dict[str, Any]:
    film = {"asset": {"type": "video", "src": "film.mp4"}, "start": 0, "length": 1}
    return {
        "timeline": {"tracks": [{"clips": [film]}]},
        "output": {
            "format": "mp4",
            "size": {"width": 320, "height": 180},
            "fps": 25,
            "renditions": list(renditions),
            **output,
        },
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    media.write_counter_video(tmp_path / "film.mp4", size=(320, 180), rate=25, sound=True)
    return tmp_path


def rendered(folder: Path, document: dict[str, Any]) -> tuple[Path, dict[str, Any]]:
    target = folder / "out.mp4"
    kept = KeptChunks(folder / "kept", size_max=1 << 30)
    job = local.load(document, folder)
    done = local.render(job, target, workers=2, kept=kept, note=lambda *_: None)
    assert all(path.exists() for path in done.beside)
    return target, dict(done.figures)


def test_every_rendition_shows_the_same_film(folder: Path) -> None:
    path, figures = rendered(
        folder,
        edit(
            {"name": "small", "size": {"height": 90}},
            {"name": "rough", "quality": "verylow"},
            {"name": "web", "format": "webm", "size": {"width": 160, "height": 90}},
            {"name": "sound", "format": "mp3"},
            {"name": "still", "format": "jpg"},
        ),
    )
    told = {each["name"]: each for each in figures["renditions"]}
    assert [each["file"] for each in told.values()] == [
        "out-small.mp4", "out-rough.mp4", "out-web.webm", "out-sound.mp3", "out-still.jpg",
    ]  # fmt: skip
    sizes = {"": (320, 180), "-small": (160, 90), "-rough": (320, 180), "-web": (160, 90)}
    for name, size in sizes.items():
        file = folder / f"out{name}.{'webm' if name == '-web' else 'mp4'}"
        frames = strictly.shown(file)
        assert [media.read_counter(f.to_ndarray(format="gray")) for _, f in frames] == list(
            range(25)
        )
        assert (frames[0][1].width, frames[0][1].height) == size
        with av.open(file) as container:
            assert len(container.streams.audio) == 1
    assert told["rough"]["size_bytes"] < path.stat().st_size
    assert media.read_sound(folder / "out-sound.mp3")[1].shape == (2, 48_000)
    assert told["still"]["frames"] == 1


def test_another_shape_is_laid_out_anew(folder: Path) -> None:
    """A film fills the upright frame (`crop`); squeezed to its shape it would be all there."""
    rendered(folder, edit({"name": "tall", "aspectRatio": "9:16", "resolution": "preview"}))
    frames = strictly.shown(folder / "out-tall.mp4")
    assert (len(frames), frames[0][1].width, frames[0][1].height) == (25, 288, 512)
    luma, true = frames[9][1].to_ndarray(format="gray"), media.counter_picture((320, 180), 9)
    shown = (288 - 320 / 180 * 512) / 2, 0, 320 / 180 * 512, 512
    middle = luma[300:310, 140:148].mean()
    x, y = int((144 - shown[0]) / shown[2] * 320), int(305 / 512 * 180)
    assert abs(middle - true[y, x].mean() * 219 / 255 - 16) < 25


def test_a_second_time_nothing_is_made(folder: Path) -> None:
    document = edit({"name": "small", "resolution": "preview"}, {"name": "low", "quality": "low"})
    document["timeline"]["tracks"][0]["clips"][0]["filter"] = "greyscale"  # not a mere copy
    first = rendered(folder, document)[1]["renditions"]
    kept = {path.name for path in (folder / "kept").iterdir()}
    again = rendered(folder, document)[1]["renditions"]
    assert [each["sha256"] for each in again] == [each["sha256"] for each in first]
    assert {path.name for path in (folder / "kept").iterdir()} == kept


@pytest.mark.parametrize(
    ("renditions", "path"),
    [
        ([{"name": "a"}, {"name": "A"}], "1/name"),
        ([{"name": "poster"}], "0/name"),
        ([{"name": "a", "size": {"width": 90}, "resolution": "sd"}], "0/size"),
        ([{"name": "a", "size": {"width": 4096, "height": 4096}}], "0/size"),
    ],
)
def test_what_cannot_be_is_told(renditions: list[dict[str, Any]], path: str) -> None:
    document = edit(*renditions)
    document["timeline"]["tracks"][0]["clips"][0]["asset"]["src"] = "https://a.example/film.mp4"
    assert problem(document).path == f"/output/renditions/{path}"
