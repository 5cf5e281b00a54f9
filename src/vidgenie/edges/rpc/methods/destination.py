"""destination.*: where copies of finished files go."""

from typing import Any

from vidgenie.edges.rpc.calls import Call
from vidgenie.edges.rpc.models import ById, Page
from vidgenie.edges.rpc.models_destination import (
    CreateDestination,
    HttpAddress,
    S3Bucket,
    UpdateDestination,
)
from vidgenie.services import destinations
from vidgenie.services.db.pool import Transaction
from vidgenie.services.destinations import HttpPlace, S3Place, destination_view
from vidgenie.services.limits import rate


async def create(call: Call, tx: Transaction, takes: CreateDestination) -> dict[str, Any]:
    """Make a destination; its credentials are encrypted, and shown by no call again."""
    place = _place(takes.s3, takes.http)
    assert place is not None, takes
    made, secret = await destinations.create(
        tx,
        call.account_id,
        place,
        name=takes.name,
        guard=call.context.guard,
        secret_key=call.context.policy.secret_key,
    )
    call.object_id = made.id
    return {"destination": destination_view(made, secret)}


async def get(call: Call, tx: Transaction, takes: ById) -> dict[str, Any]:
    """Return a destination, without its credentials."""
    found = await destinations.get(tx, call.account_id, takes.id)
    return {"destination": destination_view(found)}


async def list_destinations(call: Call, tx: Transaction, takes: Page) -> dict[str, Any]:
    """List the account's destinations, newest first."""
    found, cursor = await destinations.page(
        tx, call.account_id, limit=takes.limit, cursor=takes.cursor
    )
    return {"destinations": [destination_view(one) for one in found], "next_cursor": cursor}


async def update(call: Call, tx: Transaction, takes: UpdateDestination) -> dict[str, Any]:
    """Change a destination's name, or its place with all its credentials."""
    changed = await destinations.update(
        tx,
        call.account_id,
        takes.id,
        _place(takes.s3, takes.http),
        name=takes.name,
        guard=call.context.guard,
        secret_key=call.context.policy.secret_key,
    )
    return {"destination": destination_view(changed)}


async def delete(call: Call, tx: Transaction, takes: ById) -> dict[str, Any]:
    """Delete a destination; copies that still wait for it fail, files that are there stay."""
    await destinations.delete(tx, call.account_id, takes.id)
    return {}


async def test(call: Call, takes: ById) -> dict[str, Any]:
    """Write a file of one line, `vidgenie-test.txt`, to a destination and tell what came of it."""
    context = call.context
    key = f"destination.test:{call.account_id}"
    await rate.take(context.db, key, context.rates.webhook_tests, what="tests")
    async with context.db.transaction() as tx:
        found = await destinations.get(tx, call.account_id, takes.id)
    receipt = await destinations.try_out(context.client, context.policy.secret_key, found)
    return {
        "delivered": receipt.error is None,
        "url": receipt.url,
        "status": receipt.status,
        "ms": receipt.ms,
        "error": receipt.error,
    }


def _place(s3: S3Bucket | None, http: HttpAddress | None) -> S3Place | HttpPlace | None:
    if s3 is not None:
        values = s3.model_dump()
        return S3Place(is_path_style=values.pop("path_style"), **values)
    return None if http is None else HttpPlace(http.url, http.headers)
