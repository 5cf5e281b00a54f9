"""Where files live: a local folder or an object store, one interface. May import db.

Read in this order: `model` (the interface), `objects` (folder, S3 …), `memory`, `signing`.
"""

from vidgenie.services.storage.model import Storage, StoredObject
from vidgenie.services.storage.objects import open_storage

__all__ = ["Storage", "StoredObject", "open_storage"]
