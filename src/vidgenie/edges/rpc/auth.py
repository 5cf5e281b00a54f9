"""From a request's headers to a credential that may make this call."""

from ipaddress import ip_address

from starlette.requests import Request

from vidgenie.edges.rpc.calls import Call, Method
from vidgenie.edges.rpc.context import Context
from vidgenie.errors import AddressNotAllowed, InsufficientScope, Unauthenticated, WrongCredential
from vidgenie.services.accounts import access, store
from vidgenie.services.accounts.model import Credential
from vidgenie.services.db.pool import Transaction
from vidgenie.services.limits import rate
from vidgenie.services.limits.rate import Rate

USER_AGENT_MAX = 300
"""Characters of a user agent that are kept."""


def credential_text(request: Request) -> str | None:
    """Return the credential a request carries: a bearer token, or a key."""
    key = request.headers.get("x-api-key")
    if key:
        return key.strip()
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return token.strip()
    return None


async def authenticate(call: Call, method: Method) -> None:
    """Find out who calls, and whether they may.

    `call.credential` is set as soon as it is known whose it is, so that refusals are audited too.
    Raises: Unauthenticated, WrongCredential, InsufficientScope, AddressNotAllowed, RateLimited.
    """
    text = credential_text(call.request)
    if text is None:
        raise Unauthenticated(f"{method.call} needs {_needed(method)}.")
    async with call.context.db.connection() as connection:
        credential, refusal = await access.credential_of(connection, text)
        call.credential = credential
        if refusal is not None:
            raise Unauthenticated(refusal)
        _check_kind(method, credential)
        if credential.kind == "key":
            _check_scope(method, credential)
            await _keep_limits(connection, call, credential)


def _check_scope(method: Method, key: Credential) -> None:
    if method.scope is not None and method.scope not in key.scopes:
        raise InsufficientScope(
            f"{method.call} needs the scope {method.scope}; this key has"
            f" {', '.join(key.scopes)}. Make a key with it: apikey.create."
        )


async def _keep_limits(connection: Transaction, call: Call, key: Credential) -> None:
    """Hold a key to its networks and its rate; note that it was used."""
    if not key.limits.allows(call.address):
        raise AddressNotAllowed(
            f"This key may not be used from {call.address}; its `allow_networks` do not have it."
        )
    limit = call.context.rates.key_calls
    if (calls := key.limits.rate_limit) is not None:
        limit = Rate(burst=calls, every_s=60.0 / calls)
    await rate.count(connection, f"key:{key.id}", limit, what="calls")
    if key.is_stale:
        await store.touch_key(connection, key.id)


def _check_kind(method: Method, credential: Credential) -> None:
    if method.credential not in ("either", credential.kind):
        found = "an API key" if credential.kind == "key" else "an access token"
        raise WrongCredential(f"{method.call} needs {_needed(method)}, not {found}.")


def _needed(method: Method) -> str:
    words = {
        "token": "an access token (account.login): Authorization: Bearer vg_at_…",
        "key": "an API key (apikey.create): x-api-key: vg_live_…",
        "either": "an API key (x-api-key: vg_live_…) or an access token",
    }
    return words[method.credential]


def client_address(request: Request, context: Context) -> str:
    """Return the caller's address; a proxy's word counts only if the operator trusts it."""
    peer = request.client.host if request.client else ""
    forwarded = [part.strip() for part in request.headers.get("x-forwarded-for", "").split(",")]
    address = peer
    for claimed in reversed(forwarded):
        if not claimed or not _is_trusted(address, context):
            break
        address = claimed
    return address[:64]


def _is_trusted(address: str, context: Context) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in context.trusted_proxies)
