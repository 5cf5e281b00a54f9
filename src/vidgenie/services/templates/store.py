"""Every query of the templates room."""

from collections.abc import Mapping
from typing import Any

from psycopg.types.json import Jsonb

from vidgenie.core.edit.fields import field_of
from vidgenie.errors import NotFound
from vidgenie.services.db.ids import new_id
from vidgenie.services.db.pool import Transaction
from vidgenie.services.db.sql import Statements
from vidgenie.services.templates.model import NewTemplate, Template

sql = Statements(__package__)


async def insert(tx: Transaction, account_id: str, new: NewTemplate) -> Template:
    """Record a template's first version."""
    values = {"id": new_id("tpl"), "account_id": account_id, "name": new.name}
    await tx.execute(sql.insert, values)
    await _insert_version(tx, values["id"], 1, new)
    return await get(tx, account_id, values["id"])


async def get(
    tx: Transaction, account_id: str, template_id: str, version: int | None = None
) -> Template:
    """Return one version, the newest without a number.

    Raises: NotFound, also for another account's.
    """
    values = {"account_id": account_id, "id": template_id, "version": version}
    row = await (await tx.execute(sql.get, values)).fetchone()
    if row is None:
        which = "" if version is None else f" with a version {version}"
        raise NotFound(f"There is no template {template_id!r}{which} in this account.")
    return _template(row)


async def page(
    tx: Transaction, account_id: str, *, limit: int, cursor: str | None
) -> tuple[list[Template], str | None]:
    """Return the newest versions of an account's templates, and the cursor of the next page."""
    values = {"account_id": account_id, "cursor": cursor, "limit": limit + 1}
    rows = await (await tx.execute(sql.page, values)).fetchall()
    found = [_template(row) for row in rows[:limit]]
    return found, found[-1].id if len(rows) > limit else None


async def update(
    tx: Transaction, old: Template, new: NewTemplate, *, is_new_version: bool
) -> Template:
    """Rename a template, and add a version if its document changes. Raises: NotFound."""
    values = {
        "id": old.id,
        "account_id": old.account_id,
        "name": new.name,
        "step": 1 if is_new_version else 0,
    }
    row = await (await tx.execute(sql.update, values)).fetchone()
    if row is None:
        raise NotFound(f"There is no template {old.id!r} in this account.")
    if is_new_version:
        await _insert_version(tx, old.id, row["version"], new)
    return await get(tx, old.account_id, old.id)


async def remove(tx: Transaction, account_id: str, template_id: str) -> None:
    """Forget a template with all its versions. Raises: NotFound."""
    cursor = await tx.execute(sql.remove, {"account_id": account_id, "id": template_id})
    if cursor.rowcount == 0:
        raise NotFound(f"There is no template {template_id!r} in this account.")


async def _insert_version(
    tx: Transaction, template_id: str, version: int, new: NewTemplate
) -> None:
    values = {
        "template_id": template_id,
        "version": version,
        "document": Jsonb(new.document),
        "fields": Jsonb([field.as_json() for field in new.fields]),
    }
    await tx.execute(sql.insert_version, values)


def _template(row: Mapping[str, Any]) -> Template:
    return Template(**{**row, "fields": tuple(field_of(entry) for entry in row["fields"])})
