"""The operator's hand: accounts let in without a letter, and kept out."""

from pathlib import Path

from serving import PASSWORD, serving
from vidgenie.services.accounts import operate
from vidgenie.services.db.pool import Database

ADA = {"username": "ada", "email": "ada@example.com", "password": PASSWORD}


async def test_account_is_verified_disabled_and_let_in_again(db: Database, tmp_path: Path) -> None:
    async with serving(db, tmp_path) as api:
        await api.data("account.register", ADA)
        async with db.transaction() as tx:
            await operate.set_status(tx, "ada@example.com", "active")
        login = {"username": "ada", "password": PASSWORD}
        token = (await api.data("account.login", login))["access_token"]
        key = await api.key(token)
        async with db.transaction() as tx:
            [listed] = await operate.list_accounts(tx, limit=5)
            await operate.set_status(tx, listed.id, "disabled")
        for call, auth in (("account.get", token), ("render.list", key)):
            assert await api.refused(call, auth=auth) == (401, "unauthenticated")
        assert await api.refused("account.login", login) == (401, "unauthenticated")
        async with db.transaction() as tx:
            await operate.set_status(tx, "ada", "active")
        await api.data("render.list", auth=key)
