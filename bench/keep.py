"""Keeps a benchmark's table by commit, in bench/results/."""

import json
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def keep(name: str, table: dict[str, Any]) -> None:
    """Write a table beside those of other commits, and say where."""
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    commit = done.stdout.strip() or "unknown"
    path = ROOT / "bench" / "results" / f"{name}-{commit}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"commit": commit, **table}, indent=2) + "\n")
    print(f"kept in {path.relative_to(ROOT)}")
