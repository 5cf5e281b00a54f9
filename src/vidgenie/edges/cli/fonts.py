"""fonts: which families are here, and the larger set."""

import subprocess
import sys
from importlib.metadata import PackageNotFoundError, requires
from typing import Annotated

import typer

from vidgenie.core.timeline.fonts import SUBSTITUTES
from vidgenie.edges.cli.app import print_json
from vidgenie.errors import VidGenieError

DISTRIBUTION = "vidgenie-api"


def add_commands(app: typer.Typer) -> None:
    """Add the commands."""
    fonts = typer.Typer(help="Font families: which are here, and how to get more.")
    app.add_typer(fonts, name="fonts", no_args_is_help=True)

    @fonts.command("list")
    def list_(
        as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    ) -> None:
        """Print the families at hand, their weights, and what stands in for others."""
        from vidgenie.engine.lettering.families import families, files_of

        found = {name: files_of(name) for name in families()}
        if as_json:
            print_json(
                {
                    name: {
                        "weights": [
                            min(file.weights[0] for file in files),
                            max(file.weights[1] for file in files),
                        ],
                        "italic": any(file.is_italic for file in files),
                    }
                    for name, files in found.items()
                }
            )
            return
        for name, files in found.items():
            light = min(file.weights[0] for file in files)
            bold = max(file.weights[1] for file in files)
            weights = f"{light}" if light == bold else f"{light}–{bold}"
            italic = "  italic" if any(file.is_italic for file in files) else ""
            print(f"{name:24}{weights}{italic}")
        names = ", ".join(f"{name} → {family}" for name, (family, _) in SUBSTITUTES.items())
        print(f"\nshown instead of what no package brings: {names}")

    @fonts.command()
    def install() -> None:
        """Install the larger set: popular families, all weights of Chinese, Japanese and Korean."""
        packages = wanted()
        print(f"installing {len(packages)} font packages …")
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", *packages], check=False
        )
        if done.returncode != 0:
            raise VidGenieError(
                "pip could not install the font packages; its own message stands above"
            )
        print("ready: vidgenie fonts list")


def wanted() -> list[str]:
    """Return the packages of the larger set, as this distribution's extra `fonts` names them."""
    try:
        named = requires(DISTRIBUTION) or []
    except PackageNotFoundError as error:
        raise VidGenieError(f"{DISTRIBUTION} is not installed; run `make setup`") from error
    mark = "extra == 'fonts'"
    return [line.split(";")[0].strip() for line in named if mark in line.replace('"', "'")]
