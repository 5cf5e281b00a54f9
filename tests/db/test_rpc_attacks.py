"""What somebody tries who wants more than is theirs: other people's letters, logs that talk."""

from email.message import EmailMessage

import pytest
from structlog.testing import capture_logs

from serving import EMPTY_EDIT, PASSWORD, Api
from vidgenie.services.accounts.change import write_reset_letter


@pytest.mark.parametrize(
    "email",
    [
        "=?utf-8?q?mallory=40evil.example=2C?=@example.com",
        "=?utf-8?b?bWFsbG9yeUBldmlsLmV4YW1wbGUs?=@example.com",
        "a=?utf-8?q?b?=@example.com",
        "ada@example.com\nbcc: mallory@evil.example",
        "ada@example.com,mallory@evil.example",
        "ada@example.com>, <mallory@evil.example",
        '"ada@evil.example,"@example.com',
        "a\x01da@example.com",
        "ada\x7f@example.com",
        "ada\u2028@example.com",
        "ada@exa..mple.com",
        "ada@[127.0.0.1]",
    ],
)
async def test_an_address_names_one_mailbox(api: Api, email: str) -> None:
    body = {"username": "mallory", "email": email, "password": PASSWORD}
    assert await api.refused("account.register", body) == (422, "validation_failed")
    for call in ("account.resend_verification", "account.request_password_reset"):
        assert await api.refused(call, {"email": email}) == (422, "validation_failed")


@pytest.mark.parametrize("email", ["ada+tag=x@example.com", "a?b@example.com", "o'hara@ex.co"])
async def test_what_is_taken_is_read_by_a_header_as_it_was_written(api: Api, email: str) -> None:
    body = {"username": "ada", "email": email, "password": PASSWORD}
    await api.data("account.register", body)
    message = EmailMessage()
    message["To"] = email
    assert [address.addr_spec for address in message["To"].addresses] == [email]


async def test_logs_tell_no_secret(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("planted")

    with capture_logs() as logs:
        token = await api.account("ada")
        key = await api.key(token)
        await api.call("render.create", EMPTY_EDIT, auth=key)
        async with api.db.transaction() as tx:
            await write_reset_letter(tx, api.context.policy, "ada@example.com")
            cursor = await tx.execute("SELECT token FROM mail_outbox WHERE token IS NOT NULL")
            letters = [row["token"] for row in await cursor.fetchall()]
        monkeypatch.setattr("vidgenie.services.accounts.store.find", broken)
        login = {"username": "ada", "password": PASSWORD}
        assert (await api.call("account.login", login)).status_code == 500
    assert logs, "nothing was logged, nothing was proved"
    assert len(letters) == 2
    text = repr(logs)
    for secret in (token, key, PASSWORD, *letters):
        assert secret not in text
