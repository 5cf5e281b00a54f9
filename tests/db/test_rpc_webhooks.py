"""webhook.*: tried out, listed, sent again, with a new secret; and news of renders under way."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from serving import EMPTY_EDIT, SECRET_KEY, Api, serving
from sites import Site, answering, open_site
from vidgenie.services import queue, webhooks
from vidgenie.services.db.pool import Database
from vidgenie.services.net.client import GuardedClient
from vidgenie.services.renders import store
from vidgenie.services.renders.progress import PartProgress
from vidgenie.services.renders.submit import tell


@dataclass
class World:
    """An API, an account with a key, a receiver, and the worker that delivers to it."""

    api: Api
    site: Site
    client: GuardedClient
    token: str
    key: str

    async def create(self, *events: str) -> dict[str, Any]:
        body: dict[str, Any] = {"url": self.site.url("/hook")}
        if events:
            body["events"] = list(events)
        made = (await self.api.data("webhook.create", body, auth=self.key))["webhook"]
        assert isinstance(made, dict)
        return made

    async def work(self) -> int:
        """Do all deliveries that are due, as a worker does; return how many."""
        done = 0
        while True:
            async with self.api.db.transaction() as tx:
                job = await queue.claim(tx, ["delivery"], worker="test", lease_s=30)
            if job is None:
                return done
            outcome = await webhooks.deliver(
                self.api.db, self.client, SECRET_KEY, job.payload, job.attempt
            )
            async with self.api.db.transaction() as tx:
                if isinstance(outcome, webhooks.Retry):
                    await queue.fail(tx, job, {}, retry_in_s=outcome.seconds)
                else:
                    await queue.finish(tx, job)
            done += 1

    async def listed(self, webhook: dict[str, Any], **filters: Any) -> list[dict[str, Any]]:
        body = {"id": webhook["id"], **filters}
        found = (await self.api.data("webhook.deliveries", body, auth=self.key))["deliveries"]
        return list(found)

    async def publish(self, event_type: str = "render.done") -> str:
        account = (await self.api.data("account.get", auth=self.token))["account"]["id"]
        async with self.api.db.transaction() as tx:
            return await webhooks.publish(tx, account, event_type, {"render": {"id": "rnd_1"}})

    async def events(self, event_type: str) -> list[Any]:
        async with self.api.db.transaction() as tx:
            query = "SELECT data FROM events WHERE type = %s ORDER BY id"
            rows = await (await tx.execute(query, (event_type,))).fetchall()
        return [row["data"] for row in rows]

    def signatures(self) -> list[str]:
        return next(
            line.split(": ", 1)[1]
            for line in self.site.requests[-1].split("\r\n")
            if line.lower().startswith("webhook-signature")
        ).split(" ")

    def verifies(self, secret: str) -> bool:
        lines = [line.split(": ", 1) for line in self.site.requests[-1].split("\r\n")[1:] if line]
        headers = {pair[0].lower(): pair[1] for pair in lines if len(pair) == 2}
        try:
            Verifier(secret).verify(self.site.bodies[-1], headers)
        except WebhookVerificationError:
            return False
        return True


@pytest.fixture
async def world(db: Database, tmp_path: Path) -> AsyncIterator[World]:
    async with (
        serving(db, tmp_path) as api,
        open_site() as site,
        GuardedClient(["127.0.0.0/8"]) as client,
    ):
        token = await api.account("ada")
        yield World(api, site, client, token, await api.key(token))


@pytest.mark.parametrize("call", ["test", "rotate_secret", "deliveries", "redeliver"])
async def test_who_may_call(world: World, call: str) -> None:
    api, name = world.api, f"webhook.{call}"
    webhook = await world.create()
    await world.publish()
    await world.work()
    there = {"id": webhook["id"]}
    if call == "redeliver":
        there = {"id": (await world.listed(webhook))[0]["id"]}
    assert await api.refused(name, there) == (401, "unauthenticated")
    other = "webhook:read" if call != "deliveries" else "webhook:write"
    poor = await api.key(world.token, scopes=[other])
    assert await api.refused(name, there, auth=poor) == (403, "insufficient_scope")
    bob = await api.account("bob")
    for stranger in (bob, await api.key(bob)):
        assert await api.refused(name, there, auth=stranger) == (404, "not_found")
    assert (await api.refused(name, {"id": 3}, auth=world.key))[0] == 422
    for owner in (world.token, world.key):
        await api.data(name, there, auth=owner)
    made = await api.data("apikey.create", {"name": "gone"}, auth=world.token)
    await api.data("apikey.revoke", {"id": made["api_key"]["id"]}, auth=world.token)
    revoked = made["api_key"]["plaintext"]
    assert await api.refused(name, there, auth=revoked) == (401, "unauthenticated")


async def test_a_test_is_one_attempt_and_switches_nothing_off(world: World) -> None:
    world.site.answers["/hook"] = answering(410, b"no \xff")
    webhook, other = await world.create(), await world.create()
    named = {"id": webhook["id"]}
    event_id = (await world.api.data("webhook.test", named, auth=world.key))["event_id"]
    assert await world.work() == 1
    [kept] = await world.listed(webhook)
    assert (kept["event_id"], kept["event_type"]) == (event_id, "webhook.test")
    assert (kept["status"], kept["answer"], kept["delivered"]) == (410, "no \ufffd", False)
    assert await world.listed(other) == []
    assert (await world.api.data("webhook.get", named, auth=world.key))["webhook"]["enabled"]
    async with world.api.db.transaction() as tx:
        assert await (await tx.execute("SELECT 1 FROM jobs")).fetchall() == []
    statuses = [
        (await world.api.call("webhook.test", named, auth=world.key)).status_code for _ in range(12)
    ]
    assert (statuses[0], statuses[-1]) == (200, 429)


async def test_a_new_secret_signs_beside_the_old_one_for_a_day(world: World) -> None:
    world.site.answers["/hook"] = answering(200)
    webhook = await world.create()
    once = {"idempotency-key": "r"}
    new, again = [
        (
            await world.api.call(
                "webhook.rotate_secret", {"id": webhook["id"]}, auth=world.key, headers=once
            )
        ).json()["data"]["webhook"]
        for _ in range(2)
    ]
    assert again["secret"] is None
    await world.publish()
    await world.work()
    assert world.verifies(webhook["secret"])
    assert world.verifies(new["secret"])
    assert len(world.signatures()) == 2
    async with world.api.db.transaction() as tx:
        await tx.execute("UPDATE webhooks SET previous_until = now()")
    await world.publish()
    await world.work()
    assert not world.verifies(webhook["secret"])
    assert world.verifies(new["secret"])


async def test_secrets_rotated_at_once_both_sign(world: World) -> None:
    world.site.answers["/hook"] = answering(200)
    named = {"id": (await world.create())["id"]}
    answers = await asyncio.gather(
        *(world.api.data("webhook.rotate_secret", named, auth=world.key) for _ in range(2))
    )
    await world.publish()
    await world.work()
    assert all(world.verifies(answer["webhook"]["secret"]) for answer in answers)


async def test_a_callback_carries_both_signatures_too(world: World) -> None:
    world.site.answers["/done"] = answering(200)
    old = (await world.api.data("account.get", auth=world.token))["account"]
    new = (await world.api.data("account.rotate_callback_secret", auth=world.token))["account"]
    async with world.api.db.transaction() as tx:
        await webhooks.publish(tx, old["id"], "render.done", {}, callback=world.site.url("/done"))
    await world.work()
    assert world.verifies(old["callback_secret"])
    assert world.verifies(new["callback_secret"])


async def test_attempts_are_listed_filtered_and_paged(world: World) -> None:
    world.site.answers["/hook"] = answering(500)
    webhook = await world.create()
    await world.publish()
    await world.work()
    world.site.answers["/hook"] = answering(204)
    await world.publish("render.failed")
    await world.work()
    page = await world.api.data(
        "webhook.deliveries", {"id": webhook["id"], "limit": 1}, auth=world.key
    )
    rest = await world.listed(webhook, cursor=page["next_cursor"])
    found = [*page["deliveries"], *rest]
    assert [entry["status"] for entry in found] == [204, 500]
    assert "answered 500" in found[1]["error"]
    assert [e["event_type"] for e in await world.listed(webhook, delivered=False)] == [
        "render.done"
    ]
    answer = await world.api.http.get(
        f"/api/v1/webhook.deliveries?id={webhook['id']}&delivered=true",
        headers={"x-api-key": world.key},
    )
    assert [entry["status"] for entry in answer.json()["data"]["deliveries"]] == [204]


async def test_a_delivery_is_sent_again_now_but_not_twice_at_once(world: World) -> None:
    world.site.answers["/hook"] = answering(500)
    webhook = await world.create()
    event_id = await world.publish()
    await world.work()
    [failed] = await world.listed(webhook)
    world.site.answers["/hook"] = answering(200)
    assert await world.work() == 0, "its next attempt waits"
    named = {"id": failed["id"]}
    for _ in range(3):
        again = await world.api.data("webhook.redeliver", named, auth=world.key)
        assert again == {"queued": 1}
    assert await world.work() == 1
    assert [entry["attempt"] for entry in await world.listed(webhook)] == [2, 1]
    await world.api.data("webhook.redeliver", named, auth=world.key)
    assert await world.work() == 1, "also what was received is told again when asked for"
    assert {entry["event_id"] for entry in await world.listed(webhook)} == {event_id}


async def test_what_was_missed_since_a_moment_is_sent_again(world: World) -> None:
    world.site.answers["/hook"] = answering(500)
    webhook, silent = await world.create(), await world.create("batch.done")
    old, missed, received = [await world.publish() for _ in range(3)]
    async with world.api.db.transaction() as tx:
        await tx.execute(
            "UPDATE events SET created_at = now() - interval '2 h' WHERE id = %s", (old,)
        )
        await tx.execute("DELETE FROM jobs WHERE payload->>'event_id' <> %s", (received,))
    world.site.answers["/hook"] = answering(200)
    await world.work()
    hour = timedelta(hours=1)
    since = {"since": (datetime.now(UTC) - hour).isoformat()}
    for body in (since, {**since, "webhook_id": webhook["id"]}):
        again = await world.api.data("webhook.redeliver", body, auth=world.key)
        assert again == {"queued": 1}
    assert await world.work() == 1
    assert [entry["event_id"] for entry in await world.listed(webhook)] == [missed, received]
    assert await world.listed(silent) == []
    stranger = await world.api.key(await world.api.account("bob"))
    foreign = {**since, "webhook_id": webhook["id"]}
    refused = await world.api.refused("webhook.redeliver", foreign, auth=stranger)
    assert refused == (404, "not_found")
    assert await world.api.data("webhook.redeliver", since, auth=stranger) == {"queued": 0}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"id": "dlv_1", "since": "2026-01-01T00:00:00Z"},
        {"since": "yesterday"},
        {"since": "2026-01-01T00:00:00"},
        {"id": "dlv_1", "webhook_id": "whk_1"},
    ],
)
async def test_what_cannot_be_sent_again(world: World, body: dict[str, Any]) -> None:
    assert (await world.api.refused("webhook.redeliver", body, auth=world.key))[0] == 422


async def test_an_endpoint_that_is_off_is_told_nothing(world: World) -> None:
    world.site.answers["/hook"] = answering(500)
    webhook = await world.create()
    await world.publish()
    await world.work()
    [failed] = await world.listed(webhook)
    off = {"id": webhook["id"], "enabled": False}
    await world.api.data("webhook.update", off, auth=world.key)
    for call, body in (
        ("webhook.test", {"id": webhook["id"]}),
        ("webhook.redeliver", {"id": failed["id"]}),
        ("webhook.redeliver", {"since": failed["created_at"], "webhook_id": webhook["id"]}),
    ):
        assert await world.api.refused(call, body, auth=world.key) == (409, "conflict")
    everybody = {"since": "2026-01-01T00:00:00Z"}
    assert await world.api.data("webhook.redeliver", everybody, auth=world.key) == {"queued": 0}


async def a_running_render(world: World) -> str:
    render = (await world.api.data("render.create", EMPTY_EDIT, auth=world.key))["render"]["id"]
    async with world.api.db.transaction() as tx:
        await store.start(tx, render, attempts=1)
        await store.insert_parts(tx, render, {0: 100})
    return str(render)


async def test_progress_is_told_at_most_every_five_seconds(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.create("render.progress")
    monkeypatch.setattr("vidgenie.services.renders.progress.WRITE_EVERY_S", 0.01)
    render = await a_running_render(world)

    async def advance(frames: int) -> None:
        async with PartProgress(world.api.db, render, 0) as progress:
            progress.note(frames)
            await asyncio.sleep(0.1)

    await advance(20)
    await advance(40)
    [told] = await world.events("render.progress")
    assert told["render"]["id"] == render
    assert 0 < told["render"]["progress"] < 0.25
    async with world.api.db.transaction() as tx:
        await tx.execute("UPDATE render_progress SET told_at = now() - interval '5.1 s'")
    await advance(60)
    assert len(await world.events("render.progress")) == 2
    async with world.api.db.transaction() as tx:
        query = "SELECT DISTINCT attempts_max FROM jobs WHERE kind = %s"
        rows = await (await tx.execute(query, (webhooks.KIND,))).fetchall()
        assert rows == [{"attempts_max": 1}], "late news of progress is worth nothing"
        await tx.execute("UPDATE render_progress SET told_at = NULL")
        await store.end(tx, render, "cancelled")
    await advance(80)
    assert len(await world.events("render.progress")) == 2, "an ended render makes no progress"


async def test_news_that_nobody_hears_is_not_written(world: World) -> None:
    await world.create()
    render = await a_running_render(world)
    async with world.api.db.transaction() as tx:
        await tell(tx, render, "render.started", attempts_max=4)
    assert await world.events("render.started") == []
    await world.create("render.started")
    async with world.api.db.transaction() as tx:
        await tell(tx, render, "render.started", attempts_max=4)
    [told] = await world.events("render.started")
    assert told["render"]["status"] == "fetching"


async def test_events_are_forgotten_after_their_time(world: World) -> None:
    await world.create()
    old, new = [await world.publish() for _ in range(2)]
    async with world.api.db.transaction() as tx:
        query = "UPDATE events SET created_at = now() - interval '31 days' WHERE id = %s"
        await tx.execute(query, (old,))
    await webhooks.forget(world.api.db)
    async with world.api.db.transaction() as tx:
        assert await (await tx.execute("SELECT id FROM events")).fetchall() == [{"id": new}]
