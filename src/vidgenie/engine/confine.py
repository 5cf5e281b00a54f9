"""What a child process gives up before it touches untrusted bytes.

    always     limits of memory, processor time, file size and open files; no core dump
    landlock   only the named files can be read, only the named folders written (Linux ≥ 5.13)
    network    a network of its own, with nothing in it (root, or unprivileged user namespaces)

Each step is tried; what is active is reported. Sources: landlock(7), unshare(2), prctl(2).
"""

import ctypes
import os
import resource
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
SIGKILL = 9

SYS_LANDLOCK_CREATE_RULESET = 444
SYS_LANDLOCK_ADD_RULE = 445
SYS_LANDLOCK_RESTRICT_SELF = 446
LANDLOCK_RULE_PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
ALL_V1 = (1 << 13) - 1
"""Every access of Landlock's first version; what is handled and not allowed is denied."""
MAKE_AND_REMOVE = ALL_V1 & ~(EXECUTE | WRITE_FILE | READ_FILE | READ_DIR)
FILE_ACCESS = EXECUTE | WRITE_FILE | READ_FILE

TRIAL_S = 30.0

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one task may touch and use. Bytes and seconds."""

    reads: tuple[Path, ...] = ()
    writes: tuple[Path, ...] = ()
    memory_bytes: int = 6 << 30
    cpu_s: int = 3600
    file_bytes: int = 32 << 30
    open_files: int = 512


def protections() -> tuple[str, ...]:
    """Return which steps hold on this machine, by trying them in a process that then ends."""
    tried = subprocess.run(
        [sys.executable, "-m", "vidgenie.engine.confine"],
        capture_output=True,
        check=False,
        text=True,
        timeout=TRIAL_S,
    )
    return tuple(tried.stdout.split())


def die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent goes."""
    _libc.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)


def confine(allowance: Allowance) -> tuple[str, ...]:
    """Give up everything but the allowance; return the names of the steps that held."""
    held = ["limits"]
    _limit(allowance)
    with suppress(OSError):
        _leave_network()
        held.append("network")
    with suppress(OSError):
        _landlock(allowance)
        held.append("landlock")
    return tuple(held)


def _limit(allowance: Allowance) -> None:
    for kind, amount in (
        (resource.RLIMIT_AS, allowance.memory_bytes),
        (resource.RLIMIT_CPU, allowance.cpu_s),
        (resource.RLIMIT_FSIZE, allowance.file_bytes),
        (resource.RLIMIT_NOFILE, allowance.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        wanted = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        resource.setrlimit(kind, (wanted, wanted))


def _leave_network() -> None:
    """Enter an empty network; raises OSError where the kernel does not allow it."""
    flags = CLONE_NEWNET if os.geteuid() == 0 else CLONE_NEWUSER | CLONE_NEWNET
    if _libc.unshare(flags) != 0:
        raise OSError(ctypes.get_errno(), "unshare")


class _RulesetAttr(ctypes.Structure):
    _fields_ = (("handled_access_fs", ctypes.c_uint64),)


class _PathBeneathAttr(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def _landlock(allowance: Allowance) -> None:
    """Allow only the named paths; raises OSError where the kernel has no Landlock."""
    attr = _RulesetAttr(ALL_V1)
    ruleset = _libc.syscall(SYS_LANDLOCK_CREATE_RULESET, ctypes.byref(attr), ctypes.sizeof(attr), 0)
    if ruleset < 0:
        raise OSError(ctypes.get_errno(), "landlock_create_ruleset")
    try:
        read = EXECUTE | READ_FILE | READ_DIR
        _allow(ruleset, [*_program_paths(), *allowance.reads], read)
        _allow(ruleset, [Path("/dev")], READ_FILE | READ_DIR | WRITE_FILE)
        _allow(ruleset, allowance.writes, ALL_V1 & ~EXECUTE)
        if _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
        if _libc.syscall(SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0) != 0:
            raise OSError(ctypes.get_errno(), "landlock_restrict_self")
    finally:
        os.close(ruleset)


def _program_paths() -> list[Path]:
    """Return where Python, its packages and the system's libraries lie."""
    found = {Path(entry).resolve() for entry in sys.path if entry}
    found |= {Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()}
    found |= {Path("/usr"), Path("/lib"), Path("/lib64"), Path("/etc"), Path("/proc/self")}
    return [path for path in found if path != Path("/")]


def _allow(ruleset: int, paths: Iterable[Path], access: int) -> None:
    for path in paths:
        if not path.exists():
            continue
        allowed = access if path.is_dir() else access & FILE_ACCESS
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            attr = _PathBeneathAttr(allowed, handle)
            result = _libc.syscall(
                SYS_LANDLOCK_ADD_RULE,
                ruleset,
                LANDLOCK_RULE_PATH_BENEATH,
                ctypes.byref(attr),
                0,
            )
            if result != 0:
                raise OSError(ctypes.get_errno(), "landlock_add_rule")
        finally:
            os.close(handle)


if __name__ == "__main__":
    sys.stdout.write(" ".join(confine(Allowance())))
