"""Webhooks: published with what happened, signed, retried on a schedule, every attempt kept."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from psycopg.errors import DivisionByZero
from standardwebhooks import Webhook as Verifier

from sites import Site, answering, open_site, redirect
from vidgenie.errors import NotFound, QuotaExceeded, RequestInvalid
from vidgenie.services import mail, queue, webhooks
from vidgenie.services.accounts import store as accounts
from vidgenie.services.accounts.secrets import encrypt
from vidgenie.services.accounts.webhook_secret import make_secret
from vidgenie.services.db.pool import Database
from vidgenie.services.net.client import GuardedClient
from vidgenie.services.webhooks import Done, GivenUp, NewWebhook, Retry, Webhook, store
from vidgenie.services.webhooks.endpoints import WEBHOOKS_MAX
from vidgenie.services.webhooks.schedule import ATTEMPTS_MAX, SCHEDULE_S

SECRET_KEY = b"k" * 32
DATA = {"render": {"id": "rnd_1", "status": "done", "metadata": {"ä": None, "a": "\u0000"}}}
URL = "https://hooks.example/a"


@dataclass
class World:
    """An account with a callback secret, a client that may call the loopback, a receiver."""

    db: Database
    client: GuardedClient
    site: Site
    account: str
    callback_secret: str

    async def create(self, url: str = URL, **values: Any) -> tuple[Webhook, str]:
        new = NewWebhook(values.pop("account", self.account), url, **values)
        async with self.db.transaction() as tx:
            return await webhooks.create(tx, new, guard=self.client.guard, secret_key=SECRET_KEY)

    async def publish(self, event_type: str = "render.done", callback: str | None = None) -> str:
        async with self.db.transaction() as tx:
            return await webhooks.publish(tx, self.account, event_type, DATA, callback=callback)

    async def jobs(self) -> list[dict[str, Any]]:
        async with self.db.transaction() as tx:
            return await (await tx.execute("SELECT * FROM jobs ORDER BY id")).fetchall()

    async def deliver(self, payload: dict[str, Any], attempt: int = 1) -> webhooks.Outcome:
        return await webhooks.deliver(
            self.db, self.client, SECRET_KEY, payload, attempt, random=Random(1)
        )

    async def deliveries(self, event_id: str) -> list[Any]:
        async with self.db.transaction() as tx:
            return await store.deliveries(tx, event_id)

    async def get(self, webhook: Webhook) -> Webhook:
        async with self.db.transaction() as tx:
            return await webhooks.get(tx, self.account, webhook.id)


async def an_account(db: Database, name: str, secret: str) -> str:
    async with db.transaction() as tx:
        account = await accounts.insert(
            tx,
            username=name,
            email=f"{name}@mail.example",
            password_hash="-",
            callback_secret=encrypt(SECRET_KEY, secret),
        )
    assert account is not None
    return account.id


@pytest.fixture
async def world(db: Database) -> AsyncIterator[World]:
    secret = make_secret()
    async with open_site() as site, GuardedClient(["127.0.0.0/8"]) as client:
        yield World(db, client, site, await an_account(db, "ann", secret), secret)


def headers_of(request: str) -> dict[str, str]:
    lines = request.split("\r\n")[1:]
    return dict(line.lower().split(": ", 1) for line in lines if ": " in line) | {
        "webhook-signature": next(
            line.split(": ", 1)[1] for line in lines if line.lower().startswith("webhook-signature")
        )
    }


async def test_an_endpoint_shows_its_secret_once(world: World) -> None:
    webhook, secret = await world.create()
    assert webhook.events == ("render.done", "render.failed")
    assert secret.startswith("whsec_")
    assert secret.encode() not in webhook.secret
    assert webhooks.webhook_view(webhook, secret)["secret"] == secret
    assert "secret" not in webhooks.webhook_view(await world.get(webhook))


@pytest.mark.parametrize(
    ("values", "path", "code", "words"),
    [
        ({"url": "ftp://hooks.example/"}, "/url", "invalid_url", "'ftp'"),
        ({"url": "https://me:pw@hooks.example/"}, "/url", "invalid_url", "user name"),
        ({"url": "http://10.0.0.1/"}, "/url", "invalid_url", "--allow-networks"),
        ({"url": "http://2852039166/"}, "/url", "invalid_url", "not public"),
        ({"url": "https://hooks.example/" + "x" * 2048}, "/url", "too_long", "2048"),
        ({"events": ["render.don"]}, "/events/0", "unknown_event", "'render.done'"),
        ({"events": ["render.done", "x"]}, "/events/1", "unknown_event", "render.cancelled"),
        ({"events": []}, "/events", "empty", "at least one"),
    ],
)
async def test_endpoints_that_cannot_be(
    world: World, values: dict[str, Any], path: str, code: str, words: str
) -> None:
    with pytest.raises(RequestInvalid) as caught:
        await world.create(**values)
    (problem,) = caught.value.problems
    assert (problem.path, problem.code) == (path, code)
    assert words in problem.message


async def test_all_problems_of_an_endpoint_are_said_at_once(world: World) -> None:
    with pytest.raises(RequestInvalid) as caught:
        await world.create("ftp://a/", events=["a", "b"])
    assert [problem.path for problem in caught.value.problems] == ["/url", "/events/0", "/events/1"]


async def test_an_account_has_only_so_many_endpoints(world: World) -> None:
    for _ in range(WEBHOOKS_MAX):
        await world.create()
    with pytest.raises(QuotaExceeded, match="20"):
        await world.create()


async def test_endpoints_belong_to_their_account(world: World) -> None:
    bob = await an_account(world.db, "bob", make_secret())
    mine = [(await world.create())[0] for _ in range(3)]
    await world.create(account=bob)
    async with world.db.transaction() as tx:
        first, cursor = await webhooks.page(tx, world.account, limit=2, cursor=None)
        rest, end = await webhooks.page(tx, world.account, limit=2, cursor=cursor)
    assert [w.id for w in first + rest] == sorted((w.id for w in mine), reverse=True)
    assert end is None
    for verb in (webhooks.get, webhooks.delete):
        with pytest.raises(NotFound):
            async with world.db.transaction() as tx:
                await verb(tx, bob, mine[0].id)
    async with world.db.transaction() as tx:
        await webhooks.delete(tx, world.account, mine[0].id)
    with pytest.raises(NotFound):
        await world.get(mine[0])


async def test_an_event_makes_a_job_per_listener_and_callback(world: World) -> None:
    both, _ = await world.create()
    only, _ = await world.create(events=["render.cancelled"])
    bob = await an_account(world.db, "bob", make_secret())
    await world.create(account=bob)
    event_id = await world.publish("render.failed", callback="https://me.example/done")
    jobs = await world.jobs()
    assert [job["payload"] for job in jobs] == [
        {"event_id": event_id, "webhook_id": both.id},
        {"event_id": event_id, "callback": "https://me.example/done"},
    ]
    assert {(job["kind"], job["queue"], job["attempts_max"]) for job in jobs} == {
        ("deliver_webhook", "delivery", 8)
    }
    await world.publish("render.cancelled")
    assert (await world.jobs())[-1]["payload"]["webhook_id"] == only.id


async def test_an_event_goes_with_the_transaction_it_is_part_of(world: World) -> None:
    await world.create()

    async def fail_after_publishing() -> None:
        async with world.db.transaction() as tx:
            await webhooks.publish(tx, world.account, "render.done", DATA)
            await tx.execute("SELECT 1 / 0")

    with pytest.raises(DivisionByZero):
        await fail_after_publishing()
    async with world.db.transaction() as tx:
        row = await (await tx.execute("SELECT count(*) AS n FROM events")).fetchone()
    assert row == {"n": 0}
    assert await world.jobs() == []


async def test_cancelling_a_render_does_not_call_off_its_news(world: World) -> None:
    await world.create()
    await world.publish()
    async with world.db.transaction() as tx:
        await queue.cancel(tx, "rnd_1")
    assert len(await world.jobs()) == 1


async def test_a_delivery_is_signed_and_kept(world: World) -> None:
    world.site.answers["/hook"] = answering(200, b"thanks")
    webhook, secret = await world.create(world.site.url("/hook"))
    event_id = await world.publish()
    payload = {"event_id": event_id, "webhook_id": webhook.id}
    assert await world.deliver(payload) == Done()
    headers, body = headers_of(world.site.requests[0]), world.site.bodies[0]
    assert headers["webhook-id"] == event_id
    assert headers["content-type"] == "application/json"
    told = Verifier(secret).verify(body, headers)
    assert (told["type"], told["data"]) == ("render.done", DATA)
    sent_at = datetime.fromisoformat(told["timestamp"])
    assert abs((datetime.now(UTC) - sent_at).total_seconds()) < 60
    (kept,) = await world.deliveries(event_id)
    assert (kept.status, kept.answer, kept.error, kept.attempt) == (200, b"thanks", None, 1)
    assert kept.webhook_id == webhook.id
    assert kept.ms >= 0


async def test_a_callback_is_signed_with_the_accounts_secret(world: World) -> None:
    world.site.answers["/done"] = answering(204)
    url = world.site.url("/done")
    event_id = await world.publish(callback=url)
    assert await world.deliver({"event_id": event_id, "callback": url}) == Done()
    headers = headers_of(world.site.requests[0])
    assert Verifier(world.callback_secret).verify(world.site.bodies[0], headers)
    (kept,) = await world.deliveries(event_id)
    assert (kept.webhook_id, kept.url, kept.status) == (None, url, 204)


async def test_attempts_say_the_same_thing(world: World) -> None:
    world.site.answers["/hook"] = answering(500, b"x" * 5000)
    webhook, _ = await world.create(world.site.url("/hook"))
    event_id = await world.publish()
    payload = {"event_id": event_id, "webhook_id": webhook.id}
    for attempt in range(1, ATTEMPTS_MAX):
        outcome = await world.deliver(payload, attempt)
        assert isinstance(outcome, Retry)
        assert 0.8 <= outcome.seconds / SCHEDULE_S[attempt] <= 1.2
        assert "500" in outcome.reason
    assert isinstance(await world.deliver(payload, ATTEMPTS_MAX), GivenUp)
    assert len(set(world.site.bodies)) == 1
    assert {headers_of(r)["webhook-id"] for r in world.site.requests} == {event_id}
    kept = await world.deliveries(event_id)
    assert [delivery.attempt for delivery in kept] == list(range(1, 9))
    assert {len(delivery.answer) for delivery in kept} == {4096}


@pytest.mark.parametrize("status", [300, 301, 302, 400, 404, 500, 503])
async def test_only_2xx_counts(world: World, status: int) -> None:
    site = world.site
    site.answers["/hook"] = redirect("/other", status) if 300 < status < 400 else answering(status)
    site.answers["/other"] = answering(200)
    webhook, _ = await world.create(site.url("/hook"))
    outcome = await world.deliver({"event_id": await world.publish(), "webhook_id": webhook.id})
    assert isinstance(outcome, Retry)
    assert len(site.requests) == 1


async def test_nobody_there_is_tried_again(world: World) -> None:
    server = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    webhook, _ = await world.create(f"http://127.0.0.1:{port}/")
    event_id = await world.publish()
    outcome = await world.deliver({"event_id": event_id, "webhook_id": webhook.id})
    assert isinstance(outcome, Retry)
    (kept,) = await world.deliveries(event_id)
    assert kept.status is None
    assert "No connection" in kept.error


async def test_a_closed_address_is_given_up_at_once(world: World) -> None:
    event_id = await world.publish(callback="http://10.0.0.1/")
    outcome = await world.deliver({"event_id": event_id, "callback": "http://10.0.0.1/"})
    assert isinstance(outcome, GivenUp)
    assert "not public" in outcome.reason
    (kept,) = await world.deliveries(event_id)
    assert kept.error == outcome.reason


async def test_what_is_gone_needs_no_telling(world: World) -> None:
    world.site.answers["/hook"] = answering(200)
    webhook, _ = await world.create(world.site.url("/hook"))
    event_id = await world.publish()
    async with world.db.transaction() as tx:
        await webhooks.delete(tx, world.account, webhook.id)
    assert await world.deliver({"event_id": event_id, "webhook_id": webhook.id}) == Done()
    assert await world.deliver({"event_id": "evt_none", "webhook_id": webhook.id}) == Done()
    assert world.site.requests == []


async def test_an_endpoint_deleted_during_its_delivery(world: World) -> None:
    webhook, _ = await world.create(world.site.url("/hook"))
    event_id = await world.publish()

    async def delete_first(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # That this does not block shows that no transaction is open during the call.
        async with world.db.transaction() as tx:
            await webhooks.delete(tx, world.account, webhook.id)
        writer.write(answering(500))

    world.site.answers["/hook"] = delete_first
    assert await world.deliver({"event_id": event_id, "webhook_id": webhook.id}) == Done()
    assert await world.deliveries(event_id) == []


async def test_five_days_of_failure_switch_an_endpoint_off(world: World) -> None:
    world.site.answers["/hook"] = answering(500)
    webhook, _ = await world.create(world.site.url("/hook"))
    payload = {"event_id": await world.publish(), "webhook_id": webhook.id}
    await world.deliver(payload)
    failing = await world.get(webhook)
    assert failing.is_enabled
    assert failing.failing_since is not None
    async with world.db.transaction() as tx:
        await tx.execute("UPDATE webhooks SET failing_since = now() - interval '5 days 1 second'")
    await world.deliver(payload, 2)
    assert not (await world.get(webhook)).is_enabled
    async with world.db.transaction() as tx:
        (letter,) = await mail.list_letters(tx)
    assert letter.to == "ann@mail.example"
    assert webhook.id in letter.text
    assert "answered 500" in letter.text
    before = len(await world.jobs())
    await world.publish()
    assert len(await world.jobs()) == before


async def test_one_success_ends_the_failing(world: World) -> None:
    world.site.answers["/hook"] = answering(500)
    webhook, _ = await world.create(world.site.url("/hook"))
    payload = {"event_id": await world.publish(), "webhook_id": webhook.id}
    await world.deliver(payload)
    world.site.answers["/hook"] = answering(200)
    await world.deliver(payload, 2)
    assert (await world.get(webhook)).failing_since is None


async def test_gone_switches_an_endpoint_off_at_once(world: World) -> None:
    world.site.answers["/hook"] = answering(410)
    webhook, _ = await world.create(world.site.url("/hook"))
    payload = {"event_id": await world.publish(), "webhook_id": webhook.id}
    outcome = await webhooks.deliver(world.db, world.client, SECRET_KEY, payload, 1, has_smtp=True)
    assert isinstance(outcome, GivenUp)
    assert not (await world.get(webhook)).is_enabled
    assert (await world.jobs())[-1]["kind"] == "send_mail"


async def test_a_deleted_account_takes_its_webhooks_along(world: World) -> None:
    world.site.answers["/hook"] = answering(200)
    webhook, _ = await world.create(world.site.url("/hook"))
    event_id = await world.publish()
    await world.deliver({"event_id": event_id, "webhook_id": webhook.id})
    async with world.db.transaction() as tx:
        await tx.execute("DELETE FROM accounts")
    assert await world.deliveries(event_id) == []
    assert await world.deliver({"event_id": event_id, "callback": "https://a.example/"}) == Done()


async def test_every_receiver_has_a_lane_of_its_own(world: World) -> None:
    webhook, _ = await world.create()
    await world.publish(callback="https://slow.example/a?b=c")
    lanes = [job["lane"] for job in await world.jobs()]
    assert lanes == [webhook.id, f"{world.account}/slow.example"]
