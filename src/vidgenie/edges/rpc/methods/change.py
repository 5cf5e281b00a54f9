"""account.*: changing one's address, password and secret; and leaving."""

from typing import Any

from vidgenie.edges.rpc.calls import Call
from vidgenie.edges.rpc.methods.account import account_view
from vidgenie.edges.rpc.models import Nothing
from vidgenie.edges.rpc.models_account import (
    ChangeEmail,
    ChangePassword,
    Confirm,
    RequestPasswordReset,
    ResetPassword,
)
from vidgenie.services.accounts import change
from vidgenie.services.accounts.passwords import hash_password
from vidgenie.services.db.pool import Transaction
from vidgenie.services.limits import rate


async def prove(call: Call, takes: Confirm) -> str:
    """Return the hash of the account's password, if that is what was sent."""
    context = call.context
    limit, key = context.rates.password_by_account, f"password:{call.account_id}"
    await rate.take(context.db, key, limit, what="passwords")
    return await change.prove_password(context.db, call.account_id, takes.password)


async def prove_for_letter(call: Call, takes: ChangeEmail) -> str:
    """Prove the password, and count the letter that will be written."""
    proved = await prove(call, takes)
    limit, key = call.context.rates.letter_by_email, f"letter:{takes.email.lower()}"
    await rate.take(call.context.db, key, limit, what="letters")
    return proved


async def prove_and_hash(call: Call, takes: ChangePassword) -> tuple[str, str]:
    """Prove the password; return its hash and the new one's."""
    return await prove(call, takes), await hash_password(takes.new_password)


async def change_email(call: Call, tx: Transaction, takes: ChangeEmail) -> dict[str, Any]:
    """Write to a new address; the account moves there when account.verify_email gets the token."""
    account = await change.ask_email(tx, call.context.policy, call.account_id, takes.email)
    return {"account": account_view(account)}


async def change_password(call: Call, tx: Transaction, takes: ChangePassword) -> dict[str, Any]:
    """Set a new password; all other sessions end, keys go on working."""
    assert call.credential is not None
    old_hash, new_hash = call.prepared
    await change.take_password(
        tx,
        call.context.policy,
        call.account_id,
        new_hash,
        old_hash=old_hash,
        session_id=call.credential.id,
    )
    return {}


async def request_password_reset(call: Call, takes: RequestPasswordReset) -> dict[str, Any]:
    """Ask for a letter with a token for a new password; always says ok."""
    context = call.context
    by_address = context.rates.verify_by_address
    await rate.take(context.db, f"reset:{call.network}", by_address, what="requests")
    limit = context.rates.letter_by_email
    await rate.take(context.db, f"letter:{takes.email.lower()}", limit, what="letters")
    async with context.db.transaction() as tx:
        await change.ask_reset(tx, takes.email)
    return {}


async def reset_password(call: Call, takes: ResetPassword) -> dict[str, Any]:
    """Set a new password with the letter's token; works once, and ends all sessions."""
    context = call.context
    limit = context.rates.verify_by_address
    await rate.take(context.db, f"verify:{call.network}", limit, what="verifications")
    await change.reset_password(context.db, context.policy, takes.token, takes.new_password)
    return {}


async def rotate_callback_secret(call: Call, tx: Transaction, takes: Nothing) -> dict[str, Any]:
    """Replace the secret that signs callbacks; for 24 h they carry the old signature, too."""
    account, secret = await change.rotate_callback_secret(tx, call.context.policy, call.account_id)
    return {"account": {**account_view(account), "callback_secret": secret}}


async def delete(call: Call, tx: Transaction, takes: Confirm) -> dict[str, Any]:
    """Delete the account: nothing opens it from now on; a job erases all its data and files."""
    await change.delete(tx, call.account_id, old_hash=call.prepared)
    return {}
