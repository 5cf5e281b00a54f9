"""account.*: sessions, a new address, a new password, a new secret, and the end of an account."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from serving import EMPTY_EDIT, PASSWORD, PUBLIC_URL, SECRET_KEY, Api, serving
from vidgenie.services import queue
from vidgenie.services.accounts import change
from vidgenie.services.accounts.model import AccountPolicy
from vidgenie.services.db.pool import Database
from vidgenie.services.mail import list_letters
from vidgenie.services.renders import erase_account
from vidgenie.services.storage.memory import MemoryStorage

NEW = "battery horse correct"
LOGIN = {"username": "ada", "password": PASSWORD}
EMAIL = "ada@example.com"
POLICY = AccountPolicy(secret_key=SECRET_KEY, public_url=PUBLIC_URL)

BODIES: dict[str, dict[str, Any]] = {
    "sessions": {},
    "change_email": {"email": "new@example.com", "password": PASSWORD},
    "change_password": {"password": PASSWORD, "new_password": NEW},
    "rotate_callback_secret": {},
    "delete": {"password": PASSWORD},
}


@pytest.fixture
async def storage(tmp_path: Path) -> MemoryStorage:
    return MemoryStorage()


@pytest.fixture
async def api(db: Database, tmp_path: Path, storage: MemoryStorage) -> AsyncIterator[Api]:
    async with serving(db, tmp_path, storage=storage) as made:
        yield made


@pytest.fixture
async def token(api: Api) -> str:
    return await api.account("ada")


async def login(api: Api) -> str:
    return str((await api.data("account.login", LOGIN))["access_token"])


async def letters_to(api: Api, email: str) -> list[Any]:
    async with api.db.transaction() as tx:
        return list(await list_letters(tx, to=email))


async def do_mail_jobs(api: Api) -> int:
    """Do what a worker does with requests for a reset."""
    async with api.db.transaction() as tx:
        done = 0
        while job := await queue.claim(tx, ["mail"], worker="test", lease_s=30):
            await change.write_reset_letter(tx, POLICY, job.payload["email"])
            await queue.finish(tx, job)
            done += 1
    return done


async def reset_token(api: Api, email: str = EMAIL) -> str:
    await api.data("account.request_password_reset", {"email": email})
    assert await do_mail_jobs(api) == 1
    return await api.mailed_token(email)


@pytest.mark.parametrize("call", BODIES)
async def test_who_may_call(api: Api, token: str, call: str) -> None:
    name, body = f"account.{call}", BODIES[call]
    key = await api.key(token)
    assert await api.refused(name, body) == (401, "unauthenticated")
    assert await api.refused(name, body, auth=key) == (403, "wrong_credential")
    ended = await login(api)
    await api.data("account.logout", auth=ended)
    assert await api.refused(name, body, auth=ended) == (401, "unauthenticated")
    assert await api.refused(name, {**body, "x": 1}, auth=token) == (422, "validation_failed")
    if "password" in body:
        for wrong in ({**body, "password": "wrong password"}, {**body, "password": 3}, {}):
            assert await api.refused(name, wrong, auth=token) == (422, "validation_failed")
    await api.data(name, body, auth=token)


async def test_sessions_are_listed_until_they_end(api: Api, token: str) -> None:
    other = await login(api)
    await api.account("bob")
    page = await api.data("account.sessions", {"limit": 1}, auth=token)
    rest = await api.data("account.sessions", {"cursor": page["next_cursor"]}, auth=token)
    found = [*page["sessions"], *rest["sessions"]]
    assert [session["current"] for session in found] == [False, True]
    await api.data("account.logout", {"everywhere": True}, auth=other)
    again = await login(api)
    assert len((await api.data("account.sessions", auth=again))["sessions"]) == 1


async def test_address_changes_when_it_is_proved_and_the_old_one_is_told(
    api: Api, token: str
) -> None:
    old_reset = await reset_token(api)
    body = BODIES["change_email"]
    asked = (await api.data("account.change_email", body, auth=token))["account"]
    assert asked["email"] == EMAIL, "nothing changes before the new address is proved"
    first = await api.mailed_token("new@example.com")
    await api.data("account.change_email", body, auth=token)
    assert (await api.refused("account.verify_email", {"token": first}))[0] == 422
    proof = {"token": await api.mailed_token("new@example.com")}
    assert (await api.refused("account.reset_password", {**proof, "new_password": NEW}))[0] == 422
    moved = (await api.data("account.verify_email", proof))["account"]
    assert (moved["email"], moved["status"]) == ("new@example.com", "active")
    assert (await api.refused("account.verify_email", proof))[0] == 422
    [told, *_] = await letters_to(api, EMAIL)
    assert "new@example.com" in told.text
    stale = {"token": old_reset, "new_password": NEW}
    assert (await api.refused("account.reset_password", stale))[0] == 422
    await api.data("account.login", {**LOGIN, "username": "new@example.com"})


async def test_address_of_another_account_is_not_told_to_be_one(api: Api, token: str) -> None:
    await api.account("bob")
    body = BODIES["change_email"]
    free = await api.call("account.change_email", body, auth=token)
    taken = await api.call("account.change_email", {**body, "email": "bob@example.com"}, auth=token)
    assert free.json()["data"] == taken.json()["data"]
    [letter, *_] = await letters_to(api, "bob@example.com")
    assert letter.token is None
    assert "bob" in letter.text


async def test_address_that_two_accounts_prove_belongs_to_one(api: Api, token: str) -> None:
    bob = await api.account("bob")
    proofs = []
    for auth in (token, bob):
        await api.data("account.change_email", BODIES["change_email"], auth=auth)
        proofs.append({"token": await api.mailed_token("new@example.com")})
    answers = await asyncio.gather(*(api.call("account.verify_email", p) for p in proofs))
    assert sorted(answer.status_code for answer in answers) == [200, 422]


async def test_new_password_ends_other_sessions_but_no_key(api: Api, token: str) -> None:
    other, key, reset = await login(api), await api.key(token), await reset_token(api)
    await api.data("account.change_password", BODIES["change_password"], auth=token)
    assert await api.refused("account.login", LOGIN) == (401, "unauthenticated")
    assert await api.refused("account.get", auth=other) == (401, "unauthenticated")
    await api.data("account.get", auth=token)
    await api.data("render.list", auth=key)
    await api.data("account.login", {**LOGIN, "password": NEW})
    assert "changed" in (await letters_to(api, EMAIL))[0].subject
    stale = {"token": reset, "new_password": PASSWORD}
    assert (await api.refused("account.reset_password", stale))[0] == 422


async def test_of_two_password_changes_at_once_one_counts(api: Api, token: str) -> None:
    bodies = [{"password": PASSWORD, "new_password": f"{NEW} {n}"} for n in range(3)]
    answers = await asyncio.gather(
        *(api.call("account.change_password", body, auth=token) for body in bodies)
    )
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(200) == 1, statuses
    assert set(statuses) <= {200, 409, 422}
    right = bodies[statuses.index(200)]["new_password"]
    await api.data("account.login", {**LOGIN, "password": right})


async def test_reset_says_and_does_the_same_for_everybody(api: Api, token: str) -> None:
    await api.data("account.register", {**LOGIN, "username": "eve", "email": "eve@example.com"})
    before = len(await letters_to(api, "eve@example.com"))
    answers = [
        (await api.call("account.request_password_reset", {"email": email})).json()
        for email in (EMAIL, "nobody@example.com", "eve@example.com")
    ]
    assert [answer["data"] for answer in answers] == [{}, {}, {}]
    assert await letters_to(api, "nobody@example.com") == []
    async with api.db.transaction() as tx:
        rows = await (await tx.execute("SELECT kind FROM jobs")).fetchall()
    assert rows == [{"kind": change.RESET_KIND}] * 3, "the call itself looks for no account"
    await do_mail_jobs(api)
    assert await letters_to(api, "nobody@example.com") == []
    assert len(await letters_to(api, "eve@example.com")) == before, "a pending account has none"
    assert (await letters_to(api, EMAIL))[0].token is not None


async def test_reset_sets_a_password_once_and_ends_all_sessions(api: Api, token: str) -> None:
    first, second = await reset_token(api), await reset_token(api)
    body = {"token": first, "new_password": NEW}
    assert (await api.refused("account.reset_password", body))[0] == 422, "the newer letter counts"
    answers = await asyncio.gather(
        *(api.call("account.reset_password", {**body, "token": second}) for _ in range(3))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 422, 422]
    assert await api.refused("account.get", auth=token) == (401, "unauthenticated")
    await api.data("account.login", {**LOGIN, "password": NEW})


async def test_reset_token_ends_and_a_letter_for_an_address_is_none(api: Api, token: str) -> None:
    reset = {"token": await reset_token(api), "new_password": NEW}
    assert (await api.refused("account.verify_email", {"token": reset["token"]}))[0] == 422
    async with api.db.transaction() as tx:
        await tx.execute("UPDATE email_tokens SET expires_at = now() - interval '1 s'")
    assert (await api.refused("account.reset_password", reset))[0] == 422
    assert (await api.refused("account.reset_password", {**reset, "token": "vg_em_x"}))[0] == 422


async def test_guessing_and_writing_are_slowed_down(api: Api, token: str) -> None:
    wrong = {"password": "wrong password"}
    statuses = [
        (await api.call("account.delete", wrong, auth=token)).status_code for _ in range(12)
    ]
    assert (statuses[0], statuses[-1]) == (422, 429)
    assert await api.refused("account.delete", BODIES["delete"], auth=token) == (
        429,
        "rate_limited",
    )
    for email in ("known@example.com", "unknown@example.com"):
        asked = [
            (await api.call("account.request_password_reset", {"email": email})).status_code
            for _ in range(7)
        ]
        assert (asked[0], asked[-1]) == (200, 429)


async def test_callback_secret_is_replaced_and_shown_once(api: Api, token: str) -> None:
    old = (await api.data("account.get", auth=token))["account"]["callback_secret"]
    once = {"idempotency-key": "r"}
    new, again = [
        (await api.call("account.rotate_callback_secret", auth=token, headers=once)).json()["data"]
        for _ in range(2)
    ]
    assert new["account"]["callback_secret"] not in (None, old)
    assert again["account"]["callback_secret"] is None
    shown = (await api.data("account.get", auth=token))["account"]["callback_secret"]
    assert shown == new["account"]["callback_secret"]


async def a_full_account(api: Api, token: str) -> str:
    """Give an account something in every table."""
    key = await api.key(token)
    render = (await api.data("render.create", EMPTY_EDIT, auth=key))["render"]["id"]
    template = {"name": "t", **EMPTY_EDIT}
    named = (await api.data("template.create", template, auth=key))["template"]["id"]
    await api.data("template.render", {"id": named, "variants": [{}, {}]}, auth=key)
    await api.data("webhook.create", {"url": "https://hooks.example/a"}, auth=key)
    await api.data("render.cancel", {"id": render}, auth=key)
    await api.http.post(
        "/api/v1/asset.upload",
        files={"file": ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(64))},
        headers={"x-api-key": key, "idempotency-key": "a"},
    )
    return str(render)


async def rows_that_name(api: Api, words: list[str]) -> list[str]:
    found = []
    async with api.db.transaction() as tx:
        query = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
        for table in await (await tx.execute(query)).fetchall():
            cursor = await tx.execute(f"SELECT t::text AS t FROM {table['name']} t".encode())
            texts = [row["t"] for row in await cursor.fetchall()]
            if any(word in text for word in words for text in texts):
                found.append(table["name"])
    return found


async def test_deleted_account_leaves_nothing(api: Api, token: str, storage: MemoryStorage) -> None:
    account = (await api.data("account.get", auth=token))["account"]["id"]
    render = await a_full_account(api, token)
    bob = await api.account("bob")
    kept = await a_full_account(api, bob)
    for key in (f"renders/{render}/a.mp4", f"sources/{account}/a", "chunks/k", f"renders/{kept}/b"):
        await storage.put_file(key, Path(__file__))
    async with api.db.transaction() as tx:
        query = "INSERT INTO kept_chunks (key, account_id, size, sha256) VALUES ('k', %s, 1, '')"
        await tx.execute(query, (account,))
        await tx.execute(
            "UPDATE jobs SET status = 'running', token = gen_random_uuid(),"
            " lease_until = now() + interval '1 min' WHERE id IN"
            " (SELECT max(id) FROM jobs WHERE account_id = %s)",
            (account,),
        )
    await api.data("account.delete", {"password": PASSWORD}, auth=token)
    assert await api.refused("account.get", auth=token) == (401, "unauthenticated")
    assert await api.refused("account.login", LOGIN) == (401, "unauthenticated")
    assert await erase(api, storage) == 1, "a job of the account still runs: ask again"
    async with api.db.transaction() as tx:
        await tx.execute("DELETE FROM jobs WHERE account_id = %s AND cancel_requested", (account,))
        await tx.execute("UPDATE jobs SET run_at = now()")
    assert await erase(api, storage) == 0
    assert await rows_that_name(api, [account, EMAIL, render]) == ["rate_limits"]
    left = await keys(storage)
    assert not [key for key in left if account in key or render in key or key == "chunks/k"], left
    assert f"renders/{kept}/b" in left
    assert len([key for key in left if key.startswith("assets/")]) == 1
    assert (await api.data("account.get", auth=bob))["account"]["username"] == "bob"
    await api.account("ada")  # name and address are free again


async def keys(storage: MemoryStorage) -> list[str]:
    rooms = ("assets", "sources", "chunks", "renders")
    return [stored.key for room in rooms for stored in [s async for s in storage.list(room)]]


async def erase(api: Api, storage: MemoryStorage) -> int:
    """Do the job once, as a worker does; return how many of its kind are left."""
    async with api.db.transaction() as tx:
        job = await queue.claim(tx, ["upkeep"], worker="test", lease_s=30)
        while job is not None and job.kind != change.ERASE_KIND:  # pictures of uploads
            await queue.finish(tx, job)
            job = await queue.claim(tx, ["upkeep"], worker="test", lease_s=30)
    assert job is not None
    await erase_account(api.db, storage, job)
    async with api.db.transaction() as tx:
        query = "SELECT count(*) AS n FROM jobs WHERE kind = %s"
        row = await (await tx.execute(query, (change.ERASE_KIND,))).fetchone()
    assert row is not None
    return int(row["n"])
