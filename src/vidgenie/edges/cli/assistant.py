"""mcp: tools for an assistant, over standard input and output."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vidgenie.edges.cli.local import AllowNetworks
from vidgenie.errors import RequestInvalid

if TYPE_CHECKING:
    from vidgenie.edges.cli.app import Doors


def add_commands(app: typer.Typer, doors: "Doors") -> None:
    """Add the command."""

    @app.command()
    def mcp(
        folder: Annotated[
            Path, typer.Option(help="Where files are read and written, and nowhere else.")
        ] = Path(),
        allow_networks: AllowNetworks = "",
    ) -> None:
        """Give an assistant tools to make videos (MCP, stdio).

        It is started by the assistant's program, not by hand; see docs/guides/assistants.md.

        Example: vidgenie mcp --folder ~/Videos
        """
        if not folder.is_dir():
            raise RequestInvalid(f"There is no folder {folder}.")
        doors.run_assistant(folder.resolve(), allow_networks)
