"""Letters to accounts: into the outbox, and on their way where there is a mail server."""

import structlog

from vidgenie.services import mail, queue
from vidgenie.services.accounts.model import AccountPolicy
from vidgenie.services.db.pool import Transaction

log = structlog.get_logger()

ATTEMPTS_MAX = 8
"""A mail server that is down for half an hour loses no letter."""


async def send(tx: Transaction, policy: AccountPolicy, letter: mail.Letter) -> None:
    """Write a letter with what it tells of; without a mail server it stays in the outbox."""
    letter_id = await mail.post(tx, letter)
    if not policy.has_smtp:
        # Not its token: who reads logs must not be able to open accounts.
        log.info("letter", number=letter_id, subject=letter.subject, read_with="vidgenie mail list")
        return
    payload = {"letter_id": letter_id}
    job = queue.NewJob(kind="send_mail", queue="mail", payload=payload, attempts_max=ATTEMPTS_MAX)
    await queue.enqueue(tx, job)
