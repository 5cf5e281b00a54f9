"""Signed links: valid once, until their end, for their key and name only."""

from urllib.parse import parse_qs, urlsplit

import pytest

from vidgenie.errors import StorageError
from vidgenie.services.storage.signing import Verdict, sign, verify

SECRET = b"s" * 32


def judge(link: str, *, now: float, secret: bytes = SECRET, **changed: str) -> Verdict:
    parts = urlsplit(link)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changed
    return verify(
        secret,
        changed.get("key", parts.path.removeprefix("/files/")),
        expires=query["exp"],
        signature=query["sig"],
        filename=query.get("name"),
        now=now,
    )


def test_a_link_is_valid_until_its_end() -> None:
    link = sign(SECRET, "http://127.0.0.1:8000/", "renders/r/v.mp4", 60, now=1000)
    assert link.startswith("http://127.0.0.1:8000/files/renders/r/v.mp4?exp=1060&sig=")
    assert judge(link, now=1059.9) == "valid"
    assert judge(link, now=1060) == "expired"


@pytest.mark.parametrize(
    "changed",
    [{"exp": "9999"}, {"name": "b.mp4"}, {"key": "renders/r/w.mp4"}, {"sig": "A" * 43},
     {"sig": ""}, {"sig": "ü"}, {"exp": "soon"}],
)  # fmt: skip
def test_a_changed_link_is_forged(changed: dict[str, str]) -> None:
    link = sign(SECRET, "http://h", "renders/r/v.mp4", 60, filename="a.mp4", now=1000)
    assert judge(link, now=1000) == "valid"
    assert judge(link, now=1000, secret=SECRET, **changed) == "forged"


def test_another_secret_does_not_verify() -> None:
    link = sign(SECRET, "http://h", "a", 60, now=1000)
    assert judge(link, now=1000, secret=b"t" * 32) == "forged"


def test_a_name_cannot_take_the_place_of_another_part() -> None:
    link = sign(SECRET, "http://h", "a", 60, filename="", now=1000)
    assert (
        verify(SECRET, "a", expires="1060", signature=parse_qs(link)["sig"][0], now=1000)
        == "forged"
    )


def test_names_are_quoted() -> None:
    link = sign(SECRET, "http://h", "a", 60, filename='ä & "b".mp4', now=1000)
    assert " " not in link
    assert judge(link, now=1000) == "valid"


def test_bad_keys_get_no_link() -> None:
    with pytest.raises(StorageError):
        sign(SECRET, "http://h", "../secret", 60)
