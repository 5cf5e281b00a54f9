"""Flags made from the settings, so that each setting is described once."""

import inspect
from collections.abc import Callable, Sequence
from typing import Annotated, Any, get_origin

import typer
from pydantic import ValidationError

from vidgenie.errors import Problem, RequestInvalid
from vidgenie.settings import Settings

WHERE = ("data_dir", "database_url")
"""What leads to an instance."""

SERVER = (
    "public_url", "storage_url", "secret_key", "access_token_ttl", "email_verification_ttl",
    "registration", "smtp_url", "mail_from", "allow_networks", "trusted_proxies", "cors_origins",
    "upload_max", "source_max", "chunk_cache_size", "source_timeout",
    "render_timeout", "render_ttl", "lease", "log_level",
)  # fmt: skip

SIZES = ("upload_max", "source_max", "chunk_cache_size")
"""What is counted in bytes, and may be written as 2G."""


def takes_settings(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command the flags of these settings; it gets them as its first argument `settings`."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(**given: Any) -> Any:
            values = {name: given.pop(name) for name in names}
            return command(read(values), **given)

        own = list(inspect.signature(command).parameters.values())[1:]
        flags = [_flag(name) for name in names]
        wrapped.__signature__ = inspect.Signature([*own, *flags])  # type: ignore[attr-defined]
        wrapped.__annotations__ = {p.name: p.annotation for p in (*own, *flags)}
        wrapped.__doc__ = command.__doc__
        wrapped.__name__ = command.__name__
        return wrapped

    return decorate


def read(values: dict[str, Any]) -> Settings:
    """Return the settings: flags before the environment before the defaults.

    Raises: RequestInvalid naming the flag.
    """
    try:
        return Settings(**{name: value for name, value in values.items() if value is not None})
    except ValidationError as error:
        problems = []
        for entry in error.errors(include_url=False):
            name = str(entry["loc"][0])
            flag = f"--{name.replace('_', '-')} (VIDGENIE_{name.upper()})"
            problems.append(
                Problem(flag, "wrong_value", entry["msg"].removeprefix("Value error, "))
            )
        raise RequestInvalid("A setting cannot be read.", problems=problems) from None


def _flag(name: str) -> inspect.Parameter:
    info = Settings.model_fields[name]
    default = info.default
    if isinstance(default, tuple):
        default = ",".join(str(entry) for entry in default)
    shown = "" if default in (None, "") else f" [default: {_shown(name, default)}]"
    kind = int if info.annotation is int and get_origin(info.annotation) is None else str
    if name in SIZES:
        kind = str
    option = typer.Option(
        f"--{name.replace('_', '-')}",
        envvar=f"VIDGENIE_{name.upper()}",
        show_default=False,
        help=f"{info.description}{shown}",
    )
    return inspect.Parameter(
        name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[kind | None, option],
    )


def _shown(name: str, default: Any) -> str:
    if name in SIZES:
        return f"{int(default) >> 30}G"
    if isinstance(default, float):
        seconds = int(default)
        return f"{seconds // 3600}h" if seconds % 3600 == 0 else f"{seconds}s"
    return str(default)


def to_environment(settings: Settings) -> dict[str, str]:
    """Return settings as variables for child processes: all that is not a default's None."""
    made = {}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        if value is None:
            continue
        if isinstance(value, tuple):
            text = ",".join(str(entry) for entry in value)
        else:
            # never 2.592e+06: a duration is read as plain digits
            text = f"{value:f}" if isinstance(value, float) else str(value)
        made[f"VIDGENIE_{name.upper()}"] = text
    return made


def names_of(*groups: Sequence[str]) -> tuple[str, ...]:
    """Return the names of several groups of settings."""
    return tuple(name for group in groups for name in group)
