"""Variants sent as a table: CSV, or JSON by lines, with a header row of field names."""

import csv
import io
import json
from typing import Any

from vidgenie.edges.rpc.body import parse_json
from vidgenie.errors import InvalidJson, Problem, RequestInvalid

CSV = "text/csv"
NDJSON = ("application/x-ndjson", "application/ndjson", "application/jsonl")


def is_table(kind: str) -> bool:
    """Tell whether a media type is one of a table."""
    return kind == CSV or kind in NDJSON


def variants_of(body: bytes, kind: str) -> list[dict[str, Any]]:
    """Return the rows as variants; an empty cell of CSV is no value.

    Raises: RequestInvalid, InvalidJson.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidJson(f"The body is not UTF-8: {error}.") from None
    if "\0" in text:
        raise InvalidJson("The body has a NUL character, which cannot be kept.")
    return _csv(text) if kind == CSV else _lines(text)


def _csv(text: str) -> list[dict[str, Any]]:
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error as error:
        raise RequestInvalid(f"The body is not CSV: {error}.") from None
    if not rows:
        raise RequestInvalid("The body has no header row of field names.")
    header = _header(rows[0])
    return [_variant(header, [cell or None for cell in row]) for row in rows[1:]]


def _lines(text: str) -> list[dict[str, Any]]:
    # Not splitlines: U+2028 and its like may stand in a JSON text.
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines:
        raise RequestInvalid("The body has no lines.")
    # read as one document: the checks of every other body hold for this one, too
    parsed = parse_json(f'{{"rows":[{",".join(map(_one, lines))}]}}'.encode(), "")["rows"]
    if isinstance(parsed[0], list):
        header = _header(parsed[0])
        return [
            _variant(header, row) if isinstance(row, list) else {"merge": row} for row in parsed[1:]
        ]
    return [{"merge": row} for row in parsed]


def _one(line: str) -> str:
    try:
        json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidJson(f"A line is not JSON: {str(error)[:200]}.") from None
    return line


def _header(names: list[Any]) -> list[str]:
    given = [name.strip() if isinstance(name, str) else "" for name in names]
    if not all(given) or len(set(given)) < len(given):
        message = "the header row names every field once"
        raise RequestInvalid(f"The {message[4:]}.", problems=[Problem("", "wrong_value", message)])
    return given


def _variant(header: list[str], row: list[Any]) -> dict[str, Any]:
    if len(row) > len(header):
        return {"merge": None, f"cell {len(header) + 1}": row[len(header)]}
    merge = {name: value for name, value in zip(header, row, strict=False) if value is not None}
    return {"merge": merge}
