"""The HTTP application in this process, on a real database: calls as a client makes them."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from openapi_schema_validator import OAS31Validator

from vidgenie.edges.rpc.app import create_app
from vidgenie.edges.rpc.context import Context
from vidgenie.edges.rpc.openapi import openapi
from vidgenie.engine.sandbox import SandboxLimits
from vidgenie.services.accounts.model import AccountPolicy
from vidgenie.services.assets.fetch import Fetcher
from vidgenie.services.db.pool import Database
from vidgenie.services.mail import list_letters
from vidgenie.services.net.client import FetchLimits, GuardedClient
from vidgenie.services.net.guard import AddressGuard
from vidgenie.services.renders import RenderTools
from vidgenie.services.renders.preview import Previews
from vidgenie.services.renders.watch import Watch
from vidgenie.services.storage import Storage
from vidgenie.services.storage.memory import MemoryStorage

SECRET_KEY = b"a secret key for tests, long enough"
PUBLIC_URL = "https://video.example"
PASSWORD = "correct horse battery"  # of accounts that live for one test
EMPTY_EDIT = {
    "timeline": {"tracks": []},
    "output": {"format": "mp4", "resolution": "1080p", "fps": 30},
}


class Api:
    """A client of one application."""

    def __init__(self, context: Context, client: httpx.AsyncClient) -> None:
        self.context = context
        self.db = context.db
        self.http = client

    async def call(
        self,
        name: str,
        body: object = None,
        *,
        auth: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Make a call; `auth` is an access token or an API key."""
        sent = {**_credential(auth), **(headers or {})}
        return await self.http.post(f"/api/v1/{name}", json=body or {}, headers=sent)

    async def data(self, name: str, body: object = None, *, auth: str | None = None) -> Any:
        """Make a call that must succeed and return its data."""
        response = await self.call(name, body, auth=auth)
        assert response.status_code == 200, response.text
        return response.json()["data"]

    async def refused(
        self, name: str, body: object = None, *, auth: str | None = None
    ) -> tuple[int, str]:
        """Make a call that must fail and return its status and code."""
        response = await self.call(name, body, auth=auth)
        answer = response.json()
        assert answer["ok"] is False, answer
        return response.status_code, answer["error"]["code"]

    async def mailed_token(self, email: str) -> str:
        """Return the token of the newest letter to an address."""
        async with self.db.transaction() as tx:
            letters = await list_letters(tx, to=email, limit=1)
        assert letters[0].token is not None, letters
        return letters[0].token

    async def account(self, username: str) -> str:
        """Make an account up to its login; return its access token."""
        email = f"{username}@example.com"
        await self.data(
            "account.register", {"username": username, "email": email, "password": PASSWORD}
        )
        await self.data("account.verify_email", {"token": await self.mailed_token(email)})
        login = await self.data("account.login", {"username": username, "password": PASSWORD})
        return str(login["access_token"])

    async def key(self, token: str, **changes: object) -> str:
        """Make an API key; return its plaintext."""
        made = await self.data("apikey.create", {"name": "tests", **changes}, auth=token)
        return str(made["api_key"]["plaintext"])

    async def audit(self, token: str) -> list[dict[str, Any]]:
        """Return an account's audit rows as the database has them, newest first."""
        answer = await self.data("audit.list", {"limit": 100}, auth=token)
        rows = next(value for value in answer.values() if isinstance(value, list))
        return [row for row in rows if row["action"] != "audit.list"]


def _credential(text: str | None) -> dict[str, str]:
    if text is None:
        return {}
    if text.startswith("vg_live_"):
        return {"x-api-key": text}
    return {"authorization": f"Bearer {text}"}


@asynccontextmanager
async def serving(db: Database, folder: Path, **changes: Any) -> AsyncIterator[Api]:
    """Serve the API on a database; `changes` are fields of the policy or of the context."""
    policy = {name: changes.pop(name) for name in list(changes) if name in AccountPolicy.__slots__}
    storage = changes.pop("storage", None) or MemoryStorage()
    tools = render_tools(db, storage, folder)
    context = Context(
        db=db,
        storage=storage,
        fetcher=tools.fetcher,
        previews=Previews(tools),
        watch=Watch(db),
        policy=AccountPolicy(secret_key=SECRET_KEY, public_url=PUBLIC_URL, **policy),
        guard=AddressGuard(["127.0.0.0/8"]),
        client=tools.fetcher._client,
        upload_dir=folder,
        **changes,
    )
    transport = httpx.ASGITransport(create_app(context))
    async with httpx.AsyncClient(
        transport=transport,
        base_url="http://testserver",
        event_hooks={"response": [_check_answer]},
    ) as client:
        yield Api(context, client)


def render_tools(db: Database, storage: Storage, folder: Path) -> RenderTools:
    """Return what previews work with; sources on loopback may be fetched."""
    limits = FetchLimits(total_s=10)
    work = folder.parent / f"{folder.name}-work"
    return RenderTools(
        db=db,
        storage=storage,
        fetcher=Fetcher(GuardedClient(["127.0.0.0/8"]), storage, work / "sources", limits),
        work_dir=work,
        link=str,
        probe_limits=SandboxLimits(wall_s=30),
        part_limits=SandboxLimits(wall_s=30),
    )


async def _check_answer(response: httpx.Response) -> None:
    """Hold every answer of every test against the published document."""
    path, status = response.request.url.path, str(response.status_code)
    if path not in document()["paths"] or response.request.method not in ("GET", "POST"):
        return
    operation = document()["paths"][path].get(response.request.method.lower())
    await response.aread()
    if operation is not None:
        assert status in operation["responses"], f"{path} does not publish {status}"
        if status == "204":
            return
        kind = response.headers.get("content-type", "").split(";")[0]
        if kind and kind != "application/json":
            assert kind in operation["responses"][status]["content"], kind
            return
        validator(path, response.request.method.lower(), status).validate(response.json())


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI document."""
    return openapi(PUBLIC_URL)


@cache
def validator(path: str, verb: str, status: str) -> OAS31Validator:
    """Return what judges one call's answers."""
    answer = document()["paths"][path][verb]["responses"][status]
    if "$ref" in answer:
        answer = document()["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    schema = answer["content"]["application/json"]["schema"]
    return OAS31Validator({**schema, "components": document()["components"]})
