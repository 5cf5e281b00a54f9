"""Named SQL: one statement per `.sql` file, loaded once, called by its file name."""

from functools import cache
from importlib.resources import files
from typing import LiteralString


class Statements:
    """The `sql/*.sql` files of one room; `statements.claim` is the text of `sql/claim.sql`."""

    def __init__(self, package: str) -> None:
        self._package = package

    def __getattr__(self, name: str) -> LiteralString:
        return _load(self._package, name)


@cache
def _load(package: str, name: str) -> LiteralString:
    # Literal in the sense that counts: our own file, never anything a user sent.
    return (files(package) / "sql" / f"{name}.sql").read_text(encoding="utf-8")
