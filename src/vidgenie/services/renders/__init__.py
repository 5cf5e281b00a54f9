"""The life of a render: submit, advance, finish, cancel. May import every service below.

Reading order: model, store (sql/), submit, prepare, reuse, perform, advance, fail, view, erase;
preview beside them.
"""

from random import Random

from vidgenie.services.renders.erase import erase_account
from vidgenie.services.renders.fail import job_failed, workers_lost
from vidgenie.services.renders.perform import JOBS, Perform
from vidgenie.services.renders.reuse import evict
from vidgenie.services.renders.tools import RenderTools

RANDOM = Random()
"""Spreads retries; not for secrets."""

__all__ = [
    "JOBS",
    "RANDOM",
    "Perform",
    "RenderTools",
    "erase_account",
    "evict",
    "job_failed",
    "workers_lost",
]
