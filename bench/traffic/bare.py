"""The least that could do it: a bare FastAPI endpoint with the same two statements, nothing else.

It looks a key's hash up and inserts a render, in one transaction, and answers its id. No
validation, no queue, no audit, no limits: what our call takes beyond this is what these cost.
`python bare.py DATABASE_URL` serves on the socket that is its descriptor FD (environment).
"""

import asyncio
import hashlib
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI, Header
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from vidgenie.services.db.ids import new_id

LOOK_UP = "SELECT account_id FROM api_keys WHERE key_hash = %s"
INSERT = "INSERT INTO renders (id, account_id, document) VALUES (%s, %s, %s)"


def create_app(database_url: str) -> FastAPI:
    """Return the endpoint."""
    pool = AsyncConnectionPool(database_url, max_size=10, open=False, kwargs={"autocommit": True})

    @asynccontextmanager
    async def opened(_: FastAPI) -> AsyncIterator[None]:
        async with pool:
            yield

    app = FastAPI(lifespan=opened)

    @app.post("/create")
    async def create(body: dict[str, Any], x_api_key: str = Header()) -> dict[str, str]:
        digest, render_id = hashlib.sha256(x_api_key.encode()).digest(), new_id("rnd")
        async with pool.connection() as tx, tx.transaction():
            row = await (await tx.execute(LOOK_UP, (digest,))).fetchone()
            assert row is not None
            await tx.execute(INSERT, (render_id, row[0], Jsonb(body)))
        return {"id": render_id}

    @app.get("/readyz")
    async def readyz() -> dict[str, bool]:
        return {"ok": True}

    return app


if __name__ == "__main__":
    config = uvicorn.Config(
        create_app(sys.argv[1]), log_level="warning", access_log=False, server_header=False
    )
    listener = socket.socket(fileno=int(os.environ["FD"]))
    asyncio.run(uvicorn.Server(config).serve(sockets=[listener]))
