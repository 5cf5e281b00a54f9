"""Becoming an account: register, prove the address, ask for the letter again.

Nobody learns here whether an address is known: a known address gets the same answer, row and token
as a new one. Only the letter differs, and only its owner reads that: the token is not in it.
"""

from vidgenie.errors import RegistrationClosed, RequestInvalid, UsernameTaken
from vidgenie.services import mail
from vidgenie.services.accounts import change, store, tokens
from vidgenie.services.accounts.letters import send
from vidgenie.services.accounts.model import Account, AccountPolicy
from vidgenie.services.accounts.secrets import encrypt
from vidgenie.services.accounts.webhook_secret import make_secret
from vidgenie.services.db.pool import Transaction

VERIFY_TEXT = """Welcome to VidGenie, {username}.

Prove that this address is yours: open

  {url}/verify?token={token}

or send this token with account.verify_email:

{token}

It works once, for {hours:g} hours. If you did not register as {username}, ignore this letter.
"""

RESENT_MAX = 3
"""Letters for one request: of the accounts that wait for an address, only one is its owner's."""

KNOWN_TEXT = """Somebody registered at {url} with this address, which has an account already.

If it was you: log in as {username}. If it was not, nothing has changed.
"""


async def register(
    tx: Transaction, policy: AccountPolicy, *, username: str, email: str, password_hash: str
) -> Account:
    """Record a pending account and write to its address.

    An address that is proved already makes a row like any other, which nobody can ever prove.
    Raises: RegistrationClosed, UsernameTaken.
    """
    if not policy.is_registration_open:
        raise RegistrationClosed("This server does not take registrations; ask its operator.")
    await store.expire_pending(tx)
    secret = encrypt(policy.secret_key, make_secret())
    account = await store.insert(
        tx, username=username, email=email, password_hash=password_hash, callback_secret=secret
    )
    if account is None:
        raise UsernameTaken(f"The username {username!r} is taken; choose another one.")
    known = await store.find(tx, email=email)
    if known is None or known.status == "pending":
        await _write(tx, policy, account)
    else:
        # A token that nobody gets: the row then ends when others do.
        ttl_s = policy.email_verification_ttl_s
        await store.insert_email_token(tx, account.id, ttl_s=ttl_s)
        await _remind(tx, policy, known)
    return account


async def resend_verification(tx: Transaction, policy: AccountPolicy, email: str) -> None:
    """Write to a pending address again; for any other nothing happens."""
    known = await store.find(tx, email=email)
    if known is not None and known.status == "pending":
        for account in await store.pending(tx, email, limit=RESENT_MAX):
            await _write(tx, policy, account)


async def verify_email(tx: Transaction, policy: AccountPolicy, token: str) -> Account:
    """Prove an address: a new account becomes active, an active one moves there; works once.

    Raises: RequestInvalid.
    """
    account = None
    if tokens.is_well_formed(token, tokens.EMAIL_TOKEN):
        used = await store.use_email_token(tx, token, "verify_email", "change_email")
        if used is not None and used.email is not None:
            account = await change.take_email(tx, policy, used.account_id, used.email)
        elif used is not None:
            account = await store.activate(tx, used.account_id)
    if account is None:
        raise RequestInvalid(
            "This token is not valid: it was used, it has expired, or it is not complete. Ask for"
            " a new one with account.resend_verification, or account.change_email."
        )
    return account


async def _write(tx: Transaction, policy: AccountPolicy, account: Account) -> None:
    token = await store.insert_email_token(tx, account.id, ttl_s=policy.email_verification_ttl_s)
    text = VERIFY_TEXT.format(
        username=account.username,
        url=policy.public_url,
        token=token,
        hours=policy.email_verification_ttl_s / 3600,
    )
    await send(tx, policy, mail.Letter(account.email, "Verify your address", text, token))


async def _remind(tx: Transaction, policy: AccountPolicy, account: Account) -> None:
    text = KNOWN_TEXT.format(url=policy.public_url, username=account.username)
    await send(tx, policy, mail.Letter(account.email, "You have an account already", text))
