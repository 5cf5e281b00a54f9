"""The published JSON Schema of an edit, after merging."""

from typing import Any

from vidgenie.core.edit.model import Edit


def edit_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what this version renders."""
    schema = Edit.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "VidGenie edit"
    return schema
