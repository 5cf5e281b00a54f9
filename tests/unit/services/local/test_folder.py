"""A killed render's folder is swept by the next one; a living one's is not."""

import os
import tempfile
from pathlib import Path

import pytest

from vidgenie.services.local.folder import LOCK, WorkFolder, sweep


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def left_behind(name: str, *, is_locked_kind: bool = True) -> Path:
    folder = Path(tempfile.gettempdir()) / name
    folder.mkdir()
    (folder / "0").write_bytes(b"a chunk")
    if is_locked_kind:
        (folder / LOCK).touch()
    os.utime(folder, (1, 1))
    return folder


def test_only_what_nobody_holds_is_swept() -> None:
    dead, foreign = left_behind("vidgenie-dead"), left_behind("vidgenie-x", is_locked_kind=False)
    living = WorkFolder()
    os.utime(living.path, (1, 1))
    assert sweep() == 1
    assert (dead.exists(), foreign.exists(), living.path.exists()) == (False, True, True)
    living.cleanup()
    assert not living.path.exists()


def test_a_folder_just_made_is_left_alone() -> None:
    folder = left_behind("vidgenie-new")
    os.utime(folder)
    assert sweep() == 0
    assert sweep(young_s=-1) == 1
