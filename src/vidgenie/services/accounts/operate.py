"""What the operator does with accounts, on the command line."""

from typing import Literal

from psycopg.errors import UniqueViolation

from vidgenie.errors import Conflict, NotFound
from vidgenie.services.accounts import store
from vidgenie.services.accounts.model import Account
from vidgenie.services.db.pool import Transaction
from vidgenie.services.db.sql import Statements

sql = Statements(__package__)


async def list_accounts(tx: Transaction, *, limit: int) -> list[Account]:
    """Return accounts, newest first."""
    rows = await (await tx.execute(sql.list, {"limit": limit})).fetchall()
    return [Account(**row) for row in rows]


async def named(tx: Transaction, name: str) -> Account:
    """Return the account of an id, a username or an address. Raises: NotFound."""
    if name.startswith("acc_"):
        return await store.get(tx, name)
    found = await store.find(tx, email=name) if "@" in name else None
    found = found or await store.find(tx, username=name)
    if found is None:
        raise NotFound(f"There is no account {name!r}.")
    return found


async def set_status(tx: Transaction, name: str, status: Literal["active", "disabled"]) -> Account:
    """Let an account in (its address counts as proved), or keep it out and end its sessions.

    Raises: NotFound; Conflict when its address belongs to another account.
    """
    account = await named(tx, name)
    try:
        cursor = await tx.execute(sql.set_status, {"id": account.id, "status": status})
    except UniqueViolation:
        raise Conflict(f"The address {account.email} belongs to another account.") from None
    row = await cursor.fetchone()
    if row is None:
        raise NotFound(f"There is no account {name!r}.")
    if status == "disabled":
        await store.revoke_access_tokens(tx, account.id, None)
    return Account(**row)
