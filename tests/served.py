"""`vidgenie api` as a process of its own, on a test's database: no workers, nothing renders."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg

from instances import PASSWORD, READY_S, clean_environment, wait_for


@dataclass
class Served:
    """A running API: where it is, its database, and what it logs."""

    url: str
    database_url: str
    log: Path
    pid: int

    def call(self, name: str, body: object, **headers: str) -> dict[str, object]:
        """Make a call that must succeed; return its data."""
        answer = httpx.post(f"{self.url}/api/v1/{name}", json=body, headers=headers, timeout=30)
        assert answer.status_code == 200, answer.text
        data: dict[str, object] = answer.json()["data"]
        return data

    def log_in(self, username: str) -> str:
        """Return a new access token."""
        made = self.call("account.login", {"username": username, "password": PASSWORD})
        return str(made["access_token"])

    def register(self, username: str) -> None:
        """Make an account, proved by the letter in the outbox."""
        email = f"{username}@example.com"
        body = {"username": username, "email": email, "password": PASSWORD}
        self.call("account.register", body)
        with psycopg.connect(self.database_url) as connection:
            text = "SELECT token FROM mail_outbox WHERE to_address = %s"
            row = connection.execute(text, (email,)).fetchone()
        assert row is not None
        self.call("account.verify_email", {"token": row[0]})


@contextmanager
def api_process(database_url: str, folder: Path, *flags: str) -> Iterator[Served]:
    """Run the API until the block ends."""
    log = folder / "api.log"
    with socket.create_server(("127.0.0.1", 0)) as listener, log.open("wb") as file:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        words = ("--fd", str(listener.fileno()), "--public-url", url, "--data-dir", str(folder))
        process = subprocess.Popen(
            [sys.executable, "-m", "vidgenie", "api", *words]
            + ["--database-url", database_url, *flags],
            stdout=file,
            stderr=file,
            stdin=subprocess.DEVNULL,
            pass_fds=[listener.fileno()],
            env=clean_environment(),
        )

    def is_ready() -> bool:
        assert process.poll() is None, log.read_text()[-3000:]
        try:
            return httpx.get(f"{url}/readyz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    try:
        wait_for("the API", is_ready, READY_S)
        yield Served(url, database_url, log, process.pid)
    finally:
        process.terminate()
        process.wait(20)
