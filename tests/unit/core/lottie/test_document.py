"""What a Lottie document says: its time, when it stands still, and what is refused."""

from copy import deepcopy
from typing import Any

import pytest

import lotties
from lotties import document, ellipse, fill, layer, moving, path, placed, shapes, value
from vidgenie.core.lottie.document import read_lottie
from vidgenie.core.lottie.stills import still_at

Json = dict[str, Any]


def disc(number: int = 1, **properties: Any) -> Json:
    return shapes(number, placed(0, 0, **properties), ellipse(9, 9), fill("#ff0000"))


def stills(made: Json) -> tuple[tuple[float, float], ...]:
    return read_lottie(made).stills


def test_a_document_says_its_size_and_time() -> None:
    known = read_lottie(lotties.slider() | {"ip": 12})
    assert (known.width, known.height, known.rate, known.count) == (200, 100, 30, 48)
    assert known.duration_s == pytest.approx(1.6)


def test_it_stands_still_between_keyframes_that_differ() -> None:
    turn = moving((10, [0]), (20, [90]), (40, [90]), (50, [0]))
    assert stills(document(9, 9, 60, disc(r=turn))) == ((0, 10), (20, 40), (50, 60))
    held = deepcopy(turn)
    held["k"][0]["h"] = held["k"][2]["h"] = 1  # jumps at 20 and at 50
    assert stills(document(9, 9, 60, disc(r=held))) == ((0, 20), (20, 50), (50, 60))
    bent = moving((0, [5, 5]), (30, [5, 5]))
    bent["k"][0]["to"] = [9, 0]
    assert stills(document(9, 9, 60, disc(p=bent))) == ((30, 60),)


def test_layers_that_come_and_go_end_a_stand() -> None:
    late = disc() | {"ip": 15, "op": 45}
    assert stills(document(9, 9, 60, late)) == ((0, 15), (15, 45), (45, 60))
    first = document(9, 9, 60, late) | {"ip": 10}
    assert stills(first) == ((0, 5), (5, 35), (35, 50)), "counted from its first frame"


def test_a_composition_is_seen_through_its_layers_clock() -> None:
    inner = {"id": "c", "layers": [disc(r=moving((0, [0]), (10, [90])))]}
    shown = layer(0, 1, placed(0, 0), refId="c") | {"st": 20, "sr": 2}
    assert stills(document(9, 9, 60, shown, assets=[inner])) == ((0, 20), (40, 60))
    shown["tm"] = moving((5, [0]), (15, [1]))
    assert stills(document(9, 9, 60, shown, assets=[inner]))[-1] == (15, 60)


def test_a_frame_of_a_stand_is_its_first_one() -> None:
    ranges = ((0.0, 10.0), (20.0, 40.0))
    frames = (0, 9.5, 10, 15.25, 20, 39.999, 40)
    assert [still_at(ranges, frame) for frame in frames] == [0, 0, 10, 15.25, 20, 20, 40]


def test_what_is_not_drawn_is_told() -> None:
    asked = disc(r=value(0) | {"x": "time * 90"})
    sound = layer(6, 2, placed(0, 0), refId="s")
    turned = disc(3) | {"ddd": 1, "ef": [{"ty": 34, "ef": []}]}
    notes = " ".join(read_lottie(document(9, 9, 60, asked, sound, turned)).notes)
    for word in ("expressions", "sound", "space", "effects"):
        assert word in notes


def looped() -> Json:
    shown = layer(0, 1, placed(0, 0), refId="c")
    return document(9, 9, 60, shown, assets=[{"id": "c", "layers": [shown]}])


def multiplied() -> Json:
    """Return 2^13 layers out of 13 compositions that show the next one twice."""
    twice = [
        {"id": str(n), "layers": [layer(0, k, placed(0, 0), refId=str(n + 1)) for k in (1, 2)]}
        for n in range(13)
    ]
    return document(9, 9, 60, layer(0, 1, placed(0, 0), refId="0"), assets=twice)


def nested() -> Json:
    group: Json = {"ty": "gr", "it": []}
    for _ in range(60):
        group = {"ty": "gr", "it": [group]}
    return document(9, 9, 60, layer(4, 1, placed(0, 0), shapes=[group]))


def beside() -> Json:
    picture = {"id": "i", "w": 4, "h": 4, "u": "/etc/", "p": "passwd"}
    return document(9, 9, 60, layer(2, 1, placed(0, 0), refId="i"), assets=[picture])


def unequal() -> Json:
    made = path((0, 0), (1, 1))
    made["ks"]["k"]["i"].pop()
    return document(9, 9, 60, shapes(1, placed(0, 0), made))


def parents() -> Json:
    return document(9, 9, 60, disc(1) | {"parent": 2}, disc(2) | {"parent": 1})


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ([], "no Lottie"),
        ({"layers": []}, "`w`"),
        (lotties.slider() | {"fr": 0}, "`fr` is 0"),
        (lotties.slider() | {"fr": True}, "`fr`"),
        (lotties.slider() | {"op": 0}, "no frames"),
        (lotties.slider() | {"w": 99_999}, "at most"),
        (looped(), "shows itself"),
        (multiplied(), "more than"),
        (nested(), "deep"),
        (beside(), "'passwd' is a file beside"),
        (unequal(), "lacks points"),
        (parents(), "own parent"),
        (document(9, 9, 60, disc(p=value([1, None]))), "a list has numbers"),
        (document(9, 9, 60, shapes(1, placed(0, 0), {"ty": "rp", "c": value(1e6)})), "copies"),
    ],
)
def test_what_is_wrong_is_told(made: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read_lottie(made)
