"""The font families at hand, without loading what draws them."""

from functools import cache

import fontpkg

FALLBACK = "Open Sans"
"""Shown for families that are not there; `core/timeline/warnings.py` says so."""


@cache
def families() -> tuple[str, ...]:
    """Return the names of all families at hand."""
    return tuple(sorted(family.name for family in fontpkg.families().values()))
