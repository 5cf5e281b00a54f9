"""Reading requests: size first, then JSON, then the call's own model."""

import json
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from math import isfinite
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from vidgenie.errors import (
    InvalidJson,
    PayloadTooLarge,
    Problem,
    RequestInvalid,
    UnsupportedMediaType,
)

BODY_MAX = 4 << 20
"""Bytes of a JSON body: the largest real edit seen, twenty times over."""

DEPTH_MAX = 100
"""Levels of nesting; the reader itself gives up at about a thousand."""

NESTS = (dict, list)

ModelT = TypeVar("ModelT", bound=BaseModel)


async def read_body(request: Request, size_max: int = BODY_MAX) -> bytes:
    """Return the body. Raises: PayloadTooLarge before it is held in memory."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > size_max:
        raise _too_large(size_max)
    blocks, size = [], 0
    async for block in request.stream():
        size += len(block)
        if size > size_max:
            raise _too_large(size_max)
        blocks.append(block)
    return b"".join(blocks)


def _too_large(size_max: int) -> PayloadTooLarge:
    return PayloadTooLarge(
        f"The body is larger than {size_max >> 20} MiB; upload media with asset.upload and name it"
        " by its `src`."
    )


def parse_json(body: bytes, content_type: str) -> dict[str, Any]:
    """Return a body as an object; an empty body is an empty object.

    Raises: UnsupportedMediaType, InvalidJson with line and column.
    """
    kind = content_type.split(";")[0].strip().lower()
    if not body.strip():
        return {}
    if kind not in ("", "application/json") and not kind.endswith("+json"):
        raise UnsupportedMediaType(
            f"The body's Content-Type is {kind!r}; send application/json"
            ' (curl: -H "Content-Type: application/json").'
        )
    try:
        value = json.loads(body, parse_constant=_refuse_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise InvalidJson(
            f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from None
    except (UnicodeDecodeError, ValueError) as error:
        raise InvalidJson(f"The body is not JSON: {error}.") from None
    except RecursionError:
        raise InvalidJson("The body is nested too deeply to be read.") from None
    if not isinstance(value, dict):
        found = type(value).__name__
        raise RequestInvalid(
            f"The body must be a JSON object, not a {found}.",
            problems=[Problem("", "wrong_type", "the body must be an object")],
        )
    _check_text(value, body)
    return value


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"the number {text[:40]} is too large")
    return number


def _check_text(value: dict[str, Any], body: bytes) -> None:
    """Refuse deep nests, and what PostgreSQL cannot keep: NUL characters and lone surrogates.

    Neither can come into JSON but by an escape (RFC 8259 §7): without one no text is looked at.
    """
    has_escapes = b"\\u" in body
    level: list[Any] = [value]
    for _ in range(DEPTH_MAX):
        inner: list[Any] = []
        for node in level:
            if isinstance(node, dict):
                if has_escapes:
                    _check_strings(node)
                node = node.values()
            inner += node
        if has_escapes:
            _check_strings(inner)
        level = [entry for entry in inner if isinstance(entry, NESTS)]
        if not level:
            return
    raise InvalidJson(f"The body is nested more than {DEPTH_MAX} levels deep.")


def _check_strings(entries: Iterable[Any]) -> None:
    for entry in entries:
        if isinstance(entry, str):
            _check_string(entry)


def _check_string(text: str) -> None:
    if "\0" in text:
        raise InvalidJson("A text in the body has a NUL character, which cannot be kept.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidJson("A text in the body has half a surrogate pair.") from None


def validate(model: type[ModelT], values: Mapping[str, Any], *, are_texts: bool = False) -> ModelT:
    """Return a request as its model; `are_texts` of a query, where a number is its text.

    Raises: RequestInvalid with every problem, each with its path and the nearest right name.
    """
    try:
        return model.model_validate(values, strict=False if are_texts else None)
    except ValidationError as error:
        problems = [
            _problem(model, entry["loc"], entry["type"], entry["msg"])
            for entry in error.errors(include_url=False)
        ]
    message = f"{problems[0].path or '/'}: {problems[0].message}"
    if len(problems) > 1:
        message = f"The request has {len(problems)} problems; the first: {message}"
    raise RequestInvalid(message, problems=problems)


def _problem(
    model: type[BaseModel], location: tuple[int | str, ...], kind: str, said: str
) -> Problem:
    path = "".join(f"/{step}" for step in location)
    name = str(location[-1]) if location else ""
    if kind == "extra_forbidden":
        known = [info.alias or field for field, info in model.model_fields.items()]
        near = get_close_matches(name, known, n=1, cutoff=0.6)
        hint = f"did you mean `{near[0]}`?" if near else f"this call takes {', '.join(known)}"
        return Problem(path, "unknown_field", f"`{name}` is not taken here; {hint}")
    if kind == "missing":
        return Problem(path, "missing", f"`{name}` is missing")
    words = said.removeprefix("Value error, ")
    return Problem(path, "wrong_value", f"`{name}`: {words[0].lower()}{words[1:]}")
