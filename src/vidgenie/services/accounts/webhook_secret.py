"""Secrets of webhooks in Standard Webhooks' form: `whsec_` and 24 random bytes in base 64."""

import base64
import secrets

PREFIX = "whsec_"


def make_secret() -> str:
    """Return a new secret."""
    return PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()
