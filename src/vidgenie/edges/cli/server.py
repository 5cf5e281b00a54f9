"""up, api, worker, migrate, mail: running an instance and looking into it."""

import asyncio
import socket
from typing import TYPE_CHECKING, Annotated

import typer

from vidgenie.edges.cli.options import SERVER, WHERE, names_of, takes_settings
from vidgenie.settings import Settings

if TYPE_CHECKING:
    from vidgenie.edges.cli.app import Doors


def add_commands(app: typer.Typer, doors: "Doors") -> None:
    """Add the server's commands."""

    @app.command()
    @takes_settings("host", "port", "workers", *names_of(WHERE, ("postgres_bin_dir",), SERVER))
    def up(settings: Settings) -> None:
        """Start everything: PostgreSQL, API and workers. Ctrl-C stops it all.

        Example: vidgenie up --port 8080 --data-dir ./data
        """
        from vidgenie.edges.cli.process import start_process
        from vidgenie.edges.cli.up import run_up

        start_process(settings)
        raise typer.Exit(run_up(settings))

    @app.command()
    @takes_settings("host", "port", *names_of(WHERE, SERVER))
    def api(
        settings: Settings,
        fd: Annotated[int | None, typer.Option(hidden=True, help="A listening socket.")] = None,
    ) -> None:
        """Serve the HTTP API only.

        Example: vidgenie api --database-url postgresql://… --storage-url s3://bucket
        """
        listener = None if fd is None else socket.socket(fileno=fd)
        doors.run_api(settings, listener)

    @app.command()
    @takes_settings("concurrency", *names_of(WHERE, SERVER))
    def worker(settings: Settings) -> None:
        """Work on renders, webhooks and letters.

        Runs on any machine that reaches the database and the storage; as many as you like.

        Example: vidgenie worker --concurrency 4 --database-url postgresql://…
        """
        doors.run_worker(settings)

    @app.command()
    @takes_settings(*WHERE)
    def migrate(settings: Settings) -> None:
        """Bring the database's schema up to date; `up` does it by itself."""
        applied = doors.run_migrations(settings)
        for name in applied:
            print(f"applied {name}")
        if not applied:
            print("the schema is up to date")

    letters = typer.Typer(help="Letters the server wrote.", no_args_is_help=True)
    app.add_typer(letters, name="mail")

    @letters.command(name="list")
    @takes_settings(*WHERE)
    def list_mail(
        settings: Settings,
        to: Annotated[str | None, typer.Option(help="Only letters to this address.")] = None,
        limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 20,
        as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
    ) -> None:
        """List the letters in the outbox, newest first.

        Example: vidgenie mail list --to you@example.com --json
        """
        from vidgenie.edges.cli.app import print_json

        found = asyncio.run(doors.list_mail(settings, to, limit))
        if as_json:
            print_json(
                [
                    {
                        "to": letter.to,
                        "subject": letter.subject,
                        "text": letter.text,
                        "token": letter.token,
                        "created_at": letter.created_at.isoformat(),
                    }
                    for letter in found
                ]
            )
            return
        for letter in found:
            print(f"{letter.created_at:%Y-%m-%d %H:%M:%S}  {letter.to}  {letter.subject}")
            print("\n".join(f"    {line}" for line in letter.text.splitlines()))
        if not found:
            print("no letters")
