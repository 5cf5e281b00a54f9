"""What a program written for Shotstack is told of a render: its states, its files, its callbacks.

Ids are the 128 bits of ours as a UUID. A hosted file has its render's, changed in a way of its own,
so that it needs no row: the render is found from it.
Source: Shotstack's guide "Webhooks" and its OpenAPI document.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from vidgenie.services.db.ids import from_uuid, to_uuid
from vidgenie.services.renders.model import Render
from vidgenie.services.renders.view import Link, rfc3339

CANCELLED = "The render was cancelled."

FILES = {
    "video": ("key", 0x5F3A_91C4_0D27_4E8B_A6E1_73D2_58BC_0F19),
    "poster": ("poster_key", 0x2C84_E07B_9B5D_41F6_8D3F_14A9_C76E_D205),
    "thumbnail": ("thumbnail_key", 0x71D6_3F58_E2A9_4C03_93B7_A81C_0E45_96FA),
}
"""A render's files: where its output names each, and what its id is changed by."""


@dataclass(frozen=True, slots=True)
class Hosted:
    """One file of a render; without a `key` it was deleted."""

    id: str
    name: str
    member: str
    """What the render's output calls its place."""
    key: str | None
    filename: str


def uuid_of(object_id: str) -> str:
    """Return one of our ids as it is shown at the door."""
    return str(to_uuid(object_id))


def state_of(render: Render) -> str:
    """Return the status in Shotstack's words: it knows no cancelled renders."""
    return "failed" if render.status == "cancelled" else render.status


def failure_of(render: Render) -> str | None:
    """Say why a render failed, and where in its edit; None when it did not."""
    if render.status == "cancelled":
        return CANCELLED
    if render.error is None:
        return None
    places = [detail["path"] for detail in render.error.get("details", ()) if detail["path"]]
    message: str = render.error["message"]
    missing = [path for path in places[:3] if path not in message]
    return f"{message} (at {', '.join(missing)})" if missing else message


def is_hosted(render: Render) -> bool:
    """Tell whether its files are shown as hosted ones: unless its edit excludes that."""
    return not (render.door or {}).get("excluded", False)


def files_of(render: Render) -> list[Hosted]:
    """Return the files of a render that is done; those that it was never to have are left out."""
    output = render.output
    if output is None or not is_hosted(render):
        return []
    ending = f".{output['format']}"
    return [
        Hosted(
            str(uuid.UUID(int=to_uuid(render.id).int ^ change)),
            name,
            member,
            output[member],
            uuid_of(render.id) + (ending if name == "video" else f"-{name}.jpg"),
        )
        for name, (member, change) in FILES.items()
        if member in output
    ]


def renders_of_file(file_id: uuid.UUID) -> dict[str, str]:
    """Return the renders that may have a file of this id, by the file's name."""
    found = {name: uuid.UUID(int=file_id.int ^ change) for name, (_, change) in FILES.items()}
    return {name: from_uuid(entry, "rnd") for name, entry in found.items()}


def callback_bodies(render: Render, link: Link) -> Mapping[str, str]:
    """Return what the callback of a render that ended is told: of itself, then of each file."""
    ended = rfc3339(render.finished_at)
    owner = uuid_of(render.account_id)
    key = None if render.output is None else render.output.get("key")
    bodies: dict[str, Any] = {
        "render": {
            "type": "edit",
            "action": "render",
            "id": uuid_of(render.id),
            "owner": owner,
            "status": state_of(render),
            "url": None if key is None else link(key),
            "error": failure_of(render),
            "completed": ended,
        }
    }
    for file in files_of(render):
        bodies[file.name] = {
            "type": "serve",
            "action": "copy",
            "id": file.id,
            "render": uuid_of(render.id),
            "owner": owner,
            "status": "ready",
            "url": None if file.key is None else link(file.key),
            "error": None,
            "completed": ended,
        }
    return {
        name: json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        for name, body in bodies.items()
    }
