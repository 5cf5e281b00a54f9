"""`vidgenie` and `python -m vidgenie`."""

import sys
from collections.abc import Callable


def main() -> None:
    """Run the command line; the composition root is loaded by the commands that need it."""
    from vidgenie.edges.cli.app import Doors, run

    def door(name: str) -> Callable[..., object]:
        def opened(*arguments: object) -> object:
            from vidgenie import wiring

            return getattr(wiring, name)(*arguments)

        return opened

    sys.exit(run(Doors(**{name: door(name) for name in Doors.__slots__})))


if __name__ == "__main__":
    main()
