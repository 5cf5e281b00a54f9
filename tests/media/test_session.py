"""Chunks made one after the other in one child: the same frames, and none decoded twice."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

import media
from documents import VIDEO, clip, edit
from vidgenie.core.edit.parse import parse
from vidgenie.core.plan.chunks import plan
from vidgenie.core.plan.model import Plan
from vidgenie.core.timeline.resolve import resolve
from vidgenie.engine.probe import probe
from vidgenie.engine.render import render_chunk
from vidgenie.engine.sandbox import SandboxLimits
from vidgenie.engine.session import Session
from vidgenie.engine.values import Assets, LocalSource
from vidgenie.errors import EngineCrashed

FRAMES = 60
LIMITS = SandboxLimits(wall_s=60)


@pytest.fixture
def film(tmp_path: Path) -> tuple[Plan, Assets]:
    """A video of one GOP, in three chunks."""
    path = tmp_path / "a.mp4"
    media.write_counter_video(path, size=(320, 180), frames=FRAMES, rate=25)
    assets = {VIDEO["src"]: LocalSource(path, probe(path))}
    output = {"size": {"width": 320, "height": 180}, "fps": 25, "resolution": None}
    made = edit(clip(asset=VIDEO, start=0, length=FRAMES / 25), output=output)
    timeline = resolve(parse(made), {name: source.facts for name, source in assets.items()})
    return plan(timeline, chunk_frames=20, can_copy=False), assets


@pytest.fixture
def session(film: tuple[Plan, Assets], tmp_path: Path) -> Iterator[Session]:
    made, assets = film
    told = (made.timeline, assets, made.encoder)
    with closing(Session("render_chunks", told, tmp_path, limits=LIMITS)) as begun:
        yield begun


def test_a_chunk_goes_on_where_the_last_one_ended(
    film: tuple[Plan, Assets], session: Session, tmp_path: Path
) -> None:
    made, assets = film
    assert len(made.chunks) == 3
    decoded = 0
    for chunk in made.chunks:
        there, alone = tmp_path / "there.mp4", tmp_path / "alone.mp4"
        seen: list[int] = []
        decoded += session.do((chunk, there), on_progress=seen.append).frames_decoded
        assert seen == sorted(seen)
        render_chunk(made.timeline, chunk, assets, made.encoder, alone)
        assert (
            counters(there) == counters(alone) == list(range(chunk.frames.start, chunk.frames.stop))
        )
    assert decoded <= FRAMES + 1


def counters(path: Path) -> list[int]:
    return [media.read_counter(luma) for _, luma in media.luma_frames(path)]


def test_a_killed_session_says_so(
    film: tuple[Plan, Assets], session: Session, tmp_path: Path
) -> None:
    with pytest.raises(EngineCrashed, match="SIGKILL"):
        session.do((film[0].chunks[0], tmp_path / "x.mp4"), should_stop=_Killing(session))  # type: ignore[arg-type]  # an event that, looked at, kills


class _Killing:
    def __init__(self, session: Session) -> None:
        self._session = session

    def is_set(self) -> bool:
        self._session._child._process.kill()
        return False
