"""The edit API's renders: queue one, ask how it stands."""

from collections.abc import Mapping, Sequence
from typing import Any

from vidgenie.core.edit.merge import left_literal, merge, merge_values
from vidgenie.edges.rpc.calls import Call
from vidgenie.edges.rpc.models import Nothing, Request
from vidgenie.edges.rpc.shotstack.ids import id_of, named
from vidgenie.services.db.pool import Transaction
from vidgenie.services.renders import store, submit
from vidgenie.services.renders.model import Render, SubmitRequest
from vidgenie.services.renders.shotstack import failure_of, state_of, uuid_of
from vidgenie.services.renders.view import rfc3339
from vidgenie.services.templates import Template

PLAN = "self-hosted"
"""What stands where Shotstack names the customer's plan."""

QUEUED = "Render Successfully Queued"


class AskRender(Request):
    """`data`: with the edit; `merged`: as it is after its placeholders were filled."""

    data: bool = True
    merged: bool = False


async def create(call: Call, tx: Transaction, takes: Nothing) -> dict[str, Any]:
    """Queue an edit."""
    return created(await queue(call, tx, call.document))


async def queue(
    call: Call,
    tx: Transaction,
    document: Mapping[str, Any],
    *,
    template: Template | None = None,
    warnings: Sequence[Mapping[str, Any]] = (),
) -> Render:
    """Queue an edit, of a template or by itself; what it leaves unfilled stays as it is written.

    Raises: EditInvalid.
    """
    hosted, is_excluded = _without_hosting(document)
    literal = left_literal(hosted)
    request = SubmitRequest(
        call.account_id,
        _with_values(hosted, literal),
        template.id if template else None,
        template.version if template else None,
        door={"literal": list(literal), "excluded": is_excluded},
        warnings=[*warnings, *(unfilled(text) for text in literal.values())],
    )
    render = await submit.submit(tx, request)
    call.object_id = render.id
    return render


def created(render: Render) -> dict[str, Any]:
    """Return the answer to an edit that was queued."""
    response = {"message": QUEUED, "id": uuid_of(render.id), **_warnings(render)}
    return {"success": True, "message": "Created", "response": response}


async def get(call: Call, tx: Transaction, takes: AskRender) -> dict[str, Any]:
    """Tell how a render stands."""
    text = call.request.path_params["id"]
    render_id = call.object_id = id_of(text, "rnd", "render")
    with named(text, "render"):
        render = await store.get(tx, call.account_id, render_id)
    response = _render_view(call, render)
    if takes.data:
        response["data"] = _document(render, is_merged=takes.merged)
    return {"success": True, "message": "OK", "response": response}


def _render_view(call: Call, render: Render) -> dict[str, Any]:
    """Return a render in Shotstack's members; those that have no value yet are left out."""
    output = dict(render.output or {})
    files = {
        name: call.context.link(key) if (key := output.get(member)) else None
        for name, member in (
            ("url", "key"),
            ("poster", "poster_key"),
            ("thumbnail", "thumbnail_key"),
        )
    }
    updated = render.finished_at or render.started_at or render.created_at
    taken = None
    if render.finished_at and render.started_at:
        taken = round((render.finished_at - render.started_at).total_seconds() * 1000, 1)
    view = {
        "id": uuid_of(render.id),
        "owner": uuid_of(render.account_id),
        "plan": PLAN,
        "status": state_of(render),
        "error": failure_of(render),
        "duration": output.get("duration"),
        "renderTime": taken,
        "url": files.pop("url"),
        "created": rfc3339(render.created_at),
        "updated": rfc3339(updated),
    }
    view = {name: value for name, value in view.items() if value is not None}
    return view | files | _warnings(render)  # the clients made of the schema take null for these


def _warnings(render: Render) -> dict[str, Any]:
    return {"warnings": list(render.warnings)} if render.warnings else {}


def _document(render: Render, *, is_merged: bool) -> dict[str, Any]:
    """Return a render's edit as it was sent, or with its placeholders filled."""
    document = dict(render.document)
    given = document.pop("merge", None)
    # A template's placeholders were renamed when it was filled: only filled it is an edit.
    if is_merged or render.template_id is not None:
        return merge(document, merge_values(given))
    literal = (render.door or {}).get("literal", ())
    if isinstance(given, Mapping):
        given = {name: value for name, value in given.items() if name not in literal}
    else:
        given = [field for field in given or () if field["find"].strip() not in literal]
    return {**document, "merge": given} if given else document


def _with_values(document: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """Return the edit with more values in its `merge`, in the form that it has."""
    given = document.get("merge")
    if not values:
        return dict(document)
    if isinstance(given, Mapping):
        return {**document, "merge": {**given, **values}}
    more = [{"find": name, "replace": value} for name, value in values.items()]
    return {**document, "merge": [*(given or ()), *more]}


def unfilled(text: str) -> dict[str, str]:
    """Return the warning that a placeholder has no value."""
    message = f"the placeholder {text[:80]} has no value in `merge`; it stays as it is written"
    return {"path": "/merge", "code": "merge_field_unfilled", "message": message}


def _without_hosting(document: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """Return the edit without the destination `shotstack`, which is this server, and whether that
    is excluded."""
    output = document.get("output")
    given = output.get("destinations") if isinstance(output, Mapping) else None
    if not isinstance(output, Mapping) or not isinstance(given, list):
        return dict(document), False
    ours = [d for d in given if isinstance(d, Mapping) and d.get("provider") == "shotstack"]
    others = [destination for destination in given if destination not in ours]
    rest = {name: value for name, value in output.items() if name != "destinations"}
    output = {**rest, "destinations": others} if others else rest
    return {**document, "output": output}, any(entry.get("exclude") is True for entry in ours)
