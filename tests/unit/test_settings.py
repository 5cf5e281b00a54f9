"""Settings: durations, sizes, lists, and the secret key."""

import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from vidgenie.edges.cli.options import to_environment
from vidgenie.errors import Unavailable
from vidgenie.settings import Settings, parse_size, parse_ttl, read_secret_key


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("24h", 86400), ("15m", 900), ("1h30m", 5400), ("7d", 604800), ("2w", 1209600), ("90", 90)],
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_ttl(text) == seconds


@pytest.mark.parametrize("text", ["", "h", "1x", "1h foo", "-1h", "1.5h", "PT1H"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        parse_ttl(text)


@pytest.mark.parametrize("ttl", ["30d", "520w", "0.25"])
def test_settings_reach_child_processes_as_they_are(
    ttl: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = Settings(render_ttl=ttl, source_timeout="0.5", allow_networks="10.0.0.0/8,127.0.0.0/8")  # type: ignore[arg-type]
    for name, value in to_environment(given).items():
        monkeypatch.setenv(name, value)
    assert Settings() == given


@pytest.mark.parametrize(("text", "size"), [("500", 500), ("1K", 1024), ("2G", 2 << 30)])
def test_sizes(text: str, size: int) -> None:
    assert parse_size(text) == size


def test_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDGENIE_EMAIL_VERIFICATION_TTL", "2h")
    monkeypatch.setenv("VIDGENIE_ALLOW_NETWORKS", "127.0.0.0/8, fd00::/8")
    monkeypatch.setenv("VIDGENIE_CORS_ORIGINS", "https://a.example,https://b.example")
    settings = Settings()
    assert settings.email_verification_ttl == 7200
    assert [str(block) for block in settings.allow_networks] == ["127.0.0.0/8", "fd00::/8"]
    assert settings.cors_origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOW_NETWORKS", "10.0.0.1/8"),
        ("REGISTRATION", "maybe"),
        ("PORT", "70000"),
        ("ACCESS_TOKEN_TTL", "0s"),
    ],
)
def test_wrong_environment_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"VIDGENIE_{name}", value)
    with pytest.raises(ValidationError):
        Settings()


def test_every_setting_is_described() -> None:
    assert [n for n, field in Settings.model_fields.items() if not field.description] == []


def test_secret_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    key = read_secret_key(settings)
    assert len(key) >= 32
    assert read_secret_key(settings) == key
    [file] = (tmp_path / "data").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_secret_key_that_is_given_wins_and_must_be_long(tmp_path: Path) -> None:
    given = Settings(data_dir=tmp_path, secret_key="s" * 32)
    assert read_secret_key(given) == b"s" * 32
    with pytest.raises(Unavailable, match="32 characters"):
        read_secret_key(Settings(data_dir=tmp_path, secret_key="short"))
    assert list(tmp_path.iterdir()) == []
