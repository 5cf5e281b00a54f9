"""The operator's decisions: flags on the command line, or `VIDGENIE_*` in the environment."""

import re
import secrets
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from vidgenie.errors import Unavailable

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def parse_ttl(value: Any) -> Any:
    """Read a duration: seconds, or parts like 24h, 15m, 1h30m, 7d."""
    text = str(value).strip().lower()
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    parts = re.findall(r"(\d+)([smhdw])", text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise ValueError(f"{value!r} is not a duration; write 90s, 15m, 24h, 1h30m or 7d")
    return float(sum(int(number) * _UNITS[unit] for number, unit in parts))


def parse_size(value: Any) -> Any:
    """Read a size: bytes, or a number with K, M, G or T (powers of 1024)."""
    match = re.fullmatch(r"(\d+)\s*([kmgt]?)(i?b)?", str(value).strip().lower())
    if not match:
        raise ValueError(f"{value!r} is not a size; write 500M or 2G")
    return int(match[1]) << {"": 0, "k": 10, "m": 20, "g": 30, "t": 40}[match[2]]


def parse_list(value: Any) -> Any:
    """Read a list: its entries joined by commas."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def parse_networks(value: Any) -> Any:
    """Read CIDR blocks joined by commas."""
    return tuple(ip_network(str(part)) for part in parse_list(value))


Ttl = Annotated[float, BeforeValidator(parse_ttl), Field(gt=0)]
ByteSize = Annotated[int, BeforeValidator(parse_size), Field(gt=0)]
Words = Annotated[tuple[str, ...], NoDecode, BeforeValidator(parse_list)]
Networks = Annotated[
    tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(parse_networks)
]


class Settings(BaseSettings):
    """Every setting is a flag (`--data-dir`) and a variable (`VIDGENIE_DATA_DIR`)."""

    model_config = SettingsConfigDict(env_prefix="VIDGENIE_", frozen=True, extra="forbid")

    data_dir: Path = Field(
        Path("data"), description="Everything this instance keeps: database, storage, secret key."
    )
    database_url: str | None = Field(
        None, description="A PostgreSQL ≥ 14 to use instead of the embedded one."
    )
    postgres_bin_dir: Path | None = Field(
        None, description="PostgreSQL's programs for the embedded database."
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on; 0 takes a free one.")
    public_url: str | None = Field(
        None, description="Where clients reach the server; links are built from it."
    )
    workers: int = Field(0, ge=0, le=64, description="Render workers of `up`; 0: one per core.")
    concurrency: int = Field(1, ge=1, le=64, description="Renders one worker makes at a time.")
    storage_url: str | None = Field(
        None, description="Where files live: a folder, s3://bucket/prefix …"
    )
    secret_key: str | None = Field(
        None, description="Encrypts secrets and signs links; the same on every host."
    )
    access_token_ttl: Ttl = Field(3600.0, description="How long a login lasts.")
    email_verification_ttl: Ttl = Field(
        86_400.0, description="How long the token of a verification letter is good."
    )
    registration: Literal["open", "closed"] = Field("open", description="Who may register.")
    smtp_url: str | None = Field(
        None, description="smtp://user:password@host:port; without it, `vidgenie mail list`."
    )
    mail_from: str = Field("VidGenie <vidgenie@localhost>", description="Sender of letters.")
    allow_networks: Networks = Field(
        (), description="Private networks sources and webhooks may be in (CIDR, …)."
    )
    trusted_proxies: Networks = Field(
        (), description="Proxies whose X-Forwarded-For counts (CIDR, …)."
    )
    cors_origins: Words = Field((), description="Origins browsers may call from.")
    upload_max: ByteSize = Field(2 << 30, description="Largest upload.")
    chunk_cache_size: ByteSize = Field(
        10 << 30, description="Chunks kept for later renders; the least recently used go."
    )
    render_ttl: Ttl = Field(
        30 * 86_400.0, description="How long a render and its files are kept after its end."
    )
    quota_concurrent_jobs: int | None = Field(
        None, ge=0, description="Jobs of an account at a time; `account quota` sets others."
    )
    quota_queued_renders: int | None = Field(
        None, ge=0, description="Renders of an account that wait or are under way."
    )
    quota_output_minutes: int | None = Field(
        None, ge=0, description="Minutes of output of an account in a calendar month."
    )
    quota_storage: ByteSize | None = Field(None, description="Uploads an account may keep.")
    source_max: ByteSize = Field(5 << 30, description="Largest source fetched for a render.")
    source_timeout: Ttl = Field(300.0, description="Longest fetch of one source.")
    render_timeout: Ttl = Field(1800.0, description="Longest work on one part of a render.")
    lease: Ttl = Field(30.0, description="How long a dead worker's job waits to be rescued.")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="How much is logged."
    )

    @property
    def storage(self) -> str:
        """The storage's URL: a folder in the data folder by default."""
        return self.storage_url or str(self.data_dir.absolute() / "storage")


def read_secret_key(settings: Settings) -> bytes:
    """Return the secret key; it is made once, mode 0600, in the data folder.

    Raises: Unavailable when a given key is too short to be one.
    """
    if settings.secret_key is not None:
        if len(settings.secret_key) < 32:
            raise Unavailable(
                "The secret key has fewer than 32 characters; make one with:"
                " python3 -c 'import secrets; print(secrets.token_hex(32))'"
            )
        return settings.secret_key.encode()
    path = settings.data_dir / "secret.key"
    if not path.exists():
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{secrets.token_hex(4)}.part")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(32))
        try:
            path.hardlink_to(fresh)  # whoever comes first wins; all read the same key
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip().encode()
