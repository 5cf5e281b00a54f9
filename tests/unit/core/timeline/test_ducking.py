"""Music makes room for the voice that is named, just while it sounds."""

from typing import Any

import pytest

from documents import clip, edit
from vidgenie.core.edit.parse import parse
from vidgenie.core.timeline.facts import AudioFacts, MediaFacts
from vidgenie.core.timeline.model import Voice
from vidgenie.core.timeline.resolve import resolve
from vidgenie.core.timeline.sound import gain_at

MUSIC, SPEECH = "https://media.example/music.wav", "https://media.example/speech.wav"
SOUND = AudioFacts(48_000, 2, "pcm_s16le")
FACTS = {
    MUSIC: MediaFacts("wav", 60.0, None, SOUND),
    SPEECH: MediaFacts("wav", 6.0, None, SOUND),
}


def heard(speech: dict[str, Any], **duck: float) -> tuple[Voice, Voice, Voice]:
    """Speech in seconds 10 to 14, music in 8 to 20, the soundtrack in 0 to 20."""
    said = clip(asset={"type": "audio", "src": SPEECH} | speech, start=10, length=4, alias="vo")
    music = clip(asset={"type": "audio", "src": MUSIC, "volume": 0.5}, start=8, length=12)
    audio = {"duck": {"under": "vo"} | duck}
    made = edit(said, music, timeline={"soundtrack": {"src": MUSIC}, "audio": audio})
    voices = resolve(parse(made), FACTS).voices
    assert [voice.asset for voice in voices] == [SPEECH, MUSIC, MUSIC]
    return voices[0], voices[1], voices[2]


def test_other_voices_are_lowered_while_it_sounds() -> None:
    spoken, music, soundtrack = heard({}, amount_db=-20, attack=0.5, release=2)
    assert spoken.gains == heard({}, amount_db=0)[0].gains
    law = {0: 1, 9.5: 1, 9.75: 0.55, 10: 0.1, 12: 0.1, 14: 0.1, 15: 0.55, 16: 1, 19.9: 1}
    for second, factor in law.items():
        assert gain_at(soundtrack, round(second * 48_000)) == pytest.approx(factor)
        if second >= 8:
            assert gain_at(music, round((second - 8) * 48_000)) == pytest.approx(factor / 2)


def test_without_a_word_it_is_12_db_in_a_fifth_of_a_second() -> None:
    soundtrack = heard({})[2]
    law = {9.8: 1, 10: 10 ** (-12 / 20), 14: 10 ** (-12 / 20), 14.5: 1}
    for second, factor in law.items():
        assert gain_at(soundtrack, round(second * 48_000)) == pytest.approx(factor)


def test_no_time_at_all_is_a_step() -> None:
    soundtrack = heard({}, attack=0, release=0)[2]
    assert gain_at(soundtrack, 10 * 48_000 - 1) == gain_at(soundtrack, 14 * 48_000) == 1
    assert gain_at(soundtrack, 10 * 48_000) == gain_at(soundtrack, 14 * 48_000 - 1) < 0.3


@pytest.mark.parametrize(
    ("speech", "stop_s"),
    [({"trim": 4}, 12), ({"trim": 2, "speed": 2}, 11), ({"trim": 4, "loop": True}, 14)],
)
def test_it_rises_where_the_source_ends(speech: dict[str, Any], stop_s: float) -> None:
    soundtrack = heard(speech, release=0)[2]
    assert gain_at(soundtrack, round(stop_s * 48_000) - 1) < 0.3
    assert gain_at(soundtrack, round(stop_s * 48_000)) == 1


def test_what_is_silent_lowers_nothing() -> None:
    assert gain_at(heard({"volume": 0})[2], 12 * 48_000) == 1
    assert gain_at(heard({"trim": 6})[2], 12 * 48_000) == 1
