"""Fixtures: one instance for all tests that do not break it, a client, a webhook receiver."""

import http.server
import threading
from collections.abc import Iterator

import pytest

from instances import Client, Instance, Receiver, make_client, running


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """One instance for all tests that do not break it; short leases, so that rescues are soon."""
    with running(tmp_path_factory.mktemp("e2e") / "data", "--lease", "3s") as started:
        yield started


@pytest.fixture(scope="session")
def client(instance: Instance) -> Iterator[Client]:
    """A client of the shared instance."""
    made = make_client(instance, "tester")
    yield made
    made.http.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A webhook receiver."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            body = self.rfile.read(int(self.headers["content-length"]))
            answers = found.answers
            status = answers.pop(0) if len(answers) > 1 else answers[0]
            self.send_response(status)
            self.end_headers()
            found.received.append(({k.lower(): v for k, v in self.headers.items()}, body))

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()
