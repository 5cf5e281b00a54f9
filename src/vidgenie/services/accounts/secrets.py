"""Secrets that must be readable again (webhook secrets), encrypted with the server's key.

AES-256-GCM; the stored form is nonce + ciphertext. The key is derived, so that one secret key can
serve several purposes without one purpose's output being another's. Source: NIST SP 800-38D.
"""

import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vidgenie.errors import Unavailable

NONCE_SIZE = 12


def derived(secret_key: bytes, purpose: str) -> bytes:
    """Return a key of 32 bytes for one purpose."""
    return hmac.new(secret_key, purpose.encode(), hashlib.sha256).digest()


def encrypt(secret_key: bytes, plaintext: str) -> bytes:
    """Encrypt a secret for the database."""
    nonce = os.urandom(NONCE_SIZE)
    return nonce + AESGCM(derived(secret_key, "secrets")).encrypt(nonce, plaintext.encode(), None)


def decrypt(secret_key: bytes, data: bytes) -> str:
    """Read a secret back.

    Raises: Unavailable when it was encrypted with another secret key.
    """
    cipher = AESGCM(derived(secret_key, "secrets"))
    try:
        return cipher.decrypt(data[:NONCE_SIZE], data[NONCE_SIZE:], None).decode()
    except (InvalidTag, ValueError):
        raise Unavailable(
            "A secret in the database was encrypted with another secret key; give every host the"
            " same --secret-key."
        ) from None
