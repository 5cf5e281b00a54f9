"""batch.*: many renders from one template."""

import asyncio
from collections.abc import Mapping
from typing import Any

from vidgenie.core.edit.fields import Filling, values_of_texts
from vidgenie.core.edit.limits import BATCH_CLIPS_MAX
from vidgenie.core.edit.merge import merge_values
from vidgenie.edges.rpc.calls import Call
from vidgenie.edges.rpc.models import ById, GetBatch, Page, RenderTemplate
from vidgenie.errors import EditInvalid, Problem, RequestInvalid
from vidgenie.services import batches
from vidgenie.services.batches import batch_view
from vidgenie.services.db.pool import Transaction
from vidgenie.services.renders import store, variants
from vidgenie.services.renders.variants import Accepted, NewBatch
from vidgenie.services.renders.view import render_view
from vidgenie.services.templates import Template

MEMBERS = ("merge", "metadata", "output")


async def get(call: Call, tx: Transaction, takes: GetBatch) -> dict[str, Any]:
    """Return a batch: its counts by status, why variants were refused, and a page of renders."""
    batch = await batches.get(tx, call.account_id, takes.id)
    renders, cursor = await store.page(
        tx, call.account_id, limit=takes.limit, cursor=takes.cursor, batch_id=batch.id
    )
    views = [render_view(render, call.context.link) for render in renders]
    return {"batch": {**batch_view(batch), "renders": views, "next_cursor": cursor}}


async def list_batches(call: Call, tx: Transaction, takes: Page) -> dict[str, Any]:
    """List the account's batches, newest first, without their errors and counts."""
    found, cursor = await batches.page(tx, call.account_id, limit=takes.limit, cursor=takes.cursor)
    return {"batches": [batch_view(batch) for batch in found], "next_cursor": cursor}


async def cancel(call: Call, tx: Transaction, takes: ById) -> dict[str, Any]:
    """Call off every render of a batch that has not ended; one that has ended stays as it is."""
    await variants.cancel_batch(tx, call.account_id, takes.id)
    return {"batch": batch_view(await batches.get(tx, call.account_id, takes.id))}


async def check(
    call: Call, takes: RenderTemplate, template: Template, document: dict[str, Any]
) -> NewBatch:
    """Check every variant of template.render, before a transaction is open.

    Raises: RequestInvalid when there are too many clips in all.
    """
    given = takes.variants or ()
    _check_size(_clips(document) * len(given))
    filling = Filling(document, template.fields)
    shared = merge_values(takes.merge)
    accepted: list[Accepted] = []
    errors: list[dict[str, Any]] = []

    def check_all() -> None:
        clips = 0
        for index, variant in enumerate(given):
            try:
                edit = _edit(filling, shared, variant, are_texts=call.are_texts)
                clips += _clips(edit)
                _check_size(clips)
                accepted.append(variants.accept(index, edit))
            except EditInvalid as error:
                errors.append(variants.refusal(index, error))

    await asyncio.to_thread(check_all)  # seconds of work for thousands: the loop serves meanwhile
    return NewBatch(call.account_id, template.id, template.version, accepted, errors)


async def create(call: Call, tx: Transaction, new: NewBatch) -> dict[str, Any]:
    """Answer template.render with `variants`."""
    batch_id = call.object_id = await variants.submit_batch(tx, new)
    return {"batch": batch_view(await batches.get(tx, call.account_id, batch_id))}


def _clips(document: Mapping[str, Any]) -> int:
    """Count an edit's clips, whatever else is wrong with it."""
    timeline = document.get("timeline")
    tracks = timeline.get("tracks") if isinstance(timeline, Mapping) else None
    clips = [
        track.get("clips")
        for track in (tracks if isinstance(tracks, list) else ())
        if isinstance(track, Mapping)
    ]
    return sum(len(entry) for entry in clips if isinstance(entry, list))


def _check_size(clips: int) -> None:
    if clips > BATCH_CLIPS_MAX:
        message = (
            f"clips times variants are {clips:,} or more; a batch has at most {BATCH_CLIPS_MAX:,},"
            " as each is checked before the answer: send fewer variants in one call"
        )
        raise RequestInvalid(
            f"/variants: {message}.", problems=[Problem("/variants", "too_many", message)]
        )


def _edit(
    filling: Filling, shared: Mapping[str, Any], variant: Any, *, are_texts: bool
) -> dict[str, Any]:
    """Return one variant's edit. Raises: EditInvalid."""
    if not isinstance(variant, Mapping):
        raise _wrong("", "a variant is an object with `merge`, `metadata` and `output`")
    for name, value in variant.items():
        if name not in MEMBERS:
            raise _wrong(
                f"/{name}", f"`{name[:80]}` is not taken; a variant has {', '.join(MEMBERS)}"
            )
        if name != "merge" and value is not None and not isinstance(value, dict):
            raise _wrong(f"/{name}", f"`{name}` is an object")
    values = {**shared, **merge_values(variant.get("merge"))}
    if are_texts:
        values = values_of_texts(filling.fields, values)
    edit = filling.fill(values, output=variant.get("output"))
    metadata = variant.get("metadata")
    return edit if metadata is None else {**edit, "metadata": metadata}


def _wrong(path: str, message: str) -> EditInvalid:
    return EditInvalid(problems=[Problem(path, "wrong_value", message)])
