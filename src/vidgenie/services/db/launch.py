"""Starts a PostgreSQL program under a user id that it accepts; run as a script, stdlib only.

    launch.py direct  PARENT PROGRAM …   as it is
    launch.py mapped  PARENT PROGRAM …   in a user namespace where this user is 65534 and not root
    launch.py nobody  PARENT PROGRAM …   as user 65534, given up for good (needs root)

PostgreSQL refuses to run as root, and initdb wants a user with a name. A user namespace satisfies
both without a user being made and without any file changing its owner. The program is told to end
(SIGINT, PostgreSQL's fast shutdown) when PARENT, who started it, dies. Without a program, the exit
status says whether this way is open here. Sources: user_namespaces(7), prctl(2).
"""

import ctypes
import os
import sys

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
SIGINT = 2
NOBODY = 65534
NOT_ALLOWED = 125
"""Exit status when this way of starting is not allowed here: another may be."""


def main() -> None:
    """Become the program."""
    way, parent, command = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        if way == "mapped":
            _map_user(libc)
        elif way == "nobody":
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
    except OSError as error:
        print(f"{way}: {error}", file=sys.stderr)  # noqa: T201  # a script's own error stream
        sys.exit(NOT_ALLOWED)
    libc.prctl(PR_SET_PDEATHSIG, SIGINT, 0, 0, 0)  # after setuid, which would clear it
    if os.getppid() != parent:
        sys.exit(NOT_ALLOWED)  # it died before it was watched: no signal would ever come
    if command:
        os.execv(command[0], command)  # noqa: S606  # no shell is wanted


def _map_user(libc: ctypes.CDLL) -> None:
    uid, gid = os.geteuid(), os.getegid()
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "user namespaces are not allowed here")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{NOBODY} {uid} 1"),
        ("gid_map", f"{NOBODY} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)


if __name__ == "__main__":
    main()
