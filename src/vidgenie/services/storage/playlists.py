"""Playlists whose entries are signed when they are handed out, as long as their own link holds.

A stored playlist names files of its own folder by bare names, and no player adds our signature to
them. Only playlists that renders made are changed: an upload could name what is not its owner's.
"""

import re
from urllib.parse import urlencode

from vidgenie.services.storage.signing import signature_of

NAME = r"[A-Za-z0-9_-][A-Za-z0-9._-]*"
ENTRY = re.compile(rf'(?m)^(?P<line>{NAME})$|URI="(?P<uri>{NAME})"')
"""A bare name on a line of its own, or in an attribute."""


def is_playlist(key: str) -> bool:
    """Tell whether an object is a playlist that a render made."""
    return key.startswith("renders/") and key.endswith(".m3u8")


def signed_playlist(text: str, key: str, expires: str, secret_key: bytes) -> str:
    """Return a playlist with a link for each entry, relative to its own."""
    folder = key.rpartition("/")[0]

    def link(match: re.Match[str]) -> str:
        name = match["line"] or match["uri"]
        signature = signature_of(secret_key, f"{folder}/{name}", expires)
        signed = f"{name}?{urlencode({'exp': expires, 'sig': signature})}"
        return signed if match["line"] else f'URI="{signed}"'

    return ENTRY.sub(link, text)
