"""An account that has one of everything, and a good request for every call of the contract."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import cv2
import httpx
import numpy as np

from serving import EMPTY_EDIT, PASSWORD, Api
from vidgenie.edges.rpc.calls import Method
from vidgenie.services.accounts.change import write_reset_letter
from vidgenie.services.db.ids import new_id

PNG = cv2.imencode(".png", np.full((9, 16, 3), 128, np.uint8))[1].tobytes()
TEXT = {"type": "text", "text": "Hello {{name}}"}
TEMPLATE = {
    "name": "greeting",
    "timeline": {"tracks": [{"clips": [{"asset": TEXT, "start": 0, "length": 1}]}]},
    "output": {"format": "mp4", "size": {"width": 64, "height": 36}},
    "merge": [{"find": "name", "replace": "you"}],
}
BUCKET = {
    "bucket": "films",
    "region": "eu-central-1",
    "endpoint": "http://127.0.0.1:4099",
    "access_key_id": "AKIDEXAMPLE0001",
    "secret_access_key": "nobody's",
}
HOOK = "https://hooks.example/a"
_numbers = count(1)


@dataclass
class World:
    """An account with its credentials; `ids` names what it has, by noun."""

    api: Api
    username: str
    token: str
    key: str
    ids: dict[str, str] = field(default_factory=dict)
    letters: dict[str, str] = field(default_factory=dict)
    """Tokens of letters, by what they are good for."""

    @property
    def account_id(self) -> str:
        """The account."""
        return self.ids["account"]

    @property
    def email(self) -> str:
        """Where its letters go."""
        return f"{self.username}@example.com"

    def credential(self, method: Method) -> str | None:
        """Return the right credential of a call."""
        if method.credential == "none":
            return None
        return self.token if method.credential == "token" else self.key

    def good(self, method: Method) -> dict[str, Any]:
        """Return parameters that a call takes."""
        return GOOD[method.call](self)

    async def send(
        self, method: Method, auth: str | None = None, body: Any = None, **headers: str
    ) -> httpx.Response:
        """Make a call with its good request, or with another body."""
        if method.is_upload:
            return await self.api.http.post(
                method.path,
                files={"file": ("a.png", PNG)},
                headers={**headers_of(auth), **headers},
            )
        sent = self.good(method) if body is None else body
        return await self.api.call(method.call, sent, auth=auth, headers=headers)


def headers_of(auth: str | None) -> dict[str, str]:
    """Return the header that carries a credential."""
    if auth is None:
        return {}
    is_key = auth.startswith("vg_live_")
    return {"x-api-key": auth} if is_key else {"authorization": f"Bearer {auth}"}


def name_of_nobody(prefix: str = "user") -> str:
    """Return a username that nobody has."""
    return f"{prefix}{next(_numbers)}"


async def make_world(api: Api, prefix: str = "user") -> World:
    """Make an account that has one of everything."""
    username = name_of_nobody(prefix)
    token = await api.account(username)
    made = World(api, username, token, await api.key(token))
    made.ids["account"] = (await api.data("account.get", auth=token))["account"]["id"]
    await _add_objects(made)
    await _add_delivery(made)
    await _add_letters(made)
    return made


async def _add_objects(world: World) -> None:
    api, key, ids = world.api, world.key, world.ids
    for noun in ("render", "ended"):
        ids[noun] = (await api.data("render.create", EMPTY_EDIT, auth=key))["render"]["id"]
    await api.data("render.cancel", {"id": ids["ended"]}, auth=key)
    ids["template"] = (await api.data("template.create", TEMPLATE, auth=key))["template"]["id"]
    body = {"id": ids["template"], "variants": [{"merge": {"name": "Ada"}}]}
    ids["batch"] = (await api.data("template.render", body, auth=key))["batch"]["id"]
    answer = await api.http.post(
        "/api/v1/asset.upload", files={"file": ("a.png", PNG)}, headers={"x-api-key": key}
    )
    ids["asset"] = answer.json()["data"]["asset"]["id"]
    ids["webhook"] = (await api.data("webhook.create", {"url": HOOK}, auth=key))["webhook"]["id"]
    made = await api.data("destination.create", {"name": "films", "s3": BUCKET}, auth=key)
    ids["destination"] = made["destination"]["id"]
    made = await api.data("apikey.create", {"name": "other"}, auth=world.token)
    ids["api_key"] = made["api_key"]["id"]


async def _add_delivery(world: World) -> None:
    event_id, delivery_id = new_id("evt"), new_id("dlv")
    async with world.api.db.transaction() as tx:
        await tx.execute(
            "INSERT INTO events (id, account_id, type, data) VALUES (%s, %s, 'render.done', '{}')",
            (event_id, world.account_id),
        )
        await tx.execute(
            "INSERT INTO deliveries (id, event_id, webhook_id, url, attempt, status, ms, error)"
            " VALUES (%s, %s, %s, %s, 1, 500, 3, 'it answered 500')",
            (delivery_id, event_id, world.ids["webhook"], HOOK),
        )
    world.ids["delivery"] = delivery_id


async def _add_letters(world: World) -> None:
    """Get the tokens that letters bring: for a pending account, and for a new password."""
    api, pending = world.api, name_of_nobody("pending")
    email = f"{pending}@example.com"
    body = {"username": pending, "email": email, "password": PASSWORD}
    await api.data("account.register", body)
    world.letters["verify"] = await api.mailed_token(email)
    async with api.db.transaction() as tx:
        await write_reset_letter(tx, api.context.policy, world.email)
    world.letters["reset"] = await api.mailed_token(world.email)


def _named(noun: str, **beside: object) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"id": world.ids[noun], **beside}


def _fixed(body: Mapping[str, Any]) -> Callable[[World], dict[str, Any]]:
    return lambda _: dict(body)


def _newcomer(_: World) -> dict[str, Any]:
    name = name_of_nobody("new")
    return {"username": name, "email": f"{name}@example.com", "password": PASSWORD}


def _with_password(**beside: object) -> Callable[[World], dict[str, Any]]:
    return _fixed({"password": PASSWORD, **beside})


NEW_PASSWORD = "another horse battery"  # of accounts that live for one test

GOOD: dict[str, Callable[[World], dict[str, Any]]] = {
    "account.register": _newcomer,
    "account.verify_email": lambda world: {"token": world.letters["verify"]},
    "account.resend_verification": lambda world: {"email": world.email},
    "account.login": lambda world: {"username": world.username, "password": PASSWORD},
    "account.logout": _fixed({"everywhere": False}),
    "account.get": _fixed({}),
    "account.sessions": _fixed({"limit": 5}),
    "account.change_email": lambda world: {
        "password": PASSWORD,
        "email": f"moved.{world.username}@example.com",
    },
    "account.change_password": _with_password(new_password=NEW_PASSWORD),
    "account.request_password_reset": lambda world: {"email": world.email},
    "account.reset_password": lambda world: {
        "token": world.letters["reset"],
        "new_password": NEW_PASSWORD,
    },
    "account.rotate_callback_secret": _fixed({}),
    "account.delete": _with_password(),
    "apikey.create": _fixed({"name": "k", "scopes": ["render:read"], "expires_in": 60}),
    "apikey.list": _fixed({}),
    "apikey.revoke": _named("api_key"),
    "apikey.rotate": _named("api_key", overlap=60),
    "render.create": _fixed(EMPTY_EDIT),
    "render.get": _named("render"),
    "render.list": _fixed({"status": "queued"}),
    "render.retry": _named("ended"),
    "render.explain": _fixed(EMPTY_EDIT),
    "render.snapshot": _fixed({**EMPTY_EDIT, "output": TEMPLATE["output"], "time": 0.5}),
    "render.events": _named("ended"),
    "render.delete": _named("ended"),
    "render.cancel": _named("render"),
    "template.create": _fixed(TEMPLATE),
    "template.get": _named("template", version=1),
    "template.list": _fixed({}),
    "template.update": _named("template", name="renamed", merge={"name": "all"}),
    "template.delete": _named("template"),
    "template.render": _named("template", merge={"name": "Ada"}),
    "template.snapshot": _named("template", merge={"name": "Ada"}, format="jpeg"),
    "batch.get": _named("batch"),
    "batch.list": _fixed({}),
    "batch.cancel": _named("batch"),
    "asset.upload": _fixed({}),
    "asset.upload_url": _fixed({"filename": "cat.png"}),
    "asset.list": _fixed({}),
    "asset.delete": _named("asset"),
    "asset.probe": _named("asset"),
    "asset.get": _named("asset"),
    "webhook.create": _fixed({"url": HOOK, "events": ["render.done"]}),
    "webhook.list": _fixed({}),
    "webhook.get": _named("webhook"),
    "webhook.update": _named("webhook", events=["batch.done"], enabled=True),
    "webhook.delete": _named("webhook"),
    "webhook.test": _named("webhook"),
    "webhook.rotate_secret": _named("webhook"),
    "webhook.deliveries": _named("webhook", delivered=False),
    "webhook.redeliver": _named("delivery"),
    "destination.create": _fixed({"name": "films", "http": {"url": HOOK}}),
    "destination.get": _named("destination"),
    "destination.list": _fixed({}),
    "destination.update": _named("destination", name="more films", s3=BUCKET),
    "destination.delete": _named("destination"),
    "destination.test": _named("destination"),
    "audit.list": _fixed({"action": "render.create"}),
    "usage.get": _fixed({"from": "2026-01-01", "to": "2026-01-31"}),
}
"""A request that every call takes. A new call of the contract must come in here."""
