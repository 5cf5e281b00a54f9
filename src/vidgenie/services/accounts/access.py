"""Who is calling: logging in, logging out, and reading credentials."""

from dataclasses import dataclass
from datetime import datetime

from vidgenie.errors import EmailUnverified, Unauthenticated
from vidgenie.services.accounts import store, tokens
from vidgenie.services.accounts.model import Account, AccountPolicy, Credential, limits_of
from vidgenie.services.accounts.passwords import is_right
from vidgenie.services.db.pool import Database, Transaction

WRONG_LOGIN = "The username or the password is wrong."


@dataclass(frozen=True, slots=True)
class Login:
    """A new session: the token's plaintext is shown once."""

    account: Account
    token: str
    expires_at: datetime
    expires_in: int


async def log_in(
    db: Database,
    policy: AccountPolicy,
    *,
    name: str,
    password: str,
    address: str,
    user_agent: str,
) -> Login:
    """Open a session for a username, or an email address in its place.

    A wrong name and a wrong password take the same time and say the same thing.
    Raises: Unauthenticated; EmailUnverified, but only with the right password.
    """
    async with db.transaction() as tx:
        account = await store.find(tx, email=name) if "@" in name else None
        account = account or await store.find(tx, username=name)
    good = await is_right(password, account.password_hash if account else None)
    if account is None or not good or account.status == "disabled":
        raise Unauthenticated(WRONG_LOGIN)
    if account.status == "pending":
        raise EmailUnverified(
            "This account's address is not verified yet: use the token in the letter with"
            " account.verify_email, or ask for a new one with account.resend_verification."
        )
    async with db.transaction() as tx:
        _, token, expires_at = await store.insert_access_token(
            tx,
            account.id,
            ttl_s=policy.access_token_ttl_s,
            address=address,
            user_agent=user_agent,
        )
    return Login(account, token, expires_at, policy.access_token_ttl_s)


async def credential_of(tx: Transaction, text: str) -> tuple[Credential, str | None]:
    """Return whose credential a text is, and why it is refused, if it is.

    A refused credential that is known still says whose it was: the audit tells its owner.
    Raises: Unauthenticated for anything unknown.
    """
    if text.startswith(tokens.ACCESS_TOKEN):
        return await _token(tx, text)
    if text.startswith(tokens.API_KEY):
        return await _key(tx, text)
    raise Unauthenticated(
        "This is not a VidGenie credential: access tokens begin with vg_at_, API keys with"
        " vg_live_."
    )


async def _token(tx: Transaction, text: str) -> tuple[Credential, str | None]:
    if not tokens.is_well_formed(text, tokens.ACCESS_TOKEN):
        raise Unauthenticated("This access token is not complete or has a typing error.")
    row = await store.access_token(tx, text)
    if row is None:
        raise Unauthenticated("This access token is not known; log in with account.login.")
    refusal = None
    if row["is_revoked"]:
        refusal = "This access token was logged out; log in again with account.login."
    elif row["is_expired"]:
        refusal = "This access token has expired; log in again with account.login."
    elif row["account_status"] != "active":
        refusal = "This account is disabled; ask the operator."
    return Credential("token", row["id"], row["account_id"]), refusal


async def _key(tx: Transaction, text: str) -> tuple[Credential, str | None]:
    if not tokens.is_well_formed(text, tokens.API_KEY):
        raise Unauthenticated("This API key is not complete or has a typing error.")
    row = await store.key(tx, text)
    if row is None:
        raise Unauthenticated("This API key is not known; make one with apikey.create.")
    refusal = None
    if row["is_revoked"]:
        refusal = "This API key was revoked; make a new one with apikey.create."
    elif row["is_expired"]:
        refusal = "This API key has expired; make a new one with apikey.create."
    elif row["account_status"] != "active":
        refusal = "This account is disabled; ask the operator."
    credential = Credential(
        "key",
        row["id"],
        row["account_id"],
        tuple(row["scopes"]),
        limits=limits_of(row),
        is_stale=row["is_stale"],
    )
    return credential, refusal
