"""The JSON form of a template."""

from datetime import UTC, datetime
from typing import Any

from vidgenie.services.templates.model import Template


def template_view(template: Template, *, is_whole: bool = True) -> dict[str, Any]:
    """Return what stands under `data.template`; lists leave the document out."""
    document = template.document if is_whole else {}
    return {
        "id": template.id,
        "name": template.name,
        "version": template.version,
        "latest_version": template.latest_version,
        "fields": [field.as_json() for field in template.fields],
        "timeline": document.get("timeline"),
        "output": document.get("output"),
        "merge": document.get("merge"),
        "created_at": _rfc3339(template.created_at),
        "updated_at": _rfc3339(template.updated_at),
    }


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
