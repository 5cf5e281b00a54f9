"""Rows of the accounts room, and its policy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import ip_address, ip_network
from typing import Any, Literal, get_args

Scope = Literal[
    "render:read",
    "render:write",
    "template:read",
    "template:write",
    "asset:read",
    "asset:write",
    "webhook:read",
    "webhook:write",
    "destination:read",
    "destination:write",
]
TokenKind = Literal["verify_email", "change_email", "reset_password"]
"""What a letter's token is good for."""

SCOPES: tuple[Scope, ...] = get_args(Scope)


@dataclass(frozen=True, slots=True)
class AccountPolicy:
    """What the operator decided; seconds. `secret_key` encrypts what must be readable again."""

    secret_key: bytes = field(repr=False)
    public_url: str
    access_token_ttl_s: int = 3600
    email_verification_ttl_s: int = 24 * 3600
    is_registration_open: bool = True
    has_smtp: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may use the API."""

    id: str
    username: str
    email: str
    password_hash: str
    status: Literal["pending", "active", "disabled", "deleted"]
    callback_secret: bytes
    created_at: datetime
    verified_at: datetime | None
    previous_secret: bytes | None = None
    """What `callback_secret` was before; it signs, too, until `previous_until`."""
    previous_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeyLimits:
    """What a key is limited to: calls at once and then a minute; networks (CIDR) it works from."""

    rate_limit: int | None = None
    networks: tuple[str, ...] | None = None

    def allows(self, address: str) -> bool:
        """Tell whether the key may be used from an address."""
        if self.networks is None:
            return True
        try:
            found = ip_address(address)
        except ValueError:
            return False
        mapped = getattr(found, "ipv4_mapped", None) or found
        return any(mapped in ip_network(network) for network in self.networks)


@dataclass(frozen=True, slots=True)
class Credential:
    """What a call was made with, found to be good: an access token or an API key."""

    kind: Literal["token", "key"]
    id: str
    account_id: str
    scopes: tuple[str, ...] = ()
    limits: KeyLimits = KeyLimits()
    is_stale: bool = False
    """Its last use is to be noted: that happens at most once a minute."""


@dataclass(frozen=True, slots=True)
class Session:
    """A login that is still good."""

    id: str
    address: str
    user_agent: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class EmailToken:
    """A letter's token that was just used: whose it is, and the new `email` it may be about."""

    account_id: str
    kind: TokenKind
    email: str | None


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key; its plaintext was shown once."""

    id: str
    account_id: str
    name: str
    last4: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    limits: KeyLimits

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "ApiKey":
        """Return a row as a key."""
        values = {name: row[name] for name in cls.__slots__ if name != "limits"}
        return cls(**{**values, "scopes": tuple(values["scopes"]), "limits": limits_of(row)})


def limits_of(row: Mapping[str, Any]) -> KeyLimits:
    """Return a key's limits as its row has them."""
    networks = row["networks"]
    return KeyLimits(row["rate_limit"], None if networks is None else tuple(networks))
