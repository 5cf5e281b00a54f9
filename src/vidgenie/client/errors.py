"""The client's one exception."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Detail:
    """One problem; `path` is a JSON Pointer into what was sent."""

    path: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.path or '/'}: {self.message}"


class ApiError(Exception):
    """A call that was refused, a render that failed, or a server that could not be reached.

    `code` is the API's (`validation_failed`, `rate_limited`, `source_unreachable` …) or one of the
    client's own: `unreachable`, `bad_answer`, `wait_timed_out`, `cancelled`, `not_ready`,
    `link_expired`, `checksum_mismatch`, `signature_invalid`.
    `status` is None where no answer of HTTP was the reason.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        details: Sequence[Detail] = (),
        status: int | None = None,
        request_id: str | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.details = tuple(details)
        self.status = status
        self.request_id = request_id
        self.retry_after_s = retry_after_s

    def __str__(self) -> str:
        lines = [f"{self.code}: {self.message}"]
        lines += [f"  {detail}" for detail in self.details if str(detail) not in self.message]
        return "\n".join(lines)


def details_of(given: Any) -> tuple[Detail, ...]:
    """Return the details of an error's JSON; what is none is left out."""
    entries = given if isinstance(given, list) else []
    return tuple(
        Detail(*(str(entry.get(name, "")) for name in ("path", "code", "message")))
        for entry in entries
        if isinstance(entry, Mapping)
    )
