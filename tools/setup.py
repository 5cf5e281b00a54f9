"""Makes `.venv` and installs what the lock names: all that `make` needs is Python ≥ 3.11 with pip.

Run by `make setup`; standard library only. A second run is instant: a stamp holds the fingerprint
of what was installed. `tools/setup.py bench` makes `.venv-bench`, for the renderers that we are
measured against: they are nobody's dependency.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "vidgenie.stamp"
LOCK = ROOT / "requirements" / "lock.txt"
BOOTSTRAP = ROOT / "requirements" / "bootstrap.txt"
PEERS_VENV = ROOT / ".venv-bench"
PEERS = ROOT / "requirements" / "bench.txt"
OLDEST = (3, 11)


def main() -> None:
    """Install, or say plainly what is missing."""
    if sys.version_info < OLDEST:
        found = ".".join(str(part) for part in sys.version_info[:3])
        fail(
            f"Python {found} is too old; VidGenie needs 3.11 or newer: make PYTHON=python3.12 setup"
        )
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    make_venv(VENV)
    say("installing the packages of requirements/lock.txt …")
    pip(VENV, "--require-hashes", "-r", str(LOCK))
    pip(VENV, "--no-build-isolation", "--no-deps", "-e", str(ROOT))
    STAMP.write_text(wanted)
    say("ready: .venv/bin/vidgenie --help")


def bench() -> None:
    """Install the peers of the benchmarks."""
    stamp, wanted = PEERS_VENV / "vidgenie.stamp", hashlib.sha256(PEERS.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    make_venv(PEERS_VENV)
    say("installing the packages of requirements/bench.txt …")
    pip(PEERS_VENV, "--require-hashes", "-r", str(PEERS))
    stamp.write_text(wanted)


def fingerprint() -> str:
    """Return what the installation depends on."""
    digest = hashlib.sha256()
    for path in (LOCK, ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    digest.update(f"{ROOT} {sys.version}".encode())
    return digest.hexdigest()


def make_venv(venv: Path) -> None:
    """Make an environment that is not there yet; by `virtualenv` where Debian left `venv` out."""
    if (venv / "bin" / "python").exists():
        return
    say(f"making {venv.name} …")
    done = subprocess.run(
        [sys.executable, "-m", "venv", str(venv)], capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return
    say("python3-venv is not here; using virtualenv instead")
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder]
            + ["--require-hashes", "-r", str(BOOTSTRAP)],
            env=environment(),
            check=False,
        )
        if done.returncode != 0:
            fail("pip could not install virtualenv (its message is above)")
        done = subprocess.run(
            [sys.executable, "-m", "virtualenv", "--quiet", "--clear", str(venv)],
            env={**environment(), "PYTHONPATH": folder},
            check=False,
        )
        if done.returncode != 0:
            fail("the environment could not be made (the message is above)")


def pip(venv: Path, *arguments: str) -> None:
    """Install packages into an environment."""
    command = [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", *arguments]
    if subprocess.run(command, env=environment(), check=False).returncode != 0:
        fail("pip failed (its message is above); the network and the disk are the usual reasons")


def environment() -> dict[str, str]:
    """Return the variables pip gets: quiet, and not offended at being root."""
    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}
    return {**os.environ, **quiet}


def say(text: str) -> None:
    """Tell what is done."""
    print(f"setup: {text}", flush=True)


def fail(text: str) -> None:
    """Say what is wrong and end."""
    sys.exit(f"setup: {text}")


if __name__ == "__main__":
    bench() if sys.argv[1:] == ["bench"] else main()
