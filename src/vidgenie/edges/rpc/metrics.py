"""/metrics, for Prometheus: counted by the database when it is scraped.

So it is right with any number of API processes and workers, and one of them is enough to scrape.
"""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from starlette.requests import Request
from starlette.responses import Response

from vidgenie.edges.rpc.context import Context
from vidgenie.services import fleet, queue

Labelled = Iterable[tuple[tuple[str, ...], float]]


async def metrics(request: Request) -> Response:
    """Queues, workers, the cache of chunks."""
    context: Context = request.app.state.context
    async with context.db.transaction() as tx:
        depths = await queue.depths(tx)
        workers = await fleet.living(tx)
        found = await fleet.figures(tx)
    families = [
        _gauge(
            "vidgenie_jobs",
            "Jobs by queue and status.",
            ("queue", "status"),
            (((depth.queue, depth.status), depth.jobs) for depth in depths),
        ),
        _gauge(
            "vidgenie_jobs_oldest_seconds",
            "Longest wait of a ready job.",
            ("queue",),
            (((d.queue,), d.oldest_s) for d in depths if d.status == "ready"),
        ),
        _gauge(
            "vidgenie_jobs_begun_again",
            "Jobs that were begun before, by a worker that died or in vain.",
            ("queue",),
            (((name,), number) for name, number in found.begun_again.items()),
        ),
        _gauge(
            "vidgenie_jobs_ended_hour",
            "Jobs that ended within the last hour, by queue and how.",
            ("queue", "status"),
            found.ended_in_an_hour.items(),
        ),
        _gauge("vidgenie_workers", "Workers that live.", (), [((), len(workers))]),
        _gauge(
            "vidgenie_worker_slots",
            "Renders that the workers do at a time.",
            (),
            [((), sum(worker.slots for worker in workers))],
        ),
        _gauge("vidgenie_cache_bytes", "Bytes of kept chunks.", (), [((), found.cache_bytes)]),
        _gauge("vidgenie_cache_chunks", "Kept chunks.", (), [((), found.cache_entries)]),
        _gauge(
            "vidgenie_dead_rows",
            "Rows that vacuum has still to take away: claims are slow where they pile up.",
            ("table",),
            (((name,), number) for name, number in found.dead_rows.items()),
        ),
    ]
    registry = CollectorRegistry()
    registry.register(_Counted(families))
    return Response(generate_latest(registry), media_type="text/plain; version=0.0.4")


def _gauge(name: str, words: str, labels: tuple[str, ...], values: Labelled) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=labels)
    for names, value in values:
        family.add_metric(names, value)
    return family


class _Counted:
    """A collector of metrics that are counted already."""

    def __init__(self, families: list[GaugeMetricFamily]) -> None:
        self._families = families

    def collect(self) -> list[GaugeMetricFamily]:
        return self._families
