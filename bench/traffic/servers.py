"""Servers as processes of their own, and what they have used."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
import psycopg

HERE = Path(__file__).resolve().parent
PASSWORD = "correct horse battery"  # of an account that lives for one benchmark
READY_S = 60.0


@dataclass
class Server:
    """A running server."""

    process: "subprocess.Popen[bytes]"
    url: str

    @property
    def address(self) -> str:
        """Host and port."""
        return self.url.partition("://")[2]

    def cpu_s(self) -> float:
        """Return the CPU seconds used so far."""
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system)

    def call(self, name: str, body: Any, **headers: str) -> Any:
        """Make a call that must succeed; return its data."""
        answer = httpx.post(f"{self.url}/api/v1/{name}", json=body, headers=headers, timeout=120)
        answer.raise_for_status()
        return answer.json()["data"]

    def make_key(self, database_url: str, username: str) -> str:
        """Go the four steps; return an API key."""
        email = f"{username}@example.com"
        self.call("account.register", {"username": username, "email": email, "password": PASSWORD})
        with psycopg.connect(database_url) as connection:
            text = "SELECT token FROM mail_outbox WHERE to_address = %s"
            row = connection.execute(text, (email,)).fetchone()
        assert row is not None
        self.call("account.verify_email", {"token": row[0]})
        token = self.call("account.login", {"username": username, "password": PASSWORD})
        bearer = f"Bearer {token['access_token']}"
        made = self.call("apikey.create", {"name": "bench"}, authorization=bearer)
        return str(made["api_key"]["plaintext"])


@contextmanager
def serving(command: Sequence[str], **environment: str) -> Iterator[Server]:
    """Run a server on a socket of ours until the block ends; `FD` in a word is its descriptor."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        fd = str(listener.fileno())
        process = subprocess.Popen(
            [word.replace("{FD}", fd) for word in command],
            pass_fds=[listener.fileno()],
            env={**os.environ, "FD": fd, **environment},
        )
        server = Server(process, f"http://127.0.0.1:{listener.getsockname()[1]}")
        try:
            wait_until_ready(server)
            yield server
        finally:
            process.terminate()
            process.wait(20)


def our_command(database_url: str, folder: Path) -> list[str]:
    """Return how our API is started alone."""
    words = [sys.executable, "-m", "vidgenie", "api", "--fd", "{FD}", "--data-dir", str(folder)]
    return [*words, "--database-url", database_url]


def bare_command(database_url: str) -> list[str]:
    """Return how the bare endpoint is started."""
    return [sys.executable, str(HERE / "bare.py"), database_url]


def wait_until_ready(server: Server) -> None:
    """Wait until it answers."""
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        assert server.process.poll() is None, "the server ended"
        try:
            if httpx.get(f"{server.url}/readyz", timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.05)
    raise TimeoutError(server.url)


def traffic(
    server: Server,
    path: str,
    body: str,
    *,
    rate: float,
    seconds: float,
    connections: int,
    **headers: str,
) -> dict[str, Any]:
    """Let the caller call; return latencies, statuses, and the server's CPU time per call."""
    words = [sys.executable, str(HERE / "caller.py"), server.address, path]
    before = server.cpu_s()
    done = subprocess.run(
        [*words, str(rate), str(seconds), str(connections)],
        input=json.dumps({"headers": headers, "body": body}),
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    latencies = sorted(told.pop("latencies_ms"))
    count = len(latencies)
    for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0)):
        told[f"{name}_ms"] = round(latencies[min(count - 1, int(count * share))], 2)
    told["cpu_ms"] = round((server.cpu_s() - before) / count * 1000, 3)
    told["per_s"] = round(count / told.pop("seconds"), 1)
    told["late_ms"] = round(told["late_ms"], 1)
    return {"calls": count, **told}
