"""account.* and apikey.*: from nobody to a key, and what is refused on the way."""

import asyncio
from pathlib import Path

import pytest

from serving import PASSWORD, PUBLIC_URL, Api, serving
from vidgenie.services.db.pool import Database
from vidgenie.services.mail import list_letters

ADA = {"username": "ada", "email": "ada@example.com", "password": PASSWORD}


async def test_four_steps(api: Api) -> None:
    registered = await api.data("account.register", ADA)
    assert registered["account"]["status"] == "pending"
    assert registered["account"]["id"].startswith("acc_")
    token = await api.mailed_token("ada@example.com")
    verified = await api.data("account.verify_email", {"token": token})
    assert verified["account"]["status"] == "active"
    assert verified["account"]["id"] == registered["account"]["id"]
    login = await api.data("account.login", {"username": "ada", "password": PASSWORD})
    assert login["token_type"] == "Bearer"
    assert login["expires_in"] == 3600
    assert login["access_token"].startswith("vg_at_")
    key = await api.data("apikey.create", {"name": "first"}, auth=login["access_token"])
    plaintext = key["api_key"]["plaintext"]
    assert plaintext.startswith("vg_live_")
    assert plaintext.endswith(key["api_key"]["last4"])
    assert (await api.data("render.list", auth=plaintext))["renders"] == []


async def test_letter_has_the_token_on_a_line_of_its_own_and_a_link(api: Api) -> None:
    await api.data("account.register", ADA)
    async with api.db.transaction() as tx:
        [letter] = await list_letters(tx)
    assert letter.token in letter.text.splitlines()
    assert f"{PUBLIC_URL}/verify?token={letter.token}" in letter.text


async def test_token_of_the_letter_works_once(api: Api) -> None:
    await api.data("account.register", ADA)
    token = await api.mailed_token("ada@example.com")
    await api.data("account.verify_email", {"token": token})
    assert await api.refused("account.verify_email", {"token": token}) == (422, "validation_failed")


@pytest.mark.parametrize("token", ["", "vg_em_", "vg_em_" + "A" * 46, "vg_em_" + "\xe9" * 46])
async def test_token_that_never_was(api: Api, token: str) -> None:
    assert (await api.refused("account.verify_email", {"token": token}))[0] == 422


async def test_token_sent_twice_at_once_works_once(api: Api) -> None:
    await api.data("account.register", ADA)
    body = {"token": await api.mailed_token("ada@example.com")}
    answers = await asyncio.gather(*(api.call("account.verify_email", body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422]


async def test_token_of_the_letter_ends(api: Api) -> None:
    await api.data("account.register", ADA)
    token = await api.mailed_token("ada@example.com")
    async with api.db.transaction() as tx:
        await tx.execute("UPDATE email_tokens SET expires_at = now() - interval '1 s'")
    assert (await api.refused("account.verify_email", {"token": token}))[0] == 422


async def test_pending_account_cannot_log_in_and_says_why_only_with_the_password(api: Api) -> None:
    await api.data("account.register", ADA)
    right = {"username": "ada", "password": PASSWORD}
    assert await api.refused("account.login", right) == (403, "email_unverified")
    wrong = {"username": "ada", "password": "not the password"}
    assert await api.refused("account.login", wrong) == (401, "unauthenticated")


async def test_name_is_taken_in_any_case(api: Api) -> None:
    await api.data("account.register", ADA)
    other = {**ADA, "username": "ADA", "email": "other@example.com"}
    assert await api.refused("account.register", other) == (409, "username_taken")


async def test_known_address_gets_the_same_answer_and_its_owner_a_letter(api: Api) -> None:
    await api.account("ada")
    fresh = await api.data("account.register", {**ADA, "username": "new", "email": "new@x.example"})
    known = await api.data("account.register", {**ADA, "username": "eve"})
    assert known["account"].keys() == fresh["account"].keys()
    assert known["account"]["status"] == "pending"
    assert known["account"]["username"] == "eve"
    async with api.db.transaction() as tx:
        letters = await list_letters(tx, to="ada@example.com")
    assert letters[0].token is None, "no token opens a second account for this address"
    assert "ada" in letters[0].text
    refused = await api.refused("account.login", {"username": "eve", "password": "x" * 12})
    assert refused == (401, "unauthenticated")


async def test_login_does_not_tell_a_known_address_from_a_new_one(api: Api) -> None:
    await api.account("ada")
    await api.data("account.register", {**ADA, "username": "eve"})
    await api.data("account.register", {**ADA, "username": "new", "email": "new@x.example"})
    answers = [
        await api.refused("account.login", {"username": name, "password": PASSWORD})
        for name in ("eve", "new")
    ]
    assert answers[0] == answers[1]


async def test_name_given_with_a_known_address_is_taken_like_any_other(api: Api) -> None:
    await api.account("ada")
    await api.data("account.register", {**ADA, "username": "eve"})
    again = {**ADA, "username": "eve", "email": "eve@example.com"}
    assert await api.refused("account.register", again) == (409, "username_taken")


async def test_somebody_elses_pending_account_does_not_become_mine(api: Api) -> None:
    await api.data("account.register", {**ADA, "username": "mallory", "password": "m" * 12})
    await api.data("account.register", ADA)
    token = await api.mailed_token("ada@example.com")
    verified = await api.data("account.verify_email", {"token": token})
    assert verified["account"]["username"] == "ada"
    await api.data("account.login", {"username": "ada", "password": PASSWORD})
    refused = await api.refused("account.login", {"username": "mallory", "password": "m" * 12})
    assert refused[0] in (401, 403)


async def test_pending_accounts_end_with_their_token(api: Api) -> None:
    await api.data("account.register", ADA)
    async with api.db.transaction() as tx:
        await tx.execute("UPDATE email_tokens SET expires_at = now() - interval '1 s'")
        await tx.execute("UPDATE accounts SET created_at = now() - interval '2 days'")
    again = {**ADA, "email": "second@example.com"}
    assert (await api.data("account.register", again))["account"]["status"] == "pending"


async def test_resend_says_the_same_to_everybody(api: Api) -> None:
    await api.data("account.register", ADA)
    first = await api.mailed_token("ada@example.com")
    known = await api.call("account.resend_verification", {"email": "ada@example.com"})
    unknown = await api.call("account.resend_verification", {"email": "who@example.com"})
    assert known.json()["data"] == unknown.json()["data"]
    second = await api.mailed_token("ada@example.com")
    assert second != first
    await api.data("account.verify_email", {"token": second})
    async with api.db.transaction() as tx:
        assert await list_letters(tx, to="who@example.com") == []


async def test_login_by_email_and_in_any_case(api: Api) -> None:
    await api.account("ada")
    for name in ("ADA", "ada@example.com", "Ada@Example.com"):
        login = await api.data("account.login", {"username": name, "password": PASSWORD})
        assert login["account"]["username"] == "ada"


async def test_wrong_name_and_wrong_password_say_the_same(api: Api) -> None:
    await api.account("ada")
    answers = [
        (await api.call("account.login", {"username": name, "password": "wrong password"})).json()
        for name in ("ada", "nobody", "nobody@example.com")
    ]
    assert len({answer["error"]["message"] for answer in answers}) == 1
    assert {answer["error"]["code"] for answer in answers} == {"unauthenticated"}


async def test_guessing_is_slowed_down_per_account(api: Api) -> None:
    await api.account("ada")
    wrong = {"username": "ada", "password": "wrong password"}
    answers = [await api.call("account.login", wrong) for _ in range(15)]
    statuses = [answer.status_code for answer in answers]
    assert statuses[0] == 401
    assert statuses[-1] == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    right = await api.call("account.login", {"username": "ada", "password": PASSWORD})
    assert right.status_code == 429, "the right password tells nothing while it is slowed down"


async def test_logout_ends_this_session_or_all(api: Api) -> None:
    first = await api.account("ada")
    login = {"username": "ada", "password": PASSWORD}
    second, third = [(await api.data("account.login", login))["access_token"] for _ in range(2)]
    await api.data("account.logout", auth=first)
    assert await api.refused("account.get", auth=first) == (401, "unauthenticated")
    await api.data("account.get", auth=second)
    await api.data("account.logout", {"everywhere": True}, auth=second)
    assert await api.refused("account.get", auth=third) == (401, "unauthenticated")


async def test_access_token_ends(api: Api) -> None:
    token = await api.account("ada")
    async with api.db.transaction() as tx:
        await tx.execute("UPDATE access_tokens SET expires_at = now() - interval '1 s'")
    response = await api.call("account.get", auth=token)
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert "expired" in response.json()["error"]["message"]


async def test_get_shows_the_callback_secret_and_the_database_does_not(api: Api) -> None:
    token = await api.account("ada")
    account = (await api.data("account.get", auth=token))["account"]
    assert account["callback_secret"].startswith("whsec_")
    async with api.db.transaction() as tx:
        row = await (await tx.execute("SELECT * FROM accounts")).fetchone()
    assert row is not None
    assert account["callback_secret"].encode() not in bytes(row["callback_secret"])
    assert PASSWORD not in row["password_hash"]


async def test_no_credential_is_stored_in_plain(api: Api) -> None:
    token = await api.account("ada")
    key = await api.key(token)
    async with api.db.transaction() as tx:
        for table in ("access_tokens", "api_keys"):
            rows = await (await tx.execute(f"SELECT t::text FROM {table} t".encode())).fetchall()
            assert rows
            assert not any(token in row["t"] or key in row["t"] for row in rows)


async def test_closed_registration(db: Database, tmp_path: Path) -> None:
    async with serving(db, tmp_path, is_registration_open=False) as api:
        assert (await api.refused("account.register", ADA))[0] == 403


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"username": "ab"}, "/username"),
        ({"username": "a b c"}, "/username"),
        ({"username": "ada@example.com"}, "/username"),
        ({"email": "ada"}, "/email"),
        ({"email": "ada@example"}, "/email"),
        ({"email": "ada@example.com\r\nBcc: all@example.com"}, "/email"),
        ({"password": "short"}, "/password"),
        ({"password": "x" * 257}, "/password"),
        ({"pasword": "x"}, "/pasword"),
    ],
)
async def test_bad_registration_names_the_field(
    api: Api, change: dict[str, str], path: str
) -> None:
    response = await api.call("account.register", {**ADA, **change})
    assert response.status_code == 422
    error = response.json()["error"]
    assert error["code"] == "validation_failed"
    assert [detail["path"] for detail in error["details"]] == [path], error
    if path == "/pasword":
        assert "`password`" in error["details"][0]["message"]


async def test_all_problems_at_once(api: Api) -> None:
    response = await api.call("account.register", {"username": "a", "email": "b"})
    details = response.json()["error"]["details"]
    assert [detail["path"] for detail in details] == ["/username", "/email", "/password"]


async def test_keys_are_listed_without_their_secret_and_revoked(api: Api) -> None:
    token = await api.account("ada")
    key = await api.key(token, name="one", scopes=["render:read"])
    await api.key(token, name="two")
    answer = await api.data("apikey.list", {"limit": 1}, auth=token)
    assert [entry["name"] for entry in answer["api_keys"]] == ["two"]
    assert answer["api_keys"][0].get("plaintext") is None
    rest = await api.data("apikey.list", {"limit": 1, "cursor": answer["next_cursor"]}, auth=token)
    assert [entry["name"] for entry in rest["api_keys"]] == ["one"]
    assert rest["next_cursor"] is None
    assert rest["api_keys"][0]["scopes"] == ["render:read"]
    revoked = await api.data("apikey.revoke", {"id": rest["api_keys"][0]["id"]}, auth=token)
    assert revoked["api_key"]["revoked_at"] is not None
    response = await api.call("render.list", auth=key)
    assert response.status_code == 401
    assert "revoked" in response.json()["error"]["message"]


async def test_key_ends(api: Api) -> None:
    token = await api.account("ada")
    key = await api.key(token, expires_in=60)
    await api.data("render.list", auth=key)
    async with api.db.transaction() as tx:
        await tx.execute("UPDATE api_keys SET expires_at = now() - interval '1 s'")
    assert await api.refused("render.list", auth=key) == (401, "unauthenticated")


async def test_another_accounts_key_is_not_told_to_exist(api: Api) -> None:
    ada, bob = await api.account("ada"), await api.account("bob")
    made = await api.data("apikey.create", {"name": "one"}, auth=ada)
    there = {"id": made["api_key"]["id"]}
    nowhere = {"id": "key_" + "0" * 26}
    assert await api.refused("apikey.revoke", there, auth=bob) == (404, "not_found")
    assert await api.refused("apikey.revoke", nowhere, auth=bob) == (404, "not_found")
    assert (await api.data("apikey.list", auth=bob))["api_keys"] == []


async def test_unknown_scope_is_refused(api: Api) -> None:
    token = await api.account("ada")
    body = {"name": "one", "scopes": ["render:wirte"]}
    response = await api.call("apikey.create", body, auth=token)
    assert response.status_code == 422
    assert response.json()["error"]["details"][0]["path"].startswith("/scopes")
