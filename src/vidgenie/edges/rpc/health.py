"""/healthz, /readyz and /metrics: for load balancers, operators and Prometheus."""

from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from vidgenie.edges.rpc.context import Context
from vidgenie.errors import VidGenieError
from vidgenie.services import queue
from vidgenie.services.db.migrate import pending

PROBE_KEY = "upkeep/ready"
"""Asked for only to see that the storage answers; it need not be there."""


async def healthz(_: Request) -> Response:
    """The process answers."""
    return JSONResponse({"ok": True})


async def readyz(request: Request) -> Response:
    """Everything this server needs answers: each check by name."""
    context: Context = request.app.state.context
    checks: dict[str, Any] = {}
    for name, check in (("database", _database), ("migrations", _migrations), ("storage", _store)):
        try:
            checks[name] = {"ok": True, **(await check(context) or {})}
        except VidGenieError as error:
            checks[name] = {"ok": False, "message": error.message}
    is_ready = all(entry["ok"] for entry in checks.values())
    return JSONResponse({"ok": is_ready, "checks": checks}, 200 if is_ready else 503)


async def _database(context: Context) -> None:
    await context.db.ping()


async def _migrations(context: Context) -> dict[str, Any]:
    async with context.db.transaction() as tx:
        missing = await pending(tx)
    return {"ok": not missing, "pending": list(missing)}


async def _store(context: Context) -> None:
    await context.storage.head(PROBE_KEY)


async def metrics(request: Request) -> Response:
    """Queue depths, counted by the database, so that they are right with many processes."""
    context: Context = request.app.state.context
    async with context.db.transaction() as tx:
        depths = await queue.depths(tx)
    labels = ["queue", "status"]
    jobs = GaugeMetricFamily("vidgenie_jobs", "Jobs by queue and status.", labels=labels)
    oldest = GaugeMetricFamily(
        "vidgenie_jobs_oldest_seconds", "Longest wait of a ready job.", labels=["queue"]
    )
    for depth in depths:
        jobs.add_metric([depth.queue, depth.status], depth.jobs)
        if depth.status == "ready":
            oldest.add_metric([depth.queue], depth.oldest_s)
    registry = CollectorRegistry()
    registry.register(_Static([jobs, oldest]))
    return Response(generate_latest(registry), media_type="text/plain; version=0.0.4")


class _Static:
    """A collector of metrics that are counted already."""

    def __init__(self, found: list[GaugeMetricFamily]) -> None:
        self._found = found

    def collect(self) -> list[GaugeMetricFamily]:
        return self._found
