"""Credentials as text: a prefix that scanners know, randomness, and a checksum.

    vg_live_ + 40 symbols (238 bits) + 6 symbols of CRC-32

The checksum tells a typing error from a revoked key without asking the database. Only the SHA-256
of a credential is stored: it is random, so a fast hash is enough.
"""

import hashlib
import secrets
import string
import zlib

ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
RANDOM_SYMBOLS = 40
CHECK_SYMBOLS = 6

ACCESS_TOKEN = "vg_at_"  # noqa: S105  # the public prefix
API_KEY = "vg_live_"
EMAIL_TOKEN = "vg_em_"  # noqa: S105  # the public prefix


def make(prefix: str) -> str:
    """Return a new credential."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_SYMBOLS))
    return prefix + body + _check(prefix + body)


def is_well_formed(text: str, prefix: str) -> bool:
    """Tell whether a text can be a credential of this kind: form and checksum."""
    if not text.startswith(prefix) or len(text) != len(prefix) + RANDOM_SYMBOLS + CHECK_SYMBOLS:
        return False
    if not text.isascii():
        return False
    return secrets.compare_digest(_check(text[:-CHECK_SYMBOLS]), text[-CHECK_SYMBOLS:])


def digest(text: str) -> bytes:
    """Return what is stored of a credential."""
    return hashlib.sha256(text.encode()).digest()


def _check(text: str) -> str:
    value = zlib.crc32(text.encode())
    symbols = []
    for _ in range(CHECK_SYMBOLS):
        value, place = divmod(value, len(ALPHABET))
        symbols.append(ALPHABET[place])
    return "".join(reversed(symbols))
