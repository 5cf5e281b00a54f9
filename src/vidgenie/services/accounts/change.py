"""What an account changes about itself: its address, its password, its secret; and its end.

Who asks for a new address or password learns nothing about other accounts: the answer, and the
work done before it, are the same for known and unknown addresses.
"""

from vidgenie.errors import Conflict, NotFound, Problem, RequestInvalid
from vidgenie.services import mail, queue
from vidgenie.services.accounts import store, tokens
from vidgenie.services.accounts.letters import send
from vidgenie.services.accounts.model import Account, AccountPolicy
from vidgenie.services.accounts.passwords import hash_password, is_right
from vidgenie.services.accounts.secrets import encrypt
from vidgenie.services.accounts.webhook_secret import make_secret
from vidgenie.services.db.pool import Database, Transaction

RESET_TTL_S = 3600
"""A token that opens an account lies in a mailbox no longer than it takes to read the letter."""

OVERLAP_S = 24 * 3600.0
"""How long a replaced secret signs beside the new one."""

RESET_KIND = "write_reset_letter"
"""The queue's name for the job that looks for the account: the call itself never does."""

ERASE_KIND = "erase_account"
"""The queue's name for the job that takes what a deleted account left."""

ERASE_ATTEMPTS_MAX = 1000
"""A storage that is down for days must not keep what its owner deleted."""

MOVE_TEXT = """The VidGenie account {username} at {url} asks to move to this address.

Send this token with account.verify_email:

{token}

or open {url}/verify?token={token}

It works once, for {hours:g} hours. If you did not ask for it, ignore this letter.
"""

KNOWN_TEXT = """Somebody wanted to move an account at {url} to this address, which has one already.

If it was you: log in as {username}. If it was not, nothing has changed.
"""

MOVED_TEXT = """The VidGenie account {username} at {url} has moved to {email}.

If that was not you, ask the operator of {url} at once.
"""

RESET_TEXT = """Somebody asked for a new password of the VidGenie account {username} at {url}.

Send this token with account.reset_password and your `new_password`:

{token}

It works once, for {hours:g} hours. If it was not you, ignore this letter; nothing has changed.
"""

CHANGED_TEXT = """The password of the VidGenie account {username} at {url} was changed.

{sessions} API keys go on working. If that was not you, set a new password with
account.request_password_reset, then revoke keys you do not know with apikey.revoke.
"""


async def prove_password(db: Database, account_id: str, password: str) -> str:
    """Return the hash of an account's password, which the caller knows.

    Raises: RequestInvalid when it is wrong; NotFound.
    """
    async with db.transaction() as tx:
        account = await store.get(tx, account_id)
    if not await is_right(password, account.password_hash):
        message = "this is not the account's password"
        raise RequestInvalid(
            f"/password: {message}.", problems=[Problem("/password", "wrong_value", message)]
        )
    return account.password_hash


async def ask_email(tx: Transaction, policy: AccountPolicy, account_id: str, email: str) -> Account:
    """Write to a new address; the account moves there when its token comes back.

    An address that another account has gets a letter without a token. Earlier requests end.
    """
    account = await store.get(tx, account_id)
    await store.drop_email_tokens(tx, account_id, "change_email")
    ttl_s = policy.email_verification_ttl_s
    token = await store.insert_email_token(
        tx, account_id, ttl_s=ttl_s, kind="change_email", email=email
    )
    known = await store.find(tx, email=email)
    if known is None or known.status == "pending" or known.id == account_id:
        text = MOVE_TEXT.format(
            username=account.username, url=policy.public_url, token=token, hours=ttl_s / 3600
        )
        await send(tx, policy, mail.Letter(email, "Prove your new address", text, token))
    else:
        text = KNOWN_TEXT.format(url=policy.public_url, username=known.username)
        await send(tx, policy, mail.Letter(known.email, "You have an account already", text))
    return account


async def take_email(
    tx: Transaction, policy: AccountPolicy, account_id: str, email: str
) -> Account | None:
    """Move an account to an address it has proved, and tell the old one; None when it cannot."""
    moved = await store.set_email(tx, account_id, email)
    if moved is None:
        return None
    account, old_email = moved
    # A token that lies in the old mailbox must not open the account any more.
    await store.drop_email_tokens(tx, account_id, "reset_password")
    text = MOVED_TEXT.format(username=account.username, url=policy.public_url, email=email)
    await send(tx, policy, mail.Letter(old_email, "Your account has moved", text))
    return account


async def take_password(
    tx: Transaction,
    policy: AccountPolicy,
    account_id: str,
    password_hash: str,
    *,
    old_hash: str,
    session_id: str,
) -> None:
    """Set a new password; all sessions but this one end, and its owner is told.

    Raises: Conflict when another password was set meanwhile.
    """
    account = await store.set_password(tx, account_id, password_hash, old_hash=old_hash)
    if account is None:
        raise Conflict("The password was changed by another call just now; log in again.")
    await store.drop_email_tokens(tx, account_id, "reset_password")
    await store.revoke_access_tokens(tx, account_id, None, but_id=session_id)
    await _tell_password(tx, policy, account, "All other sessions were ended.")


async def ask_reset(tx: Transaction, email: str) -> None:
    """Let a job look whether there is an account to write to."""
    job = queue.NewJob(kind=RESET_KIND, queue="mail", payload={"email": email}, attempts_max=8)
    await queue.enqueue(tx, job)


async def write_reset_letter(tx: Transaction, policy: AccountPolicy, email: str) -> None:
    """Write to the active account of an address, if there is one; earlier letters' tokens end."""
    account = await store.find(tx, email=email)
    if account is None or account.status != "active":
        return
    await store.drop_email_tokens(tx, account.id, "reset_password")
    token = await store.insert_email_token(tx, account.id, ttl_s=RESET_TTL_S, kind="reset_password")
    text = RESET_TEXT.format(
        username=account.username, url=policy.public_url, token=token, hours=RESET_TTL_S / 3600
    )
    await send(tx, policy, mail.Letter(account.email, "Set a new password", text, token))


async def reset_password(db: Database, policy: AccountPolicy, token: str, password: str) -> None:
    """Set a new password with a letter's token, once; all sessions end.

    Raises: RequestInvalid.
    """
    password_hash = await hash_password(password)  # first: it takes as long for any token
    async with db.transaction() as tx:
        used = None
        if tokens.is_well_formed(token, tokens.EMAIL_TOKEN):
            used = await store.use_email_token(tx, token, "reset_password")
        account = None
        if used is not None:
            account = await store.set_password(tx, used.account_id, password_hash, old_hash=None)
        if account is None:
            raise RequestInvalid(
                "This token is not valid: it was used, it has expired, or it is not complete. Ask"
                " for a new one with account.request_password_reset."
            )
        await store.drop_email_tokens(tx, account.id, "reset_password", "change_email")
        await store.revoke_access_tokens(tx, account.id, None)
        await _tell_password(tx, policy, account, "All sessions were ended.")


async def rotate_callback_secret(
    tx: Transaction, policy: AccountPolicy, account_id: str
) -> tuple[Account, str]:
    """Replace the secret of callbacks; for a day deliveries carry both signatures."""
    secret = make_secret()
    sealed = encrypt(policy.secret_key, secret)
    account = await store.set_callback_secret(tx, account_id, sealed, overlap_s=OVERLAP_S)
    return account, secret


async def delete(tx: Transaction, account_id: str, *, old_hash: str) -> None:
    """Close an account at once, and let a job take all it has.

    Raises: NotFound when it was closed, or got another password, meanwhile.
    """
    account = await store.get(tx, account_id)
    if not await store.end(tx, account_id, old_hash=old_hash):
        raise NotFound("There is no such account any more, or its password was just changed.")
    await mail.forget(tx, account.email)
    job = queue.NewJob(
        kind=ERASE_KIND,
        queue="upkeep",
        payload={"account_id": account_id},
        attempts_max=ERASE_ATTEMPTS_MAX,
        unique_key=f"{ERASE_KIND}/{account_id}",
    )
    await queue.enqueue(tx, job)


async def _tell_password(
    tx: Transaction, policy: AccountPolicy, account: Account, sessions: str
) -> None:
    text = CHANGED_TEXT.format(username=account.username, url=policy.public_url, sessions=sessions)
    await send(tx, policy, mail.Letter(account.email, "Your password was changed", text))
