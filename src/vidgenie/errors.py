"""Every error VidGenie raises, in one tree.

    VidGenieError
    ├── EditInvalid            the edit cannot be rendered as written; all problems at once
    │   └── MergeFieldsMissing
    ├── RequestInvalid         another call's body or parameters are wrong
    ├── RequestRefused         InvalidJson  PayloadTooLarge  UnsupportedMediaType  MethodNotAllowed
    ├── AssetError             AssetUnreachable (AssetMissing)  AssetForbidden  AssetTooLarge
    │                          AssetUnsupported
    ├── RenderError            DecodeError  ComposeError  EncodeError  MuxError  RenderTimeout
    │                          EngineCrashed  OutOfSpace
    ├── AccessError            Unauthenticated  WrongCredential  EmailUnverified  InsufficientScope
    │                          AddressNotAllowed  RegistrationClosed  Forbidden  QuotaExceeded
    │                          RateLimited
    ├── StateError             NotFound  Conflict  UsernameTaken  IdempotencyMismatch
    │                          NotCancellable
    └── ServiceError           Unavailable  StorageError  LeaseLost  MailError

Each class says three things: `code` (public, stable), `fault` (who must act) and `retry` (whether
trying again helps). The docstring's first line is the default message. HTTP statuses live in
`edges/rpc/errors.py`, the decision to retry in `services/renders/advance.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

Fault = Literal["client", "upstream", "ours"]
Retry = Literal["never", "later", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong at one place: `path` is a JSON Pointer into what the user sent."""

    path: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.path or '/'}: {self.message}"


class VidGenieError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = "internal"
    fault: ClassVar[Fault] = "ours"
    retry: ClassVar[Retry] = "later"

    def __init__(self, message: str | None = None, *, problems: Sequence[Problem] = ()) -> None:
        self.message = message or (type(self).__doc__ or "").strip().splitlines()[0]
        self.problems = tuple(problems)
        super().__init__(self.message)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.message, self.problems, self.__dict__))


def _rebuild(
    kind: type[VidGenieError], message: str, problems: tuple[Problem, ...], state: dict[str, Any]
) -> VidGenieError:
    error = kind.__new__(kind)
    VidGenieError.__init__(error, message, problems=problems)
    error.__dict__.update(state)
    return error


class EditInvalid(VidGenieError):
    """The edit cannot be rendered as it is written."""

    code: ClassVar[str] = "validation_failed"
    fault: ClassVar[Fault] = "client"
    retry: ClassVar[Retry] = "never"


class MergeFieldsMissing(EditInvalid):
    """The edit has placeholders without a value."""

    code: ClassVar[str] = "missing_merge_fields"


class RequestInvalid(VidGenieError):
    """The request is not what this call takes."""

    code: ClassVar[str] = "validation_failed"
    fault: ClassVar[Fault] = "client"
    retry: ClassVar[Retry] = "never"


class RequestRefused(VidGenieError):
    """The request cannot be read."""

    code: ClassVar[str] = "bad_request"
    fault: ClassVar[Fault] = "client"
    retry: ClassVar[Retry] = "never"


class InvalidJson(RequestRefused):
    """The body is not JSON."""

    code: ClassVar[str] = "invalid_json"


class PayloadTooLarge(RequestRefused):
    """The body is too large."""

    code: ClassVar[str] = "payload_too_large"


class UnsupportedMediaType(RequestRefused):
    """The body is not of a type that this call reads."""

    code: ClassVar[str] = "unsupported_media_type"


class MethodNotAllowed(RequestRefused):
    """This call does not answer this HTTP method."""

    code: ClassVar[str] = "method_not_allowed"


class AssetError(VidGenieError):
    """A source of the edit cannot be used."""

    code: ClassVar[str] = "source_unusable"
    fault: ClassVar[Fault] = "client"
    retry: ClassVar[Retry] = "never"

    def __init__(
        self, message: str | None = None, *, src: str = "", problems: Sequence[Problem] = ()
    ) -> None:
        super().__init__(message, problems=problems)
        self.src = src


class AssetUnreachable(AssetError):
    """The source did not answer."""

    code: ClassVar[str] = "source_unreachable"
    fault: ClassVar[Fault] = "upstream"
    retry: ClassVar[Retry] = "later"


class AssetMissing(AssetUnreachable):
    """The source's server says that there is no such file, or not for us."""

    fault: ClassVar[Fault] = "client"
    retry: ClassVar[Retry] = "never"


class AssetForbidden(AssetError):
    """The source's address may not be fetched."""

    code: ClassVar[str] = "source_forbidden"


class AssetTooLarge(AssetError):
    """The source is larger than the limit."""

    code: ClassVar[str] = "source_too_large"


class AssetUnsupported(AssetError):
    """The source's container or codec is not supported, or the file is damaged."""

    code: ClassVar[str] = "source_unsupported"


class RenderError(VidGenieError):
    """The render failed inside the engine."""

    code: ClassVar[str] = "render_failed"
    fault: ClassVar[Fault] = "ours"
    retry: ClassVar[Retry] = "elsewhere"


class DecodeError(RenderError):
    """A source could not be decoded."""

    code: ClassVar[str] = "source_unsupported"
    fault: ClassVar[Fault] = "client"
    retry: ClassVar[Retry] = "never"


class ComposeError(RenderError):
    """A frame could not be painted."""


class EncodeError(RenderError):
    """A frame could not be encoded."""


class MuxError(RenderError):
    """The encoded packets could not be written."""


class RenderTimeout(RenderError):
    """The render took longer than its limit."""

    code: ClassVar[str] = "timed_out"


class EngineCrashed(RenderError):
    """The engine's child process died."""

    code: ClassVar[str] = "engine_crashed"


class OutOfSpace(RenderError):
    """There is no room left to write the result."""

    code: ClassVar[str] = "out_of_space"


class AccessError(VidGenieError):
    """Access was refused."""

    code: ClassVar[str] = "unauthenticated"
    fault: ClassVar[Fault] = "client"
    retry: ClassVar[Retry] = "never"


class Unauthenticated(AccessError):
    """A valid credential is needed."""


class WrongCredential(AccessError):
    """This kind of credential does not open this call."""

    code: ClassVar[str] = "wrong_credential"


class Forbidden(AccessError):
    """This is not allowed."""

    code: ClassVar[str] = "forbidden"


class EmailUnverified(AccessError):
    """The account's email address is not verified yet."""

    code: ClassVar[str] = "email_unverified"


class InsufficientScope(AccessError):
    """The key does not carry the scope this call needs."""

    code: ClassVar[str] = "insufficient_scope"


class AddressNotAllowed(AccessError):
    """This key may not be used from this address."""

    code: ClassVar[str] = "address_not_allowed"


class RegistrationClosed(AccessError):
    """This server does not accept registrations."""

    code: ClassVar[str] = "registration_closed"


class QuotaExceeded(AccessError):
    """The account's quota is used up."""

    code: ClassVar[str] = "quota_exceeded"
    retry: ClassVar[Retry] = "later"


class RateLimited(AccessError):
    """Too many requests."""

    code: ClassVar[str] = "rate_limited"
    retry: ClassVar[Retry] = "later"

    def __init__(self, message: str | None = None, *, retry_after_s: int = 1) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class StateError(VidGenieError):
    """The object is not in a state that allows this."""

    code: ClassVar[str] = "conflict"
    fault: ClassVar[Fault] = "client"
    retry: ClassVar[Retry] = "never"


class NotFound(StateError):
    """There is no such object in this account."""

    code: ClassVar[str] = "not_found"


class Conflict(StateError):
    """The same request is being worked on right now."""


class UsernameTaken(StateError):
    """This username is taken."""

    code: ClassVar[str] = "username_taken"


class IdempotencyMismatch(StateError):
    """This Idempotency-Key was used with another body."""

    code: ClassVar[str] = "idempotency_mismatch"


class NotCancellable(StateError):
    """The render has already ended."""

    code: ClassVar[str] = "not_cancellable"


class ServiceError(VidGenieError):
    """A service VidGenie needs failed."""

    code: ClassVar[str] = "unavailable"


class Unavailable(ServiceError):
    """The database or the storage cannot be reached right now."""


class StorageError(ServiceError):
    """The storage failed."""


class LeaseLost(ServiceError):
    """The job was taken from this worker."""

    code: ClassVar[str] = "lease_lost"


class MailError(ServiceError):
    """The mail could not be sent."""
