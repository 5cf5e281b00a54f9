"""doctor: what is here, what is missing, and how to mend it."""

import asyncio
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

import typer

from vidgenie.edges.cli.options import takes_settings
from vidgenie.errors import VidGenieError
from vidgenie.settings import Settings, read_secret_key

ROOM_MIN = 2 << 30
"""Bytes of free disk below which renders soon fail."""

NEEDED = ("av", "skia-python", "numpy", "opencv-python-headless", "psycopg", "obstore", "fastapi")


class Finding(NamedTuple):
    """One thing looked at; `mend` says what to do when it is not well."""

    is_well: bool
    name: str
    found: str
    mend: str = ""
    is_needed: bool = True


def add_commands(app: typer.Typer) -> None:
    """Add the command."""

    @app.command()
    @takes_settings("data_dir", "database_url", "postgres_bin_dir", "secret_key", "host", "port")
    def doctor(settings: Settings) -> None:
        """Say what this machine lacks, and how to mend it.

        Exits with 1 when something needed is missing.
        """
        sick = False
        for look in (_python, _packages, _postgres, _agreement, _sandbox, _fonts, _disk, _port):
            for finding in look(settings):
                mark = "✓" if finding.is_well else ("✗" if finding.is_needed else "!")
                print(f"{mark} {finding.name:<12} {finding.found}")
                if not finding.is_well and finding.mend:
                    print(f"  {'':<12} → {finding.mend}")
                sick = sick or (finding.is_needed and not finding.is_well)
        if sick:
            raise typer.Exit(1)


Look = Callable[[Settings], Iterator[Finding]]


def _python(_: Settings) -> Iterator[Finding]:
    found = ".".join(str(part) for part in sys.version_info[:3])
    yield Finding(sys.version_info >= (3, 11), "python", found, "install Python 3.11 or newer")


def _packages(_: Settings) -> Iterator[Finding]:
    versions, missing = [], []
    for name in NEEDED:
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        yield Finding(False, "packages", f"missing: {', '.join(missing)}", "run `make setup`")
    else:
        yield Finding(True, "packages", ", ".join(versions))


def _postgres(settings: Settings) -> Iterator[Finding]:
    if settings.database_url:
        yield Finding(True, "postgres", "your own (--database-url)")
        return
    from vidgenie.services.db.binaries import find_binaries

    try:
        yield Finding(True, "postgres", str(find_binaries(settings.postgres_bin_dir)))
    except VidGenieError as error:
        yield Finding(False, "postgres", error.message, "run `make setup`, or --database-url")


def _agreement(settings: Settings) -> Iterator[Finding]:
    """See whether this host's secret key is the one of the database it is to work with."""
    is_given = settings.secret_key is not None or (settings.data_dir / "secret.key").exists()
    if not settings.database_url or not is_given:
        return
    name = "secret key"
    try:
        agreed = asyncio.run(_asked(settings.database_url, read_secret_key(settings)))
    except VidGenieError as error:
        yield Finding(False, name, error.message, "see that the database can be reached")
        return
    if agreed is None:
        yield Finding(True, name, "the first of this instance")
    else:
        found = "the same as on other hosts" if agreed else "not the one of other hosts"
        yield Finding(agreed, name, found, "give the same --secret-key on every host")


async def _asked(url: str, secret_key: bytes) -> bool | None:
    from vidgenie.services import fleet
    from vidgenie.services.db.migrate import pending
    from vidgenie.services.db.pool import Database

    async with Database(url) as db, db.transaction() as tx:
        return None if await pending(tx) else await fleet.is_agreed(tx, secret_key)


def _sandbox(_: Settings) -> Iterator[Finding]:
    from vidgenie.engine.sandbox import sandbox_level

    held = sandbox_level()
    wanted = {
        "limits": "",
        "network": "allow unprivileged user namespaces (sysctl kernel.unprivileged_userns_clone=1)",
        "landlock": "a kernel ≥ 5.13 with Landlock confines files; without it a decoder may read"
        " what this user may",
    }
    for name, mend in wanted.items():
        is_well = name in held
        found = "active" if is_well else "not active"
        yield Finding(is_well, f"sandbox {name}"[:20], found, mend, is_needed=name == "limits")


def _fonts(_: Settings) -> Iterator[Finding]:
    from vidgenie.engine.lettering.families import families

    found = families()
    words = f"{len(found)} families (`vidgenie fonts list`)" if found else "none"
    yield Finding(bool(found), "fonts", words, "run `make setup`")


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = settings.data_dir.absolute()
    while not folder.exists():
        folder = folder.parent
    room = shutil.disk_usage(folder).free
    is_writable = os.access(folder, os.W_OK)
    yield Finding(
        room >= ROOM_MIN and is_writable,
        "disk",
        f"{room / 2**30:.0f} GiB free in {folder}{'' if is_writable else ', not writable'}",
        "give another --data-dir",
    )


def _port(settings: Settings) -> Iterator[Finding]:
    if settings.port == 0:
        return
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            yield Finding(
                False,
                "port",
                f"{settings.host}:{settings.port}: {error.strerror}",
                "stop what listens there, or give another --port",
                is_needed=False,
            )
        else:
            yield Finding(True, "port", f"{settings.host}:{settings.port} is free")
