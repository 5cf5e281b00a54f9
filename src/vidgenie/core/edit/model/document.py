"""The whole document."""

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from vidgenie.core.edit import limits
from vidgenie.core.edit.model.artifacts import MergeField, Output
from vidgenie.core.edit.model.timeline import Timeline
from vidgenie.core.edit.model.values import WHOLE, FreeForm, Name, Node, list_or_object

Merge = Annotated[
    Annotated[tuple[MergeField, ...], Tag("<list>")] | Annotated[dict[str, Any], Tag("<object>")],
    Discriminator(list_or_object),
]


class Edit(Node):
    """The whole document."""

    timeline: Timeline
    output: Output
    merge: Merge | None = Field(None, description="Values of the placeholders `{{name}}`.")
    callback: Annotated[str, Field(max_length=limits.SRC_MAX)] | None = None
    metadata: FreeForm | None = None
    priority: Annotated[int, Field(ge=-10, le=10), WHOLE] | None = None
    disk: Name | None = Field(None, description="Accepted for old edits; without effect.")
    instance: Name | None = Field(None, description="Accepted for old edits; without effect.")
