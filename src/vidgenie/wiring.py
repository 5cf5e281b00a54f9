"""The composition root: the only place that sees everything and decides what is made of what."""

import asyncio
import gc
import os
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import structlog

from vidgenie import __version__
from vidgenie.edges.cli.process import start_process
from vidgenie.edges.rpc.context import Context
from vidgenie.edges.worker.loop import Failed, Handler, Perform, Worker, WorkerSettings
from vidgenie.engine.confine import protections
from vidgenie.engine.sandbox import SandboxLimits
from vidgenie.errors import RequestInvalid, StorageError, Unavailable
from vidgenie.services import fleet, ingest, mail, queue, renders, usage, webhooks
from vidgenie.services.accounts import change, operate
from vidgenie.services.accounts.model import Account, AccountPolicy
from vidgenie.services.assets.fetch import Fetcher
from vidgenie.services.assets.upload import THUMBNAIL_KIND
from vidgenie.services.db.embedded import running_url
from vidgenie.services.db.migrate import migrate, pending
from vidgenie.services.db.pool import Database, Transaction
from vidgenie.services.limits import rate
from vidgenie.services.net.client import FetchLimits, GuardedClient
from vidgenie.services.queue import Job
from vidgenie.services.renders import RenderTools, copies
from vidgenie.services.renders.preview import Previews
from vidgenie.services.renders.sweep import sweep
from vidgenie.services.renders.thumbnail import make_thumbnail
from vidgenie.services.renders.watch import Watch
from vidgenie.services.storage import Storage, open_storage, signing
from vidgenie.settings import Settings, read_secret_key

EVENT_LINK_TTL_S = 3 * 86_400
"""Links in webhooks outlive a day of retries."""

UPKEEP_EVERY_S = 600.0


@dataclass(frozen=True, slots=True)
class Shared:
    """What every process of an instance has."""

    settings: Settings
    db: Database
    storage: Storage
    client: GuardedClient
    policy: AccountPolicy


def database_url(settings: Settings) -> str:
    """Return the database: the one given, or the embedded one that runs in the data folder.

    Raises: Unavailable.
    """
    if settings.database_url:
        return settings.database_url
    url = running_url(settings.data_dir / "postgres")
    if url is None:
        raise Unavailable(
            f"No instance runs in {settings.data_dir.absolute()}; start one with `vidgenie up"
            f" --data-dir {settings.data_dir}`, or name a database with --database-url."
        )
    return url


@asynccontextmanager
async def shared(settings: Settings) -> AsyncIterator[Shared]:
    """Open what every process needs."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    policy = AccountPolicy(
        secret_key=read_secret_key(settings),
        public_url=(settings.public_url or f"http://{settings.host}:{settings.port}").rstrip("/"),
        access_token_ttl_s=round(settings.access_token_ttl),
        email_verification_ttl_s=round(settings.email_verification_ttl),
        is_registration_open=settings.registration == "open",
        has_smtp=settings.smtp_url is not None,
    )
    size = 10 + 2 * settings.concurrency
    async with (
        Database(database_url(settings), size_max=size) as db,
        GuardedClient(settings.allow_networks) as client,
    ):
        await _join(db, policy.secret_key)
        yield Shared(settings, db, open_storage(settings.storage), client, policy)


async def _join(db: Database, secret_key: bytes) -> None:
    """Become a process of the instance whose database this is. Raises: Unavailable."""
    async with db.transaction() as tx:
        missing = await pending(tx)
        if missing:
            raise Unavailable(
                f"The database's schema lacks {missing[0]}"
                + (f" and {len(missing) - 1} more" if len(missing) > 1 else "")
                + "; run `vidgenie migrate` with the same --database-url once."
            )
        await fleet.agree(tx, secret_key)


def run_migrations(settings: Settings) -> Sequence[str]:
    """Bring the database's schema up to date; return what was applied."""

    async def run() -> Sequence[str]:
        async with Database(database_url(settings)) as db:
            return await migrate(db)

    return asyncio.run(run())


def run_assistant(folder: Path, allow_networks: str) -> None:
    """Serve an assistant on standard input and output until it hangs up. Raises: RequestInvalid."""
    try:
        from vidgenie.edges.mcp.server import make_server
    except ModuleNotFoundError as error:
        if error.name != "mcp":
            raise
        raise RequestInvalid(
            "The package mcp is missing: pip install 'vidgenie-api[mcp]'."
        ) from None
    make_server(folder, allow_networks=allow_networks).run("stdio")


def run_api(settings: Settings, listener: socket.socket | None = None) -> None:
    """Serve HTTP until told to stop."""
    import uvicorn

    from vidgenie.edges.rpc.app import create_app
    from vidgenie.edges.web.files import files_router
    from vidgenie.edges.web.pages import pages_router

    async def serve() -> None:
        async with shared(settings) as given:
            uploads = settings.data_dir.absolute() / "uploads"
            uploads.mkdir(mode=0o700, exist_ok=True)
            tools = render_tools(given)
            context = Context(
                db=given.db,
                storage=given.storage,
                policy=given.policy,
                guard=given.client.guard,
                client=given.client,
                upload_dir=uploads,
                fetcher=tools.fetcher,
                previews=Previews(tools),
                watch=Watch(given.db),
                upload_bytes_max=settings.upload_max,
                trusted_proxies=settings.trusted_proxies,
                cors_origins=settings.cors_origins,
            )
            routers = [
                files_router(given.storage, given.policy.secret_key),
                pages_router(given.policy, given.db, outbox_command(settings)),
            ]
            config = uvicorn.Config(
                create_app(context, routers),
                host=settings.host,
                port=settings.port,
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_graceful_shutdown=2,
            )
            upkeep = asyncio.create_task(_upkeep(given))
            _spare_collector()
            await uvicorn.Server(config).serve(sockets=[listener] if listener else None)
            upkeep.cancel()

    start_process(settings)
    asyncio.run(serve())


def make_fetcher(given: Shared) -> Fetcher:
    """Return what brings sources here; all processes of a machine share its folder."""
    settings = given.settings
    folder = settings.data_dir.absolute() / "work" / "sources"
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    limits = FetchLimits(size_max=settings.source_max, total_s=settings.source_timeout)
    return Fetcher(given.client, given.storage, folder, limits)


def outbox_command(settings: Settings) -> str | None:
    """Return the command that lists letters, for the landing page; None with a mail server.

    Where only this machine can read the page, it names this installation and its data folder, so
    that the line works from any folder; elsewhere no path of the server is told.
    """
    if settings.smtp_url is not None:
        return None
    if settings.host not in ("127.0.0.1", "::1", "localhost"):
        return "vidgenie mail list"
    program = Path(sys.executable).parent / "vidgenie"
    return f'"{program}" mail list --data-dir "{settings.data_dir.absolute()}"'


def _spare_collector() -> None:
    """Take what was loaded out of the garbage collector's sight: it stays until the end.

    A full collection looked at all modules and models, and stopped every call for 80 ms.
    """
    gc.collect()
    gc.freeze()


def default_quota(settings: Settings) -> usage.Quota:
    """Return what accounts may use for which nothing else is set."""
    return usage.Quota(
        concurrent_jobs=settings.quota_concurrent_jobs,
        queued_renders=settings.quota_queued_renders,
        output_minutes=settings.quota_output_minutes,
        storage_bytes=settings.quota_storage,
    )


async def _upkeep(given: Shared) -> None:
    """Forget what has served its time, and what no longer fits."""
    size_max = given.settings.chunk_cache_size
    while True:
        try:
            async with given.db.transaction() as tx:
                await usage.set_defaults(tx, default_quota(given.settings))
            await rate.forget(given.db)
            await webhooks.forget(given.db)
            await sweep(given.db, given.storage, render_ttl_s=given.settings.render_ttl)
            await renders.evict(given.db, given.storage, size_max=size_max)
        except (Unavailable, StorageError) as error:
            structlog.get_logger().warning("upkeep_failed", error=error.message)
        await asyncio.sleep(UPKEEP_EVERY_S)


def run_worker(settings: Settings) -> None:
    """Work until told to stop."""

    async def work() -> None:
        async with shared(settings) as given:
            worker = make_worker(given)
            loop = asyncio.get_running_loop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, worker.stop)
            await worker.run()

    start_process(settings)
    asyncio.run(work())


def render_tools(given: Shared) -> RenderTools:
    """Return what renders and previews work with."""
    settings = given.settings
    work_dir = settings.data_dir.absolute() / "work"
    work_dir.mkdir(mode=0o700, exist_ok=True)
    return RenderTools(
        db=given.db,
        storage=given.storage,
        fetcher=make_fetcher(given),
        work_dir=work_dir,
        link=lambda key: signing.sign(
            given.policy.secret_key, given.policy.public_url, key, EVENT_LINK_TTL_S
        ),
        probe_limits=SandboxLimits(wall_s=120.0),
        part_limits=SandboxLimits(wall_s=settings.render_timeout),
    )


def make_worker(given: Shared) -> Worker:
    """Return a worker that can do every kind of job."""
    settings, tools = given.settings, render_tools(given)
    light = LightJobs(given)
    handlers = {
        kind: Handler(_bound(perform, tools), _bound_failure(tools))
        for kind, perform in renders.JOBS.items()
    }
    handlers[webhooks.KIND] = Handler(light.deliver, light.failed)
    handlers[ingest.KIND] = _ingesting(given, tools)
    handlers[THUMBNAIL_KIND] = Handler(_bound(make_thumbnail, tools), light.failed)
    copying = copies.CopyTools(
        given.db, given.storage, given.client, given.policy.secret_key, tools.link
    )
    handlers[copies.KIND] = _copying(copying)
    handlers["send_mail"] = Handler(light.send_mail, light.failed)
    handlers[change.RESET_KIND] = Handler(light.write_reset_letter, light.failed)
    handlers[change.ERASE_KIND] = Handler(light.erase_account, light.failed)

    async def given_up(tx: Transaction, jobs: Sequence[Job]) -> None:
        await renders.workers_lost(tx, tools, [job for job in jobs if job.kind in renders.JOBS])
        await ingest.lost(tx, [job for job in jobs if job.kind == ingest.KIND])
        await copies.lost(tx, copying, [job for job in jobs if job.kind == copies.KIND])

    name = f"{socket.gethostname()}:{os.getpid()}"
    return Worker(
        given.db,
        handlers,
        given_up,
        WorkerSettings(
            name,
            render_slots=settings.concurrency,
            lease_s=settings.lease,
            version=__version__,
            protections=protections(),
        ),
    )


def _bound(perform: renders.Perform, tools: RenderTools) -> Perform:
    async def bound(job: Job, should_stop: threading.Event) -> None:
        await perform(tools, job, should_stop)

    return bound


def _copying(made: copies.CopyTools) -> Handler:
    async def perform(job: Job, should_stop: threading.Event) -> None:
        await copies.send_copy(made, job, should_stop)

    async def failed(job: Job, error: BaseException) -> None:
        await copies.copy_failed(made, job, error)

    return Handler(perform, failed)


def _ingesting(given: Shared, tools: RenderTools) -> Handler:
    made = ingest.IngestTools(given.db, given.storage, tools.fetcher, tools.probe_limits)

    async def perform(job: Job, should_stop: threading.Event) -> None:
        await ingest.ingest_source(made, job, should_stop)

    async def failed(job: Job, error: BaseException) -> None:
        await ingest.ingest_failed(made, job, error)

    return Handler(perform, failed)


def _bound_failure(tools: RenderTools) -> Failed:
    async def bound(job: Job, error: BaseException) -> object:
        return await renders.job_failed(tools, job, error)

    return bound


class LightJobs:
    """Webhooks, letters, and what deleted accounts left."""

    def __init__(self, given: Shared) -> None:
        self._given = given
        url = given.settings.smtp_url
        self._mailer = (
            mail.SmtpMailer(mail.SmtpServer.of(url), given.settings.mail_from) if url else None
        )

    async def deliver(self, job: Job, _: threading.Event) -> None:
        """Tell one event to one receiver, once."""
        given = self._given
        outcome = await webhooks.deliver(
            given.db,
            given.client,
            given.policy.secret_key,
            job.payload,
            job.attempt,
            has_smtp=given.policy.has_smtp,
        )
        async with given.db.transaction() as tx:
            match outcome:
                case webhooks.Done():
                    await queue.finish(tx, job)
                case webhooks.Retry(seconds=seconds, reason=reason):
                    await queue.fail(tx, job, {"message": reason}, retry_in_s=seconds)
                case webhooks.GivenUp(reason=reason):
                    await queue.fail(tx, job, {"message": reason}, retry_in_s=None)

    async def send_mail(self, job: Job, _: threading.Event) -> None:
        """Send one letter."""
        if self._mailer is not None:
            await mail.send_letter(self._given.db, self._mailer, job.payload["letter_id"])
        async with self._given.db.transaction() as tx:
            await queue.finish(tx, job)

    async def write_reset_letter(self, job: Job, _: threading.Event) -> None:
        """Write to the account of an address, if there is one."""
        async with self._given.db.transaction() as tx:
            await change.write_reset_letter(tx, self._given.policy, job.payload["email"])
            await queue.finish(tx, job)

    async def erase_account(self, job: Job, _: threading.Event) -> None:
        """Erase what a deleted account left."""
        await renders.erase_account(self._given.db, self._given.storage, job)

    async def failed(self, job: Job, error: BaseException) -> None:
        """Put a light job back until its attempts are used up."""
        seconds = None
        if job.attempt < job.attempts_max:
            seconds = queue.backoff_s(job.attempt, renders.RANDOM)
        async with self._given.db.transaction() as tx:
            await queue.fail(tx, job, {"message": str(error)[:2000]}, retry_in_s=seconds)


async def list_mail(settings: Settings, to: str | None, limit: int) -> list[mail.OutboxLetter]:
    """Return the letters in the outbox, newest first."""
    async with Database(database_url(settings)) as db, db.transaction() as tx:
        return await mail.list_letters(tx, to=to, limit=limit)


async def list_accounts(settings: Settings, limit: int) -> list[Account]:
    """Return accounts, newest first."""
    async with Database(database_url(settings)) as db, db.transaction() as tx:
        return await operate.list_accounts(tx, limit=limit)


async def set_account_status(
    settings: Settings, name: str, status: Literal["active", "disabled"]
) -> Account:
    """Let an account in, or keep it out."""
    async with Database(database_url(settings)) as db, db.transaction() as tx:
        return await operate.set_status(tx, name, status)


async def set_quota(
    settings: Settings,
    name: str,
    limits: tuple[int | None, int | None, int | None, int | None] | None,
) -> Account:
    """Say what an account may use; None is what the server's settings say of all."""
    async with Database(database_url(settings)) as db, db.transaction() as tx:
        account = await operate.named(tx, name)
        if limits is None:
            await usage.drop_quota(tx, account.id)
        else:
            await usage.set_quota(tx, account.id, usage.Quota(*limits))
        return account


def data_folder(settings: Settings) -> Path:
    """Return the data folder, made."""
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    return settings.data_dir.absolute()
