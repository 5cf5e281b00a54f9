"""The outbox: a letter enters with whatever it tells of, and is sent by a job."""

from collections.abc import Mapping
from typing import Any

from vidgenie.services.db.pool import Database, Transaction
from vidgenie.services.db.sql import Statements
from vidgenie.services.mail.model import Letter, OutboxLetter
from vidgenie.services.mail.smtp import Mailer

sql = Statements(__package__)


async def post(tx: Transaction, letter: Letter) -> int:
    """Write a letter into the outbox; return its number. Sending it is a job of its own."""
    values = {
        "to": letter.to,
        "subject": letter.subject,
        "text": letter.text,
        "token": letter.token,
    }
    row = await (await tx.execute(sql.insert, values)).fetchone()
    assert row is not None
    return int(row["id"])


async def list_letters(
    tx: Transaction, *, to: str | None = None, limit: int = 100
) -> list[OutboxLetter]:
    """Return the letters in the outbox, newest first."""
    rows = await (await tx.execute(sql.list, {"to": to, "limit": limit})).fetchall()
    return [_letter(row) for row in rows]


async def forget(tx: Transaction, to: str) -> None:
    """Forget the letters to an address; those not sent yet stay unsent."""
    await tx.execute(sql.forget, {"to": to})


async def send_letter(db: Database, mailer: Mailer, letter_id: int) -> None:
    """Send a letter that is not sent yet; no transaction is open while the server is talked to.

    Raises: MailError.
    """
    async with db.transaction() as tx:
        row = await (await tx.execute(sql.get, {"id": letter_id})).fetchone()
    if row is None:
        return
    await mailer.send(_letter(row))
    async with db.transaction() as tx:
        await tx.execute(sql.sent, {"id": letter_id})


def _letter(row: Mapping[str, Any]) -> OutboxLetter:
    values = dict(row)
    return OutboxLetter(to=values.pop("to_address"), **values)
