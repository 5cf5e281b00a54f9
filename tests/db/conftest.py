"""The application in front of a fresh database, an account of it, and that account's key."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from serving import Api, serving
from vidgenie.services.db.pool import Database


@pytest.fixture
async def api(db: Database, tmp_path: Path) -> AsyncIterator[Api]:
    async with serving(db, tmp_path) as made:
        yield made


@pytest.fixture
async def token(api: Api) -> str:
    return await api.account("ada")


@pytest.fixture
async def key(api: Api, token: str) -> str:
    return await api.key(token)
