"""account: what an operator does with accounts."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from vidgenie.edges.cli.options import WHERE, takes_settings
from vidgenie.settings import Settings

if TYPE_CHECKING:
    from vidgenie.edges.cli.app import Doors

Name = Annotated[str, typer.Argument(help="A username, an address or an id (acc_…).")]


def add_commands(app: typer.Typer, doors: "Doors") -> None:
    """Add the commands about accounts."""
    accounts = typer.Typer(help="Accounts of this instance.", no_args_is_help=True)
    app.add_typer(accounts, name="account")

    @accounts.command(name="list")
    @takes_settings(*WHERE)
    def list_accounts(
        settings: Settings,
        limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 100,
    ) -> None:
        """List accounts, newest first."""
        for account in asyncio.run(doors.list_accounts(settings, limit)):
            print(f"{account.id}  {account.status:8}  {account.username}  {account.email}")

    @accounts.command()
    @takes_settings(*WHERE)
    def verify(settings: Settings, name: Name) -> None:
        """Let an account in without a letter, or again after it was disabled."""
        account = asyncio.run(doors.set_account_status(settings, name, "active"))
        print(f"{account.username} is active")

    @accounts.command()
    @takes_settings(*WHERE)
    def disable(settings: Settings, name: Name) -> None:
        """Keep an account out: its sessions end and its keys are refused; nothing is deleted."""
        account = asyncio.run(doors.set_account_status(settings, name, "disabled"))
        print(f"{account.username} is disabled")

    @accounts.command()
    @takes_settings(*WHERE)
    def quota(
        settings: Settings,
        name: Name,
        concurrent_jobs: Annotated[int | None, typer.Option(min=0, help="At a time.")] = None,
        queued_renders: Annotated[int | None, typer.Option(min=0, help="Not ended.")] = None,
        output_minutes: Annotated[int | None, typer.Option(min=0, help="A month.")] = None,
        storage_bytes: Annotated[int | None, typer.Option(min=0, help="Of uploads.")] = None,
        default: Annotated[
            bool, typer.Option("--default", help="What the server's settings say of all.")
        ] = False,
    ) -> None:
        """Set all limits of an account; what is not given is not limited."""
        limits = None
        if not default:
            limits = (concurrent_jobs, queued_renders, output_minutes, storage_bytes)
        account = asyncio.run(doors.set_quota(settings, name, limits))
        print(f"{account.username} may use: {limits or 'what everybody may'}")
