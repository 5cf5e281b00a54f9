"""Starts the embedded PostgreSQL of a folder, says so, and waits to be told to stop, or killed."""

import json
import sys
from pathlib import Path

from vidgenie.services.db.embedded import EmbeddedPostgres


def main() -> None:
    """Run as a script by a test; the argument is the folder."""
    with EmbeddedPostgres(Path(sys.argv[1]), is_durable=False) as server:
        said = {"url": server.url, "is_supervised_here": server.is_supervised_here}
        print(json.dumps(said), flush=True)  # the test reads it
        sys.stdin.read()


if __name__ == "__main__":
    main()
