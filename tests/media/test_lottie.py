"""Lottie: files read, frames painted at points worked out by hand, damage that stays outside."""

import copy
import gzip
import json
import random
import zipfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

import lotties
from lotties import document, ellipse, fill, layer, path, placed, shapes
from spoiling import spoilt
from vidgenie.core.edit.model import Clip
from vidgenie.core.geometry import Affine, Size
from vidgenie.core.lottie.document import read_lottie
from vidgenie.core.timeline.graphics.lottie import from_lottie
from vidgenie.core.timeline.graphics.scene import Scene
from vidgenie.engine import sandbox
from vidgenie.engine.confine import Allowance
from vidgenie.engine.paint.lottie.draw import lottie_drawing
from vidgenie.engine.paint.raster import canvas_on
from vidgenie.engine.pool import FramePool
from vidgenie.engine.probe import probe
from vidgenie.engine.tasks import facts_from_json, facts_to_json
from vidgenie.errors import AssetUnsupported, VidGenieError

Pixels = NDArray[np.uint8]


SIZE = Size(200, 100)


def painted(
    made: dict[str, Any], frame: float, matrix: Affine | None = None, size: Size = SIZE
) -> Pixels:
    """Return premultiplied RGBA of a document painted by its clip's drawing."""
    clip = {"asset": {"type": "lottie", "data": made}, "start": 0, "length": 9}
    content = from_lottie(Clip.model_validate(clip), Scene(size, {}))
    pixels = np.zeros((size.height, size.width, 4), np.uint8)
    canvas, m = canvas_on(pixels), matrix or Affine()
    canvas.concat(_skia(m))
    lottie_drawing(content, (frame,), FramePool({})).draw(canvas)
    del canvas
    return pixels[..., [2, 1, 0, 3]]


def _skia(m: Affine) -> Any:
    import skia

    return skia.Matrix.MakeAll(m.a, m.c, m.e, m.b, m.d, m.f, 0, 0, 1)


def middle(pixels: Pixels) -> tuple[float, float]:
    """Return the centre of what is there, by its weight."""
    weight = pixels[..., 3].astype(float)
    total = weight.sum()
    ys, xs = np.mgrid[: weight.shape[0], : weight.shape[1]] + 0.5
    return float((xs * weight).sum() / total), float((ys * weight).sum() / total)


def test_frames_are_painted_where_the_document_says() -> None:
    made = lotties.slider()
    for frame, x in ((0, 30), (15, 100), (15.3, 101.4), (30, 170), (59.999, 170)):
        assert middle(painted(made, frame)) == pytest.approx((x, 50), abs=0.05)
    pixels = painted(made, 15)
    assert tuple(pixels[50, 100]) == (127, 0, 0, 127), "half clear, and premultiplied"
    assert tuple(pixels[50, 79]) == (0, 0, 0, 0)
    assert pixels[50, 80:120, 3].min() > 100


def test_it_is_sharp_at_any_scale_and_moves_by_parts_of_a_pixel() -> None:
    made = lotties.slider()
    large = painted(made, 0, Affine.scaling(8, 8), Size(480, 800))
    edges = np.count_nonzero((large[400, :, 3] > 2) & (large[400, :, 3] < 125))
    assert edges <= 4, "an edge is one pixel wide, however large"
    places = [middle(painted(made, 0, Affine.translation(step / 10, 0)))[0] for step in range(11)]
    assert places == pytest.approx([30 + step / 10 for step in range(11)], abs=0.03)
    turned = painted(made, 0, Affine.rotation(90).then(Affine.translation(100, 0)))
    assert middle(turned) == pytest.approx((50, 30), abs=0.05)


def test_letters_are_those_of_the_fonts_at_hand() -> None:
    made = document(
        200, 100, 60, lotties.text(1, placed(100, 70), "HH", 50, "#00ff00"),
        fonts=lotties.font("Montserrat", "ExtraBold"),
    )  # fmt: skip
    bold = painted(copy.deepcopy(made), 0)
    thin = painted(made | {"fonts": lotties.font("Montserrat", "Thin")}, 0)
    assert middle(bold)[0] == pytest.approx(100, abs=0.5), "centred"
    assert bold[..., 3].sum() > 3 * thin[..., 3].sum() > 0
    rows = np.nonzero(bold[..., 3].max(axis=1) > 127)[0]
    assert (rows[0], rows[-1]) == (35, 69), "0.7 em of capitals stand on the baseline"


def embedded() -> dict[str, Any]:
    done, png = cv2.imencode(".png", np.full((4, 4, 4), (255, 0, 0, 128), np.uint8))
    assert done
    return lotties.everything(png.tobytes())


def test_pictures_are_shown_from_within_the_document_only(tmp_path: Path) -> None:
    made = embedded()
    held = document(4, 4, 60, layer(2, 1, placed(0, 0), refId="i"), assets=made["assets"][:1])
    shown = painted(copy.deepcopy(held), 0, size=Size(4, 4))
    assert shown[2, 2] == pytest.approx((0, 0, 128, 128), abs=1)
    secret = tmp_path / "secret.png"
    cv2.imwrite(str(secret), np.zeros((4, 4, 3), np.uint8))
    held["assets"][0] |= {"u": f"{tmp_path}/", "p": "secret.png", "e": 0}
    with pytest.raises(ValueError, match=r"secret\.png"):
        read_lottie(held)


def test_files_are_read_as_people_have_them(tmp_path: Path) -> None:
    text = json.dumps(lotties.slider()).encode()
    (tmp_path / "a.json").write_bytes(b"\xef\xbb\xbf \n" + text)
    (tmp_path / "a.tgs").write_bytes(gzip.compress(text))
    with zipfile.ZipFile(tmp_path / "a.lottie", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("manifest.json", json.dumps({"animations": [{"id": "two"}]}))
        package.writestr("animations/one.json", "{}")
        package.writestr("animations/two.json", text)
    for name in ("a.json", "a.tgs", "a.lottie"):
        facts = probe(tmp_path / name)
        assert facts.lottie == read_lottie(lotties.slider())
        assert (facts.container, facts.duration_s) == ("lottie", 2.0)
        assert facts.video is not None
        assert (facts.video.width, facts.video.height) == (200, 100)
        assert (facts.video.frames.count, float(facts.video.frames.rate)) == (60, 30)
        assert facts_from_json(json.loads(json.dumps(facts_to_json(facts)))) == facts


def test_a_package_brings_its_pictures(tmp_path: Path) -> None:
    made = embedded()
    held = document(4, 4, 60, layer(2, 1, placed(0, 0), refId="i"), assets=made["assets"][:1])
    done, png = cv2.imencode(".png", np.zeros((4, 4, 3), np.uint8))
    assert done
    held["assets"][0] |= {"u": "/images/", "p": "img_0.png", "e": 0}
    for picture, is_there in ((png.tobytes(), True), (b"<svg/>", False)):
        with zipfile.ZipFile(tmp_path / "a.lottie", "w") as package:
            package.writestr("a/x.json", json.dumps(held))
            package.writestr("i/img_0.png", picture)
        if is_there:
            assert probe(tmp_path / "a.lottie").lottie is not None
        else:
            with pytest.raises(AssetUnsupported, match=r"img_0\.png"):
                probe(tmp_path / "a.lottie")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'{"layers": ', "no Lottie document"),
        (b'{"layers": {}}', "no `layers`"),
        (b"{}", "a JSON text"),
        (b'{"layers": NaN}', "NaN"),
        (b"[" * 100_000, "a JSON text"),
        (b'{"layers":' * 100_000, "nests too deep"),
        (gzip.compress(b"{}", mtime=0)[:12], "no Lottie document|damaged"),
        (b"PK\x03\x04" + bytes(30), "damaged"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, data: bytes, told: str) -> None:
    (tmp_path / "a.json").write_bytes(data)
    with pytest.raises(AssetUnsupported, match=told):
        probe(tmp_path / "a.json")


def paint_spoilt(report: Any, held: Any, seed: int, count: int) -> int:
    """Paint documents with something wrong in them; return how many could be painted."""
    rng, whole, done = random.Random(seed), embedded(), 0
    for _ in range(count):
        made = spoilt(rng, whole)
        try:
            read_lottie(made)
            painted(made, 7)
        except (ValueError, VidGenieError):
            continue
        done += 1
    return done


def test_spoilt_documents_harm_none_but_their_child() -> None:
    whole = embedded()
    assert painted(whole, 15, size=Size(120, 100))[..., 3].any()
    outcomes = []
    for seed in range(6):
        try:
            outcomes.append(
                sandbox.run_callable(
                    paint_spoilt, (seed, 25), allowance=Allowance(memory_bytes=4 << 30), wall_s=20
                )
            )
        except VidGenieError as error:  # the child died, or was stopped: a clear end
            outcomes.append(error.code)
    assert any(isinstance(one, int) and one > 5 for one in outcomes), outcomes


def test_what_overhangs_the_document_is_cut() -> None:
    made = document(100, 100, 60, shapes(1, placed(100, 50), ellipse(60, 60), fill("#ffffff")))
    pixels = painted(made, 0)
    assert pixels[50, 99, 3] == 255
    assert not pixels[:, 100:].any()
    square = path((0, 0), (50, 0), (50, 50), (0, 50), is_closed=True)
    made = document(100, 100, 60, shapes(1, placed(0, 0), square, fill("#00ff00")))
    assert tuple(painted(made, 0)[25, 25]) == (0, 255, 0, 255)
