"""Credentials as text, encrypted secrets, passwords."""

import pytest

from vidgenie.errors import Unavailable
from vidgenie.services.accounts import passwords, tokens
from vidgenie.services.accounts.model import AccountPolicy
from vidgenie.services.accounts.secrets import decrypt, encrypt

KEY, OTHER = b"k" * 32, b"o" * 32


@pytest.mark.parametrize("prefix", [tokens.API_KEY, tokens.ACCESS_TOKEN, tokens.EMAIL_TOKEN])
def test_made_credentials_are_well_formed_and_differ(prefix: str) -> None:
    made = {tokens.make(prefix) for _ in range(50)}
    assert len(made) == 50
    assert all(tokens.is_well_formed(text, prefix) for text in made)
    assert {len(text) - len(prefix) for text in made} == {46}


def test_any_single_typing_error_is_noticed() -> None:
    text = tokens.make(tokens.API_KEY)
    for place in range(len(tokens.API_KEY), len(text)):
        wrong = "a" if text[place] != "a" else "b"
        assert not tokens.is_well_formed(
            text[:place] + wrong + text[place + 1 :], tokens.API_KEY
        ), place


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t + "0", lambda t: " " + t])
def test_cut_and_padded_credentials_are_noticed(change: object) -> None:
    assert callable(change)
    assert not tokens.is_well_formed(change(tokens.make(tokens.API_KEY)), tokens.API_KEY)


def test_one_kind_is_not_another() -> None:
    assert not tokens.is_well_formed(tokens.make(tokens.ACCESS_TOKEN), tokens.API_KEY)


def test_characters_beyond_ascii_are_refused() -> None:
    assert not tokens.is_well_formed(tokens.API_KEY + "é" * 46, tokens.API_KEY)


def test_checksum_is_that_of_the_published_form() -> None:
    # CRC-32 of the text before it, in base 62 (0-9A-Za-z), six digits: what scanners compute.
    text = "vg_live_" + "0" * 40 + "0ty0ZJ"
    assert tokens.is_well_formed(text, tokens.API_KEY)


def test_secrets_come_back_under_their_own_key_only() -> None:
    sealed = encrypt(KEY, "whsec_ünïcode")
    assert decrypt(KEY, sealed) == "whsec_ünïcode"
    assert b"whsec" not in sealed
    assert encrypt(KEY, "whsec_ünïcode") != sealed
    with pytest.raises(Unavailable, match="secret key"):
        decrypt(OTHER, sealed)
    with pytest.raises(Unavailable):
        decrypt(KEY, sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(Unavailable):
        decrypt(KEY, b"")


async def test_passwords() -> None:
    stored = await passwords.hash_password("correct horse")
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await passwords.is_right("correct horse", stored)
    assert not await passwords.is_right("Correct horse", stored)
    assert not await passwords.is_right("correct horse", None)
    assert not await passwords.is_right("correct horse", "not a hash")


def test_policy_does_not_print_its_key() -> None:
    assert "kkkk" not in repr(AccountPolicy(KEY, "https://video.example"))
