"""Destinations: where accounts want copies of their files. May import accounts, storage, net, db.

Read in this order: `model`, `change` (what accounts set up), `sign` (how a request is signed),
`send` (one file to one destination). Which files of a render go where is said by
`renders/copies.py`.
"""

from vidgenie.services.destinations.change import create, delete, update
from vidgenie.services.destinations.model import (
    Destination,
    HttpPlace,
    Parcel,
    Receipt,
    S3Place,
    destination_view,
)
from vidgenie.services.destinations.send import send, try_out
from vidgenie.services.destinations.store import find, get, page

__all__ = [
    "Destination",
    "HttpPlace",
    "Parcel",
    "Receipt",
    "S3Place",
    "create",
    "delete",
    "destination_view",
    "find",
    "get",
    "page",
    "send",
    "try_out",
    "update",
]
