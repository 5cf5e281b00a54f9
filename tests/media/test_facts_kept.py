"""Facts are kept by content: found again without a probe, and never for another file."""

from pathlib import Path

import pytest

import media
from vidgenie.engine import sandbox
from vidgenie.engine.kept import KeptChunks
from vidgenie.services.local.facts import facts_of


def test_a_file_is_probed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = KeptChunks(tmp_path / "kept", size_max=1 << 20)
    film = media.write_counter_video(tmp_path / "a.mp4", size=(64, 36), frames=4, rate=25)
    told = facts_of(film, tmp_path, kept)

    def unwanted(*_: object, **__: object) -> None:
        raise AssertionError("probed again")

    probe = sandbox.run
    monkeypatch.setattr(sandbox, "run", unwanted)
    moved = film.rename(tmp_path / "b.mp4")
    assert facts_of(moved, tmp_path, kept) == told
    with pytest.raises(AssertionError):
        facts_of(moved, tmp_path, None)
    monkeypatch.setattr(sandbox, "run", probe)
    longer = media.write_counter_video(moved, size=(64, 36), frames=9, rate=25)
    assert facts_of(longer, tmp_path, kept) != told
