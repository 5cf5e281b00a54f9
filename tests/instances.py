"""An instance as a user has it: `vidgenie up` as processes, reached through HTTP."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
from psycopg.rows import dict_row

PASSWORD = "correct horse battery"
UP = (sys.executable, "-m", "vidgenie", "up", "--port", "0")
UP += ("--allow-networks", "127.0.0.0/8", "--workers", "2")
READY_S = 60.0
WAIT_S = 90.0


def wait_for(what: str, found: Callable[[], Any], limit_s: float = WAIT_S) -> Any:
    """Return the first true answer; fails, saying what was waited for."""
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        answer = found()
        if answer:
            return answer
        time.sleep(0.05)
    raise AssertionError(f"{what}: not within {limit_s:g} s")


@dataclass
class Receiver:
    """A webhook receiver on loopback; `answers` are the statuses it gives, the last for ever."""

    url: str
    answers: list[int] = field(default_factory=lambda: [204])
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def of_type(self, event: str) -> list[tuple[dict[str, str], dict[str, Any]]]:
        """Return what came of one event type."""
        bodies = [(headers, json.loads(body)) for headers, body in self.received]
        return [(headers, body) for headers, body in bodies if body["type"] == event]


@dataclass
class Instance:
    """A running instance."""

    url: str
    data: Path
    process: "subprocess.Popen[bytes]"
    log: Path

    def sql(self, text: str, *values: object) -> list[dict[str, Any]]:
        """Look into the database."""
        url = json.loads((self.data / "instance.json").read_text())["database_url"]
        with psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection:
            cursor = connection.execute(text.encode(), values)
            return cursor.fetchall() if cursor.description else []

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run the command line against this instance."""
        return subprocess.run(
            [sys.executable, "-m", "vidgenie", *arguments, "--data-dir", str(self.data)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=clean_environment(),
        )

    def workers(self) -> dict[int, str]:
        """Return the process ids of the workers and their command lines."""
        return {
            pid: words
            for pid, words in processes().items()
            if " worker" in words and parent_of(pid) == self.process.pid
        }

    def stop(self) -> float:
        """Stop it; return how long that took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        return time.monotonic() - began


@dataclass
class Client:
    """An account of the instance, with a key."""

    http: httpx.Client
    username: str
    token: str
    key: str

    def call(self, name: str, body: dict[str, Any] | None = None, *, key: bool = True) -> Any:
        """Make a call that must succeed; return its data."""
        answer = self.raw(name, body, key=key).json()
        assert answer["ok"], answer
        return answer["data"]

    def raw(
        self, name: str, body: dict[str, Any] | None = None, *, key: bool = True
    ) -> httpx.Response:
        """Make a call."""
        headers = {"x-api-key": self.key} if key else {"authorization": f"Bearer {self.token}"}
        return self.http.post(f"/api/v1/{name}", json=body or {}, headers=headers)

    def upload(self, path: Path) -> str:
        """Upload a file; return its `src`."""
        with path.open("rb") as file:
            answer = self.http.post(
                "/api/v1/asset.upload",
                files={"file": (path.name, file)},
                headers={"x-api-key": self.key},
            )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["data"]["asset"]["src"])

    def ended(self, render_id: str, limit_s: float = WAIT_S) -> dict[str, Any]:
        """Wait until a render has ended; return it."""

        def look() -> dict[str, Any] | None:
            render = self.call("render.get", {"id": render_id})["render"]
            return render if render["status"] in ("done", "failed", "cancelled") else None

        found: dict[str, Any] = wait_for(f"the end of {render_id}", look, limit_s)
        return found

    def download(self, url: str, target: Path) -> Path:
        """Save a link's content."""
        answer = self.http.get(url)
        assert answer.status_code == 200, answer.text
        target.write_bytes(answer.content)
        return target


def clean_environment() -> dict[str, str]:
    """Return the environment without settings of somebody else's instance."""
    return {name: value for name, value in os.environ.items() if not name.startswith("VIDGENIE_")}


def processes() -> dict[int, str]:
    """Return all processes and their command lines."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            found[int(entry.name)] = words
    return found


def parent_of(pid: int) -> int:
    """Return a process's parent, 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


@contextmanager
def running(data: Path, *flags: str) -> Iterator[Instance]:
    """Run an instance until the block ends."""
    data.mkdir(parents=True, exist_ok=True)
    log = data.parent / f"{data.name}.log"
    with log.open("ab") as file:
        process = subprocess.Popen(
            [*UP, "--data-dir", str(data), *flags],
            stdout=file,
            stderr=file,
            stdin=subprocess.DEVNULL,
            env=clean_environment(),
        )
    try:
        note = data / "instance.json"

        def is_ready() -> str | None:
            assert process.poll() is None, log.read_text()[-3000:]
            if not note.exists():
                return None
            url = str(json.loads(note.read_text())["url"])
            try:
                return url if httpx.get(f"{url}/readyz", timeout=5).status_code == 200 else None
            except httpx.HTTPError:
                return None

        yield Instance(wait_for("a ready instance", is_ready, READY_S), data, process, log)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def make_client(instance: Instance, username: str) -> Client:
    """Go the four steps."""
    http_client = httpx.Client(base_url=instance.url, timeout=60)
    email = f"{username}@example.com"

    def call(name: str, body: dict[str, Any], **headers: str) -> Any:
        answer = http_client.post(f"/api/v1/{name}", json=body, headers=headers).json()
        assert answer["ok"], answer
        return answer["data"]

    call("account.register", {"username": username, "email": email, "password": PASSWORD})
    letters = json.loads(instance.command("mail", "list", "--to", email, "--json").stdout)
    call("account.verify_email", {"token": letters[0]["token"]})
    token = call("account.login", {"username": username, "password": PASSWORD})["access_token"]
    made = call("apikey.create", {"name": "tests"}, authorization=f"Bearer {token}")
    return Client(http_client, username, token, made["api_key"]["plaintext"])
