"""template.*: one edit, many renders."""

from typing import Any

from starlette.responses import Response

from vidgenie.core.edit.fields import fields_of, fill
from vidgenie.core.edit.merge import merge_values
from vidgenie.core.edit.parse import parse
from vidgenie.edges.rpc.calls import Call
from vidgenie.edges.rpc.methods import batch
from vidgenie.edges.rpc.methods.render import image_of
from vidgenie.edges.rpc.models import (
    ById,
    CreateTemplate,
    GetTemplate,
    Page,
    RenderTemplate,
    SnapshotTemplate,
    UpdateTemplate,
)
from vidgenie.services import templates
from vidgenie.services.db.pool import Transaction
from vidgenie.services.renders import submit
from vidgenie.services.renders.model import SubmitRequest
from vidgenie.services.renders.preview import Moment
from vidgenie.services.renders.variants import NewBatch
from vidgenie.services.renders.view import render_view
from vidgenie.services.templates import NewTemplate, Template, template_view


async def create(call: Call, tx: Transaction, takes: CreateTemplate) -> dict[str, Any]:
    """Keep an edit with placeholders as version 1 of a template."""
    document = takes.model_dump(include={"timeline", "output", "merge"}, exclude_none=True)
    template = await templates.insert(tx, call.account_id, _checked(takes.name, document))
    call.object_id = template.id
    return {"template": template_view(template)}


async def get(call: Call, tx: Transaction, takes: GetTemplate) -> dict[str, Any]:
    """Return a template with its fields: the newest version, or the one asked for."""
    return {"template": template_view(await _found(call, tx, takes))}


async def list_templates(call: Call, tx: Transaction, takes: Page) -> dict[str, Any]:
    """List the account's templates, newest first."""
    found, cursor = await templates.page(
        tx, call.account_id, limit=takes.limit, cursor=takes.cursor
    )
    views = [template_view(template, is_whole=False) for template in found]
    return {"templates": views, "next_cursor": cursor}


async def update(call: Call, tx: Transaction, takes: UpdateTemplate) -> dict[str, Any]:
    """Change a template; its document is never changed, it gets a new version."""
    old = await templates.get(tx, call.account_id, takes.id)
    changes = takes.model_dump(include={"timeline", "output", "merge"}, exclude_none=True)
    name = takes.name or old.name
    new = _checked(name, {**old.document, **changes}) if changes else _same(name, old)
    template = await templates.update(tx, old, new, is_new_version=bool(changes))
    return {"template": template_view(template)}


async def delete(call: Call, tx: Transaction, takes: ById) -> dict[str, Any]:
    """Delete a template with all its versions; its renders stay."""
    await templates.remove(tx, call.account_id, takes.id)
    return {}


async def prepare_render(call: Call, takes: RenderTemplate) -> NewBatch | SubmitRequest:
    """Fill the fields, and check all variants: seconds of work, for which no transaction waits."""
    async with call.context.db.transaction() as tx:
        template = await _found(call, tx, takes)
    beside = takes.model_dump(include={"metadata", "callback", "priority"}, exclude_none=True)
    output = {**template.document["output"], **(takes.output or {})}
    document = {**template.document, "output": output, **beside}
    if takes.variants is not None:
        return await batch.check(call, takes, template, document)
    edit = fill(document, template.fields, merge_values(takes.merge))
    return SubmitRequest(call.account_id, edit, template.id, template.version)


async def render(call: Call, tx: Transaction, takes: RenderTemplate) -> dict[str, Any]:
    """Render a template with values for its fields, or with each of `variants` as a batch."""
    if isinstance(call.prepared, NewBatch):
        return await batch.create(call, tx, call.prepared)
    assert isinstance(call.prepared, SubmitRequest)
    made = await submit.submit(tx, call.prepared)
    call.object_id = made.id
    return {"render": render_view(made, call.context.link)}


async def snapshot(call: Call, takes: SnapshotTemplate) -> Response:
    """Return one frame of a template, with values for its fields, as an image."""
    async with call.context.db.transaction() as tx:
        template = await _found(call, tx, takes)
    output = {**template.document["output"], **(takes.output or {})}
    document = {**template.document, "output": output}
    edit = fill(document, template.fields, merge_values(takes.merge))
    return await image_of(call, edit, Moment(takes.time, takes.format))


async def _found(call: Call, tx: Transaction, takes: GetTemplate) -> Template:
    return await templates.get(tx, call.account_id, takes.id, takes.version)


def _same(name: str, old: Template) -> NewTemplate:
    return NewTemplate(name, old.document, old.fields)


def _checked(name: str, document: dict[str, Any]) -> NewTemplate:
    """Return a new version; one that could be rendered as it is must be right as an edit, too."""
    fields = fields_of(document)
    if not any(field.required for field in fields):
        parse(fill(document, fields, {}))
    return NewTemplate(name, document, fields)
