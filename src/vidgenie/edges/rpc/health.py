"""/healthz and /readyz: for load balancers and operators."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from vidgenie.edges.rpc.context import Context
from vidgenie.errors import VidGenieError
from vidgenie.services import fleet
from vidgenie.services.db.migrate import pending

PROBE_KEY = "upkeep/ready"
"""Asked for only to see that the storage answers; it need not be there."""


async def healthz(_: Request) -> Response:
    """The process answers."""
    return JSONResponse({"ok": True})


async def readyz(request: Request) -> Response:
    """Everything this server needs answers: each check by name.

    That no worker lives is told and does not count: what is accepted now is rendered later, and a
    load balancer that took the API away would lose it.
    """
    context: Context = request.app.state.context
    checks: dict[str, Any] = {}
    for name, check in CHECKS.items():
        try:
            checks[name] = {"ok": True, **(await check(context) or {})}
        except VidGenieError as error:
            checks[name] = {"ok": False, "message": error.message}
    is_ready = all(checks[name]["ok"] for name in CHECKS if name not in TOLD_ONLY)
    return JSONResponse({"ok": is_ready, "checks": checks}, 200 if is_ready else 503)


async def _database(context: Context) -> None:
    await context.db.ping()


async def _migrations(context: Context) -> dict[str, Any]:
    async with context.db.transaction() as tx:
        missing = await pending(tx)
    return {"ok": not missing, "pending": list(missing)}


async def _store(context: Context) -> None:
    await context.storage.head(PROBE_KEY)


async def _workers(context: Context) -> dict[str, Any]:
    async with context.db.transaction() as tx:
        if await pending(tx):
            return {"ok": False, "message": "the schema is not up to date"}
        found = await fleet.living(tx)
    if not found:
        return {"ok": False, "message": "no worker lives: renders and webhooks wait for one"}
    common = set.intersection(*(set(worker.protections) for worker in found))
    return {
        "live": len(found),
        "slots": sum(worker.slots for worker in found),
        "versions": sorted({worker.version for worker in found}),
        "sandbox": sorted(common),
    }


CHECKS: dict[str, Callable[[Context], Awaitable[dict[str, Any] | None]]] = {
    "database": _database,
    "migrations": _migrations,
    "storage": _store,
    "workers": _workers,
}

TOLD_ONLY = frozenset({"workers"})
