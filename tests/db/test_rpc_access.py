"""Who may call what, what is written down about it, and calls sent twice."""

import asyncio
from ipaddress import ip_network
from pathlib import Path

import pytest

from serving import EMPTY_EDIT, Api, serving
from vidgenie.services.db.pool import Database


async def test_without_a_credential(api: Api) -> None:
    response = await api.call("render.list")
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "unauthenticated"
    assert "www-authenticate" in response.headers
    assert "x-api-key" in response.json()["error"]["message"]


@pytest.mark.parametrize(
    "credential",
    [
        "vg_live_" + "A" * 46,
        "vg_at_" + "A" * 46,
        "vg_live_short",
        "sk_live_of_somebody_else",
        "vg_live_" + "\xe9" * 46,
        "vg_at_" + "\xe9" * 46,
    ],
)
async def test_credential_that_never_was(api: Api, credential: str) -> None:
    headers = [(b"authorization", b"Bearer " + credential.encode("latin-1"))]
    response = await api.http.post("/api/v1/render.list", headers=headers)
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "unauthenticated"


async def test_typing_error_is_told_from_a_revoked_key(api: Api, token: str) -> None:
    key = await api.key(token)
    wrong = key[:-10] + ("a" if key[-10] != "a" else "b") + key[-9:]
    typo = (await api.call("render.list", auth=wrong)).json()["error"]["message"]
    made = (await api.data("apikey.list", auth=token))["api_keys"][0]
    await api.data("apikey.revoke", {"id": made["id"]}, auth=token)
    revoked = (await api.call("render.list", auth=key)).json()["error"]["message"]
    assert "revoked" in revoked
    assert "revoked" not in typo


async def test_key_where_a_token_belongs_and_the_reverse(api: Api, token: str) -> None:
    key = await api.key(token)
    assert await api.refused("apikey.list", auth=key) == (403, "wrong_credential")
    assert await api.refused("render.list", auth=token) == (403, "wrong_credential")
    assert (await api.data("webhook.list", auth=token))["webhooks"] == []
    assert (await api.data("webhook.list", auth=key))["webhooks"] == []


async def test_scope_that_is_missing(api: Api, token: str) -> None:
    key = await api.key(token, scopes=["render:read"])
    await api.data("render.list", auth=key)
    response = await api.call("render.create", EMPTY_EDIT, auth=key)
    assert response.status_code == 403
    assert response.json()["error"]["code"] == "insufficient_scope"
    assert "render:write" in response.json()["error"]["message"]


async def test_every_authenticated_call_leaves_a_row_refused_ones_too(api: Api, token: str) -> None:
    key = await api.key(token, scopes=["render:read", "render:write"])
    render = await api.call("render.create", EMPTY_EDIT, auth=key, headers={"user-agent": "test/1"})
    await api.call("render.get", {"id": "rnd_nowhere"}, auth=key)
    await api.call("apikey.list", auth=key)
    await api.call("webhook.list", auth=key)
    await api.call("render.create", {"timeline": 1}, auth=key)
    await api.http.post("/api/v1/render.create", content=b"{", headers={"x-api-key": key})
    rows = await api.audit(token)
    assert [(row["action"], row["status"]) for row in reversed(rows)] == [
        ("apikey.create", 200),
        ("render.create", 200),
        ("render.get", 404),
        ("apikey.list", 403),
        ("webhook.list", 403),
        ("render.create", 422),
        ("render.create", 400),
    ]
    created = rows[-2]
    assert created["request_id"] == render.json()["request_id"]
    assert created["object_id"] == render.json()["data"]["render"]["id"]
    assert created["user_agent"] == "test/1"
    assert created["credential_kind"] == "key"
    assert created["credential_id"].startswith("key_")
    assert rows[-1]["credential_kind"] == "token"


async def test_use_of_a_revoked_key_is_told_to_its_owner(api: Api, token: str) -> None:
    made = await api.data("apikey.create", {"name": "one"}, auth=token)
    await api.data("apikey.revoke", {"id": made["api_key"]["id"]}, auth=token)
    await api.call("render.list", auth=made["api_key"]["plaintext"])
    row = (await api.audit(token))[0]
    assert (row["action"], row["status"]) == ("render.list", 401)
    assert row["credential_id"] == made["api_key"]["id"]


async def test_audit_shows_an_account_its_own_rows_only(api: Api, token: str) -> None:
    await api.key(token)
    bob = await api.account("bob")
    assert await api.audit(bob) == []
    assert len(await api.audit(token)) == 1


async def test_audit_is_filtered(api: Api, token: str) -> None:
    await api.key(token)
    await api.data("account.get", auth=token)
    answer = await api.data("audit.list", {"action": "apikey.create"}, auth=token)
    [rows] = [value for value in answer.values() if isinstance(value, list)]
    assert [row["action"] for row in rows] == ["apikey.create"]


async def test_same_call_twice_happens_once(api: Api, token: str) -> None:
    key = await api.key(token)
    once = {"idempotency-key": "order-17"}
    first = await api.call("render.create", EMPTY_EDIT, auth=key, headers=once)
    second = await api.call("render.create", EMPTY_EDIT, auth=key, headers=once)
    assert second.status_code == 200
    assert second.json()["data"] == first.json()["data"]
    assert second.json()["request_id"] != first.json()["request_id"]
    assert len((await api.data("render.list", auth=key))["renders"]) == 1
    other = {**EMPTY_EDIT, "metadata": {"n": 1}}
    response = await api.call("render.create", other, auth=key, headers=once)
    assert (response.status_code, response.json()["error"]["code"]) == (409, "idempotency_mismatch")


async def test_same_call_many_times_at_once_happens_once(api: Api, token: str) -> None:
    key = await api.key(token)
    once = {"idempotency-key": "crowd"}
    answers = await asyncio.gather(
        *(api.call("render.create", EMPTY_EDIT, auth=key, headers=once) for _ in range(8))
    )
    assert {answer.status_code for answer in answers} <= {200, 409}
    good = [answer.json()["data"]["render"]["id"] for answer in answers if answer.is_success]
    assert len(set(good)) == 1
    codes = {answer.json()["error"]["code"] for answer in answers if not answer.is_success}
    assert codes <= {"conflict"}
    assert len((await api.data("render.list", auth=key))["renders"]) == 1


async def test_secret_is_shown_once_also_when_asked_twice(api: Api, token: str) -> None:
    once = {"idempotency-key": "k"}
    first = await api.call("apikey.create", {"name": "one"}, auth=token, headers=once)
    second = await api.call("apikey.create", {"name": "one"}, auth=token, headers=once)
    assert first.json()["data"]["api_key"]["plaintext"] is not None
    assert second.json()["data"]["api_key"]["plaintext"] is None
    assert second.json()["data"]["api_key"]["id"] == first.json()["data"]["api_key"]["id"]
    async with api.db.transaction() as tx:
        rows = await (await tx.execute("SELECT k::text FROM idempotency_keys k")).fetchall()
    assert first.json()["data"]["api_key"]["plaintext"] not in str(rows)


async def test_idempotency_keys_are_scoped_to_account_and_call(api: Api, token: str) -> None:
    once = {"idempotency-key": "same"}
    bob = await api.account("bob")
    for auth in (token, bob):
        made = await api.call("apikey.create", {"name": "one"}, auth=auth, headers=once)
        assert made.json()["data"]["api_key"]["plaintext"] is not None
    key = await api.key(token)
    made = await api.call("render.create", EMPTY_EDIT, auth=key, headers=once)
    assert made.status_code == 200


async def test_failed_call_may_be_sent_again_under_its_key(api: Api, token: str) -> None:
    key = await api.key(token)
    once = {"idempotency-key": "retry"}
    failed = await api.call("render.create", {"timeline": {}}, auth=key, headers=once)
    assert failed.status_code == 422
    good = await api.call("render.create", EMPTY_EDIT, auth=key, headers=once)
    assert good.status_code == 200


@pytest.mark.parametrize("text", ["x" * 256, ""])
async def test_idempotency_key_that_is_none(api: Api, token: str, text: str) -> None:
    headers = {"idempotency-key": text}
    response = await api.call("apikey.create", {"name": "one"}, auth=token, headers=headers)
    assert response.status_code == 422


async def test_key_is_held_to_its_rate(api: Api, token: str) -> None:
    slow, free = await api.key(token, rate_limit=3), await api.key(token)
    answers = [await api.call("render.list", auth=slow) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 20
    await api.data("render.list", auth=free)


async def test_key_is_held_to_its_networks_also_after_rotation(
    db: Database, tmp_path: Path
) -> None:
    proxies = (ip_network("127.0.0.1/32"),)
    async with serving(db, tmp_path, trusted_proxies=proxies) as api:
        token = await api.account("ada")
        networks = ["10.1.0.7/16", "2001:db8::/32"]
        body = {"name": "k", "allow_networks": networks, "rate_limit": 100}
        made = (await api.data("apikey.create", body, auth=token))["api_key"]
        assert made["allow_networks"] == ["10.1.0.0/16", "2001:db8::/32"]
        rotated = await api.data("apikey.rotate", {"id": made["id"]}, auth=token)
        for key in (made["plaintext"], rotated["api_key"]["plaintext"]):
            for address, status in (
                ("10.1.2.3", 200),
                ("2001:db8::1", 200),
                ("::ffff:10.1.2.3", 200),
                ("10.2.0.1", 403),
                ("2001:db9::1", 403),
                ("nonsense", 403),
            ):
                sent = {"x-forwarded-for": address}
                answer = await api.call("render.list", auth=key, headers=sent)
                assert answer.status_code == status, (address, answer.text)
        assert answer.json()["error"]["code"] == "address_not_allowed"
        row = (await api.audit(token))[0]
        assert (row["status"], row["code"]) == (403, "address_not_allowed")


@pytest.mark.parametrize(
    "change",
    [
        {"rate_limit": 0},
        {"rate_limit": 10**9},
        {"allow_networks": []},
        {"allow_networks": ["home"]},
        {"allow_networks": ["10.0.0.0/33"]},
    ],
)
async def test_key_limits_that_are_none(api: Api, token: str, change: dict[str, object]) -> None:
    assert (await api.refused("apikey.create", {"name": "k", **change}, auth=token))[0] == 422


async def test_last_use_is_noted_once_a_minute_and_not_for_refused_calls(
    api: Api, token: str
) -> None:
    elsewhere = await api.key(token, allow_networks=["192.0.2.0/24"])
    await api.call("render.list", auth=elsewhere)
    key = await api.key(token)

    async def uses() -> list[object]:
        keys = (await api.data("apikey.list", auth=token))["api_keys"]
        return [entry["last_used_at"] for entry in keys]

    assert await uses() == [None, None]
    await api.data("render.list", auth=key)
    first = await uses()
    assert first[0] is not None
    assert first[1] is None
    await api.data("render.list", auth=key)
    assert await uses() == first
    async with api.db.transaction() as tx:
        await tx.execute("UPDATE api_keys SET last_used_at = last_used_at - interval '61 s'")
    await api.data("render.list", auth=key)
    assert (await uses())[0] != first[0]
