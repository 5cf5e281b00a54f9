"""Chunks kept in a folder: found again, verified, and let go by age."""

import os
from pathlib import Path

import pytest

from vidgenie.engine.kept import KeptChunks


@pytest.fixture
def kept(tmp_path: Path) -> KeptChunks:
    return KeptChunks(tmp_path / "kept", size_max=3000)


def chunk(tmp_path: Path, letter: str) -> Path:
    path = tmp_path / f"{letter}.mp4"
    path.write_bytes(letter.encode() * 1000)
    return path


def test_a_chunk_is_found_again(tmp_path: Path, kept: KeptChunks) -> None:
    kept.keep("k1", chunk(tmp_path, "a"))
    assert kept.find("k1", tmp_path / "again.mp4")
    assert (tmp_path / "again.mp4").read_bytes() == b"a" * 1000
    assert not kept.find("k2", tmp_path / "other.mp4")


@pytest.mark.parametrize("damage", [b"", b"half", b"b" * 1000])
def test_a_damaged_chunk_is_no_chunk(tmp_path: Path, kept: KeptChunks, damage: bytes) -> None:
    kept.keep("k1", chunk(tmp_path, "a"))
    (path,) = (tmp_path / "kept").iterdir()
    path.unlink()
    path.write_bytes(damage)
    assert not kept.find("k1", tmp_path / "again.mp4")
    assert not path.exists(), "it is made anew, not met again"


def test_the_least_recently_used_go_first(tmp_path: Path, kept: KeptChunks) -> None:
    for age, letter in enumerate("abcd"):
        kept.keep(letter, chunk(tmp_path, letter))
        (path,) = (tmp_path / "kept").glob(f"{letter}-*")
        os.utime(path, (1000 + age, 1000 + age))
    assert kept.find("a", tmp_path / "again.mp4"), "now the most recently used"
    assert kept.shrink() == 1
    found = {path.name[0] for path in (tmp_path / "kept").iterdir()}
    assert found == {"a", "c", "d"}
