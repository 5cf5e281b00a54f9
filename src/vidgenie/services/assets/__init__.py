"""What clips show: uploads and fetched sources, kept by content. May import storage, net.

Read in this order: `model`, `upload` (files that clients send), `cache` and `fetch` (for workers).
"""

from vidgenie.services.assets.model import Asset, NewUpload, asset_view, thumbnail_key
from vidgenie.services.assets.store import get, page, set_thumbnail
from vidgenie.services.assets.upload import delete, receive, record

__all__ = [
    "Asset",
    "NewUpload",
    "asset_view",
    "delete",
    "get",
    "page",
    "receive",
    "record",
    "set_thumbnail",
    "thumbnail_key",
]
