"""Errors as HTTP: the one table of statuses, and the envelope they travel in."""

from typing import Any

from vidgenie import errors
from vidgenie.errors import Problem, RateLimited, VidGenieError

STATUSES: dict[type[VidGenieError], int] = {
    errors.EditInvalid: 422,
    errors.MergeFieldsMissing: 422,
    errors.RequestInvalid: 422,
    errors.AssetError: 422,
    errors.RequestRefused: 400,
    errors.InvalidJson: 400,
    errors.PayloadTooLarge: 413,
    errors.UnsupportedMediaType: 415,
    errors.MethodNotAllowed: 405,
    errors.Unauthenticated: 401,
    errors.WrongCredential: 403,
    errors.Forbidden: 403,
    errors.EmailUnverified: 403,
    errors.InsufficientScope: 403,
    errors.AddressNotAllowed: 403,
    errors.RegistrationClosed: 403,
    errors.QuotaExceeded: 429,
    errors.RateLimited: 429,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.UsernameTaken: 409,
    errors.IdempotencyMismatch: 409,
    errors.NotCancellable: 409,
    errors.OutOfSpace: 503,
    errors.RenderTimeout: 503,
    errors.DecodeError: 422,
    errors.ServiceError: 503,
}

INTERNAL = "The server failed inside; tell its operator the request_id."


def status_of(error: VidGenieError) -> int:
    """Return the HTTP status of an error: its own class's, or the nearest ancestor's."""
    for kind in type(error).__mro__:
        if kind in STATUSES:
            return STATUSES[kind]
    return 500


def code_of(error: VidGenieError) -> str:
    """Return the public code; what is our fault says no more than that."""
    return "internal" if status_of(error) == 500 else error.code


def envelope_of(error: VidGenieError, request_id: str) -> dict[str, Any]:
    """Return the failure envelope."""
    is_ours = status_of(error) == 500
    return {
        "ok": False,
        "error": {
            "code": code_of(error),
            "message": INTERNAL if is_ours else error.message,
            "details": [] if is_ours else [detail(problem) for problem in error.problems],
        },
        "request_id": request_id,
    }


def headers_of(error: VidGenieError) -> dict[str, str]:
    """Return the headers that go with an error."""
    if isinstance(error, RateLimited):
        return {"Retry-After": str(error.retry_after_s)}
    if status_of(error) == 401:
        return {"WWW-Authenticate": 'Bearer realm="vidgenie"'}
    return {"Retry-After": "2"} if status_of(error) == 503 else {}


def detail(problem: Problem) -> dict[str, str]:
    """Return one problem as JSON."""
    return {"path": problem.path, "code": problem.code, "message": problem.message}
