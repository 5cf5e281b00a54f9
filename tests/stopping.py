"""The command line with one task that hangs, to be interrupted there; run as a script by a test."""

import sys
from typing import Any

from children import hang
from vidgenie.__main__ import main
from vidgenie.engine import sandbox
from vidgenie.engine.confine import Allowance

if __name__ == "__main__":
    name = sys.argv.pop(1)
    run_task = sandbox.run

    def hanging(task: str, told: tuple[Any, ...], **more: Any) -> Any:
        """Do a task, but one of the name: that one never ends."""
        if task != name:
            return run_task(task, told, **more)
        print("hanging", flush=True)  # the test waits for it
        stop = more.get("should_stop")
        return sandbox.run_callable(hang, (), allowance=Allowance(), wall_s=60, should_stop=stop)

    sandbox.run = hanging
    main()
