"""What happens when a job of a render fails: again, later, elsewhere, or the render has failed."""

from dataclasses import dataclass
from typing import Any

from vidgenie.errors import (
    AssetError,
    EditInvalid,
    OutOfSpace,
    Problem,
    RenderError,
    VidGenieError,
)

BACKOFF_S = (5.0, 30.0, 120.0)
"""Seconds before the second, third … attempt: long enough for a source's hiccup to pass."""

PUBLIC_CODES = {"validation_failed": "edit_invalid", "missing_merge_fields": "edit_invalid"}
"""Codes of requests as a failed render says them (the API's table of render errors)."""


@dataclass(frozen=True, slots=True)
class Again:
    """Try the job again after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class GiveUp:
    """The render has failed; `error` is what the client reads."""

    error: dict[str, Any]


def decide(error: BaseException, attempt: int, attempts_max: int) -> Again | GiveUp:
    """Decide whether trying again helps. The only place that decides it."""
    retry = error.retry if isinstance(error, VidGenieError) else "later"
    if retry == "never" or attempt >= attempts_max:
        return GiveUp(public_error(error, attempt))
    delay = BACKOFF_S[min(attempt, len(BACKOFF_S)) - 1]
    # A crash of one child is worth an attempt at once: its frame may not be at fault.
    return Again(1.0 if retry == "elsewhere" else delay)


def public_error(error: BaseException, attempt: int) -> dict[str, Any]:
    """Return a failed render's `error`: code, message, details; never a trace of our insides."""
    if not isinstance(error, VidGenieError):
        return {
            "code": "internal",
            "message": "VidGenie failed inside; the operator finds the cause in the worker's log.",
            "details": [],
        }
    message = error.message
    if isinstance(error, AssetError) and error.src and error.src not in message:
        message = f"{error.src}: {message}"
    if error.retry != "never" and attempt > 1:
        message += f" (tried {attempt} times)"
    known = EditInvalid, AssetError, RenderError, OutOfSpace
    code = PUBLIC_CODES.get(error.code, error.code) if isinstance(error, known) else "internal"
    return {"code": code, "message": message, "details": [_detail(p) for p in error.problems]}


def _detail(problem: Problem) -> dict[str, str]:
    return {"path": problem.path, "code": problem.code, "message": problem.message}
