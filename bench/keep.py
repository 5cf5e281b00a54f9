"""Keeps a benchmark's table by commit, in bench/results/: the newest few of each kind."""

import json
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results"
KEPT = 4


def keep(name: str, table: dict[str, Any]) -> dict[str, Any]:
    """Write a table beside those of other commits, say where, and return it with its commit."""
    told = {"commit": _git("rev-parse", "--short", "HEAD") or "unknown", **table}
    told["date"] = _git("log", "-1", "--format=%cI", "HEAD")
    path = RESULTS / f"{name}-{told['commit']}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(told, indent=1) + "\n")
    for old in sorted(RESULTS.glob(f"{name}-*.json"), key=_age)[:-KEPT]:
        old.unlink()
    print(f"kept in {path.relative_to(ROOT)}")
    return told


def _age(path: Path) -> str:
    return str(json.loads(path.read_text()).get("date", ""))


def _git(*words: str) -> str:
    command = ["git", *words]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    return done.stdout.strip()
