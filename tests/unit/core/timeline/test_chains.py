"""Long chains of references: as many as an edit may have, without recursion or square time."""

import pytest

from documents import VIDEO, clip, edit
from vidgenie.core.edit.parse import parse
from vidgenie.core.timeline.facts import MediaFacts
from vidgenie.core.timeline.timing import schedule
from vidgenie.errors import EditInvalid


def test_two_thousand_clips_follow_each_other() -> None:
    parsed = parse(edit(*[clip(start="auto")] * 2000))
    made = schedule(parsed, {})
    assert made.duration == 4000.0
    assert made.clips[0, 1999].start == 3998.0


def test_two_thousand_names_lead_to_one_start() -> None:
    chain = [clip(alias=f"c{n}", start=f"alias://c{n + 1}") for n in range(1999)]
    made = schedule(parse(edit(*chain, clip(alias="c1999", start=7))), {})
    assert {times.start for times in made.clips.values()} == {7.0}


def test_what_only_the_sources_tell_is_not_longer_than_an_output_may_be() -> None:
    facts = {VIDEO["src"]: MediaFacts("mov", 6000.0)}
    clips = [clip(asset=VIDEO, start="auto", length="auto")] * 2
    with pytest.raises(EditInvalid) as caught:
        schedule(parse(edit(*clips)), facts)
    assert caught.value.problems[0].path == "/timeline/tracks/0/clips/1/length"
    assert "ends at 12000 s" in caught.value.problems[0].message
    assert schedule(parse(edit(*clips, timeline={"duration": 60})), facts).duration == 60
