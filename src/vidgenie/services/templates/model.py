"""Rows of the templates room."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vidgenie.core.edit.fields import Field


@dataclass(frozen=True, slots=True)
class NewTemplate:
    """What a version is made of: a name, the document as sent, and its fields."""

    name: str
    document: Mapping[str, Any]
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """One version of a template."""

    id: str
    account_id: str
    name: str
    version: int
    latest_version: int
    document: Mapping[str, Any]
    fields: tuple[Field, ...]
    created_at: datetime
    updated_at: datetime
