"""account.*: becoming somebody, being let in, and looking at oneself."""

from typing import Any

from vidgenie.edges.rpc.calls import Call
from vidgenie.edges.rpc.models import (
    LogIn,
    LogOut,
    Nothing,
    Page,
    Register,
    ResendVerification,
    VerifyEmail,
)
from vidgenie.services.accounts import access, store
from vidgenie.services.accounts import register as registering
from vidgenie.services.accounts.model import Account
from vidgenie.services.accounts.passwords import hash_password
from vidgenie.services.accounts.secrets import decrypt
from vidgenie.services.db.pool import Transaction
from vidgenie.services.limits import rate
from vidgenie.services.renders.view import rfc3339


async def register(call: Call, takes: Register) -> dict[str, Any]:
    """Register an account; a known address gets the same answer as a new one."""
    context = call.context
    limit = context.rates.register_by_address
    await rate.take(context.db, f"register:{call.network}", limit, what="registrations")
    letters = context.rates.letter_by_email
    await rate.take(context.db, f"letter:{takes.email.lower()}", letters, what="letters")
    password_hash = await hash_password(takes.password)
    async with context.db.transaction() as tx:
        account = await registering.register(
            tx,
            context.policy,
            username=takes.username,
            email=takes.email,
            password_hash=password_hash,
        )
    return {"account": account_view(account)}


async def verify_email(call: Call, takes: VerifyEmail) -> dict[str, Any]:
    """Prove an address with the letter's token; works once."""
    context = call.context
    limit = context.rates.verify_by_address
    await rate.take(context.db, f"verify:{call.network}", limit, what="verifications")
    async with context.db.transaction() as tx:
        account = await registering.verify_email(tx, context.policy, takes.token)
    return {"account": account_view(account)}


async def resend_verification(call: Call, takes: ResendVerification) -> dict[str, Any]:
    """Write to a pending address again; always says ok."""
    context = call.context
    limit = context.rates.letter_by_email
    await rate.take(context.db, f"letter:{takes.email.lower()}", limit, what="letters")
    async with context.db.transaction() as tx:
        await registering.resend_verification(tx, context.policy, takes.email)
    return {}


async def login(call: Call, takes: LogIn) -> dict[str, Any]:
    """Open a session."""
    context = call.context
    rates, name = context.rates, takes.username.lower()
    by_address = f"login/address:{call.network}"
    await rate.take(context.db, by_address, rates.login_by_address, what="logins")
    await rate.take(context.db, f"login/name:{name}", rates.login_by_name, what="logins")
    session = await access.log_in(
        context.db,
        context.policy,
        name=takes.username,
        password=takes.password,
        address=call.address,
        user_agent=call.user_agent,
    )
    return {
        "access_token": session.token,
        "token_type": "Bearer",
        "expires_in": session.expires_in,
        "expires_at": rfc3339(session.expires_at),
        "account": account_view(session.account),
    }


async def logout(call: Call, tx: Transaction, takes: LogOut) -> dict[str, Any]:
    """End this session, or all of the account's."""
    assert call.credential is not None
    token_id = None if takes.everywhere else call.credential.id
    await store.revoke_access_tokens(tx, call.account_id, token_id)
    return {}


async def get(call: Call, tx: Transaction, takes: Nothing) -> dict[str, Any]:
    """Return the account, with the secret that signs its callbacks."""
    account = await store.get(tx, call.account_id)
    secret = decrypt(call.context.policy.secret_key, account.callback_secret)
    return {"account": {**account_view(account), "callback_secret": secret}}


async def sessions(call: Call, tx: Transaction, takes: Page) -> dict[str, Any]:
    """List the account's sessions that are still good, newest first; `current` is this one."""
    assert call.credential is not None
    found, cursor = await store.sessions(
        tx, call.account_id, limit=takes.limit, cursor=takes.cursor
    )
    views = [
        {
            "id": session.id,
            "address": session.address,
            "user_agent": session.user_agent,
            "created_at": rfc3339(session.created_at),
            "expires_at": rfc3339(session.expires_at),
            "current": session.id == call.credential.id,
        }
        for session in found
    ]
    return {"sessions": views, "next_cursor": cursor}


def account_view(account: Account) -> dict[str, Any]:
    """Return an account as JSON."""
    return {
        "id": account.id,
        "username": account.username,
        "email": account.email,
        "status": account.status,
        "created_at": rfc3339(account.created_at),
        "verified_at": rfc3339(account.verified_at),
    }
