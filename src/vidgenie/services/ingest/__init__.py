"""Files that are fetched once to become assets, asked for at the Shotstack door. May import assets.

Reading order: model, store (with sql/), perform (the job).
"""

from vidgenie.services.ingest.model import KIND, IngestTools, Source
from vidgenie.services.ingest.perform import delete, enqueue, ingest_failed, ingest_source, lost

__all__ = [
    "KIND",
    "IngestTools",
    "Source",
    "delete",
    "enqueue",
    "ingest_failed",
    "ingest_source",
    "lost",
]
