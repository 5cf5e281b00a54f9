"""Ids at the door: UUIDs, one to one with ours."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from vidgenie.errors import NotFound
from vidgenie.services.db.ids import Prefix, from_uuid, is_id


def id_of(text: str, prefix: Prefix, noun: str) -> str:
    """Return our id of a UUID; one of ours is taken, too. Raises: NotFound."""
    return text if is_id(text, prefix) else from_uuid(uuid_in(text, noun), prefix)


def uuid_in(text: str, noun: str) -> uuid.UUID:
    """Read a UUID. Raises: NotFound saying what one looks like."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound(
            f"{text[:80]!r} in the path is no id of a {noun}; that is a UUID, such as"
            " 01890a5d-ac96-774b-bcce-b302099a8057."
        ) from None


@contextmanager
def named(text: str, noun: str) -> Iterator[None]:
    """Say of what is not found the id that the client sent, not ours."""
    try:
        yield
    except NotFound:
        raise NotFound(f"There is no {noun} {text[:80]!r} in this account.") from None
