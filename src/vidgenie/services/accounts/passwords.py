"""Passwords: argon2id with OWASP's parameters (19 MiB, 2 passes, 1 lane), two at a time.

More memory per hash would let a few logins at once fill a small machine; two at a time keep the
other core for everybody else. Source: OWASP Password Storage Cheat Sheet.
"""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_turns = asyncio.Semaphore(2)


async def hash_password(password: str) -> str:
    """Return a password's hash."""
    async with _turns:
        return await asyncio.to_thread(_hasher.hash, password)


async def is_right(password: str, password_hash: str | None) -> bool:
    """Tell whether a password is right; for an unknown account it takes just as long."""
    async with _turns:
        return await asyncio.to_thread(_verify, password, password_hash or _decoy())


def _verify(password: str, password_hash: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _decoy() -> str:
    """A hash that no password has."""
    return _hasher.hash("\0 no password has a zero byte, forms refuse it")
