"""The edit API's templates: edits kept with their placeholders, rendered with values.

Kept as every template of the account; made here, their fields take values as they are, as
Shotstack fills them, not escaped by where they stand.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from vidgenie.core.edit.fields import Field, fields_of, fill
from vidgenie.core.edit.merge import left_literal, merge_values
from vidgenie.core.edit.parse import parse
from vidgenie.edges.rpc.calls import Call
from vidgenie.edges.rpc.models import Document, Merge, Name, Nothing, ObjectId, Request
from vidgenie.edges.rpc.shotstack.edit import created, queue, unfilled
from vidgenie.edges.rpc.shotstack.ids import id_of, named
from vidgenie.errors import EditInvalid, Problem
from vidgenie.services import templates
from vidgenie.services.db.pool import Transaction
from vidgenie.services.renders.shotstack import uuid_of
from vidgenie.services.renders.view import rfc3339
from vidgenie.services.templates import NewTemplate, Template

LISTED_MAX = 1000
"""Templates of a list, newest first: Shotstack's has no pages."""

PAGE_SIZE = 100
NOUN = "template"


class Kept(Request):
    """A template: its name and its edit."""

    name: Name
    template: Document


class Render(Request):
    """Which template, and values of its placeholders."""

    id: ObjectId
    merge: Merge | None = None


async def create(call: Call, tx: Transaction, takes: Kept) -> dict[str, Any]:
    """Keep a template."""
    template = await templates.insert(tx, call.account_id, _checked(takes))
    return _saved(call, template, "Created", "Template Successfully Created")


async def update(call: Call, tx: Transaction, takes: Kept) -> dict[str, Any]:
    """Replace a template's name and edit; earlier versions stay."""
    old = await _found(call, tx, call.request.path_params["id"])
    new = _checked(takes)
    is_new = new.document != old.document
    template = await templates.update(tx, old, new, is_new_version=is_new)
    return _saved(call, template, "OK", "Template Successfully Updated")


async def get(call: Call, tx: Transaction, takes: Nothing) -> dict[str, Any]:
    """Return a template."""
    template = await _found(call, tx, call.request.path_params["id"])
    return _answer(
        {
            "id": uuid_of(template.id),
            "name": template.name,
            "owner": uuid_of(call.account_id),
            "template": template.document,
        }
    )


async def list_templates(call: Call, tx: Transaction, takes: Nothing) -> dict[str, Any]:
    """List the account's templates, newest first."""
    found: list[Template] = []
    cursor: str | None = None
    while len(found) < LISTED_MAX:
        page, cursor = await templates.page(tx, call.account_id, limit=PAGE_SIZE, cursor=cursor)
        found += page
        if cursor is None:
            break
    views = [
        {
            "id": uuid_of(template.id),
            "name": template.name,
            "created": rfc3339(template.created_at),
            "updated": rfc3339(template.updated_at),
        }
        for template in found
    ]
    return _answer({"owner": uuid_of(call.account_id), "templates": views})


async def delete(call: Call, tx: Transaction, takes: Nothing) -> dict[str, Any]:
    """Delete a template; its renders stay."""
    text = call.request.path_params["id"]
    template_id = call.object_id = id_of(text, "tpl", NOUN)
    with named(text, NOUN):
        await templates.remove(tx, call.account_id, template_id)
    return {}


async def render(call: Call, tx: Transaction, takes: Render) -> dict[str, Any]:
    """Render a template; a placeholder without a value stays as it is written."""
    template = await _found(call, tx, takes.id)
    given = merge_values(takes.merge)
    fields = {field.name: field for field in template.fields}
    written = left_literal({**template.document, "merge": None})
    literal = {
        name: written.get(name, f"{{{{{name}}}}}")
        for name, field in fields.items()
        if field.required and name not in given
    }
    warnings = [unfilled(text) for text in literal.values()]
    warnings += [_unused(name) for name in given if name not in fields]
    values = {name: value for name, value in given.items() if name in fields}
    edit = fill(template.document, template.fields, values | literal)
    return created(await queue(call, tx, edit, template=template, warnings=warnings))


async def _found(call: Call, tx: Transaction, text: str) -> Template:
    template_id = call.object_id = id_of(text, "tpl", NOUN)
    with named(text, NOUN):
        return await templates.get(tx, call.account_id, template_id)


def _checked(takes: Kept) -> NewTemplate:
    """Return what is to be kept; an edit without open placeholders must be right as it is."""
    with _inside_template():
        for name in ("timeline", "output"):
            if not isinstance(takes.template.get(name), Mapping):
                message = f"an edit has `{name}`, which is an object"
                raise EditInvalid(message, problems=[Problem(f"/{name}", "missing", message)])
        fields = _fields(takes.template)
        if not any(field.required for field in fields):
            parse(fill(takes.template, fields, {}))
    return NewTemplate(takes.name, takes.template, fields)


def _fields(document: Mapping[str, Any]) -> tuple[Field, ...]:
    """Return the fields; a value for a placeholder that is nowhere is let be, as Shotstack does."""
    values = merge_values(document.get("merge"))
    placed = left_literal({**document, "merge": None})
    used = {name: value for name, value in values.items() if name in placed}
    return tuple(replace(field, markup=True) for field in fields_of({**document, "merge": used}))


@contextmanager
def _inside_template() -> Iterator[None]:
    """Say where a problem is in the request, in which the edit stands under `template`."""
    try:
        yield
    except EditInvalid as error:
        error.problems = tuple(
            Problem(f"/template{problem.path}", problem.code, problem.message)
            for problem in error.problems
        )
        raise


def _unused(name: str) -> dict[str, str]:
    message = f"the template has no placeholder {{{{{name[:80]}}}}}; its value is not used"
    return {"path": "/merge", "code": "merge_field_unused", "message": message}


def _saved(call: Call, template: Template, message: str, said: str) -> dict[str, Any]:
    call.object_id = template.id
    response = {"message": said, "id": uuid_of(template.id)}
    return {"success": True, "message": message, "response": response}


def _answer(response: dict[str, Any]) -> dict[str, Any]:
    return {"success": True, "message": "OK", "response": response}
