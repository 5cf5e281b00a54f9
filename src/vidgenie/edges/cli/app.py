"""The commands of `vidgenie`, and how their errors are told."""

import json
import sys
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from vidgenie import __version__
from vidgenie.errors import VidGenieError

EPILOG = "Exit codes: 0 done, 1 it failed (the reason is on standard error), 2 wrong usage."


@dataclass(frozen=True, slots=True)
class Doors:
    """What the composition root offers to the command line."""

    run_api: Callable[..., Any]
    run_worker: Callable[..., Any]
    run_migrations: Callable[..., Any]
    list_mail: Callable[..., Any]
    list_accounts: Callable[..., Any]
    set_account_status: Callable[..., Any]
    set_quota: Callable[..., Any]
    run_assistant: Callable[..., Any]


def run(doors: Doors, arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    app = make_app(doors)
    try:
        code = app(args=list(arguments) if arguments is not None else None, standalone_mode=False)
    except VidGenieError as error:
        tell(error)
        return 1
    except typer.Abort:
        return 130
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except Exception as error:
        return _unexpected(error)
    return code if isinstance(code, int) else 0  # what `raise typer.Exit` said


def tell(error: VidGenieError) -> None:
    """Print an error: what it is, and each problem on a line of its own."""
    several = len(error.problems) > 1
    # A list follows, which begins with the one that the message of an API's answer names.
    head = error.message.partition("; the first: ")[0] if several else error.message
    print(f"vidgenie: {head}", file=sys.stderr)
    for problem in error.problems:
        line = str(problem)
        if several or line not in error.message:
            print(f"  {line}", file=sys.stderr)


def _unexpected(error: Exception) -> int:
    """Tell wrong usage plainly; anything else is our bug, and says so."""
    shown = getattr(error, "show", None)
    if shown is not None:
        shown()
        return int(getattr(error, "exit_code", 2))
    traceback.print_exception(error)
    print("vidgenie: this is a bug of VidGenie; please report the lines above", file=sys.stderr)
    return 1


def make_app(doors: Doors) -> typer.Typer:
    """Return the command line."""
    from vidgenie.edges.cli import account, assistant, doctor, fonts, local, server

    app = typer.Typer(
        name="vidgenie",
        help="Post a JSON timeline, get a finished video back.",
        epilog=EPILOG,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    @app.callback(invoke_without_command=True)
    def top(
        version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    ) -> None:
        if version:
            print(__version__)
            raise typer.Exit

    server.add_commands(app, doors)
    local.add_commands(app)
    account.add_commands(app, doors)
    assistant.add_commands(app, doors)
    doctor.add_commands(app)
    fonts.add_commands(app)
    return app


def print_json(value: Any) -> None:
    """Print a value as JSON for machines and people."""
    print(json.dumps(value, indent=2, ensure_ascii=False, default=str))
